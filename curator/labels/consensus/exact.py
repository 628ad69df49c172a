"""Exact intervals: of a share (Clopper and Pearson), and of a median (order statistics).

Sources: Clopper and Pearson, Biometrika 26 (1934) 404; Newcombe, Statistics in Medicine 17 (1998) 857 (worked figures);
Conover, Practical Nonparametric Statistics, section 3.2 (median). Both take the cases as independent of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from curator.labels.agreement.needs import scipy_part


@dataclass(frozen=True)
class Measured:
    """A figure with its interval; both ends None where there is none, the value too where nothing was measured.

    Parameters
    ----------
    value
        The estimate.
    low, high
        Ends of the interval.
    hits, of
        Numerator and denominator of a share; cases for other figures.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    of: int = 0

    def document(self) -> dict[str, Any]:
        """Return it as reports have it."""
        made: dict[str, Any] = {"value": self.value, "low": self.low, "high": self.high, "of": self.of}
        return made if self.hits is None else made | {"hits": self.hits}


def share(hits: int, of: int, level: float) -> Measured:
    """Return a share with the interval of Clopper and Pearson.

    Parameters
    ----------
    hits, of
        Numerator and denominator; 0 of 0 is no share.
    level
        Coverage, such as 0.95; it is reached at least.

    Raises
    ------
    UsageError
        AGR-021 without scipy.
    """
    if not of:
        return Measured(None, hits=0)
    inverse = scipy_part("special").betaincinv
    tail = (1 - level) / 2
    low = 0.0 if not hits else float(inverse(hits, of - hits + 1, tail))
    high = 1.0 if hits == of else float(inverse(hits + 1, of - hits, 1 - tail))
    return Measured(hits / of, low, high, hits, of)


def median(values: Sequence[float], level: float) -> Measured:
    """Return the median with the exact interval of order statistics; no ends when there are too few values."""
    if not values:
        return Measured(None)
    ordered = sorted(values)
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    below = scipy_part("special").bdtr
    rank = 0
    # The widest rank from both ends that still covers the median often enough.
    while rank + 1 <= count // 2 and 1 - 2 * float(below(rank, count, 0.5)) >= level:
        rank += 1
    if not rank:
        return Measured(middle, of=count)
    return Measured(middle, ordered[rank - 1], ordered[count - rank], of=count)
