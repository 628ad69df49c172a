"""What became of values and sequences before, for one person under one policy: objects of a series repeat each other.

Remembered is what follows from the value, the attribute, the rules and the person's known identifiers alone. What
depends on the study, on dates or on the mapping of UIDs never is. It must never be asked about another person.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from curator.formats.dicom.ranged import Piece
from curator.formats.dicom.structure import Repeated
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.encode import Settled
from curator.scrub.dicom.text import Encodings
from curator.scrub.policy.private_rows import Steps

if TYPE_CHECKING:
    from curator.scrub.dicom.cleaning import Decisions
    from curator.scrub.dicom.values import Searched

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: The longest value whose answer is remembered, and how many answers are of each sort: then they are begun anew.
LONGEST, _MOST, _MOST_SORTS = 128, 4096, 4

#: An attribute as the file has it: tag, VR, value; and what a content item's concept says of it, if it does.
Asked = tuple[int, str | None, Piece] | tuple[int, str | None, Piece, Act]


class Answer(NamedTuple):
    """What becomes of a value.

    Parameters
    ----------
    kept
        It stays, and so does its VR.
    vr, value
        How it is written otherwise; None when it goes.
    notes
        What is noted about it.
    """

    kept: bool
    vr: str
    value: bytes | None
    notes: tuple[str, ...] = ()


class Settlement(NamedTuple):
    """What becomes of a sequence: its clean items, the notes with their counts, and whether a private creator stays.

    ``source`` keeps the sequence, and so its identity, for as long as this is remembered.
    """

    items: Settled
    notes: tuple[tuple[tuple[str, int, str], int], ...]
    creators: bool
    source: Repeated


class Answers:
    """The answers for one person, policy, kind of object and byte order."""

    def __init__(self) -> None:
        self._values: dict[tuple[bool, Encodings], dict[Asked, Answer]] = {}
        self.sequences: dict[tuple[int, int, str, Steps, Encodings], Settlement] = {}

    def of(self, nested: bool, encodings: Encodings) -> dict[Asked, Answer]:
        """Return the answers about values of one level and character set."""
        found = self._values.get((nested, encodings))
        if found is None:
            if len(self._values) >= _MOST_SORTS:
                self._values.clear()
            found = self._values[nested, encodings] = {}
        return found


def remember(known: dict[_Key, _Value], key: _Key, answer: _Value) -> None:
    """Remember an answer."""
    if len(known) >= _MOST:
        known.clear()
    known[key] = answer


@lru_cache(maxsize=4)  # those of the person at hand, and of the kinds of objects that there are of them
def answers_of(searched: Searched, decisions: Decisions, little: bool) -> Answers:  # noqa: ARG001
    """Return the answers for what is searched for under some decisions."""
    return Answers()
