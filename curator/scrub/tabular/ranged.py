"""Columns of reference ranges and of results: which of their cells are ranges of numbers and no days.

Asked by the look at a column's contents, by the cleaning of its cells and by the audit, so that all agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from curator.scrub.ranges import is_measured, is_reference_range
from curator.scrub.tabular.roles import places_in


class Ranges:
    """Says of the cells of one table which are ranges.

    A result is one only beside its test, its unit or its range: elsewhere it may be a day.

    Parameters
    ----------
    columns
        (place, position) of the columns, each as the table of names spells it.
    """

    def __init__(self, columns: Iterable[tuple[str, int]]) -> None:
        listed = list(columns)
        self._tests = [at for place, at in listed if place in places_in("calls_a_thing")]
        beside = places_in("of_a_unit") | places_in("of_a_range")
        self._beside = [at for place, at in listed if place in beside]

    def holds(self, place: str, cell: str) -> bool:
        """Say whether a cell of a column may be a range, whatever its row says."""
        if place in places_in("of_a_range"):
            return is_reference_range(cell)
        if not (self._tests or self._beside) or place not in places_in("of_a_result"):
            return False
        return is_measured(cell, beside=True)

    def is_range(self, place: str, cell: str, row: Sequence[str | None], asked: str = "") -> bool:
        """Say whether a cell is a range, by its row.

        Parameters
        ----------
        place
            The column.
        cell
            Its text.
        row
            The cells of its row.
        asked
            What the row asks besides its test, in words: a visit's date is no range.
        """
        if not self.holds(place, cell):
            return False
        if place in places_in("of_a_range"):
            return True
        tests = [told for at in self._tests if (told := row[at])]
        return bool(tests or any(row[at] for at in self._beside)) and is_measured(
            cell, beside=True, asked=" ".join([asked, *tests])
        )
