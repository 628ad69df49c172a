"""How texts, and numbers that may hold them, are read before a search: digits, words, letters, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from curator.identifiers.escapes import escaped
from curator.identifiers.spelling import (
    dates_in,
    fold,
    misread,
    pieces,
    repaired,
    shards,
    words,
)

#: Characters from which on a known value, and digits from which on a number, are searched wherever they stand.
STRONG = 5
#: Digits from which on a number of unknown persons goes.
LONG_NUMBER = 7
#: Parts of a numeric value that may be one day or one number together.
MOST_DATE_PARTS = 4
#: The least whole number of so many digits.
LEAST_LONG = 10 ** (LONG_NUMBER - 1)
#: Long texts that are remembered.
_FEW = 16
_RUNS = re.compile(rb"[\x20-\x7e]{4,}|(?:[\x20-\x7e]\0){4,}|(?:\0[\x20-\x7e]){4,}")
_LEAST_RUN = 4
#: Longest text or number that is remembered with what it can be read as, and how many of them.
SHORT, MOST_READ = 256, 4096
_NARROW, _WIDE = b"a" * _LEAST_RUN, (b"a\0" * _LEAST_RUN, b"\0a" * _LEAST_RUN)
#: Bytes between which a value is a table that the objects of a series repeat, and how many are remembered.
_LEAST_TABLE, _MOST_TABLE, _TABLES = 1 << 10, 1 << 20, 8
#: Bytes by what they are: printable, NUL, another; and what runs look like then, of 8 and of 16 bits a character.
_MARKED = bytes(0x61 if 0x20 <= mark < 0x7F else 0x0A if mark else 0 for mark in range(256))
#: Bytes with those that part runs of 8 bits a character made alike.
_PARTED = bytes(mark if 0x20 <= mark < 0x7F else 0x0A for mark in range(256))
#: A table that counts through all codes spells every row of digits.
_RAMP = bytes(range(0x21, 0x7F))


def printable(value: bytes) -> str:
    """Return the printable runs of bytes, of 8 and of 16 bits a character, each on a line of its own."""
    return (_printable_again if _LEAST_TABLE < len(value) < _MOST_TABLE else _printable)(value)


def _printable(value: bytes) -> str:
    marked = value.translate(_MARKED)
    wide = _WIDE[0] in marked or _WIDE[1] in marked
    if not wide and _NARROW not in marked:
        return ""
    if wide:
        runs = [found.replace(b"\0", b"") for found in _RUNS.findall(value)]
    else:
        runs = [run for run in value.translate(_PARTED).split(b"\n") if len(run) >= _LEAST_RUN]
    return b"\n".join(run.replace(_RAMP, b"\n").replace(_RAMP[::-1], b"\n") for run in runs).decode("ascii")


_printable_again = lru_cache(maxsize=_TABLES)(_printable)


class Reading(NamedTuple):
    """What a text can be read as, whoever it is searched for: see :mod:`curator.identifiers.spelling`."""

    folded: str
    parts: list[str]
    pieces: set[str]
    shards: list[str]
    dates: set[str]
    misread: list[str]


def _read(text: str) -> Reading:
    parts = words(text)
    spelled = shards(parts)
    return Reading(fold(text), parts, pieces(text), spelled, dates_in("\n".join([text, *spelled])), list(misread(text)))


remembered = lru_cache(maxsize=MOST_READ)(_read)
remembered_long = lru_cache(maxsize=_FEW)(_read)  # one text is searched several times while it is cleaned


class Readings(NamedTuple):
    """What several texts can be read as, taken together: enough to say that none of them holds an identifier."""

    folded: str
    parts: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    dates: frozenset[str]


def readings(texts: Iterable[str]) -> Readings:
    """Read several texts, each also as its bytes were meant and with its escapes resolved."""
    folded: list[str] = []
    parts, pairs, dates = set[str](), set[tuple[str, str]](), set[str]()
    for text in texts:
        for meant in filter(None, (text, repaired(text), *escaped(text))):
            read = remembered(meant) if len(meant) <= SHORT else remembered_long(meant)
            folded += (read.folded, *read.misread)
            parts.update(read.parts, read.shards, read.pieces, read.misread)
            pairs.update(pairwise(read.parts))
            dates |= read.dates
    return Readings("\n".join(folded), frozenset(parts), frozenset(pairs), frozenset(dates))


class NumberReading(NamedTuple):
    """What a DS or IS value can be read as: record numbers, days as one number, days in parts."""

    numbers: frozenset[str]
    days: frozenset[str]
    dates: frozenset[str]
    long: bool


@lru_cache(maxsize=MOST_READ)
def read_number(value: bytes) -> NumberReading:
    """Read the parts of a numeric value as text, and whether one of them is as long as somebody's number."""
    parts = [part.strip(b"\0 +-").decode("ascii", "replace") for part in value.split(b"\\")]
    long = any(len(part.partition(".")[0]) >= STRONG for part in parts)
    numbers, days, dates = set[str](), set[str](), set[str]()
    for part in parts:
        head, _, tail = (_plain_number(part) if "e" in part.lower() else part).partition(".")
        short, joined = head.lstrip("0"), (head + tail).lstrip("0")
        whole = not tail.strip("0")
        if whole or len(short) >= LONG_NUMBER:
            numbers.add(short)
        if not whole and len(joined.rstrip("0")) >= LONG_NUMBER:
            numbers.add(joined)
        if whole:
            days.add(short)
    if 1 < len(parts) <= MOST_DATE_PARTS and all(part.isdecimal() for part in parts):
        joined = "".join(parts)
        if len(joined) >= LONG_NUMBER:
            numbers.add(joined.lstrip("0"))
        if len(parts) == 3:
            dates = _full(dates_in("/".join(parts)))
    return NumberReading(frozenset(numbers), frozenset(days), frozenset(dates), long)


def _plain_number(text: str) -> str:
    number = float(text)
    return f"{number:.10f}" if abs(number) < 1e15 else text


def _full(days: set[str]) -> set[str]:
    return {day for day in days if len(day) == 8}
