"""Faults of privacy: those of the blind checks as their own tests plant them, others in data really scrubbed."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import test_privacy_blind as blind
import test_privacy_k_anonymity as groups
from faults import Fault
from scrubbed_site import FIRST, MOMENT, make

from curator.audit.project_subject import ProjectSubject
from curator.audit.subject import Means
from curator.core.clock import FixedClock
from curator.provenance.ledger import create


@cache
def hospital() -> Any:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make(folder)


def opened(world: Any, settings: dict[str, Any]) -> tuple[Any, ProjectSubject]:
    place = world.root.parent / "hospital"
    place.mkdir()
    site = hospital().copy(place)
    return site, ProjectSubject(site.project, Means(settings, site.vault))


def left_in_a_note(world: Any) -> Any:
    site, subject = opened(world, {})
    family, given = FIRST["name"].split("^")
    note = next((site.project.root / "clean").rglob("*.txt"))
    note.write_text(note.read_text() + f"Discussed with {family.upper()}, {given}.\n")
    return subject


def left_in_a_name(world: Any) -> Any:
    site, subject = opened(world, {})
    (site.project.root / "clean" / f"{FIRST['id']}.txt").write_bytes(b"No effusion.\n")
    return subject


def little_taken_out(world: Any) -> Any:
    from curator.audit.canaries.kept import keep
    from curator.audit.canaries.measure import measure

    site, subject = opened(world, {"privacy/canaries": {"least_low": 0.99999}})
    seed, clock = site.vault.operator_key(), FixedClock(MOMENT)
    create(site.project.ledger, dataset=site.project.config.dataset, operator_seed=seed, clock=clock)
    keep(site.project, site.vault, 1, measure(site.job(), 16))
    return subject


FAULTS = [
    *(
        Fault(f"privacy/{name}", f"{what}, case {at}", lambda _, more=more: blind.desk(more), what)
        for at, (name, more, what) in enumerate(blind.FAULTS, 1)
    ),
    Fault("privacy/known-identifiers", "a patient's name in a note, in another order", left_in_a_note, "in"),
    Fault("privacy/known-identifiers", "a patient's number as a file's name", left_in_a_name, "its name"),
    Fault("privacy/canaries", "a recall that is not surely as high as asked", little_taken_out, "fewer planted"),
    Fault(
        "privacy/k-anonymity",
        "one man among women of one age",
        lambda _: groups.desk([("F", "041Y"), ("F", "042Y"), ("M", "041Y")], k=2),
        "smaller",
    ),
]
