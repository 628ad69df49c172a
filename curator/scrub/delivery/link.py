"""Which IDs are of one person: what files state, and what a linkage table adds. Union-find over keyed IDs.

Keys are HMACs under a subkey of the vault; the values themselves stay in the harvest's rows. Nothing here may put an ID
into an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from curator.identifiers.persons import PersonId, normal_id


@dataclass(frozen=True)
class IdRules:
    """How an ID as written becomes a person's ID.

    Parameters
    ----------
    secret
        The vault's subkey ``person``.
    site
        Stands for the issuer of hospital numbers.
    issuers
        Issuers as written (a system, an assigning authority) to names of their own: their numbers are kept apart from
        the site's.
    """

    secret: bytes = field(repr=False)
    site: str
    issuers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def person(self, kind: str, issuer: str, value: str, source: str) -> PersonId:
        """Return the person's ID behind (kind, issuer, value) of one file.

        A hospital number is the site's whatever issuer is written, since one hospital writes its own name in many
        ways; an issuer that the project lists is another one's. A row that names nobody is told apart by its file.
        """
        if kind == "row":
            return PersonId("row", source, value)
        owner = self.issuers.get(normal_id(issuer), self.site)
        return PersonId("id" if kind == "mrn" else kind, owner, normal_id(value))

    def key(self, kind: str, issuer: str, value: str, source: str) -> str:
        """Return the keyed form of an ID."""
        return self.person(kind, issuer, value, source).key(self.secret)


class Links:
    """Groups of IDs that are of one person."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self.ids: dict[str, PersonId] = {}

    def add(self, person: PersonId, secret: bytes) -> str:
        """Take an ID in and return its key."""
        key = person.key(secret)
        self.ids.setdefault(key, person)
        self._parent.setdefault(key, key)
        return key

    def join(self, keys: Iterable[str]) -> None:
        """State that keys are of one person."""
        roots = sorted({self.root(key) for key in keys})
        for root in roots[1:]:
            self._parent[root] = roots[0]

    def root(self, key: str) -> str:
        """Return the key that stands for a key's group."""
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def groups(self) -> dict[str, list[str]]:
        """Return each key's group, sorted; a key that stands alone has itself."""
        found: dict[str, list[str]] = {}
        for key in self._parent:
            found.setdefault(self.root(key), []).append(key)
        for members in found.values():
            members.sort()
        return {key: members for members in found.values() for key in members}
