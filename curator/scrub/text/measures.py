"""Texts of nothing but numbers that measure: gradient tables, matrices, time series, motion parameters.

Detectors are made for sentences. In rows of numbers they see coordinates, account numbers and dates that are none, and
what is left is of no use to anybody. So a file is looked at as a whole first: rows of two and more short numbers, none
of them long enough to be somebody's, no date, no place and no number known of anybody. Such a file stays as it is; one
number that is not so, and all of it goes the way of every other text. It must never print, log or raise a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from curator.core.errors import ItemError
from curator.detect.text.protocol import find_all
from curator.formats.textcode import decoded, detect
from curator.identifiers.categories import Category
from curator.scrub.prose import matcher_of

if TYPE_CHECKING:
    from curator.scrub.medium import Person
    from curator.scrub.treatment import Treatment

_STRANGE = re.compile(r"[^0-9eE+\-.,;\t\r\nNnAaIiFf/ ]")
_STRANGE_BYTES = re.compile(rb"[^0-9eE+\-.,;\t\r\nNnAaIiFf/ \xef\xbb\xbf]")
#: A number without needless zeros before it; what is not a number at all is written in these ways.
_NUMBER = re.compile(
    r"[+-]?(?:(?P<whole>0|[1-9]\d{0,5})(?:\.(?P<part>\d{0,18}))?|\.(?P<only>\d{1,18}))(?:[eE](?P<power>[+-]?\d{1,3}))?"
    r"|[+-]?(?:inf|Inf|INF)|nan|NaN|NAN|n/a|NA",
    re.ASCII,
)
_APART = re.compile(r"[\s,;]+")
#: Characters of a row, and of a file that is looked at.
_LONGEST_ROW, _MOST = 1 << 22, 1 << 25
#: A whole number from which on it must be a round one, such as a b-value: else it may be somebody's.
_LARGE, _ROUND = 10_000, 50
#: Rows of fewer whole numbers than this may be a telephone's or another number in groups, and are searched as a text.
_FEW = 7
_TELLING = frozenset({Category.SSN, Category.PHONE, Category.DATE, Category.ACCOUNT, Category.HEALTH_PLAN})
_ASKED = 1 << 16
_YEARS = range(1900, 2101)
#: Figures behind the point from which on two numbers are exact enough to be a place.
_EXACT = 4
#: Columns that are looked at for places and for numbers of records, and rows for the latter.
_MOST_COLUMNS, _MOST_ROWS = 64, 1000
#: The share of rows from which on a pair of columns is of places, and how far these lie apart, in degrees.
_SHARE, _APART_BY = 0.8, 1.0
_GROUPS_OF_SSN, _GROUPS_OF_PHONE = (3, 2, 4), (3, 3, 4)


def may_be_measures(head: bytes) -> bool:
    """Say whether a file begins like numbers alone; costs nothing for what does not."""
    return _STRANGE_BYTES.search(head) is None


def holds_measures(stream: BinaryIO, *, table: bool = False) -> bool:
    """Say whether a file is rows of measures alone, by its content; the stream is left at its start.

    Parameters
    ----------
    stream
        The file.
    table
        Whether it would be read as a table else: then no column may number records.
    """
    places, records, rows = _Places(), _Records(), 0
    try:
        for row in _rows(decoded(stream, detect(stream))):
            cells = _cells(row)
            if not _are_measures(cells):
                return False
            places.add(cells)
            records.add(cells)
            rows += 1
    except (ItemError, ValueError):
        return False
    finally:
        stream.seek(0)
    return rows > 0 and not places.found and not (table and records.found)


def stays(stream: BinaryIO, person: Person | None, treatment: Treatment) -> bool:
    """Say whether a text stays as it is: measures alone, in which no detector and nobody's known numbers stand.

    Parameters
    ----------
    stream
        The file; left at its start.
    person
        Whom it is about, None where that is not asked yet.
    treatment
        The policy with its detectors.
    """
    if not holds_measures(stream):
        return False
    known = [matcher_of(person.known)] if person is not None and person.known else []
    known += [treatment.everybody] if treatment.everybody is not None else []
    doubtful = ""
    try:
        for row in _rows(decoded(stream, detect(stream))):
            text = row + "\n"
            if any(next(iter(one.find(text)), None) is not None for one in known):
                return False
            doubtful += text if _grouped(row) else ""
            if len(doubtful) > _ASKED:
                if _tells(doubtful, treatment):
                    return False
                doubtful = ""
        return not _tells(doubtful, treatment)
    finally:
        stream.seek(0)


def _rows(pieces: Iterator[str]) -> Iterator[str]:
    """Yield the lines that hold something.

    Raises
    ------
    ValueError
        For what holds more than numbers, is too long, or has a line that is not to be held in memory.
    """
    left, read = "", 0
    for piece in pieces:
        text = piece.removeprefix("\ufeff")
        read += len(text)
        if read > _MOST or _STRANGE.search(text):
            raise ValueError("more than numbers")
        *lines, left = (left + text).splitlines() + ([""] if text.endswith(("\n", "\r")) else [])
        if len(left) > _LONGEST_ROW:
            raise ValueError("a line that is too long")
        yield from filter(str.strip, lines)
    if left.strip():
        yield left


def _cells(row: str) -> list[str]:
    return [cell for cell in _APART.split(row) if cell]


def _are_measures(cells: Sequence[str]) -> bool:
    if len(cells) < 2 or not all(map(_is_measure, cells)):
        return False
    return not _dated([_whole(cell) for cell in cells]) and not _is_grouped_number(cells)


def _is_measure(cell: str) -> bool:
    """Say whether a cell is a number that is nobody's: a long whole one may be, however it is written."""
    match = _NUMBER.fullmatch(cell)
    return match is not None and (not _is_said(match) or _is_small(float(cell)))


def _is_said(match: re.Match[str]) -> bool:
    """Say whether a cell is a number, and not what stands for none."""
    return match["whole"] is not None or match["only"] is not None


def _whole(cell: str) -> int:
    """Return a number that is whole and not below zero, -1 for another."""
    match = _NUMBER.fullmatch(cell)
    value = float(cell) if match is not None and _is_said(match) else -1.0
    return int(value) if value >= 0 and value.is_integer() else -1


def _is_small(value: float) -> bool:
    return not value.is_integer() or abs(value) < _LARGE or (abs(value) < 10**6 and value % _ROUND == 0)


def _dated(whole: list[int]) -> bool:
    """Say whether three whole numbers side by side are a day, in any order of its parts."""
    return any(
        (first in _YEARS and 0 < second <= 12 and 0 < third <= 31)
        or (third in _YEARS and 0 < first <= 31 and 0 < second <= 31 and min(first, second) <= 12)
        for first, second, third in zip(whole, whole[1:], whole[2:], strict=False)
    )


def _is_grouped_number(cells: Sequence[str]) -> bool:
    """Say whether three of many whole numbers are grouped like a telephone's or a social security number.

    Round ones are not: b-values of 995 and 1000 stand side by side.
    """
    for parts in zip(cells, cells[1:], cells[2:], strict=False):
        if all(map(str.isdecimal, parts)) and any(part[-1] not in "05" for part in parts):
            sizes = tuple(map(len, parts))
            if sizes == _GROUPS_OF_SSN or (sizes == _GROUPS_OF_PHONE and min(parts[0][0], parts[1][0]) > "1"):
                return True
    return False


def _exact(cell: str) -> float | None:
    """Return a number that is written exactly enough to be half of a place, None for another."""
    match = _NUMBER.fullmatch(cell)
    if match is None or (match["part"] is None and match["only"] is None):
        return None
    figures = len(match["part"] or match["only"] or "") - int(match["power"] or 0)
    return float(cell) if figures >= _EXACT else None


class _Places:
    """Whether two columns side by side are latitude and longitude: exact, in range, and about the same in all rows."""

    def __init__(self) -> None:
        self._rows = self._least = 0
        self._seen: dict[int, list[float]] = {}

    def add(self, cells: Sequence[str]) -> None:
        """Look at a row. Two numbers alone need not be the same as others."""
        self._rows += 1
        numbers = [_exact(cell) for cell in cells[:_MOST_COLUMNS]]
        for at, (first, second) in enumerate(pairwise(numbers)):
            if first is None or second is None:
                continue
            low, high = sorted((abs(first), abs(second)))
            if not (low <= 90 and 1 < high <= 180):
                continue
            self._least += len(cells) == 2
            told = self._seen.setdefault(at, [0.0, first, first, second, second])
            told[0] += 1
            told[1:] = [min(told[1], first), max(told[2], first), min(told[3], second), max(told[4], second)]

    @property
    def found(self) -> bool:
        """Whether there are such columns."""
        return self._least > 0 or any(
            count >= _SHARE * self._rows and max(high - low, top - bottom) <= _APART_BY
            for count, low, high, bottom, top in self._seen.values()
        )


class _Records:
    """Whether a column numbers records: whole numbers of which none comes twice."""

    def __init__(self) -> None:
        self._rows = 0
        self._seen: list[set[str] | None] = []

    def add(self, cells: Sequence[str]) -> None:
        """Look at a row."""
        self._rows += 1
        if self._rows > _MOST_ROWS:
            return
        if self._rows == 1:
            self._seen = [set() for _ in cells[:_MOST_COLUMNS]]
        for at, cell in enumerate(cells[: len(self._seen)]):
            told = self._seen[at]
            if told is not None:
                if cell in told or _whole(cell) < 0:
                    self._seen[at] = None
                else:
                    told.add(cell)

    @property
    def found(self) -> bool:
        """Whether there is such a column."""
        return any(told is not None for told in self._seen)


def _grouped(row: str) -> bool:
    cells = _cells(row)
    return len(cells) < _FEW and all(cell.isdecimal() for cell in cells)


def _tells(text: str, treatment: Treatment) -> bool:
    return any(one.category in _TELLING for one in find_all(text, treatment.rules)) if text else False
