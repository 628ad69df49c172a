"""Building a package."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.errors import CheckError, CuratorError, IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX
from curator.project.lock import held
from curator.release import layout
from curator.release.build import build, dry_run, place_of
from curator.release.verify import verify_package
from curator.release.version import checked_version
from curator.scrub.policy.since import stated


def test_a_package_holds_samples_records_journal_policy_and_guideline(site: Any, kit: SimpleNamespace) -> None:
    folder = site.build()
    assert folder == site.project.releases / "v1.0.0"
    names = set(kit.tree(folder))
    assert {f"data/{sample.path}" for sample in site.samples()} <= names
    assert {layout.SAMPLES, layout.LABELS, layout.LEAVES, layout.RECORDS, layout.CHECKPOINT, layout.MANIFEST} <= names
    assert "data/guidelines/nodules-1.0.txt" in names
    assert sum(name.endswith(".parquet") for name in names) == 1
    manifest = json.loads((folder / layout.MANIFEST).read_text())
    assert manifest["audit"] == "not run"
    assert manifest["policy"]["claim"] == "safe-harbor"
    assert manifest["counts"] == {
        "samples": 4, "sampleBytes": sum((folder / "data" / s.path).stat().st_size for s in site.samples()),
        "labels": 6, "records": 12, "people": 3, "guidelines": 1,
    }  # fmt: skip
    assert verify_package(folder, key=None).tied is False


def test_two_builds_of_a_version_are_byte_identical_though_the_ledger_grew_and_days_passed(
    site: Any, kit: SimpleNamespace, tmp_path: Path
) -> None:
    first = site.build(output=tmp_path / "one")
    site.label(50, "ann", site.samples()[3], "later")
    second = site.build(output=tmp_path / "two", days=3)
    assert kit.tree(first) == kit.tree(second)
    newer = site.build("1.0.1", output=tmp_path / "three", days=3)
    assert kit.tree(newer) != kit.tree(first)
    assert json.loads((newer / layout.MANIFEST).read_text())["counts"]["labels"] == 7


def test_a_rebuild_leaves_out_what_the_journal_gained_without_new_samples(
    site: Any, kit: SimpleNamespace, tmp_path: Path
) -> None:
    first = site.build(output=tmp_path / "one")
    kit.add_delivery(site.project, 2, {})
    assert kit.tree(site.build(output=tmp_path / "two")) == kit.tree(first)


def test_an_old_version_is_built_again_of_its_own_deliveries_after_new_ones_came(
    site: Any, kit: SimpleNamespace, tmp_path: Path
) -> None:
    first = site.build(output=tmp_path / "one")
    kit.add_delivery(site.project, 2, kit.clean_files("b"))
    site.label(30, "ann", site.samples()[-1], "of the new delivery")
    assert kit.tree(site.build(output=tmp_path / "two")) == kit.tree(first)
    assert verify_package(site.build("1.1.0", output=tmp_path / "three")).samples == 8
    (site.project.root / "clean" / "stray.txt").write_bytes(b"x")
    with pytest.raises(IntegrityError, match="REL-005"):
        site.build(output=tmp_path / "four")
    assert not (tmp_path / "four").exists()
    assert not [name for name in os.listdir(tmp_path) if name.startswith(TEMP_PREFIX)]


def test_a_build_that_stands_already_is_accepted_when_it_is_whole(site: Any, kit: SimpleNamespace) -> None:
    site.build()
    assert build(site.inputs(), site.vault).already


def test_a_damaged_package_in_the_way_is_named(site: Any, kit: SimpleNamespace) -> None:
    folder = site.build()
    (folder / layout.LABELS).write_bytes(b"")
    with pytest.raises(IntegrityError, match="REL-021"):
        site.build()


def test_something_else_in_the_way_is_left_alone(site: Any, kit: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with pytest.raises(UsageError, match="REL-002"):
        site.build(output=tmp_path / "out")
    assert (tmp_path / "out" / "mine").read_text() == "mine"
    assert not (site.project.journal / "releases").exists()


def test_a_package_of_another_version_in_the_way_is_refused(site: Any, kit: SimpleNamespace, tmp_path: Path) -> None:
    site.build("1.0.0", output=tmp_path / "out")
    with pytest.raises(UsageError, match="REL-002"):
        site.build("2.0.0", output=tmp_path / "out")
    # Nothing was frozen: a refused version is none, and takes no number away.
    assert not list((site.project.journal / "releases").glob("2.0.0*"))


def test_a_changed_clean_file_stops_the_build(site: Any, kit: SimpleNamespace) -> None:
    path = site.project.root / site.samples()[1].path
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(IntegrityError, match="REL-003"):
        site.build()
    assert not (site.project.releases / "v1.0.0").exists()
    with pytest.raises(IntegrityError, match="REL-003"):
        dry_run(site.inputs())


def test_a_missing_clean_file_stops_the_build(site: Any, kit: SimpleNamespace) -> None:
    (site.project.root / site.samples()[0].path).unlink()
    with pytest.raises(IntegrityError, match="REL-004"):
        site.build()


def test_a_clean_file_that_is_a_link_stops_the_build(site: Any, kit: SimpleNamespace, tmp_path: Path) -> None:
    path = site.project.root / site.samples()[0].path
    path.rename(tmp_path / "elsewhere.dcm")
    path.symlink_to(tmp_path / "elsewhere.dcm")
    with pytest.raises(IntegrityError, match="REL-004"):
        site.build()


def test_a_file_that_the_journal_does_not_know_stops_the_build_and_is_not_named(
    site: Any, kit: SimpleNamespace
) -> None:
    (site.project.clean / "MUSTERMANN_ERIKA.dcm").write_bytes(b"x")
    with pytest.raises(IntegrityError, match="REL-005") as caught:
        site.build()
    assert "MUSTERMANN" not in str(caught.value) + caught.value.hint
    with pytest.raises(IntegrityError, match="REL-005"):
        dry_run(site.inputs())


def test_a_broken_ledger_stops_the_build(site: Any, kit: SimpleNamespace) -> None:
    part = next((site.project.ledger / "parts").glob("*.parquet"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))
    with pytest.raises(CuratorError) as caught:
        site.build()
    assert caught.value.exit_code == 4
    assert not site.project.releases.exists()


def test_a_changed_or_missing_guideline_stops_the_build(site: Any, kit: SimpleNamespace) -> None:
    (site.project.guidelines / "nodules-1.0.txt").write_bytes(b"Mark nothing.\n")
    with pytest.raises(IntegrityError, match="REL-012"):
        site.build()
    with pytest.raises(IntegrityError, match="REL-012"):
        dry_run(site.inputs())


def test_a_journal_of_another_policy_stops_the_build(site: Any, kit: SimpleNamespace) -> None:
    from curator.release.inputs import Inputs
    from curator.scrub.policy import load_policy

    inputs = site.inputs()
    other = Inputs(inputs.project, inputs.version, load_policy("expert"), inputs.clock, inputs.advance)
    with pytest.raises(IntegrityError, match="REL-011"):
        build(other, site.vault)


def test_rules_of_another_version_of_the_program_stop_the_build_by_a_word_of_their_own(site: Any) -> None:
    [path] = site.project.journal.rglob("delivery.json")
    told = json.loads(path.read_bytes())
    now = site.inputs().policy
    told["policy"] = stated(now) | {"digest": "0" * 64, "program": "0.0.9"}
    path.write_text(json.dumps(told))
    with pytest.raises(UsageError, match="REL-074") as caught:
        site.build()
    assert "then 0.0.9, now" in str(caught.value)
    del told["policy"]["decisions"]  # as an earlier version noted it
    path.write_text(json.dumps(told))
    with pytest.raises(IntegrityError, match="REL-011"):
        site.build()


def test_an_edited_freeze_is_refused(site: Any, kit: SimpleNamespace, tmp_path: Path) -> None:
    site.build(output=tmp_path / "one")
    path = site.project.journal / "releases" / "1.0.0.draft.json"
    path.write_bytes(path.read_bytes().replace(b'"date":"2026', b'"date":"2025'))
    with pytest.raises(IntegrityError, match="REL-009"):
        site.build(output=tmp_path / "two")
    path.write_bytes(b"{}")
    with pytest.raises(IntegrityError, match="REL-007"):
        site.build(output=tmp_path / "two")


def test_a_changed_journal_commit_is_refused(site: Any, kit: SimpleNamespace, tmp_path: Path) -> None:
    site.build(output=tmp_path / "one")
    document = site.project.journal / "scrub" / "0001" / "delivery.json"
    document.write_bytes(document.read_bytes().replace(b'"delivery":1', b'"delivery":2'))
    with pytest.raises(IntegrityError, match="REL-007"):
        site.build(output=tmp_path / "two")


def test_labels_of_samples_that_are_not_in_the_package_stay_behind_but_for_their_leaf(
    site: Any, kit: SimpleNamespace
) -> None:
    gone = site.samples()[0]
    (site.project.root / gone.path).unlink()
    shutil.rmtree(site.project.journal / "scrub" / "0001")
    keep = {path: data for path, data in kit.clean_files("a").items() if path != gone.path}
    kit.add_delivery(site.project, 1, keep)
    folder = site.build()
    labels = [json.loads(line) for line in (folder / layout.LABELS).read_text().splitlines()]
    assert [entry["labelId"] for entry in labels] == ["label-001", "label-002", "label-004", "label-005"]
    assert gone.uid.encode() not in b"".join((folder / name).read_bytes() for name in (layout.RECORDS, layout.LABELS))
    assert len((folder / layout.LEAVES).read_text().splitlines()) == 12
    report = verify_package(folder, key=_operator(site))
    assert (report.labels, report.contents.released) == (4, 10)


def _operator(site: Any) -> bytes:
    from curator.provenance.keys import SeedSigner

    return SeedSigner(site.vault.operator_key()).public


def test_an_output_inside_the_project_or_around_it_is_refused(site: Any, kit: SimpleNamespace) -> None:
    for place in (site.project.clean / "x", site.project.root, site.project.root.parent, site.project.vault / "x"):
        with pytest.raises(UsageError, match="REL-008"):
            place_of(site.project, "1.0.0", place)


def test_a_build_while_another_process_scrubs_is_refused(site: Any, kit: SimpleNamespace) -> None:
    with held(site.project, "scrub"), pytest.raises(UsageError, match="PRJ-004"):
        site.build()


def test_a_scrub_that_was_stopped_half_way_is_not_released(site: Any, kit: SimpleNamespace) -> None:
    document = site.project.journal / "scrub" / "0001" / "delivery.json"
    document.write_bytes(document.read_bytes().replace(b'"shards":1', b'"shards":2'))
    for act in (site.build, lambda: dry_run(site.inputs())):
        with pytest.raises(CheckError, match="REL-013"):
            act()
    assert not site.project.releases.exists()


def test_a_later_round_that_was_stopped_is_not_released(
    site: Any, kit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shelf:
        number = 1

        def get(self, _: str) -> dict[str, object]:
            return {"shards": [0]}

    monkeypatch.setattr("curator.release.build.shelves", lambda _: [Shelf()])
    monkeypatch.setattr("curator.release.build.complete", lambda *_: False)
    with pytest.raises(CheckError, match="REL-013"):
        site.build()


def test_nothing_to_release_is_said(site: Any, kit: SimpleNamespace) -> None:
    shutil.rmtree(site.project.journal / "scrub")
    with pytest.raises(UsageError, match="REL-006"):
        site.build()


def test_a_dry_run_counts_and_writes_nothing(site: Any, kit: SimpleNamespace) -> None:
    before = kit.tree(site.project.root)
    made = dry_run(site.inputs())
    assert (made.samples, made.labels, made.records, made.folder) == (4, 6, 12, None)
    assert kit.tree(site.project.root) == before


@pytest.mark.parametrize(
    "text", ["1.0", "1.0.0.0", "01.0.0", "1.0.0-", "../1.0.0", "1.0.0/x", "1.0.0\n", "", "1.0.0-" + "a" * 64]
)
def test_what_is_not_a_semantic_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="REL-001"):
        checked_version(text)


def test_a_leading_v_and_a_prerelease_are_taken() -> None:
    assert [checked_version(text) for text in ("v1.2.3", "1.0.0-rc.1+b2")] == ["1.2.3", "1.0.0-rc.1+b2"]


def test_bagit_and_sha256sum_accept_a_package(site: Any, kit: SimpleNamespace) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit

        folder = site.build()
        assert bagit.Bag(str(folder)).validate()
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(["sha256sum", "--strict", "--quiet", "-c", manifest], cwd=folder, check=False)
        assert done.returncode == 0


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from curator.project.paths import open_project
from curator.project.vault import Vault
from curator.core.clock import SystemClock
from curator.release import placing as room
from curator.release.build import build
from curator.release.inputs import Inputs
from curator.scrub.policy import load_policy
project = open_project(Path(sys.argv[1]))
left = int(sys.argv[2])
def die(real):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call
from curator.release import bag, flush, freeze
for module, name in ((bag.BagWriter, "copy"), (bag.BagWriter, "add"), (bag.BagWriter, "close"), (freeze, "put"),
                     (freeze, "statement"), (flush.Disk, "sync"), (room.os, "rename")):
    setattr(module, name, die(getattr(module, name)))
vault = Vault.open(project.vault, b"a passphrase for tests", purpose="test", clock=SystemClock())
build(Inputs(project, "1.0.0", load_policy("safe-harbor"), SystemClock(), lambda _: None), vault)
print(left)
"""


def test_a_build_killed_at_any_step_and_run_again_gives_the_same_bytes(
    site: Any, kit: SimpleNamespace, tmp_path: Path
) -> None:
    root = str(Path(__file__).resolve().parents[2])
    undisturbed = kit.tree(site.build(output=tmp_path / "undisturbed"))
    target = site.project.releases / "v1.0.0"

    def run(step: int) -> subprocess.CompletedProcess[str]:
        shutil.rmtree(site.project.releases, ignore_errors=True)
        command = [sys.executable, "-c", KILLED, str(site.project.root), str(step), root]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    whole = run(10_000)
    assert whole.returncode == 0, whole.stderr
    assert kit.tree(target) == undisturbed
    steps = 10_000 - int(whole.stdout)
    assert steps > 18
    for step in sorted({0, 4, 9, *range(steps - 5, steps)}):
        done = run(step)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert not target.exists() or kit.tree(target) == undisturbed
        assert kit.tree(site.build()) == undisturbed
        assert sorted(os.listdir(site.project.releases)) == [".store", "v1.0.0"]
        assert not list((site.project.releases / ".store").glob(f"{TEMP_PREFIX}*"))


def test_a_full_disk_leaves_nothing_behind(site: Any, kit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from curator.release import bag

    def full(self: object, *_: object, **__: object) -> None:
        from curator.core.files import translated

        with translated():
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(bag.BagWriter, "add", full)
    with pytest.raises(CheckError, match="SYS-001"):
        site.build()
    assert os.listdir(site.project.releases) == [".store"]


def test_the_statement_of_the_first_build_is_kept(site: Any, kit: SimpleNamespace) -> None:
    folder = site.build()
    kept = (site.project.journal / "releases" / "1.0.0.draft.dsse.json").read_bytes()
    assert kept == (folder / layout.SIGNATURE).read_bytes()
    assert hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest().encode() not in kept
