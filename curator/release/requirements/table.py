"""The table of requirements, its classes, and the state of each. Decides what is lacking; writes nothing."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from curator.core.errors import UsageError
from curator.provenance.facts import Answer


class Class(StrEnum):
    """Who makes an item: the program, the program and a person, a person alone."""

    MACHINE = "A"
    PREFILLED = "P"
    HUMAN = "H"


class Stage(StrEnum):
    """How an item stands."""

    MADE = "made"
    GIVEN = "text given"
    WAITING = "waiting for text"
    MISSING = "missing evidence"


@dataclass(frozen=True)
class Requirement:
    """One item.

    Parameters
    ----------
    id
        Such as ``DM-04``.
    kind
        Who makes it.
    source, clause
        Guidance (editions in the table's head) and place in it.
    asks
        What it asks for.
    evidence
        Names of :mod:`curator.release.requirements.evidence`.
    shown
        Documents of the package in which it stands.
    """

    id: str
    kind: Class
    source: str
    clause: str
    asks: str
    evidence: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def needs_text(self) -> bool:
        """True when a person has to say something."""
        return self.kind != Class.MACHINE


@cache
def requirements() -> tuple[Requirement, ...]:
    """Return every item in the table's order."""
    text = resources.files("curator.release.requirements").joinpath("requirements.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(
        Requirement(
            row["id"],
            Class(row["class"]),
            row["source"],
            row["clause"],
            row["asks"],
            tuple(name for name in row["evidence"].split(",") if name != "-"),
            tuple(row["shown"].split(",")),
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    )


def answerable() -> tuple[Requirement, ...]:
    """Return every item, and the statements that legal claims need."""
    from curator.release.requirements.legal import STATEMENTS

    return (*requirements(), *STATEMENTS.values())


def requirement(name: str) -> Requirement:
    """Return one item or statement (SUB-014 when there is none of this id)."""
    found = next((one for one in answerable() if one.id.casefold() == name.strip().casefold()), None)
    if found is None:
        raise UsageError("SUB-014")
    return found


def unanswered(answers: Mapping[str, Answer]) -> tuple[Requirement, ...]:
    """Return the items that need a text and have none."""
    return tuple(one for one in requirements() if one.needs_text and one.id not in answers)


@dataclass(frozen=True)
class Shown:
    """What shows an item: a sentence with its number, and where that number comes from."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Standing:
    """An item with its state, what shows it, the names of evidence that is lacking, and its answer."""

    item: Requirement
    stage: Stage
    shown: tuple[Shown, ...]
    lacking: tuple[str, ...]
    answer: Answer | None


@dataclass(frozen=True)
class Evidence:
    """What shows something, and whether it is all that was asked."""

    shown: tuple[Shown, ...]
    complete: bool


def standing(item: Requirement, found: Mapping[str, Evidence], answer: Answer | None) -> Standing:
    """Return how an item stands.

    Parameters
    ----------
    item
        Which.
    found
        Evidence by name.
    answer
        What a person said, if anything.
    """
    lacking = tuple(name for name in item.evidence if not found[name].complete)
    shown = tuple(one for name in item.evidence for one in found[name].shown)
    if item.needs_text and answer is None:
        stage = Stage.WAITING
    elif item.kind != Class.HUMAN and lacking:
        stage = Stage.MISSING
    else:
        stage = Stage.GIVEN if item.needs_text else Stage.MADE
    return Standing(item, stage, shown, lacking, answer)


def counted(standings: Iterable[Standing]) -> dict[str, Counter[str]]:
    """Return class to how many of its items are in each state."""
    made: dict[str, Counter[str]] = {str(kind): Counter() for kind in Class}
    for one in standings:
        made[str(one.item.kind)][str(one.stage)] += 1
    return made
