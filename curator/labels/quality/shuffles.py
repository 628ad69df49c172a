"""Tests of tables of counts where units are read by several: readers agree because it is the same unit.

Reads of one unit are no independent draws, so Pearson's statistic is held against random orders that keep units whole:
the levels of units with as many reads change places, and the values within each unit do. Under no difference, all these
orders are as likely. Large tables take the mean of a few orders to scale the chi-square distribution (J. N. K. Rao and
A. J. Scott, Annals of Statistics 12, 1984, the first-order correction).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from curator.labels.agreement.model import Floats, Ints
from curator.labels.agreement.needs import scipy_part

DRAWS = 1999
FEW = 199
#: Up to so many reads get all orders.
MOST = 30_000
PERMUTATION, SCALED = "permutation", "scaled chi-square"


def repeated(unit: Ints) -> bool:
    """Say whether a unit stands with more than one read."""
    return len(np.unique(unit)) < len(unit)


def orders(unit: Ints, level: Ints, value: Ints, rng: np.random.Generator) -> Iterator[tuple[Ints, Ints]]:
    """Yield levels and values in random orders that keep units whole, without end."""
    _, place, count = np.unique(unit, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    size = count[place[order]]
    blocks = [
        (level[order][size == each].reshape(-1, each), value[order][size == each].reshape(-1, each))
        for each in np.unique(size)
    ]
    while True:
        levels = [ours[rng.permutation(len(ours))].ravel() for ours, _ in blocks]
        values = [rng.permuted(theirs, axis=1).ravel() for _, theirs in blocks]
        yield np.concatenate(levels), np.concatenate(values)


def _statistics(table: Floats) -> Floats:
    """Return Pearson's statistic of a table, then of each level against all others; no row or column is empty."""
    total, rows, columns = table.sum(), table.sum(1, keepdims=True), table.sum(0)
    share = columns / total
    mine = (table**2 / (rows * share)).sum(1)
    rest = total - rows
    with np.errstate(divide="ignore", invalid="ignore"):
        others = np.where(rest > 0, (columns - table) ** 2 / (rest * share), 0.0).sum(1)
    return np.concatenate([[mine.sum() - total], mine + others - total])


def p_values(unit: Ints, level: Ints, value: Ints, rng: np.random.Generator) -> tuple[list[float], str]:
    """Return p-values of a factor and of each of its levels against the rest, and how they were found.

    Parameters
    ----------
    unit, level, value
        Numbers, shape (reads,).
    rng
        Where the random orders come from.
    """
    level, value = (np.unique(one, return_inverse=True)[1].astype(np.int64) for one in (level, value))
    shape = int(level.max()) + 1, int(value.max()) + 1

    def found(one: Ints, two: Ints) -> Floats:
        counts = np.bincount(one * shape[1] + two, minlength=shape[0] * shape[1])
        return _statistics(counts.reshape(shape).astype(np.float64))

    seen = found(level, value)
    draws = DRAWS if len(unit) <= MOST else FEW
    drawn = orders(unit, level, value, rng)
    made = np.array([found(*next(drawn)) for _ in range(draws)])
    if draws == DRAWS:
        return [float(p) for p in (1 + (made >= seen - 1e-9).sum(0)) / (1 + draws)], PERMUTATION
    freedom = np.array([(shape[0] - 1) * (shape[1] - 1), *[shape[1] - 1] * shape[0]])
    mean = made.mean(0)
    scaled = np.where(mean > 0, seen * freedom / np.where(mean > 0, mean, 1.0), 0.0)
    return [float(p) for p in scipy_part("stats").chi2.sf(scaled, freedom)], SCALED
