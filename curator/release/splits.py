"""Which split each patient is in: assigned by a keyed hash within a stratum, once, and never moved.

Patients of a stratum stand in the order of a keyed hash of their pseudonym, and take places one after the other. The
place numbers walk the circle by the golden ratio from a keyed start, so that every run of places holds the splits near
their fractions, a stratum of one patient falls into each split by its fraction, and nobody without the vault can tell
beforehand who goes where. Who comes later takes the next places; nobody moves. Only a person who is found to stand in
two splits leaves all but the one that a model sees most. Nothing here reads a sample.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.core.hashing import keyed

SCHEMA = "split-assignments"
PATIENT, SITE = "patient", "site"
DEFAULT = (("train", 70), ("tuning", 15), ("test", 15))
WHOLE = 100
#: 2^64 divided by the golden ratio, odd: the step of the walk (Knuth, The Art of Computer Programming, 6.4).
_STEP = 0x9E3779B97F4A7C15
_CIRCLE = 1 << 64
_LONGEST = 32


@dataclass(frozen=True)
class Settings:
    """How splits are made.

    Parameters
    ----------
    fractions
        Splits with their whole percents, which add up to 100; the split that a model sees most comes first.
    strata
        Names of what makes a stratum, such as ``sex``.
    by
        What is assigned as a whole: ``patient`` or ``site``.
    """

    fractions: tuple[tuple[str, int], ...] = DEFAULT
    strata: tuple[str, ...] = ()
    by: str = PATIENT


@dataclass(frozen=True)
class Link:
    """Pseudonyms of one person, and the leaf hash (hex) of the record that says so."""

    pseudonyms: tuple[str, ...]
    leaf: str


@dataclass(frozen=True)
class Splits:
    """Assignments as they stand.

    Parameters
    ----------
    settings
        By which they were made.
    assignments
        Pseudonym to split.
    strata
        Pseudonym to the values that its stratum was made of.
    slots
        Stratum to the number of places given out.
    left
        Pseudonym to the split that it left, and the leaf hash of the record of the reason.
    sealed
        Names of the splits that take in nobody any more.
    """

    settings: Settings
    assignments: Mapping[str, str] = field(default_factory=dict)
    strata: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    slots: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the document of ``schemas/split-assignments.schema.json``."""
        return {
            "format": 1,
            "by": self.settings.by,
            "settings": {
                "fractions": [list(pair) for pair in self.settings.fractions],
                "strata": list(self.settings.strata),
            },
            "assignments": dict(self.assignments),
            "strata": {name: dict(values) for name, values in self.strata.items()},
            "slots": dict(self.slots),
            "left": {name: {"from": split, "record": leaf} for name, (split, leaf) in self.left.items()},
            "sealed": sorted(self.sealed),
        }

    def of(self, split: str) -> set[str]:
        """Return the pseudonyms in a split."""
        return {name for name, one in self.assignments.items() if one == split}


def splits_of(document: Mapping[str, Any]) -> Splits:
    """Read a document that follows its schema."""
    made = document["settings"]
    return Splits(
        settings=Settings(
            tuple((name, percent) for name, percent in made["fractions"]), tuple(made["strata"]), document["by"]
        ),
        assignments=document["assignments"],
        strata=document["strata"],
        slots=document["slots"],
        left={name: (one["from"], one["record"]) for name, one in document["left"].items()},
        sealed=tuple(document["sealed"]),
    )


def read_fractions(text: str) -> tuple[tuple[str, int], ...]:
    """Read ``train=70,tuning=15,test=15``.

    Raises
    ------
    UsageError
        SPL-001.
    """
    made = []
    for part in text.split(","):
        name, _, percent = part.strip().partition("=")
        if not percent.isascii() or not percent.isdigit():
            raise UsageError("SPL-001", why="a part is not of the form name=percents")
        made.append((name, int(percent)))
    return check_fractions(made)


def check_fractions(fractions: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return fractions that can be used (SPL-001)."""
    made = tuple(fractions)
    if not all(is_name(name) for name, _ in made):
        raise UsageError("SPL-001", why="a name is not of lower-case letters, digits, dots, underscores and hyphens")
    if len({name for name, _ in made}) != len(made) or len(made) <= 1:
        raise UsageError("SPL-001", why="there are less than two, or a name stands twice")
    if sum(percent for _, percent in made) != WHOLE or not all(0 < percent < WHOLE for _, percent in made):
        raise UsageError("SPL-001", why="the percents do not add up to 100, or one is none")
    return made


def is_name(text: str) -> bool:
    """Say whether a text may be a split's name."""
    fine = text.isascii() and 0 < len(text) <= _LONGEST and text[:1].isalnum() and text == text.lower()
    return fine and all(mark.isalnum() or mark in "._-" for mark in text)


def stratum_of(values: Mapping[str, str], names: Sequence[str]) -> str:
    """Return a stratum's own name: the digest of its values, so that no value can be taken for two."""
    return hashlib.sha256(canonical_bytes([[name, values[name]] for name in names])).hexdigest()[:32]


def place_of(key: bytes, stratum: str, slot: int, fractions: Sequence[tuple[str, int]]) -> str:
    """Return the split that a place of a stratum belongs to.

    Parameters
    ----------
    key
        32 secret bytes.
    stratum, slot
        Which place, from 0.
    fractions
        The splits that are open, with their weights.
    """
    start = int.from_bytes(keyed(key, "split-start", stratum.encode())[:8], "big")
    at, whole, upto = (start + slot * _STEP) % _CIRCLE, sum(weight for _, weight in fractions), 0
    for name, weight in fractions:
        upto += weight
        if at * whole < upto * _CIRCLE:
            return name
    raise ValueError("fractions add up to the whole")


def leave(splits: Splits, links: Iterable[Link]) -> Splits:
    """Take each person who stands in several splits out of all but the one that comes first in the fractions."""
    assignments, left = dict(splits.assignments), dict(splits.left)
    rank = {name: at for at, (name, _) in enumerate(splits.settings.fractions)}
    for link in links:
        there = [name for name in link.pseudonyms if name in assignments]
        order = sorted({assignments[name] for name in there}, key=lambda name: (rank.get(name, len(rank)), name))
        for name in there:
            if assignments[name] != order[0]:
                left[name] = (assignments.pop(name), link.leaf)
    return replace(splits, assignments=assignments, left=left)


def assign(splits: Splits, key: bytes, patients: Mapping[str, Mapping[str, str]], links: Sequence[Link] = ()) -> Splits:
    """Assign everybody who is not assigned yet.

    Parameters
    ----------
    splits
        What stands.
    key
        32 secret bytes.
    patients
        Pseudonym of each patient to its values: one for each stratum, and ``site`` where sites are assigned.
    links
        Persons with several pseudonyms, one entry each.

    Returns
    -------
    Splits
        With all that stood in it, save who was found in two splits.

    Raises
    ------
    UsageError
        SPL-012 when every split is sealed.
    """
    made = leave(splits, links)
    assignments, strata, slots = dict(made.assignments), dict(made.strata), dict(made.slots)
    waiting = {name for name in patients if name not in assignments and name not in made.left}
    groups = {name: link.pseudonyms for link in links for name in link.pseudonyms}
    for link in links:  # a new pseudonym of somebody who is assigned goes where the person is
        known = next((assignments[name] for name in link.pseudonyms if name in assignments), None)
        for name in sorted(waiting.intersection(link.pseudonyms)):
            if known is None:
                break
            assignments[name] = known
            strata[name] = dict(patients[name])
            waiting.discard(name)
    sites = _sites(assignments, strata) if made.settings.by == SITE else {}
    fractions = [pair for pair in made.settings.fractions if pair[0] not in made.sealed]
    if waiting and not fractions:
        raise UsageError("SPL-012", count=len(waiting))
    for name in sorted(waiting, key=lambda name: keyed(key, "split-order", name.encode())):
        if name in assignments:
            continue
        values = patients[name]
        split = sites.get(values["site"]) if made.settings.by == SITE else None
        if split is None or split in made.sealed:
            stratum = stratum_of(values, made.settings.strata)
            split = place_of(key, stratum, slots.get(stratum, 0), fractions)
            slots[stratum] = slots.get(stratum, 0) + 1
        if made.settings.by == SITE:
            sites.setdefault(values["site"], split)
        for one in groups.get(name, (name,)):
            if one in waiting:
                assignments[one] = split
                strata[one] = dict(patients[one])
    done = replace(made, assignments=assignments, strata=strata, slots=slots)
    return leave(done, links)


def _sites(assignments: Mapping[str, str], strata: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {strata[name]["site"]: split for name, split in sorted(assignments.items()) if "site" in strata[name]}


def given(
    splits: Splits, table: Mapping[str, str], patients: Mapping[str, Mapping[str, str]], links: Sequence[Link]
) -> Splits:
    """Take assignments from a user's own table; the table was checked against what stands.

    Raises
    ------
    UsageError
        SPL-011 when somebody would be in no split, SPL-012 for a sealed one, SPL-019 when one person or site would
        stand in several.
    """
    made = leave(splits, links)
    fresh = {name: split for name, split in table.items() if name not in made.assignments and name not in made.left}
    closed = sum(split in made.sealed for split in fresh.values())
    if closed:
        raise UsageError("SPL-012", count=closed)
    assignments = {**made.assignments, **fresh}
    lacking = [name for name in patients if name not in assignments and name not in made.left]
    if lacking:
        raise UsageError("SPL-011", count=len(lacking))
    groups: list[tuple[str, ...]] = [link.pseudonyms for link in links]
    if made.settings.by == SITE:
        ordered = sorted(patients, key=lambda name: patients[name]["site"])
        groups += [tuple(one) for _, one in itertools.groupby(ordered, key=lambda name: patients[name]["site"])]
    torn = sum(len({assignments[name] for name in group if name in assignments}) > 1 for group in groups)
    if torn:
        raise UsageError("SPL-019", count=torn)
    strata = {**made.strata, **{name: dict(patients[name]) for name in fresh}}
    return replace(made, assignments=assignments, strata=strata)
