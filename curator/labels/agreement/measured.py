"""Alpha of measurements: interval and ratio scales with more different values than can be counted as classes.

Source: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011. Interval differences need three sums a unit.
Ratio differences need the whole distribution of values for what is expected.
"""

from __future__ import annotations

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.coefficients import alpha_of
from curator.labels.agreement.model import Floats, Ints, Ratings
from curator.labels.agreement.patterns import told_apart
from curator.labels.agreement.resample import Grouped, Sampling, draws, generator, grouped
from curator.labels.agreement.scales import differences

#: A ratio scale with more different values would need a table of them against each other that is too large.
MAX_RATIO_VALUES = 4000
#: A sum of squares that is smaller than this part of what it was taken from is rounding.
_NOISE = 1e-12


def alpha_measured(ratings: Ratings, scale: str, sampling: Sampling, *names: str) -> tuple[Floats, Floats | None]:
    """Compute alpha on the interval or the ratio scale.

    Parameters
    ----------
    ratings
        With one rating by each reader of each unit.
    scale
        interval or ratio.
    names
        What part of the report it is, for the random numbers.

    Returns
    -------
    tuple
        The estimate, shape (1,), and its samples, shape (samples,), None without samples.

    Raises
    ------
    CheckError
        AGR-017 for a ratio scale of more than :data:`MAX_RATIO_VALUES` values.
    """
    unit, values, sizes, frequency, together = _kinds(ratings)
    numbers = ratings.numbers
    if scale == "interval" and len(values):
        # Alpha does not see the zero and the unit of the measure, but the digits of a float do.
        used = numbers[values]
        numbers = (numbers - used.mean()) / (float(np.ptp(used)) or 1.0)
    made = _interval if scale == "interval" else _ratio
    point = made(unit, values, numbers, sizes, frequency.astype(np.float64)[None, :])
    if not sampling.samples or not len(sizes):
        return point, None
    drawn = draws(frequency, sampling, generator(sampling, *names), together)
    several = [made(unit, values, numbers, sizes, some) for some in drawn]
    return point, np.concatenate(several) if several else None


def _kinds(ratings: Ratings) -> tuple[Ints, Ints, Ints, Ints, Grouped | None]:
    """Let one unit stand for all that were rated alike, in an order that depends on the ratings alone.

    Returns
    -------
    tuple
        Number of the kind and value of each rating that is left; ratings and units of each kind; units that are drawn
        together.
    """
    width = len(ratings.value.names)
    key = np.sort(ratings.unit * width + ratings.value.codes)
    begins = np.flatnonzero(np.diff(key // max(width, 1), prepend=-1))
    lengths = np.diff(begins, append=len(key))
    begins, lengths = begins[lengths >= 2], lengths[lengths >= 2]
    units = key[begins] // max(width, 1)
    code = told_apart(key % max(width, 1), begins, lengths, width)
    _, first, kind, frequency = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    sizes = lengths[first]
    unit = np.repeat(np.arange(len(first)), sizes)
    inside = np.arange(len(unit)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    values = key[begins[first][unit] + inside] % max(width, 1)
    return unit, values, sizes.astype(np.int64), frequency.astype(np.int64), grouped(ratings, units, kind)


def _interval(unit: Ints, values: Ints, numbers: Floats, sizes: Ints, drawn: Floats) -> Floats:
    x = numbers[values]
    count = len(sizes)
    first = np.bincount(unit, x, count)
    second = np.bincount(unit, x * x, count)
    apart = 2 * (sizes * second - first**2) / (sizes - 1)
    total, one, two, observed = (drawn @ np.stack([sizes, first, second, apart], axis=1)).T
    expected = 2 * (total * two - one**2)
    return alpha_of(observed, expected, total, several=expected > _NOISE * total * two)


def _ratio(unit: Ints, values: Ints, numbers: Floats, sizes: Ints, drawn: Floats) -> Floats:
    used, values = np.unique(values, return_inverse=True)
    if len(used) > MAX_RATIO_VALUES:
        raise CheckError("AGR-017", most=MAX_RATIO_VALUES)
    cost = differences("ratio", numbers[used])
    ends = np.cumsum(sizes)[unit] - np.arange(len(unit)) - 1
    apart = np.zeros(len(sizes))
    here = np.arange(len(unit))
    for ahead in range(1, int(sizes.max(initial=0))):
        here = here[ends[here] >= ahead]
        apart += np.bincount(unit[here], 2 * cost[values[here], values[here + ahead]], len(sizes))
    given = np.stack([np.bincount(values, row[unit], len(used)) for row in drawn])
    expected = ((given @ cost) * given).sum(axis=1)
    several = (given > 0).sum(axis=1) > 1
    return alpha_of(drawn @ (apart / (sizes - 1)), expected, given.sum(axis=1), several=several)
