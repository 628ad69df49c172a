"""Numbers below ``onset`` that are no dates: seconds of a recording, as in BIDS' events, or days after another thing.

A year may be written there as well, and a day that a spreadsheet counts: what may be either is a lapse only where the
column tells. It must never print, log or raise a cell.
"""

from __future__ import annotations

import re

from curator.scrub.typed_dates import read_typed

#: What a number may be, by what is known of its column; see ``lapse`` of :class:`curator.scrub.tabular.roles.Spec`.
DOUBTFUL, SURE, SECONDS = "doubtful", "sure", "seconds"
_NUMBER = re.compile(r"[-+]?0*(?P<whole>\d{1,5})(?P<rest>\.\d{0,12})?", re.ASCII)
_LONG, _YEAR = 5, 4
#: Years around the project's own that a number of four figures may be.
_BACK, _AHEAD = 130, 2
#: The share of lapses among a column's cells from which on its other numbers are some, too; long ones among seconds.
_SHARE, _SHARE_OF_SECONDS = 0.5, 0.1
#: Days of 1970 to 2040, as a spreadsheet counts them.
_DAYS = range(25_569, 51_501)


def is_lapse(cell: str, lapse: str, year: int) -> bool:
    """Say whether a cell is a lapse of time and no date.

    Parameters
    ----------
    cell
        As it stands.
    lapse
        What the column tells.
    year
        The project's.
    """
    match = _NUMBER.fullmatch(cell.strip())
    if match is None:
        return False
    whole, rest = match["whole"], match["rest"]
    if len(whole) >= _LONG:
        return lapse == SECONDS
    if len(whole) < _YEAR or rest is not None:
        return True
    return lapse != DOUBTFUL or not year - _BACK <= int(whole) <= year + _AHEAD


class Lapses:
    """What a column tells of its numbers.

    Parameters
    ----------
    year
        The project's.
    timed
        Whether durations stand beside it, as in a table of events.
    """

    def __init__(self, year: int, *, timed: bool) -> None:
        self._year, self._timed = year, timed
        self._seen = self._lapses = self._dates = self._days = self._seconds = 0

    def add(self, cell: str) -> None:
        """Look at a cell."""
        value = cell.strip()
        if not value:
            return
        self._seen += 1
        if is_lapse(value, DOUBTFUL, self._year):
            self._lapses += 1
        elif is_lapse(value, SURE, self._year):
            pass
        elif is_lapse(value, SECONDS, self._year):
            among = int(float(value)) in _DAYS
            self._days += among
            self._seconds += not among
        elif read_typed(value) is not None:
            self._dates += 1

    @property
    def told(self) -> str:
        """What is known of the column: seconds reach from small numbers over those that are no days of our time."""
        if self._dates or not self._lapses:
            return DOUBTFUL
        if self._timed and self._lapses >= _SHARE_OF_SECONDS * self._seen and (self._seconds or not self._days):
            return SECONDS
        return SURE if self._lapses >= _SHARE * self._seen else DOUBTFUL
