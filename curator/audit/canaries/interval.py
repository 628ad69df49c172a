"""The exact interval of a share (Clopper and Pearson, Biometrika 26, 1934), from binomial sums alone."""

from __future__ import annotations

from math import exp, lgamma, log

_STEPS = 100


def exact_interval(hits: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Return the lowest and the highest share that the numbers do not contradict.

    Parameters
    ----------
    hits, trials
        How many of how many.
    level
        Coverage, between 0 and 1.
    """
    if not 0 <= hits <= trials:
        raise ValueError("hits lie between 0 and the number of trials")
    if not trials:
        return 0.0, 1.0
    alpha = (1 - level) / 2
    low = 0.0 if not hits else _root(lambda share: _tail(hits, trials, share) - alpha)
    high = 1.0 if hits == trials else _root(lambda share: alpha - (1 - _tail(hits + 1, trials, share)))
    return low, high


def _tail(least: int, trials: int, share: float) -> float:
    """Return the probability of at least so many hits."""
    if share <= 0:
        return 0.0 if least else 1.0
    if share >= 1:
        return 1.0
    return min(1.0, sum(exp(_log_term(k, trials, share)) for k in range(least, trials + 1)))


def _log_term(k: int, trials: int, share: float) -> float:
    choose = lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1)
    return choose + k * log(share) + (trials - k) * log(1 - share)


def _root(rising: object) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < 0:  # type: ignore[operator]
            low = middle
        else:
            high = middle
    return (low + high) / 2
