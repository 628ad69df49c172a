"""What one file has told of each person so far, while it is read. It holds identifiers: for the vault only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from curator.scrub.medium import RecordPerson

Id = tuple[str, str, str]
_LONGEST, _MOST = 256, 2000
#: Says that more is known than is kept: it is counted among what is not searched, never left out in silence.
_MORE = ("more", "1")


@dataclass
class Told:
    """What a file has told of one person.

    Attributes
    ----------
    ids
        (kind, issuer, value) of their IDs, in the order of appearance.
    known
        (category, value) of what identifies them.
    births
        YYYYMMDD.
    last
        YYYYMMDD of the latest date, or empty.
    over_89
        Whether an age over 89 was stated.
    """

    ids: dict[Id, None] = field(default_factory=dict, repr=False)
    known: dict[tuple[str, str], None] = field(default_factory=dict, repr=False)
    births: set[str] = field(default_factory=set, repr=False)
    last: str = field(default="", repr=False)
    over_89: bool = False

    def learn(self, category: str, value: object, least: int = 1) -> None:
        """Keep a value of a category, if it is a text of a usual length."""
        if isinstance(value, str):
            text = value.strip().strip('"')
            if least <= len(text) <= _LONGEST:
                self.known[(category, text) if len(self.known) < _MOST else _MORE] = None

    def person(self) -> RecordPerson:
        """Return the person as the harvest gives them."""
        births = tuple(sorted(self.births))
        return RecordPerson(tuple(self.ids), tuple(self.known), births, self.last or None, self.over_89)


def told_of(people: dict[Id, Told], ids: Iterable[Id]) -> Told:
    """Return what is told of the person of some IDs, joining persons whom these IDs show to be one."""
    listed = tuple(ids)
    found = [people[one] for one in listed if one in people]
    told = found[0] if found else Told()
    for other in found[1:]:
        if other is not told:
            told.ids |= other.ids
            told.known |= other.known
            told.births |= other.births
            told.last = max(told.last, other.last)
            told.over_89 |= other.over_89
            for one in other.ids:
                people[one] = told
    for one in listed:
        told.ids[one] = None
        people[one] = told
    return told
