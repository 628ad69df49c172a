# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""One walk over a text's words and numbers, so that each rule is only tried where it can begin.

A word's part is looked up once and remembered; most words of a note have none and cost one dictionary look-up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from curator.detect.text.vocabulary import (
    ADDRESS,
    AGE,
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
    MONTH,
    ORDINAL,
    PERSON,
    PORT,
    SPOT,
    STATE,
    STREET,
    TOWARD,
    WAY,
    Word,
    known,
    word_of,
)  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+")
#: The same where accents are marks of their own (Unicode NFD).
_MARKED_WORD = re.compile("[^\\W\\d_](?:[^\\W\\d_]|[\u0300-\u036f])*")
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
    people
        Indexes of words at which a name may begin or stand.
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
    get = known.get
    spans = [match.span() for match in form.finditer(text)]
    words = [get(word) or word_of(word) for word in form.findall(text)]
    found = Spots(text, words, spans, numbers=figures(text))
    marked = [(at, word.flags) for at, word in enumerate(words) if word.flags]
    found.people = [at for at, flags in marked if flags & PERSON]
    together = 0
    for at, flags in marked:
        together |= flags
        if not flags & SPOT:
            continue
        if flags & LABEL:
            found.labels.append((spans[at][0], words[at].labels))
        if flags & MONTH:
            found.months.append(spans[at][0])
        if flags & _PLACE:
            _place(found, at, flags)
    found.flags = together
    return found


_PLACE = GIVEN | CITY | STATE | FIELD | FACILITY | COUNTY | WAY | TOWARD | LAND | PORT | ADDRESS


def _place(found: Spots, at: int, flags: int) -> None:
    if flags & GIVEN:
        found.given.append(at)
    if flags & CITY:
        found.cities.append(at)
    if flags & STATE:
        found.states.append(at)
    if flags & FIELD:
        found.fields.append(at)
    if flags & FACILITY:
        found.facilities.append(at)
    if flags & COUNTY:
        found.counties.append(at)
    if flags & WAY:
        found.ways.append(at)
    if flags & TOWARD and at + 1 < len(found.words) and found.words[at + 1].flags & (CAPITAL | CITY):
        found.toward.append(at)
    if flags & LAND:
        found.lands.append(at)
    if flags & PORT:
        found.ports.append(at)
    if flags & ADDRESS:
        found.addresses.append(at)


def figures(text: str) -> list[tuple[int, int]]:
    """Return where runs of digits begin and end."""
    return [match.span() for match in _NUMBER.finditer(text)]


__all__ = ["AGE", "BOX", "COUNTY", "FACILITY", "FIELD", "GIVEN", "HOLIDAY", "MONTH", "ORDINAL", "STREET", "Spots", "figures", "spots"]  # fmt: skip
