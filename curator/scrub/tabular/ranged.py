"""Columns of reference ranges and of results: which of their cells are ranges of numbers and no days.

Asked by the look at a column's contents and by the cleaning of its cells, so that both agree.
"""

from __future__ import annotations

from curator.scrub.ranges import is_measured, is_reference_range
from curator.scrub.tabular.roles import places_in


def is_range(place: str, cell: str, asked: str = "") -> bool:
    """Say whether a cell is a range of numbers by what its column holds.

    Parameters
    ----------
    place
        The column, as the table of names spells it.
    cell
        Its text.
    asked
        What the row measures, in words: a visit's date is no range.
    """
    if place in places_in("of_a_range"):
        return is_reference_range(cell)
    return place in places_in("of_a_result") and is_measured(cell, beside=True, asked=asked)
