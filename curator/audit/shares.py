"""Shares with intervals, in plain Python: Wilson's for one share, Newcombe's for a difference of two.

Sources: Wilson, Journal of the American Statistical Association 22 (1927) 209; Newcombe, Statistics in Medicine 17
(1998) 873, method 10.
"""

from __future__ import annotations

import math
from statistics import NormalDist

#: Two-sided 95 %.
Z = NormalDist().inv_cdf(0.975)


def wilson(hits: int, total: int, z: float = Z) -> tuple[float, float]:
    """Return the interval of a share; (0, 1) of nothing.

    Parameters
    ----------
    hits, total
        So many of so many.
    z
        Normal quantile of the coverage.
    """
    if not total:
        return 0.0, 1.0
    share = hits / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def difference(one: tuple[int, int], two: tuple[int, int], z: float = Z) -> tuple[float, float, float]:
    """Return the difference of two shares, second minus first, with its interval; both totals above 0.

    Parameters
    ----------
    one, two
        (hits, total).
    """
    first, second = one[0] / one[1], two[0] / two[1]
    low1, high1 = wilson(*one, z)
    low2, high2 = wilson(*two, z)
    value = second - first
    return (
        value,
        value - math.hypot(second - low2, high1 - first),
        value + math.hypot(high2 - second, first - low1),
    )
