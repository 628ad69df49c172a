"""What is audited is what leaves, each file with its digest, and nothing is passed over."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from audit_world import PATIENTS, World, sound_files

from curator.audit.checks.integrity_references import References
from curator.audit.choose import kind_at, subject_at
from curator.audit.model import JOURNAL, LEDGER, POLICY, SPLITS, VAULT, File
from curator.audit.project_subject import ProjectSubject
from curator.audit.subject import Means
from curator.core.errors import CheckError, IntegrityError, ItemError, UsageError
from curator.engine.local import LocalEngine
from curator.project.payload import payload_digest


class Words:
    """A probe that counts a word."""

    name = "words"
    version = 1

    def __init__(self, word: bytes = b"nodule") -> None:
        self.word = word
        self.seen: list[str] = []

    def wants(self, file: File) -> bool:
        return file.kind in {"text", "dicom"} and file.path.startswith("clean/")

    def parameters(self) -> dict[str, Any]:
        return {"word": self.word.decode()}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        self.seen.append(file.path)
        data = stream.read()
        if data.startswith(b"refuse"):
            raise ItemError("DCM-004")
        if data.startswith(b"stumble"):
            raise ValueError(data.decode())
        return {"count": data.count(self.word)}


def test_a_project_is_all_that_leaves_with_digests_of_its_bytes(world: World) -> None:
    subject = world.subject()
    found = {file.path: file for file in subject.files()}
    for path, data in sound_files().items():
        assert found[path].sha256 == hashlib.sha256(data).hexdigest()
        assert found[path].size == len(data)
        assert found[path].kind == ("dicom" if path.endswith(".dcm") else "text")
    assert list(found) == sorted(found)
    assert "guidelines/nodules-1.0.txt" in found
    assert any(path.startswith("journal/scrub/0001/") and file.kind == "parquet" for path, file in found.items())
    assert not any(path.startswith(("runs/", "releases/", "people")) for path in found)
    assert subject.kind == "project"
    assert [subject.has(one) for one in (LEDGER, JOURNAL, POLICY, VAULT, SPLITS)] == [True, True, True, False, False]


def test_contents_of_records_are_shown_as_text(world: World) -> None:
    subject = world.subject()
    shown = [file for file in subject.files() if file.path.startswith("ledger/payloads/")]
    with subject.open(shown[0]) as stream:
        data = stream.read()
    assert hashlib.sha256(data).hexdigest() == shown[0].sha256
    assert data.count(b"\n") == len(list(subject.records())) == subject.state().size
    assert b"Made Up Ann" in data


def test_the_payload_is_the_digest_of_clean_files_alone(world: World) -> None:
    wanted = payload_digest((path, hashlib.sha256(data).hexdigest()) for path, data in sound_files().items())
    assert world.subject().payload() == wanted
    world.train("ann", "2025-12-01")
    assert world.subject().payload() == wanted
    (world.root / "clean" / PATIENTS[0] / "note.txt").write_bytes(b"other")
    assert world.subject().payload() != wanted


def test_a_second_look_takes_only_what_changed(world: World, tmp_path: Path) -> None:
    def audit(probe: Words) -> tuple[dict[str, int | None], ProjectSubject]:
        subject = world.subject(cache=tmp_path / "cache")
        counts = {one.file.path: one.found and one.found["count"] for one in subject.looked(probe)}
        subject.close()
        return counts, subject

    first, told = audit(Words())
    assert first[f"clean/{PATIENTS[0]}/note.txt"] == 1
    assert (len(told.anew), len(told.kept)) == (len(first), 0)
    probe = Words()
    again, told = audit(probe)
    assert again == first
    assert probe.seen == []
    assert (len(told.anew), len(told.kept)) == (0, len(first))
    (world.root / "clean" / PATIENTS[0] / "note.txt").write_bytes(b"nodule nodule")
    probe = Words()
    changed, told = audit(probe)
    assert changed[f"clean/{PATIENTS[0]}/note.txt"] == 2
    assert probe.seen == [f"clean/{PATIENTS[0]}/note.txt"]
    assert (len(told.anew), len(told.kept)) == (1, len(first) - 1)
    other, told = audit(Words(b"study"))
    assert len(told.anew) == len(other)


def test_a_result_that_somebody_planted_is_not_taken_where_the_vault_is_open(world: World, tmp_path: Path) -> None:
    import sqlite3

    def counts(*, vault: bool) -> set[int]:
        subject = world.subject(cache=tmp_path / "cache", vault=vault)
        made = {one.found["count"] for one in subject.looked(Words()) if one.found is not None}
        subject.close()
        return made

    true = counts(vault=True)
    base = sqlite3.connect(tmp_path / "cache" / "looked.sqlite")
    assert base.execute("UPDATE looked SET found = ?", ('{"count": 77}',)).rowcount
    base.commit()
    base.close()
    assert counts(vault=True) == true


def test_a_cache_that_is_no_cache_is_done_without(world: World, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "looked.sqlite").write_bytes(b"no base at all" * 100)
    subject = world.subject(cache=tmp_path / "cache")
    assert all(one.found is not None for one in subject.looked(Words()))
    subject.close()


@pytest.mark.parametrize("start", [b"refuse", b"stumble"])
def test_a_file_that_a_probe_cannot_look_at_has_a_code_and_no_result(world: World, start: bytes) -> None:
    (world.root / "clean" / PATIENTS[0] / "note.txt").write_bytes(start + b" Jane Doe 123-45-6789")
    subject = world.subject()
    bad = [one for one in subject.looked(Words()) if one.found is None]
    assert [(one.file.path, one.code) for one in bad] == [
        (f"clean/{PATIENTS[0]}/note.txt", {b"refuse": "DCM-004", b"stumble": "AUD-009"}[start])
    ]
    assert [one.code for one in subject.looked(Words()) if one.found is None] == [bad[0].code]
    subject.close()


def test_workers_say_what_one_process_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = world.root / "clean" / PATIENTS[0] / "S1" / "R1" / "I0.dcm"
    broken.write_bytes(broken.read_bytes()[:-1])
    here = world.subject()
    alone = [(one.file, one.found, one.code) for one in here.looked(References())]
    here.close()
    monkeypatch.setattr("curator.audit.work.FEW", 1)
    there = world.subject(engine=LocalEngine(workers=1))
    apart = [(one.file, one.found, one.code) for one in there.looked(References())]
    there.close()
    assert apart == alone
    assert len(alone) == 7
    assert [code for file, _, code in alone if file.path.endswith("/I0.dcm")].count("") == 2
    assert sum(bool(code) for _, _, code in alone) == 1


def test_a_link_among_the_files_stops_what_is_said_of_all(world: World) -> None:
    (world.root / "clean" / "link.dcm").symlink_to(world.root / "curator.toml")
    with pytest.raises(IntegrityError) as caught:
        list(world.subject().files())
    assert caught.value.code == "REL-026"


def test_a_file_that_cannot_be_read_stops_what_is_said_of_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "curator.audit.work.open_file", lambda path: None if path.name == "note.txt" else os.open(path, 0)
    )
    subject = world.subject()
    with pytest.raises(CheckError) as caught:
        list(subject.files())
    assert caught.value.code == "AUD-003"
    assert caught.value.facts == {"count": 1}
    subject.close()


def test_a_file_that_changes_between_listing_and_looking_has_no_result(world: World) -> None:
    subject = world.subject()
    list(subject.files())
    (world.root / "clean" / PATIENTS[0] / "note.txt").write_bytes(b"nodule, later")
    bad = [one for one in subject.looked(Words()) if one.found is None]
    assert [one.code for one in bad] == ["AUD-005"]
    subject.close()


def test_a_delivered_folder_has_no_ledger_and_shows_no_name(tmp_path: Path) -> None:
    (tmp_path / "in" / "DOE^JANE").mkdir(parents=True)
    (tmp_path / "in" / "DOE^JANE" / "scan.txt").write_bytes(b"one nodule")
    subject = subject_at(tmp_path / "in", Means({}))
    assert [file.path for file in subject.clean()] == ["DOE^JANE/scan.txt"]
    assert not any(subject.has(one) for one in (LEDGER, JOURNAL, POLICY, VAULT, SPLITS))
    for asked in (subject.samples, subject.records, subject.rows):
        with pytest.raises(CheckError):
            list(asked())
    for where in ("DOE^JANE/scan.txt", "DOE^JANE/scan.txt#1 Doe", "DOE^JANE", "Jane Doe", "nothing/DOE"):
        assert "DOE" not in subject.show(where).upper()
    subject.close()


def test_a_stranger_among_clean_files_is_shown_by_its_digest(world: World) -> None:
    (world.root / "clean" / "Jane_Doe.txt").write_bytes(b"who")
    subject = world.subject()
    list(subject.files())
    assert "Jane" not in subject.show("clean/Jane_Doe.txt")
    assert "Jane" not in subject.show("clean/Jane_Doe.txt#3")
    assert "Jane" not in subject.show("clean/Jane_Doe")
    assert subject.show(f"clean/{PATIENTS[0]}/note.txt") == f"clean/{PATIENTS[0]}/note.txt"
    for own in (
        PATIENTS[0],
        "record 12",
        "reader ann",
        "kind finding",
        f"sha256:{'a' * 64}",
        "series 2.25.77",
        "labels",
    ):
        assert subject.show(own) == own
    for strange in (
        "patient 12345678",
        "Doe^Jane",
        "jane doe",
        "reader jane",
        "1.2.840.9.8",
        "site General",
        "2.25.7 x",
    ):
        assert subject.show(strange).startswith("place ")
        assert subject.show(strange) == subject.show(strange)
    subject.close()


def test_what_stands_at_a_path_is_told_by_its_own_files(world: World, tmp_path: Path) -> None:
    assert kind_at(world.root) == "project"
    (tmp_path / "plain").mkdir()
    assert kind_at(tmp_path / "plain") == "folder"
    with pytest.raises(UsageError):
        kind_at(tmp_path / "nowhere")


def test_a_package_is_verified_first_and_then_audited_as_its_payload(world: World, tmp_path: Path) -> None:
    package = build_package(world, tmp_path / "out")
    subject = subject_at(package, Means({}))
    found = {file.path for file in subject.files()}
    assert set(sound_files()) <= found
    assert "ledger/payloads/0000000000.jsonl" in found
    assert subject.payload() == world.subject().payload()
    assert [one.path for one in subject.samples()] == [one.path for one in world.samples()]
    assert len(list(subject.records())) == subject.state().size
    assert subject.policy().digest == world.subject().policy().digest
    assert len(list(subject.rows(["outcome"]))) == len(sound_files()) + 1
    subject.close()
    target = package / "data" / "clean" / PATIENTS[0] / "note.txt"
    target.write_bytes(target.read_bytes() + b"x")
    with pytest.raises(IntegrityError):
        subject_at(package, Means({}))
    shutil.rmtree(package / "signatures")
    with pytest.raises(IntegrityError):
        subject_at(package, Means({}))


def build_package(world: World, output: Path, **more: Any) -> Path:
    from audit_world import MOMENT

    from curator.core.clock import FixedClock
    from curator.release.build import Inputs, build
    from curator.scrub.policy import load_policy

    inputs = Inputs(
        world.project,
        more.pop("version", "1.0.0"),
        load_policy("safe-harbor"),
        FixedClock(MOMENT),
        lambda _: None,
        **more,
    )
    made = build(inputs, world.vault, output).folder
    assert made is not None
    return made
