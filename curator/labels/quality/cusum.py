"""The tabular CUSUM chart of standardized means, and how long it runs until it signals.

Weeks are standardized by the mean and the spread of the first half, so that a change in the second half does not hide
in its own average. Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 9.1; run lengths by
the Markov chain of D. Brook and D. A. Evans, Biometrika 59, 1972.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from curator.labels.agreement.model import Floats, Ints

#: Half of the shift, in standard deviations, that is to be found quickly.
REFERENCE = 0.5
_STATES = 100


@dataclass(frozen=True)
class Chart:
    """A chart: mean of the first half, greatest sums up and down, the block in which it signals, and where it began."""

    mean: float
    highest: float
    lowest: float
    signal: int | None
    began: int


def chart(block: Ints, signal: Floats, blocks: int, limit: float) -> Chart:
    """Chart a signal.

    Parameters
    ----------
    block
        Shape (reads,): number of the week.
    signal
        Shape (reads,).
    blocks
        How many weeks there are.
    limit
        Sums beyond it signal.
    """
    count: Floats = np.bincount(block, minlength=blocks).astype(np.float64)
    total = np.bincount(block, signal, blocks)
    first = np.cumsum(count) <= max(count.sum() / 2, count[:1].sum())
    n = max(float(count[first].sum()), 1.0)
    mean = float(total[first].sum() / n)
    inside = signal[first[block]]
    within = float(((inside - mean) ** 2).sum() / max(n - 1, 1))
    # What weeks differ by more than their reads explain widens the chart.
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(count > 0, total / count, np.nan)
    used = first & (count > 0)
    between = 0.0
    if used.sum() > 2:
        spread = float(np.nanvar(means[used], ddof=1))
        between = max(0.0, spread - within * float((1 / count[used]).mean()))
    high = low = top = bottom = 0.0
    began_high = began_low = 0
    found, began = None, 0
    for at in range(blocks):
        if not count[at]:
            continue
        deviation = np.sqrt(between + within / count[at])
        z = float((means[at] - mean) / deviation) if deviation > 0 else 0.0
        began_high, began_low = (at if not high else began_high), (at if not low else began_low)
        high, low = max(0.0, high + z - REFERENCE), max(0.0, low - z - REFERENCE)
        top, bottom = max(top, high), max(bottom, low)
        if found is None and max(high, low) > limit:
            found, began = at, began_high if high > limit else began_low
    return Chart(mean, top, -bottom, found, began)


@cache
def arl(reference: float, limit: float, shift: float = 0.0) -> float:
    """Return the mean number of blocks until a two-sided chart signals, at a shift in standard deviations."""
    up, down = _one_sided(reference, limit, shift), _one_sided(reference, limit, -shift)
    return 1 / (1 / up + 1 / down)


def _one_sided(reference: float, limit: float, shift: float) -> float:
    width = 2 * limit / (2 * _STATES - 1)
    # A move depends on the distance of two states alone.
    steps = np.arange(-_STATES, _STATES) * width + width / 2 + reference - shift
    below = np.array([0.5 * (1 + math.erf(one / math.sqrt(2))) for one in steps])
    place = np.arange(_STATES)[None, :] - np.arange(_STATES)[:, None] + _STATES
    moves = below[place] - below[place - 1]
    moves[:, 0] = below[place[:, 0]]
    return float(np.linalg.solve(np.eye(_STATES) - moves, np.ones(_STATES))[0])


@cache
def limit_for(run: int, reference: float = REFERENCE) -> float:
    """Return the limit, to two digits, at which a chart runs so many blocks without a cause, on average."""
    low, high = 100, 1000
    while low < high:
        middle = (low + high) // 2
        if arl(reference, middle / 100) >= run:
            high = middle
        else:
            low = middle + 1
    return low / 100
