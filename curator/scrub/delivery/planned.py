"""The rows of a plan with what pass 2 has to know of their persons, handed out shard by shard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from curator.core.hashing import keyed
from curator.core.types import Shard
from curator.project.vault import Vault
from curator.scrub.delivery.people import People
from curator.scrub.delivery.state import Shelf
from curator.scrub.medium import Person

if TYPE_CHECKING:
    from curator.scrub.dicom import Subject


@dataclass(frozen=True)
class Planned:
    """One row of the plan with the person it is about.

    Parameters
    ----------
    row
        The plan's row.
    subject
        What the DICOM rewriter is told about the person and the study, or None for what it does not rewrite.
    own
        The person whom a record is about, or None for what is no record.
    persons
        Everybody whom a record names, by pseudonym.
    number
        The shard of the harvest that has the file; None in a round that does not follow the harvest.
    """

    row: dict[str, Any] = field(repr=False)
    subject: Subject | None
    own: Person | None = None
    persons: dict[str, Person] = field(default_factory=dict, repr=False)
    number: int | None = None


class _Roll:
    """Makes what the workers are told of persons, once for each."""

    def __init__(self, people: People, vault: Vault) -> None:
        self._people = people
        self._vault = vault
        self._known: dict[str, tuple[str, int, tuple[tuple[str, str], ...], bytes]] = {}

    def of(self, key: str) -> tuple[str, int, tuple[tuple[str, str], ...], bytes]:
        """Return pseudonym, shift, known identifiers and the key for surrogates."""
        if key not in self._known:
            people, vault = self._people, self._vault
            secret = vault.person_key(people.numbers[key])
            known = tuple(sorted(people.known.get(key, set())))
            named, shift = people.pseudonym(vault, key), people.shift(vault, key)
            self._known[key] = (named, shift, known, keyed(secret, "surrogates"))
        return self._known[key]

    def person(self, key: str) -> Person:
        """Return a record's person."""
        name, shift, known, secret = self.of(key)
        return Person(name, shift, key in self._people.over_89, secret, known)


def planned_shards(
    shelf: Shelf, name: str, numbers: list[int], people: People, vault: Vault, project_date: str
) -> Iterator[Shard]:
    """Yield the shards of a plan, one at a time, with the subjects their files need.

    Parameters
    ----------
    shelf, name, numbers
        Which plan, and which of its shards.
    people
        Everybody known.
    vault
        For the persons' random keys.
    project_date
        YYYYMMDD.
    """
    from curator.scrub.dicom import Subject

    for number in numbers:
        roll = _Roll(people, vault)
        items = []
        for row in shelf.need(f"{name}/{number:08d}"):
            if row["do"] == "scrub" and row["medium"] is not None:
                persons = {key: roll.person(key) for key in sorted(set(row["nodes"].values()))}
                harvested = number if name == "plan" else None
                items.append(Planned(row, None, roll.person(row["person"]), persons, harvested))
                continue
            subject = None
            if row["do"] == "scrub":
                key = row["person"]
                name_, shift, known, _ = roll.of(key)
                subject = Subject(
                    patient=name_,
                    over_89=key in people.over_89,
                    shift_days=shift,
                    first_time=row["first_time"],
                    known=known,
                    project_date=project_date,
                    fallback_uid=str(row["source"]),
                )
            items.append(Planned(row, subject))
        yield Shard(number, tuple(items))
