"""Days that a spreadsheet wrote as numbers: 44270 is 2021-03-15 (ECMA-376 part 1, 18.17.4.1, the 1900 system).

A number is read so only in a column of dates, and only when all of the column's numbers of five digits are days that
such a table may hold; it is written back as a number where the policy moves dates.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from curator.scrub.medium import Person
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import read_typed

_SERIAL = re.compile(r"(\d{5})(\.\d{1,12})?")
_NUMBER = re.compile(r"[-+]?\d{4,}(?:\.\d*)?")
_EPOCH = date(1899, 12, 30)
#: The first day that a column of visits may hold, of births, and how many years a column looks ahead.
_FIRST, _FIRST_BIRTH, _AHEAD = date(1970, 1, 1), date(1927, 5, 18), 2
#: The share of a column's cells that are dates in any form, from which on its numbers are.
_SHARE = 0.5


def day_of(cell: str) -> date | None:
    """Return the day that a number counts, None for another cell."""
    match = _SERIAL.fullmatch(cell.strip())
    return _EPOCH + timedelta(days=int(match[1])) if match else None


def compact_of(cell: str) -> str | None:
    """Return the day that a number counts as YYYYMMDD, None for another cell."""
    day = day_of(cell)
    return None if day is None else f"{day:%Y%m%d}"


class Serials:
    """Whether the numbers in a column of dates are days.

    Parameters
    ----------
    project_date
        YYYYMMDD; later days are none, but for the two years after it.
    birth
        Whether the column is of births, which lie further back and never ahead.
    """

    def __init__(self, project_date: str, *, birth: bool) -> None:
        year = int(project_date[:4])
        self._first = _FIRST_BIRTH if birth else _FIRST
        self._last = date(year + (0 if birth else _AHEAD), 12, 31)
        self._seen = self._dates = self._days = self._unfit = 0

    def add(self, cell: str) -> None:
        """Look at a cell."""
        value = cell.strip()
        if not value:
            return
        self._seen += 1
        if (day := day_of(value)) is not None:
            fits = self._first <= day <= self._last
            self._days += fits
            self._unfit += not fits
        elif read_typed(value) is not None:
            self._dates += 1
        elif _NUMBER.fullmatch(value):
            self._unfit += 1

    @property
    def are_days(self) -> bool:
        """Whether the numbers are days."""
        return self._days > 0 and not self._unfit and self._days + self._dates >= _SHARE * self._seen


def treated(cell: str, person: Person, treatment: Treatment, *, birth: bool) -> str:
    """Treat a number that counts a day as a date is treated; one that moves stays a number."""
    day, match = day_of(cell), _SERIAL.fullmatch(cell.strip())
    if day is None or match is None:
        return ""
    made = treatment.date(f"{day:%Y-%m-%d}", person, birth=birth)
    if made == f"{day:%Y-%m-%d}":
        return cell
    moved = read_typed(made)
    if moved is None or moved.compact is None:
        return made
    to = date(moved.year, moved.month or 1, moved.day or 1)
    return f"{(to - _EPOCH).days}{match[2] or ''}"
