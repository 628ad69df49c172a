"""Every check finds what is planted, passes what is sound, and never passes what it could not look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from audit_world import World
from faults import Fault, all_faults

from curator.audit.catalog import GROUPS, own
from curator.audit.choose import subject_at
from curator.audit.model import Outcome
from curator.audit.runner import run_checks
from curator.audit.subject import Means

FAULTS = all_faults()
MINE = [one for one in own() if one.check.id.startswith(("integrity/", "labels/"))]
#: What a sound project leaves these checks nothing to be about.
NOTHING = {
    "integrity/manifest",
    "integrity/policy",
    "integrity/label-values",
    "labels/truthers",
    "labels/audit-samples",
    "labels/qualification",
    "labels/automation-bias",
    "labels/drift",
}


def run(subject: Any, check: str) -> Any:
    chosen = [one for one in own() if one.check.id == check]
    (result,) = run_checks(subject, chosen, show=getattr(subject, "show", str))
    return result


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.check} {one.planted}")
def test_a_planted_fault_is_found(world: World, fault: Fault) -> None:
    subject = fault.plant(world) or world.subject()
    result = run(subject, fault.check)
    assert result.outcome == Outcome.FAIL, result.answer.summary
    assert result.answer.total >= 1
    assert fault.evidence in " ".join(one.what for one in result.answer.findings)
    said = result.answer.summary + repr(result.answer.findings) + repr(result.answer.tables)
    assert "Jane" not in said
    assert "Doe" not in said
    close = getattr(subject, "close", None)
    if close is not None:
        close()


def test_every_check_has_a_planted_fault() -> None:
    assert {one.check.id for one in own()} - {one.check for one in FAULTS} == set()


def test_every_check_is_named_by_its_group_and_says_what_it_serves() -> None:
    for one in own():
        assert one.check.id.partition("/")[0] in GROUPS
        assert one.check.title
        assert one.check.clause
        assert not one.check.title.endswith(".")


def test_a_sound_project_passes(world: World) -> None:
    subject = world.subject()
    found = {one.check.id: one for one in run_checks(subject, MINE, show=subject.show)}
    for name, one in found.items():
        wanted = Outcome.NOT_APPLICABLE if name in NOTHING else Outcome.PASS
        assert one.outcome == wanted, (name, one.answer.summary)
    subject.close()


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_what_nothing_was_there_for_passes_where_something_sound_is(world: World, name: str) -> None:
    subject = SOUND[name](world)
    result = run(subject, name)
    assert result.outcome == Outcome.PASS, result.answer.summary
    subject.close()


def test_a_check_without_what_it_needs_could_not_check(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "some.txt").write_bytes(b"some text")
    subject = subject_at(folder, Means({}))
    lacking = [one for one in own() if any(not subject.has(need) for need in one.check.needs)]
    assert len(lacking) > 15
    for result in run_checks(subject, lacking, show=subject.show):
        assert result.outcome == Outcome.COULD_NOT_CHECK, result.check.id
        assert "needs the" in result.answer.summary
    subject.close()


def test_a_check_that_reads_files_could_not_check_where_one_is_no_file(world: World) -> None:
    (world.root / "clean" / "Jane_Doe.dcm").symlink_to(world.root / "curator.toml")
    subject = world.subject()
    by_files = {"clean-files", "orphan-files", "references", "label-values", "guidelines"}
    for result in run_checks(subject, MINE, show=subject.show):
        if result.check.id.removeprefix("integrity/") in by_files:
            assert result.outcome == Outcome.COULD_NOT_CHECK
            assert "REL-026" in result.answer.summary
        else:
            assert result.outcome in {Outcome.PASS, Outcome.NOT_APPLICABLE}
        assert "Jane" not in result.answer.summary
    subject.close()


def test_a_dicom_file_that_cannot_be_read_leaves_references_unchecked(world: World) -> None:
    broken = next((world.root / "clean").rglob("I0.dcm"))
    broken.write_bytes(broken.read_bytes()[:-1])
    subject = world.subject()
    assert run(subject, "integrity/references").outcome == Outcome.COULD_NOT_CHECK
    subject.close()


def _manifest(world: World) -> Any:
    from faults_integrity import delivered

    return delivered(world, "")


def _policy(world: World) -> Any:
    from faults_integrity import Spoiled

    subject = world.subject()
    state = subject.state()
    state.facts.policy = ("safe-harbor", subject.policy().digest)
    return Spoiled(subject, state=state)


def _values(world: World) -> Any:
    import hashlib

    data = b'{"runs":[1,2]}'
    digest = hashlib.sha256(data).hexdigest()
    (world.root / "labels" / "values").mkdir(parents=True)
    (world.root / "labels" / "values" / f"{digest}.json").write_bytes(data)
    world.label("big", "ann", world.samples()[0], {"whole": {"sha256": digest, "bytes": len(data)}})
    return world.subject()


def _truthers(world: World) -> Any:
    return world.subject(settings={"labels/truthers": {"study_readers": ["vendor-9"]}})


def _bias(world: World) -> Any:
    from faults_labels import propose

    propose(world, {"shown": True, "changed": True})
    return world.subject(settings={"labels/automation-bias": {"least": 6}})


def _drift(world: World) -> Any:
    return world.subject(settings={"labels/drift": {"least": 3}})


def _lots(world: World) -> Any:
    from faults_labels import lot, with_records

    return with_records(world, *lot("accept"))


def _tested(world: World) -> Any:
    from faults_labels import took, with_records

    return with_records(world, took("failed"), took("passed"), took("passed", "bob"))


SOUND = {
    "labels/audit-samples": _lots,
    "labels/qualification": _tested,
    "integrity/manifest": _manifest,
    "integrity/policy": _policy,
    "integrity/label-values": _values,
    "labels/truthers": _truthers,
    "labels/automation-bias": _bias,
    "labels/drift": _drift,
}
