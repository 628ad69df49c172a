"""Shares with intervals, in plain Python: Wilson's for one share (as documents print it), Newcombe's for a difference.

Sources: Wilson, Journal of the American Statistical Association 22 (1927) 209; Newcombe, Statistics in Medicine 17
(1998) 873, method 10.
"""

from __future__ import annotations

import math

from curator.release.shares import Z, wilson

__all__ = ["Z", "difference", "wilson"]


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
