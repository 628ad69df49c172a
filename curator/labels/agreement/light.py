"""The mean of Cohen's kappas over pairs of readers in bootstrap samples of units: all pairs see the same sample.

Sources: Light, Psychological Bulletin 76 (1971) 365 (mean over pairs); Efron and Tibshirani, An Introduction to the
Bootstrap (1993), chapter 13 (percentile interval). It never draws the pairs apart: they share units and readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from curator.labels.agreement.model import Floats, Ints, Ratings
from curator.labels.agreement.pairs import MAX_CELLS, Pair, cohen_kappa
from curator.labels.agreement.resample import Sampling, draws, generator, grouped

#: Most multiplications; beyond, the mean is told without an interval.
MAX_STEPS = 10_000_000_000
_INT64 = 2**62


def sampled_means(
    ratings: Ratings, found: Sequence[Pair], kinds: Mapping[str, Floats], sampling: Sampling, *names: str
) -> dict[str, Floats] | None:
    """Draw samples of units and take the mean kappa of all pairs in each.

    Parameters
    ----------
    ratings
        With at most one rating by each reader of each unit.
    found
        Every pair of readers that rated a unit in common.
    kinds
        Name to weights, shape (classes, classes).
    sampling, names
        How many samples; what names this part of a report.

    Returns
    -------
    dict or None
        Name to shape (samples,), NaN where a pair has no kappa; None without samples, or when there would be too much
        to compute.
    """
    met = _patterns(ratings)
    if met is None or not sampling.samples:
        return None
    units, kind, rows = met
    cells = sum(len(pair.frequency) for pair in found)
    if len(rows) * cells * sampling.samples > MAX_STEPS:
        return None
    maps = [_cells(rows, pair, len(ratings.value.names)) for pair in found]
    together = grouped(ratings, units, kind)
    frequency = np.bincount(kind, minlength=len(rows)).astype(np.int64)
    made: dict[str, list[Floats]] = {name: [] for name in kinds}
    for drawn in draws(frequency, sampling, generator(sampling, *names, "light"), together):
        tables = [drawn[:, mine] @ cell for mine, cell in maps]
        for name, agreement in kinds.items():
            each = [cohen_kappa(pair, table, agreement) for pair, table in zip(found, tables, strict=True)]
            made[name].append(np.mean(each, axis=0))
    return {name: np.concatenate(each) for name, each in made.items()} if all(made.values()) else None


def _patterns(ratings: Ratings) -> tuple[Ints, Ints, Ints] | None:
    """Return units, the pattern of each, and each pattern's classes by reader (from 1; 0 for no rating)."""
    units, at = np.unique(ratings.unit, return_inverse=True)
    readers, base = len(ratings.reader.names), len(ratings.value.names) + 1
    if len(units) * readers > MAX_CELLS:
        return None
    table = np.zeros((len(units), readers), np.int64)
    table[at, ratings.reader.codes] = ratings.value.codes + 1
    if base**readers < _INT64:
        _, first, kind = np.unique(table @ base ** np.arange(readers), return_index=True, return_inverse=True)
        return units, kind.astype(np.int64), table[first]
    rows, kind = np.unique(table, axis=0, return_inverse=True)
    return units, kind.reshape(-1).astype(np.int64), rows


def _cells(rows: Ints, pair: Pair, classes: int) -> tuple[Ints, Floats]:
    """Return which patterns have both readers, and which cell of the pair each of them is: shape (patterns, cells)."""
    mine = np.flatnonzero((rows[:, pair.first] > 0) & (rows[:, pair.second] > 0))
    code = (rows[mine, pair.first] - 1) * classes + rows[mine, pair.second] - 1
    return mine, (code[:, None] == (pair.rows * classes + pair.columns)[None, :]).astype(np.float64)
