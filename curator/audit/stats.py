"""Numbers on how a dataset is made up: standardized differences, and what a subgroup is large enough to show.

Sources: Austin, Statistics in Medicine 28 (2009) 3083 (standardized differences); Hedges and Olkin, Statistical Methods
for Meta-Analysis (1985), 5.3 (their variance); Wilson's interval in :mod:`curator.audit.shares`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, variance

from curator.audit.shares import Z, wilson


def share_difference(one: tuple[int, int], two: tuple[int, int]) -> tuple[float, float, float] | None:
    """Return the standardized difference of two shares, second minus first, with its 95 % interval.

    Parameters
    ----------
    one, two
        (hits, total), totals above 0.

    Returns
    -------
    tuple or None
        None where both shares are 0 or 1 and differ, which no standard deviation measures.
    """
    p, q = one[0] / one[1], two[0] / two[1]
    spread = (p * (1 - p) + q * (1 - q)) / 2
    if spread == 0:
        return (0.0, 0.0, 0.0) if p == q else None
    return _interval((q - p) / math.sqrt(spread), one[1], two[1])


def mean_difference(one: Sequence[float], two: Sequence[float]) -> tuple[float, float, float] | None:
    """Return the standardized difference of two means, second minus first, with its 95 % interval.

    Parameters
    ----------
    one, two
        Values of each group.

    Returns
    -------
    tuple or None
        None where a group has fewer than two values, or none of them varies.
    """
    if len(one) < 2 or len(two) < 2:
        return None
    spread = (variance(one) + variance(two)) / 2
    if spread == 0:
        return (0.0, 0.0, 0.0) if fmean(one) == fmean(two) else None
    return _interval((fmean(two) - fmean(one)) / math.sqrt(spread), len(one), len(two))


def _interval(value: float, one: int, two: int) -> tuple[float, float, float]:
    half = Z * math.sqrt((one + two) / (one * two) + value * value / (2 * (one + two)))
    return value, value - half, value + half


def half_width(expected: float, total: int) -> float:
    """Return half the length of Wilson's 95 % interval where ``expected`` of ``total`` cases are right."""
    low, high = wilson(round(expected * total), total)
    return (high - low) / 2


def power(total: int, null: float, expected: float, alpha: float = 0.05) -> float:
    """Return the exact power of a one-sided binomial test that a share is above ``null``, at level ``alpha`` / 2.

    Parameters
    ----------
    total
        Cases.
    null, expected
        Shares under the hypothesis to be rejected, and as hoped for; ``null`` below ``expected``.
    alpha
        Two-sided level.
    """
    if not total:
        return 0.0
    tail = 0.0
    least = total + 1
    while least > 0:
        more = _point(total, least - 1, null)
        if tail + more > alpha / 2:
            break
        tail += more
        least -= 1
    return min(1.0, math.fsum(_point(total, hits, expected) for hits in range(least, total + 1)))


def _point(total: int, hits: int, share: float) -> float:
    if share in {0.0, 1.0}:
        return float(hits == (total if share else 0))
    logs = math.lgamma(total + 1) - math.lgamma(hits + 1) - math.lgamma(total - hits + 1)
    return math.exp(logs + hits * math.log(share) + (total - hits) * math.log1p(-share))


def cases_needed(null: float, expected: float, alpha: float = 0.05, wanted: float = 0.8) -> int:
    """Return about how many cases give the power that is wanted, by the normal approximation."""
    normal = NormalDist()
    a = normal.inv_cdf(1 - alpha / 2) * math.sqrt(null * (1 - null))
    b = normal.inv_cdf(wanted) * math.sqrt(expected * (1 - expected))
    return math.ceil(((a + b) / (expected - null)) ** 2)
