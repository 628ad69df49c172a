# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""One walk over a text's words and numbers, so that each rule is only tried where it can begin.

A word's part is looked up once and remembered; most words of a note have none and cost one dictionary look-up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from operator import attrgetter

from curator.detect.text.vocabulary import (
    ADDRESS,
    AGE,
    ANCHOR,
    BOX,
    CAPITAL,
    CITY,
    COUNTY,
    FACILITY,
    FIELD,
    GIVEN,
    HOLIDAY,
    LABEL,
    LAND,
    LOWER_CUE,
    LOWER_NAME,
    LOWER_WORD,
    MARK,
    MONTH,
    ORDINAL,
    PERSON,
    PORT,
    SPOT,
    STATE,
    STREET,
    TITLE,
    TOWARD,
    WANTED,
    WAY,
    Word,
    known,
    word_of,
)  # fmt: skip

_WORD = re.compile(r"([^\W\d_]+)")
#: The same where accents are marks of their own (Unicode NFD).
_MARKED_WORD = re.compile("([^\\W\\d_](?:[^\\W\\d_]|[\u0300-\u036f])*)")
_MARKS = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Spots:
    """The words of one text, and where rules may begin.

    Attributes
    ----------
    text
        The text.
    words, spans
        What is known of each run of letters, and where it stands.
    people, wanted, marks, cues
        Indexes of words at which a name may begin, behind which a label's value stands, where signs and where names in
        small letters may stand.
    numbers
        Where runs of digits begin and end.
    months
        Where words that are months begin.
    labels
        Where labels may begin, with the rules that they may belong to.
    given
        Indexes of given names in lower case.
    cities, states, fields, facilities, counties, ways, toward
        Indexes of words that may begin a city, are a state's, a field's, a facility's, a county's or a street's, or
        stand before a capital and tell of a place: in, from, at.
    flags
        Which parts the words play altogether.
    """

    text: str
    words: list[Word] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    cues: list[int] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    labels: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    given: list[int] = field(default_factory=list)
    cities: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)
    facilities: list[int] = field(default_factory=list)
    counties: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    toward: list[int] = field(default_factory=list)
    lands: list[int] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)
    flags: int = 0
    english: bool = True


def spots(text: str) -> Spots:
    """Walk a text once.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    Spots
        Its words with all that is known of them, its runs of digits, and where rules may begin.
    """
    form = _WORD if text.isascii() or not _MARKS.search(text) else _MARKED_WORD
    parts = form.split(text)
    ends = list(accumulate(map(len, parts)))
    spans = list(zip(ends[0::2], ends[1::2], strict=False))
    named = parts[1::2]
    words = [found or word_of(name) for found, name in zip(map(known.get, named), named, strict=True)]
    found = Spots(text, words, spans, numbers=figures(text))
    marked = [(at, flags) for at, flags in enumerate(map(_FLAGS, words)) if flags]
    people = [pair for pair in marked if pair[1] & PERSON]
    found.people = [at for at, flags in people if flags & _NAMED]
    found.wanted = [at for at, flags in people if flags & WANTED]
    found.marks = [at for at, flags in people if flags & MARK]
    last = len(words) - 1
    found.cues = [
        at for at, flags in people if flags & LOWER_CUE and at < last and (words[at + 1].flags & _SMALL) not in _PLAIN
    ]
    marked = [pair for pair in marked if pair[1] & _TOGETHER]
    together = 0
    for _, flags in marked:
        together |= flags
    if together & LABEL:
        found.labels = [(spans[at][0], words[at].labels) for at, flags in marked if flags & LABEL]
    if together & MONTH:
        found.months = [spans[at][0] for at, flags in marked if flags & MONTH]
    marked = [pair for pair in marked if pair[1] & _PLACE]
    for kind, part in _LISTS:
        if together & part:
            setattr(found, kind, [at for at, flags in marked if flags & part])
    if found.toward:
        found.toward = [at for at in found.toward if at < last and words[at + 1].flags & (CAPITAL | CITY)]
    found.flags = together
    if not text.isascii():
        found.english = sum(not (word.flags & CAPITAL or word.low.isascii()) for word in words) < 3
    return found


_FLAGS = attrgetter("flags")
_NAMED = ANCHOR | TITLE
#: What tells a word in small letters that may be a name from one that is none, and from a capitalized one.
_SMALL = CAPITAL | LOWER_WORD | LOWER_NAME
_PLAIN = frozenset([LOWER_WORD, CAPITAL, CAPITAL | LOWER_NAME, CAPITAL | LOWER_WORD, _SMALL])
#: Parts whose presence anywhere in the text some rules ask for.
_TOGETHER = SPOT | AGE | BOX | STREET | ORDINAL | HOLIDAY
_LISTS = (
    ("given", GIVEN), ("cities", CITY), ("states", STATE), ("fields", FIELD), ("facilities", FACILITY), ("counties", COUNTY),
    ("ways", WAY), ("toward", TOWARD), ("lands", LAND), ("ports", PORT), ("addresses", ADDRESS),
)  # fmt: skip
_PLACE = GIVEN | CITY | STATE | FIELD | FACILITY | COUNTY | WAY | TOWARD | LAND | PORT | ADDRESS


def figures(text: str) -> list[tuple[int, int]]:
    """Return where runs of digits begin and end."""
    return [match.span() for match in _NUMBER.finditer(text)]


__all__ = ["AGE", "BOX", "COUNTY", "FACILITY", "FIELD", "GIVEN", "HOLIDAY", "MONTH", "ORDINAL", "STREET", "Spots", "figures", "spots"]  # fmt: skip
