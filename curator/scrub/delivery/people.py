"""The persons of a project as the vault knows them: keys, known identifiers, first times of studies, ages over 89.

Each delivery adds a document of what it newly told; nothing earlier is changed, so a pseudonym once given stays.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curator.core.errors import UsageError
from curator.identifiers.persons import PersonId, pseudonym, shift_days
from curator.project.vault import Vault
from curator.scrub.delivery.given import Given, stored
from curator.scrub.delivery.state import Shelf, last_number, shelf_of
from curator.scrub.delivery.telling import check_pseudonyms


def pairs_of(listed: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield (category, value) pairs that a document lists; a category stands once in memory, however many have it."""
    for category, value in listed:
        yield sys.intern(category), value


@dataclass
class People:
    """All that is known of persons, while a delivery is frozen.

    Attributes
    ----------
    numbers
        Person key (hex) to running number, which selects the person's random key.
    ids
        Key of a person or of a further ID of one to (kind, issuer, value).
    known
        Person key to the set of (category, value).
    over_89
        Keys of persons who were over 89 at a study or at the project date.
    first_times
        New Study Instance UID to microseconds since midnight of the study's first time.
    aliases
        Key of a further ID of a person to the key under which the person stands.
    top
        The highest running number given so far.
    given
        Pseudonyms and shifts that the user gave.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    ids: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    known: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    over_89: set[str] = field(default_factory=set)
    first_times: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    top: int = 0
    given: Given = field(default_factory=Given)
    _resolved: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, vault: Vault, *, but: int = 0) -> People:
        """Load what all deliveries told, abandoned ones too: a pseudonym that was given is never given again.

        Parameters
        ----------
        vault
            The opened vault.
        but
            The number of a delivery to leave out (the one that is being frozen).
        """
        people = cls(given=stored(vault))
        for number in range(1, last_number(vault) + 1):
            if number != but:
                people._add(shelf_of(vault, number))
        return people

    def _add(self, shelf: Shelf) -> None:
        if shelf.get("frozen") is None:
            return  # killed before it was frozen: it gave nobody a pseudonym
        told = shelf.need("people")
        for key, number, kind, issuer, value in told["persons"]:
            self.numbers[key] = number
            self.top = max(self.top, number)
            self.ids[key] = (kind, issuer, value)
        for key, pairs in told["known"].items():
            self.known.setdefault(key, set()).update(pairs_of(pairs))
        self.over_89.update(told["over_89"])
        self.first_times.update(told["first_times"])
        for key, (main, kind, issuer, value) in told["aliases"].items():
            self.aliases[key] = main
            self.ids[key] = (kind, issuer, value)

    def enroll(self, person: PersonId, secret: bytes) -> str:
        """Return a person's key, giving a new person the next running number.

        Parameters
        ----------
        person
            Who.
        secret
            The vault's subkey ``person``.
        """
        return self._enroll(person.key(secret), person)

    def _enroll(self, key: str, person: PersonId) -> str:
        if key not in self.numbers:
            self.top += 1
            self.numbers[key] = self.top
            self.ids[key] = (person.kind, person.issuer, person.value)
        return key

    def settle(self, key: str, group: Sequence[str], ids: Mapping[str, PersonId]) -> str:
        """Return the key of the person to whom an ID belongs, given the IDs that are the same person's.

        An ID that has a person keeps it: a pseudonym once given never changes. Else the group's oldest person takes it,
        else a new person is enrolled under it. Every further ID of the group that has no person becomes an alias.

        Parameters
        ----------
        key
            The ID at hand.
        group
            The keys of all IDs of the same person, itself included.
        ids
            The IDs behind the keys.
        """
        known = {member: self.aliases.get(member, member) for member in group}
        settled = sorted({own for own in known.values() if own in self.numbers}, key=self.numbers.__getitem__)
        main = known[key] if known[key] in self.numbers else settled[0] if settled else self._enroll(key, ids[key])
        for member in group:
            if member not in self.numbers and member not in self.aliases:
                self.aliases[member] = main
                self.ids[member] = (ids[member].kind, ids[member].issuer, ids[member].value)
        return main

    def pseudonym(self, vault: Vault, key: str) -> str:
        """Return a person's pseudonym: the one that the user gave, or the one drawn for them."""
        given = self._given(self.given.patients).get(key)
        return given or pseudonym(vault.person_key(self.numbers[key]))

    def shift(self, vault: Vault, key: str) -> int:
        """Return the whole days by which a person's dates move: those that the user gave, or those drawn."""
        given = self._given(self.given.shifts).get(key)
        return given or shift_days(vault.person_key(self.numbers[key]))

    def _given(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a table gives by the key under which the person stands.

        Raises
        ------
        UsageError
            XWK-015 when it gives two IDs of one person different values.
        """
        known = self._resolved.get(id(table))
        if known is None or known[0] != len(self.aliases):
            found: dict[str, Any] = {}
            for key, value in table.items():
                if found.setdefault(self.aliases.get(key, key), value) != value:
                    raise UsageError("XWK-015")
            known = self._resolved[id(table)] = (len(self.aliases), found)
        return known[1]

    def check_given(self, out: Collection[str]) -> None:
        """Refuse tables that contradict themselves or tell somebody, now that it is known who has which IDs and names.

        Parameters
        ----------
        out
            Persons of earlier deliveries: their pseudonyms were given out, and a refusal would take none of them back.
            What tells of whom in the output is for the audit to find.

        Raises
        ------
        UsageError
            XWK-015, XWK-018.
        """
        self._given(self.given.shifts)
        patients = self._given(self.given.patients)
        check_pseudonyms({key: name for key, name in patients.items() if key not in out}, self.known)

    def every_id(self) -> dict[str, list[str]]:
        """Return each person's key with the values of all their IDs, sorted."""
        found: dict[str, list[str]] = {}
        for key in self.ids:
            found.setdefault(self.aliases.get(key, key), []).append(self.ids[key][2])
        return {key: sorted(values) for key, values in found.items()}

    def alike(self, before: People) -> int:
        """Count numbers that differ by leading zeros alone and are of several persons, one of them newly told.

        They may be one person whom a system wrote with zeros and another one without, or two of two systems: a table
        of the user's says so, and nobody else joins them.
        """
        padded: dict[tuple[str, str], set[str]] = {}
        for key, (kind, issuer, value) in self.ids.items():
            if kind == "id" and value.startswith("0") and value.isdecimal() and (bare := value.lstrip("0")):
                padded.setdefault((issuer, bare), set()).add(key)
        for key, (kind, issuer, value) in self.ids.items() if padded else ():
            if kind == "id" and (issuer, value) in padded:
                padded[issuer, value].add(key)
        return sum(
            len({self.aliases.get(key, key) for key in keys}) > 1 and not keys <= before.ids.keys()
            for keys in padded.values()
        )

    def told_since(self, before: People) -> dict[str, Any]:
        """Return what stands here and not in an earlier state: the document of one delivery."""
        return {
            "persons": [
                [key, number, *self.ids[key]] for key, number in self.numbers.items() if key not in before.numbers
            ],
            "known": {
                key: sorted(pairs - before.known.get(key, set()))
                for key, pairs in sorted(self.known.items())
                if pairs - before.known.get(key, set())
            },
            "over_89": sorted(self.over_89 - before.over_89),
            "aliases": {k: [v, *self.ids[k]] for k, v in sorted(self.aliases.items()) if k not in before.aliases},
            "first_times": {k: v for k, v in sorted(self.first_times.items()) if k not in before.first_times},
        }
