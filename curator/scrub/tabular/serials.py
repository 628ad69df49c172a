"""Days and moments that a table has as numbers: 44270 and 1615766400 are 2021-03-15.

Spreadsheets count days (ECMA-376 part 1, 18.17.4.1, the 1900 system); databases and programs count seconds since 1970,
or thousandths, millionths and billionths of them (POSIX.1-2017, 4.16). A number is read so only in a column of dates,
and only when all of the column's numbers are moments that such a table may hold; it is written back as a number in the
same unit where the policy moves dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from curator.scrub.medium import Person
from curator.scrub.treatment import Treatment
from curator.scrub.typed_dates import read_typed

_NUMBER = re.compile(r"(?P<whole>[-+]?\d{1,19})(?P<rest>\.\d{0,12})?", re.ASCII)
#: Digits from which on a number among dates is none of a year.
_LEAST = 4
#: The first day that a column of visits may hold, of births, and how many years a column looks ahead.
_FIRST, _FIRST_BIRTH, _AHEAD = date(1970, 1, 1), date(1927, 5, 18), 2
#: The share of a column's cells that are dates in any form, from which on its numbers are.
_SHARE = 0.5


@dataclass(frozen=True)
class _Unit:
    """How numbers count.

    Parameters
    ----------
    epoch
        The day of 0.
    a_day
        How many there are in a day.
    digits, birth_digits
        Of numbers of visits and of births, which may lie near 0 or before it.
    """

    epoch: date
    a_day: int
    digits: tuple[int, int]
    birth_digits: tuple[int, int]

    def day(self, number: int) -> date | None:
        """Return the day that a number falls on, None where the calendar ends."""
        try:
            return self.epoch + timedelta(days=number // self.a_day)
        except OverflowError:
            return None


_UNIX, _SECONDS = date(1970, 1, 1), 86_400
#: Units by name; of several that fit the first holds.
_UNITS = {
    "day": _Unit(date(1899, 12, 30), 1, (5, 5), (5, 5)),
    "s": _Unit(_UNIX, _SECONDS, (9, 10), (6, 10)),
    "ms": _Unit(_UNIX, _SECONDS * 10**3, (12, 13), (9, 13)),
    "us": _Unit(_UNIX, _SECONDS * 10**6, (15, 16), (12, 16)),
    "ns": _Unit(_UNIX, _SECONDS * 10**9, (18, 19), (15, 19)),
}


def day_of(cell: str, unit: str) -> date | None:
    """Return the day that a number falls on, None for another cell."""
    match = _NUMBER.fullmatch(cell.strip())
    return _UNITS[unit].day(int(match["whole"])) if match else None


def compact_of(cell: str, unit: str) -> str | None:
    """Return the day that a number falls on as YYYYMMDD, None for another cell."""
    day = day_of(cell, unit)
    return None if day is None else f"{day.year:04d}{day:%m%d}"


class Serials:
    """In which unit the numbers in a column of dates count, if they do.

    Parameters
    ----------
    project_date
        YYYYMMDD; later days are none, but for the two years after it.
    birth
        Whether the column is of births, which lie further back and never ahead.
    """

    def __init__(self, project_date: str, *, birth: bool) -> None:
        year = int(project_date[:4])
        self._birth = birth
        self._first = _FIRST_BIRTH if birth else _FIRST
        self._last = date(year + (0 if birth else _AHEAD), 12, 31)
        self._seen = self._dates = self._numbers = 0
        self._fits = dict.fromkeys(_UNITS, 0)

    def add(self, cell: str) -> None:
        """Look at a cell."""
        value = cell.strip()
        if not value:
            return
        self._seen += 1
        match = _NUMBER.fullmatch(value)
        if match is not None and len(match["whole"].lstrip("+-")) == len("44270"):
            self._count(int(match["whole"]))
        elif read_typed(value) is not None:
            self._dates += 1
        elif match is not None and len(match["whole"]) >= _LEAST:
            self._count(int(match["whole"]))

    def _count(self, number: int) -> None:
        self._numbers += 1
        size = len(str(abs(number)))
        for name, unit in _UNITS.items():
            low, high = unit.birth_digits if self._birth else unit.digits
            day = unit.day(number) if low <= size <= high and (number > 0 or (self._birth and name != "day")) else None
            self._fits[name] += day is not None and self._first <= day <= self._last

    @property
    def unit(self) -> str:
        """The name of the unit in which all of the column's numbers count; empty when they are no moments."""
        if not self._numbers or self._numbers + self._dates < _SHARE * self._seen:
            return ""
        return next((name for name, fits in self._fits.items() if fits == self._numbers), "")


def treated(cell: str, person: Person, treatment: Treatment, *, unit: str, birth: bool) -> str:
    """Treat a number that counts a moment as a date is treated; one that moves stays a number of its unit."""
    day, match = day_of(cell, unit), _NUMBER.fullmatch(cell.strip())
    if day is None or match is None:
        return ""
    written = f"{day.year:04d}-{day:%m-%d}"
    made = treatment.date(written, person, birth=birth)
    if made == written:
        return cell
    moved = read_typed(made)
    if moved is None or moved.compact is None:
        return made
    to = date(moved.year, moved.month or 1, moved.day or 1)
    return f"{int(match['whole']) + (to - day).days * _UNITS[unit].a_day}{match['rest'] or ''}"
