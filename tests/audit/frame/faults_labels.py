"""Faults of label quality."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from audit_world import World
from faults import Fault
from faults_integrity import Spoiled

from curator.provenance.records import guideline

BLIND = {"blinded": True, "independent": True}


def images(world: World) -> list[Any]:
    return [one for one in world.samples() if "/R1/" in one.path]


def readers_differ(world: World) -> None:
    for name in ("ann", "bob"):
        given = [
            world.draft(
                f"{name}-x{at}", name, one, "none" if at % 2 and name == "bob" else "nodule", kind="side", **BLIND
            )
            for at, one in enumerate(images(world))
        ]
        world.sign(name, *given)


def few_agree(world: World) -> None:
    """Two units that agree prove nothing: the interval is wide."""
    for number, sample in enumerate(images(world)[:2]):
        for name in ("ann", "bob"):
            world.label(f"{name}-y{number}", name, sample, "nodule", kind="side", **BLIND)


def knew_the_other(world: World) -> None:
    for name in ("ann", "bob"):
        world.label(f"{name}-x", name, images(world)[0], "none", kind="side", independent=False)


def not_stated(world: World) -> None:
    for name in ("ann", "bob"):
        world.label(f"{name}-x", name, images(world)[0], "none", kind="side")


def no_specialty(world: World) -> Any:
    subject = world.subject()
    state = subject.state()
    state.people = {
        name: replace(one, specialty=None, years=None) if name == "bob" else one for name, one in state.people.items()
    }
    return Spoiled(subject, state=state)


def few_years(world: World) -> Any:
    return world.subject(settings={"labels/qualified": {"least_years": 10}})


def reads_in_the_study(world: World) -> Any:
    return world.subject(settings={"labels/truthers": {"study_readers": ["bob", "vendor-9"]}})


def older_version(world: World) -> None:
    text = b"Mark every nodule above 3 mm.\n"
    (world.project.guidelines / "nodules-2.0.txt").write_bytes(text)
    world.sign("rev", guideline("nodules", "2.0", "nodules-2.0.txt", hashlib.sha256(text).hexdigest(), len(text)))
    world.label("late", "ann", images(world)[0], "none", kind="side")


def old_text(world: World) -> Any:
    world.at += timedelta(days=100)
    world.label("late", "ann", images(world)[0], "none", kind="side")
    return world.subject(settings={"labels/guideline-age": {"most_days": 99}})


def follows_the_model(world: World) -> Any:
    propose(world, {"shown": True, "changed": False, "origin": "model-1"})
    return world.subject(settings={"labels/automation-bias": {"least": 6, "most_kept": 0.5}})


def propose(world: World, shown: dict[str, Any]) -> None:
    given = [
        world.draft(f"ann-p{at}", "ann", one, "nodule", kind="side", preLabel=shown)
        for at, one in enumerate(images(world))
    ]
    world.sign("ann", *given)


def changed_or_not(world: World) -> None:
    world.label("ann-p", "ann", images(world)[0], "nodule", kind="side", preLabel={"shown": True})


def drifted(world: World) -> Any:
    first, given = images(world)[0], []
    for number in range(24):
        value = "none" if number < 12 else "nodule"
        at = f"2024-04-{number // 12 + 1:02d}T10:00:00Z"
        more = {"kind": "side", "labeledAt": at, "location": {"slice": number + 1}}
        given.append(world.draft(f"ann-d{number}", "ann", first, value, **more))
    world.sign("ann", *given)
    return world.subject(settings={"labels/drift": {"least": 12}})


def with_records(world: World, *made: tuple[str, str, dict[str, Any]]) -> Any:
    """The sound project's records behind made-up ones, each given as (kind, subject's name, predicate)."""
    subject = world.subject()
    known = list(subject.records())
    fresh = [
        known[0]._replace(kind=kind, subject=[{"name": name, "digest": {"sha256": "0" * 64}}], predicate=said)
        for kind, name, said in made
    ]
    return Spoiled(subject, records=[*(one._replace(index=9000 + at) for at, one in enumerate(fresh)), *known])


def lot(outcome: str | None, seed: str = "witness") -> list[tuple[str, str, dict[str, Any]]]:
    made = [("urn:curator:predicate:audit-lot:v1", "lots/one", {"count": 12})]
    if outcome is not None:
        verdict = {"outcome": outcome, "seedFrom": {"kind": seed}}
        made.append(("urn:curator:predicate:audit-verdict:v1", "lots/one", verdict))
    return made


def took(verdict: str, person: str = "ann") -> tuple[str, str, dict[str, Any]]:
    said = {"person": person, "test": "nodules@2", "verdict": verdict}
    return ("urn:curator:predicate:reader-qualified:v1", f"people/{person}", said)


def own_seed(world: World) -> Any:
    subject = with_records(world, *lot("accept", "asserted"))
    subject.settings["labels/audit-samples"] = {"outside": True}
    return subject


def never_tested(world: World) -> Any:
    return world.subject(settings={"labels/qualification": {"tests": ["nodules"]}})


FAULTS = [
    Fault("labels/audit-samples", "a lot that was rejected", lambda w: with_records(w, *lot("reject")), "reject"),
    Fault("labels/audit-samples", "a lot that nobody judged", lambda w: with_records(w, *lot(None)), "nobody judged"),
    Fault("labels/audit-samples", "a draw by a seed of one's own", own_seed, "not taken from outside"),
    Fault("labels/qualification", "a reader failed", lambda w: with_records(w, took("failed")), "failed a test"),
    Fault("labels/qualification", "readers never took the test", never_tested, "never took"),
    Fault("labels/agreement", "readers who differ on every other unit", readers_differ, "below the threshold"),
    Fault("labels/agreement", "two units that agree", few_agree, "below the threshold"),
    Fault("labels/adjudication", "readers differ and nobody adjudicated", readers_differ, "nobody adjudicated"),
    Fault("labels/independence", "readers who knew each other's labels", knew_the_other, "knew other readings"),
    Fault("labels/independence", "readings that do not say how they were made", not_stated, "not stated"),
    Fault("labels/qualified", "a reader without any qualification", no_specialty, "qualifies"),
    Fault("labels/qualified", "readers with too few years", few_years, "fewer than 10"),
    Fault("labels/truthers", "a reader of the study made the truth", reads_in_the_study, "reads in the study"),
    Fault("labels/guideline-age", "a label on an older version", older_version, "older version"),
    Fault("labels/guideline-age", "a label on an old text", old_text, "older than 99 days"),
    Fault("labels/automation-bias", "a reader who changes nothing that is proposed", follows_the_model, "nearly every"),
    Fault("labels/automation-bias", "a proposal of which nobody says what became", changed_or_not, "not said"),
    Fault("labels/drift", "a reader who changed over night", drifted, "moved"),
]
