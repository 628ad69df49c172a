"""Exact tails of the binomial and the hypergeometric distribution, and the exact intervals that follow from them.

Plain Python in double precision, since a verdict must be computed wherever the program runs: logarithms of the first
term are summed without loss (``math.fsum``), the further terms follow by their ratios. No normal approximation is used
anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable

_STEPS = 200


def binomial_below(wrong: int, sample: int, share: float) -> float:
    """Return P(X <= wrong) for X of a binomial distribution.

    Parameters
    ----------
    wrong
        From -1 (then 0) to `sample`.
    sample
        Number of draws.
    share
        Probability of one, from 0 to 1.
    """
    if wrong < 0:
        return 0.0
    if wrong >= sample or share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    odds = math.log(share) - math.log1p(-share)
    term = sample * math.log1p(-share)
    terms = [term]
    for k in range(wrong):
        term += math.log((sample - k) / (k + 1)) + odds
        terms.append(term)
    return _sum(terms)


def hypergeometric_below(wrong: int, sample: int, bad: int, lot: int) -> float:
    """Return P(X <= wrong) for X, the wrong ones in a sample without replacement.

    Parameters
    ----------
    wrong
        From -1 (then 0) to `sample`.
    sample, bad, lot
        Labels drawn, wrong labels in the lot, labels in the lot.
    """
    least, most = max(0, sample + bad - lot), min(sample, bad)
    if wrong < least:
        return 0.0
    if wrong >= most:
        return 1.0
    term = _first(least, sample, bad, lot)
    terms = [term]
    for k in range(least, wrong):
        term += math.log((bad - k) * (sample - k) / ((k + 1) * (lot - bad - sample + k + 1)))
        terms.append(term)
    return _sum(terms)


def _first(least: int, sample: int, bad: int, lot: int) -> float:
    """Return the logarithm of the probability of the least possible number of wrong ones."""
    few, many = min(sample, bad), max(sample, bad)
    if not least:
        return math.fsum(math.log1p(-many / (lot - k)) for k in range(few))
    # All of the lot's sound ones are in the sample: C(bad, least) / C(lot, sample).
    return _log_comb(bad, least) - _log_comb(lot, sample)


def _log_comb(whole: int, part: int) -> float:
    part = min(part, whole - part)
    return math.fsum(math.log((whole - k) / (part - k)) for k in range(part))


def _sum(terms: list[float]) -> float:
    top = max(terms)
    return min(1.0, math.exp(top) * math.fsum(math.exp(one - top) for one in terms)) if top > -745 else 0.0


def clopper_pearson(wrong: int, sample: int, level: float = 0.95, *, unclear: int = 0) -> tuple[float, float]:
    """Return the exact two-sided interval of a share (Clopper and Pearson, Biometrika 26, 1934).

    Parameters
    ----------
    wrong, sample
        Wrong ones among those drawn.
    level
        Coverage, such as 0.95.
    unclear
        Ones that may be wrong or not: the lower bound counts them as sound, the upper one as wrong.
    """
    half = (1 - level) / 2
    if not sample:
        return 0.0, 1.0
    most = wrong + unclear
    low = 0.0 if not wrong else _solve(lambda p: 1 - binomial_below(wrong - 1, sample, p) > half)
    high = 1.0 if most >= sample else _solve(lambda p: binomial_below(most, sample, p) <= half)
    return low, high


def _solve(past: Callable[[float], bool]) -> float:
    """Return the share from which on something holds."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (low, middle) if past(middle) else (middle, high)
    return (low + high) / 2


def wrong_in_lot(wrong: int, sample: int, lot: int, level: float = 0.95, *, unclear: int = 0) -> tuple[int, int]:
    """Return the exact interval of the number of wrong labels in a lot, from a sample without replacement.

    Each bound is the last number that a one-sided exact test at (1 - level) / 2 does not refuse.

    Parameters
    ----------
    wrong, sample, lot
        Wrong ones in the sample, its size, the lot's size.
    level, unclear
        As for :func:`clopper_pearson`.
    """
    half = (1 - level) / 2
    most = wrong + unclear
    low, high = wrong, lot - sample + most
    # Least number with P(X >= wrong) > half: the tail rises with the number.
    begin, end = wrong, lot - sample + wrong
    while begin < end:
        middle = (begin + end) // 2
        if 1 - hypergeometric_below(wrong - 1, sample, middle, lot) > half:
            end = middle
        else:
            begin = middle + 1
    low = begin
    begin, end = most, high
    while begin < end:
        middle = (begin + end + 1) // 2
        if hypergeometric_below(most, sample, middle, lot) > half:
            begin = middle
        else:
            end = middle - 1
    return low, begin
