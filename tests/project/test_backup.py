"""A vault in one file: proven as a whole, of one instant, restored whole or not at all."""

from __future__ import annotations

import shutil
import stat
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest
from vault_world import CLOCK, NEW, PLANTED, WORD, contents, files, filled, killed_at_each_step, opened, secrets

from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.project.backup import (
    BLOCK,
    SNAPSHOT,
    TAIL,
    block_of,
    check_outside,
    mac_of,
    padding,
    tail_of,
    write_backup,
)
from curator.project.config import ProjectConfig
from curator.project.journal import put_document
from curator.project.paths import Project
from curator.project.rekey import rekey
from curator.project.restore import by_passphrase, check_complete, restore
from curator.project.vault import Vault

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    filled(tmp_path / "v")
    return tmp_path / "v"


def backed(place: Path, name: str = "b.cvb") -> Path:
    vault = opened(place)
    write_backup(vault, place.parent / name, clock=CLOCK)
    vault.close()
    return place.parent / name


def taken(file: Path, target: Path | None = None, word: bytes = WORD, **how: Any) -> Any:
    return restore(file, by_passphrase(word), target, project=how.get("project"), clock=CLOCK)


def refused(code: str, call: Any) -> None:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.code == code


@pytest.fixture
def project(place: Path) -> Project:
    from datetime import date

    root = place.parent / "trial"
    root.mkdir()
    return Project(root, ProjectConfig("trial", "s", "safe-harbor", date(2026, 1, 1), "", place))


def test_what_comes_back_is_what_went_in(place: Path) -> None:
    vault = opened(place)
    before, kept = contents(vault), secrets(vault)
    vault.close()
    file = backed(place)
    shutil.rmtree(place)
    done = taken(file, place)
    assert (done.backup.deliveries, done.lacking) == (3, ())
    again = opened(place)
    assert contents(again) == before
    assert secrets(again) == kept
    assert [entry["purpose"] for entry in again.openings()] == ["created", "test", "test", "restored", "test"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in place.rglob("*") if path.is_file())


def test_the_file_is_sealed_and_any_tar_lists_it(place: Path) -> None:
    file = backed(place)
    data = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(text in data for text in (*PLANTED, WORD))
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert names[:2] == ["backup.json", "vault.json"]
    assert names[-1] == "MAC"
    assert {"people.enc", "secrets.enc", "deliveries/0003/plan/00000000.enc", "openings/00000001.json"} <= set(names)
    assert not [one for one in place.iterdir() if one.name.startswith(SNAPSHOT)]


def test_the_same_vault_in_another_generation_comes_back_too(place: Path) -> None:
    before = contents(opened(place))
    rekey(opened(place), WORD, clock=CLOCK).close()
    file = backed(place)
    taken(file, place.parent / "w")
    assert contents(opened(place.parent / "w")) == before
    assert opened(place.parent / "w").store == "g0001"


def test_a_changed_byte_anywhere_is_refused(place: Path) -> None:
    file = backed(place)
    whole = file.read_bytes()
    bad = place.parent / "bad.cvb"
    places = sorted({*range(0, len(whole), 61), *range(0, 2 * BLOCK, 7), *range(len(whole) - TAIL, len(whole), 5)})
    for at in places:
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(CuratorError) as caught:
            taken(bad, place.parent / "w")
        assert caught.value.code in {"VLT-034", "VLT-033", "VLT-003", "SYS-007"}, at
    assert not (place.parent / "w").exists()
    assert taken(file).backup.files == len(files(place))


def test_a_cut_or_longer_file_is_refused(place: Path) -> None:
    whole = backed(place).read_bytes()
    bad = place.parent / "bad.cvb"
    for size in [0, 1, BLOCK, TAIL, *range(0, len(whole), BLOCK), len(whole) - 1]:
        bad.write_bytes(whole[:size])
        refused("VLT-034", lambda: taken(bad, place.parent / "w"))
    for more in (b"\0", bytes(BLOCK), whole):
        bad.write_bytes(whole + more)
        refused("VLT-034", lambda: taken(bad, place.parent / "w"))


def test_a_file_that_is_no_backup_is_a_wrong_file_and_nothing_broken(place: Path) -> None:
    other = place.parent / "other"
    for data in (b"hello", bytes(6 * BLOCK), b"PK\x03\x04" + bytes(8 * BLOCK)):
        other.write_bytes(data)
        refused("VLT-050", lambda: taken(other, place.parent / "w"))
    assert not (place.parent / "w").exists()


def test_a_backup_with_a_member_of_another_one_is_refused(place: Path) -> None:
    first = backed(place).read_bytes()
    vault = opened(place)
    vault.put("people", b"x" * len(b" ".join(PLANTED)))
    vault.close()
    second = backed(place, "c.cvb").read_bytes()
    start, other = first.index(block_of("people.enc", 69)[:100]), second.index(block_of("people.enc", 69)[:100])
    member = second[other : other + 2 * BLOCK]
    assert first[start : start + 2 * BLOCK] != member
    (place.parent / "bad.cvb").write_bytes(first[:start] + member + first[start + 2 * BLOCK :])
    refused("VLT-034", lambda: taken(place.parent / "bad.cvb"))
    (place.parent / "bad.cvb").write_bytes(first[:-TAIL] + second[-TAIL:])
    refused("VLT-034", lambda: taken(place.parent / "bad.cvb"))


def test_a_backup_of_another_vault_does_not_open(place: Path) -> None:
    file = backed(place)
    refused("VLT-033", lambda: taken(file, word=NEW))
    refused("VLT-035", lambda: taken(place.parent / "none.cvb"))


@pytest.mark.parametrize("name", ["../out.enc", "/out.enc", "deliveries/../../out.enc", "note.txt", "a/", "use.lock"])
def test_a_name_that_no_vault_has_is_refused_even_under_a_right_mac(place: Path, name: str) -> None:
    file = backed(place)
    vault = opened(place)
    body = file.read_bytes()[:-TAIL] + block_of(name, 1) + b"x" + padding(1)
    mac = mac_of(vault.master)
    mac.update(body)
    file.write_bytes(body + tail_of(mac.hexdigest()))
    refused("VLT-034", lambda: taken(file, place.parent / "deep" / "w"))
    assert not list(place.parent.rglob("out.enc"))
    assert not (place.parent / "deep" / "w").exists()


def test_nothing_is_written_over(place: Path) -> None:
    file = backed(place)
    before = file.read_bytes()
    refused("VLT-032", lambda: backed(place))
    assert file.read_bytes() == before
    refused("VLT-032", lambda: taken(file, place))
    (place.parent / "link").symlink_to(place.parent / "nowhere")
    refused("VLT-032", lambda: taken(file, place.parent / "link"))
    (place.parent / "empty").mkdir()
    assert taken(file, place.parent / "empty").backup.files


def test_a_damaged_vault_gives_no_backup(place: Path) -> None:
    path = place / "deliveries" / "0002" / "about.enc"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    refused("VLT-003", lambda: backed(place))
    assert not [one for one in place.parent.iterdir() if one.suffix == ".cvb" or one.name.startswith(".")]
    (place / "Strange.enc").write_bytes(b"x")
    refused("VLT-003", lambda: backed(place))


def test_a_backup_under_way_is_of_one_instant(place: Path) -> None:
    writer = opened(place)
    writer.put("one", b"0")
    writer.put("two", b"0")
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            writer.put("one", b"%d" % number)
            writer.put("two", b"%d" % number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [backed(place, f"{number}.cvb") for number in range(6)]
    finally:
        stop.set()
        thread.join()
    seen = []
    for number, file in enumerate(made):
        taken(file, place.parent / f"w{number}")
        vault = opened(place.parent / f"w{number}")
        one, two = int(vault.need("one")), int(vault.need("two"))
        assert one - two in {0, 1}
        seen.append(one)
    assert seen == sorted(seen)
    assert seen[-1] > 0


def test_killed_at_any_step_a_backup_is_whole_or_not_there(place: Path) -> None:
    file = place.parent / "k.cvb"
    vault = opened(place)
    ends = set()
    for _ in killed_at_each_step(lambda: file.unlink(missing_ok=True), lambda: write_backup(vault, file, clock=CLOCK)):
        ends.add(file.exists())
        if file.exists():
            assert taken(file).backup.deliveries == 3
    assert ends == {True, False}
    file.unlink()
    write_backup(vault, file, clock=CLOCK)
    assert not [one for one in place.iterdir() if one.name.startswith(SNAPSHOT)]
    assert contents(vault)["people"] == b" ".join(PLANTED)


def test_killed_at_any_step_a_restore_is_whole_or_not_there(place: Path) -> None:
    file = backed(place)
    before = contents(opened(place))
    target = place.parent / "w"
    ends = set()
    for _ in killed_at_each_step(lambda: shutil.rmtree(target, ignore_errors=True), lambda: taken(file, target)):
        ends.add(target.exists())
        if target.exists():
            assert contents(opened(target)) == before
    assert ends == {True, False}
    shutil.rmtree(target)
    taken(file, target)
    assert not [one for one in place.parent.iterdir() if one.name.startswith(".")]


def test_an_older_backup_says_which_deliveries_it_lacks(place: Path, project: Project) -> None:
    for number in (1, 2, 3):
        put_document(project, number, "delivery", {"format": 1})
    file = backed(place)
    assert taken(file, project=project).lacking == ()
    check_complete(project, opened(place))
    for number in (4, 5):
        put_document(project, number, "delivery", {"format": 1})
    put_document(project, 5, "abandoned", {"format": 1})
    done = taken(file, place.parent / "w", project=project)
    assert done.lacking == (4,)
    (project.journal / "scrub" / "0002" / "r01").mkdir()
    assert taken(file, project=project).lacking == (2, 4)
    (project.journal / "scrub" / "0002" / "r01").rmdir()
    with pytest.raises(IntegrityError) as caught:
        check_complete(project, opened(place.parent / "w"))
    assert (caught.value.code, caught.value.facts) == ("VLT-047", {"count": 1})
    fresh = Vault.create(place.parent / "fresh", WORD, clock=CLOCK)
    with pytest.raises(UsageError) as usage:
        check_complete(project, fresh)
    assert usage.value.code == "VLT-045"


def test_a_backup_lies_outside_of_project_and_vault(place: Path, project: Project) -> None:
    (project.root / "sub").mkdir()
    (place.parent / "door").symlink_to(project.root)
    for bad in (project.root / "b", project.root / "sub" / "b", place / "b", place, place.parent / "door" / "b"):
        refused("VLT-031", lambda bad=bad: check_outside(bad, project))
    check_outside(place.parent / "b.cvb", project)


def test_two_backups_do_not_run_at_once(place: Path) -> None:
    from curator.project.use import BACKUP, Hold

    held = Hold(place / BACKUP).take(alone=True)
    refused("VLT-030", lambda: backed(place))
    held.release()
    assert backed(place).exists()
