"""What became of values and sequences before, for one person under one policy: objects of a series repeat each other.

Remembered is what follows from the value, the attribute, the rules and the person's known identifiers alone. What
depends on the study, on dates or on the mapping of UIDs never is. It must never be asked about another person.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from curator.formats.dicom.ranged import Piece
from curator.formats.dicom.stretches import Stretch
from curator.formats.dicom.structure import Node, Repeated
from curator.scrub.dicom.decide import Act
from curator.scrub.dicom.encode import Encoded, Settled
from curator.scrub.dicom.text import Encodings
from curator.scrub.policy.private_rows import Steps

if TYPE_CHECKING:
    from curator.scrub.dicom.cleaning import Decisions
    from curator.scrub.dicom.values import Searched

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Path of an attribute, its tag, what was done, and how often.
Noted = tuple[tuple[str, int, str], int]
#: Private blocks, as (group, block), and who reserved them.
Creators = tuple[tuple[tuple[int, int], str], ...]

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
    notes: tuple[Noted, ...]
    creators: bool
    source: Repeated


class Passage:
    """What becomes of a stretch of elements at the data set's own level. Nobody changes it.

    Parameters
    ----------
    runs
        Clean elements that follow each other, with no other element between them.
    rest
        Elements of the source whose fate depends on more than is remembered.
    told
        What was done to the others: attribute, action and count.
    used
        The private blocks of which an element is listed, as (group, block).
    creators
        Whether a private creator stays below.
    source
        The stretch, whose identity is kept for as long as this is remembered.
    """

    def __init__(
        self,
        runs: list[list[Node]],
        rest: list[Node],
        told: tuple[tuple[str, str, int], ...],
        used: frozenset[tuple[int, int]],
        creators: bool,
        source: Stretch,
    ) -> None:
        self._runs, self.rest, self.told = runs, rest, told
        self.used, self.creators, self._source = used, creators, source
        self.tags = [node.tag for run in runs for node in run]
        #: The private blocks of clean elements.
        self.held = {(tag >> 16, tag >> 8 & 0xFF) for tag in self.tags if tag >> 16 & 1}
        self._encoded: dict[tuple[bool, bool], list[Node]] = {}

    def encoded(self, *, explicit: bool, little: bool) -> list[Node]:
        """Return the clean elements ready to be written."""
        found = self._encoded.get((explicit, little))
        if found is None:
            found = [Encoded.of(run, explicit=explicit, little=little) for run in self._runs]
            self._encoded[explicit, little] = found
        return found


class Answers:
    """The answers for one person, policy, kind of object and byte order."""

    def __init__(self) -> None:
        self._values: dict[tuple[bool, Encodings], dict[Asked, Answer]] = {}
        self.sequences: dict[tuple[int, int, str, Steps, Encodings], Settlement] = {}
        #: What became of stretches, and where None stands, that they have been met once.
        self.passages: dict[tuple[int, Encodings, Creators], Passage | None] = {}

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


@lru_cache(maxsize=8)  # those of the person at hand, and of the kinds of objects that there are of them
def answers_of(searched: Searched, decisions: Decisions, little: bool) -> Answers:  # noqa: ARG001
    """Return the answers for what is searched for under some decisions."""
    return Answers()
