# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""One walk over a text's words and numbers, so that each rule is only tried where it can begin.

A word's part is looked up once and remembered; most words of a note have none and cost one dictionary look-up.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate, compress, count
from operator import attrgetter, or_

from curator.detect.text.words.speech import turns
from curator.detect.text.words.vocabulary import (  # fmt: skip
    AGE,
    BOX,
    CAPITAL,
    CITY,
    COUNTY,
    FACILITY,
    FIELD,
    GIVEN,
    HOLIDAY,
    LISTS,
    LOWER_NAME,
    LOWER_WORD,
    MONTH,
    ORDINAL,
    STREET,
    Word,
    word_of,
)

#: Letters up to here, and these blocks that have none, are all that most texts are written in.
_LATIN, _BLOCKS = 0x250, ("\u2000-\u206f", "\u20a0-\u20cf", "\u2190-\u245f", "\u2500-\u2775")
_BEYOND = re.compile(f"[^\0-{chr(_LATIN - 1)}{''.join(_BLOCKS)}]")
#: Letters of these that are an ASCII letter in another case, or become two.
_MORE_CASES = re.compile("[İıſ]")
#: The same as the next one for such texts: a set is found twice as fast as what is left of a class of characters.
_LATIN_WORD = re.compile(
    f"([{''.join(chr(at) for at in range(_LATIN) if chr(at).isalnum() and not chr(at).isdecimal())}]+)"
)
_ASCII_WORD = re.compile("([A-Za-z]+)")
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
    posts
        Indexes of words before a capital, behind which a name may be any word.
    tails
        Indexes of words around which some rules of houses, numbers and users look.
    small
        Indexes of words in small letters that may be a name where their place tells it.
    told
        Indexes of words at which a role, a ward or initials may tell a name.
    order, lows
        The words in small letters: in their order, and as a set.
    flags
        Which parts the words play altogether.
    english
        Whether hardly a word in small letters has letters beyond ASCII.
    plain
        Whether its letters are Latin ones without marks of their own, each with two cases, and its digits are in ASCII.
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
    sites: list[int] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    tails: list[int] = field(default_factory=list)
    small: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    lows: set[str] = field(default_factory=set)
    flags: int = 0
    english: bool = True
    plain: bool = True
    _turns: frozenset[int] | None = None

    def turns(self) -> frozenset[int]:
        """Return where somebody begins to speak, if this is a dialogue."""
        if self._turns is None:
            self._turns = turns(self.text)
        return self._turns


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
    parts = _form(text).split(text)
    ends = list(accumulate(map(len, parts)))
    spans = list(zip(ends[0::2], ends[1::2], strict=False))
    words = list(map(word_of, parts[1::2]))
    order = list(map(_LOW, words))
    lists: list[list[int]] = [[] for _ in LISTS]
    for at in compress(count(), map(_NUMBERS, words)):
        for number in words[at].lists:
            lists[number].append(at)
    people, wanted, marks, cues, labels, months = lists[:6]
    (
        given,
        cities,
        states,
        fields,
        facilities,
        counties,
        ways,
        toward,
        lands,
        ports,
        addresses,
        sites,
        named,
        posts,
        tails,
        small,
        told,
    ) = lists[6:]
    found = Spots(
        text, words, spans, people, wanted, marks, cues, figures(text), [], [], given, cities, states, fields, facilities, counties,
        ways, toward, lands, ports, addresses, sites, named, posts, tails, small, told, order, set(order),
    )  # fmt: skip
    last = len(words) - 1
    if cues:
        found.cues = [at for at in cues if at < last and (words[at + 1].flags & _SMALL) not in _PLAIN]
    if labels:
        found.labels = [(spans[at][0], words[at].labels) for at in labels]
    if months:
        found.months = [spans[at][0] for at in months]
    if sites:
        found.sites = [at for at in sites if at < last and words[at + 1].flags & CAPITAL]
    if posts:
        found.posts = [at for at in posts if at < last and words[at + 1].flags & CAPITAL]
    if toward:
        found.toward = [at for at in toward if at < last and words[at + 1].flags & (CAPITAL | CITY)]
    found.flags = reduce(or_, map(_SHOWN, words), 0)
    if not text.isascii():
        found.english = sum(map(_STRANGE, words)) < 3
        found.plain = not (_BEYOND.search(text) or _MORE_CASES.search(text))
    return found


def _form(text: str) -> re.Pattern[str]:
    """Return what a word is in a text, by the scripts it is written in."""
    if text.isascii():
        return _ASCII_WORD
    if not _BEYOND.search(text):
        return _LATIN_WORD
    return _MARKED_WORD if _MARKS.search(text) else _WORD


_LOW = attrgetter("low")
_NUMBERS = attrgetter("lists")
_SHOWN = attrgetter("shown")
_STRANGE = attrgetter("strange")
#: What tells a word in small letters that may be a name from one that is none, and from a capitalized one.
_SMALL = CAPITAL | LOWER_WORD | LOWER_NAME
_PLAIN = frozenset([LOWER_WORD, CAPITAL, CAPITAL | LOWER_NAME, CAPITAL | LOWER_WORD, _SMALL])


def figures(text: str) -> list[tuple[int, int]]:
    """Return where runs of digits begin and end."""
    return list(map(_SPAN, _NUMBER.finditer(text)))


_SPAN = re.Match.span


def beginning(found: Spots, form: re.Pattern[str], firsts: Container[str]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that begins with one of some words, as a search of the whole text would.

    Parameters
    ----------
    found
        The words of a text.
    form
        The pattern. What it begins with is a word for itself, or one with figures behind it.
    firsts
        The words with which it begins, in small letters.
    """
    done = 0
    for start, _ in compress(found.spans, map(firsts.__contains__, found.order)):
        match = form.match(found.text, start) if start >= done else None
        if match:
            done = match.end()
            yield match


def starting(found: Spots, form: re.Pattern[str], firsts: Container[str]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that begins with a capital, a digit or some words, as a search of the whole text would.

    Parameters
    ----------
    found
        The words and numbers of a text.
    form
        The pattern.
    firsts
        The words in small letters with which it begins.
    """
    text, done = found.text, 0
    if not found.plain:
        yield from form.finditer(text)
        return
    words = [
        span for span, word in zip(found.spans, found.words, strict=True) if word.flags & CAPITAL or word.low in firsts
    ]
    for start, _ in sorted(words + found.numbers):
        match = form.match(text, start) if start >= done else None
        if match:
            done = match.end()
            yield match


__all__ = ["AGE", "BOX", "COUNTY", "FACILITY", "FIELD", "GIVEN", "HOLIDAY", "MONTH", "ORDINAL", "STREET", "Spots", "beginning", "figures", "spots", "starting"]  # fmt: skip
