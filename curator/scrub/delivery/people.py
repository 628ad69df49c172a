"""The persons of a project as the vault knows them: keys, known identifiers, first times of studies, ages over 89.

Each delivery adds a document of what it newly told; nothing earlier is changed, so a pseudonym once given stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from curator.identifiers.persons import PersonId
from curator.project.vault import Vault
from curator.scrub.delivery.state import Shelf, last_number, shelf_of


@dataclass
class People:
    """All that is known of persons, while a delivery is frozen.

    Attributes
    ----------
    numbers
        Person key (hex) to running number, which selects the person's random key.
    ids
        Person key to (kind, issuer, value).
    known
        Person key to the set of (category, value).
    over_89
        Keys of persons who were over 89 at a study or at the project date.
    first_times
        New Study Instance UID to microseconds since midnight of the study's first time.
    top
        The highest running number given so far.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    ids: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    known: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    over_89: set[str] = field(default_factory=set)
    first_times: dict[str, int] = field(default_factory=dict)
    top: int = 0

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
        people = cls()
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
            self.known.setdefault(key, set()).update((category, value) for category, value in pairs)
        self.over_89.update(told["over_89"])
        self.first_times.update(told["first_times"])

    def enroll(self, person: PersonId, secret: bytes) -> str:
        """Return a person's key, giving a new person the next running number.

        Parameters
        ----------
        person
            Who.
        secret
            The vault's subkey ``person``.
        """
        key = person.key(secret)
        if key not in self.numbers:
            self.top += 1
            self.numbers[key] = self.top
            self.ids[key] = (person.kind, person.issuer, person.value)
        return key

    def told_since(self, before: People) -> dict[str, Any]:
        """Return what stands here and not in an earlier state: the document of one delivery."""
        return {
            "persons": [
                [key, number, *self.ids[key]] for key, number in self.numbers.items() if key not in before.numbers
            ],
            "known": {
                key: sorted(list(pair) for pair in pairs - before.known.get(key, set()))
                for key, pairs in sorted(self.known.items())
                if pairs - before.known.get(key, set())
            },
            "over_89": sorted(self.over_89 - before.over_89),
            "first_times": {k: v for k, v in sorted(self.first_times.items()) if k not in before.first_times},
        }
