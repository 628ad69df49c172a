"""Units that were rated alike, counted once.

A million ratings by five readers in five classes are a few hundred patterns at most. All coefficients of nominal and
ordered classes are sums over patterns, so that a bootstrap over units is a multinomial draw over patterns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curator.labels.agreement.model import Floats, Ints

_BITS = 62
_SMALL = 1_000_000


@dataclass(frozen=True)
class Patterns:
    """How often each combination of ratings occurs.

    Parameters
    ----------
    counts
        Shape (patterns, classes); how many readers gave each class.
    frequency
        Shape (patterns,); how many units were rated so.
    kind
        Shape (units,); the pattern of each unit that was rated, in the order of the units' numbers; None when not asked
        for.
    """

    counts: Ints = field(repr=False)
    frequency: Ints = field(repr=False)
    kind: Ints | None = field(default=None, repr=False)


def patterns(unit: Ints, value: Ints, classes: int, *, kinds: bool = False) -> Patterns:
    """Count the patterns of ratings, whoever gave them.

    Parameters
    ----------
    unit, value
        Shape (ratings,); numbers from 0, values below `classes`.
    classes
        How many classes the scale has.
    kinds
        Say also which pattern each unit has.

    Returns
    -------
    Patterns
        In an order that depends on the patterns alone, not on the order of the ratings.
    """
    if not len(unit):
        return Patterns(np.zeros((0, classes), np.int64), np.zeros(0, np.int64))
    units = int(unit.max()) + 1
    if units * classes <= 8 * len(unit) + _SMALL:
        counts, frequency, code = _from_table(np.bincount(unit * classes + value, minlength=units * classes), classes)
    else:
        counts, frequency, code = _from_lists(unit, value, classes)
    order = np.lexsort(counts.T[::-1])
    kind = None
    if kinds:
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        kind = place[np.unique(code, return_inverse=True)[1]]
    return Patterns(counts[order], frequency[order].astype(np.int64), kind)


def _from_table(cells: Ints, classes: int) -> tuple[Ints, Ints, Ints]:
    """Find the patterns in a table of units by classes that is full enough to be worth its memory."""
    table = cells.reshape(-1, classes)
    table = table[table.any(axis=1)]
    width = int(table.max())
    code, room = np.zeros(len(table), np.int64), 0
    for column in table.T:
        if room > (1 << _BITS) // (width + 1):
            _, code = np.unique(code, return_inverse=True)
            room = int(code.max())
        code = code * (width + 1) + column
        room = room * (width + 1) + width
    _, first, frequency = np.unique(code, return_index=True, return_counts=True)
    return table[first], frequency, code


def _from_lists(unit: Ints, value: Ints, classes: int) -> tuple[Ints, Ints, Ints]:
    """Find the patterns in sorted lists of values, for many classes of which a unit has few."""
    key = np.sort(unit * classes + value)
    values = key % classes
    begins = np.flatnonzero(np.diff(key // classes, prepend=-1))
    lengths = np.diff(begins, append=len(key))
    code = told_apart(values, begins, lengths, classes)
    _, first, frequency = np.unique(code, return_index=True, return_counts=True)
    rows = np.repeat(np.arange(len(first)), lengths[first])
    inside = np.arange(len(rows)) - np.repeat(np.cumsum(lengths[first]) - lengths[first], lengths[first])
    cells = rows * classes + values[begins[first][rows] + inside]
    return np.bincount(cells, minlength=len(first) * classes).reshape(len(first), classes), frequency, code


def told_apart(values: Ints, begins: Ints, lengths: Ints, width: int) -> Ints:
    """Give units the same number when their lists of values are the same, and only then.

    Parameters
    ----------
    values
        Shape (ratings,); the lists one behind another, values from 0 and below `width`.
    begins, lengths
        Shape (units,); where each list begins and how long it is.

    Returns
    -------
    ndarray
        Shape (units,).
    """
    code = np.zeros(len(lengths), np.int64)
    room = 0
    for depth in range(int(lengths.max(initial=0))):
        if room > (1 << _BITS) // (width + 1):
            _, code = np.unique(code, return_inverse=True)
            room = int(code.max())
        on = np.flatnonzero(lengths > depth)
        code = code * (width + 1)
        code[on] += values[begins[on] + depth] + 1
        room = room * (width + 1) + width
    return code


def as_floats(counted: Patterns) -> Floats:
    """Return the frequencies as one row of weights, shape (1, patterns)."""
    return counted.frequency.astype(np.float64)[None, :]
