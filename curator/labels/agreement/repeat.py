"""One reader against himself: units that a reader read more than once.

Sources: Bland and Altman, BMJ 313 (1996) 744 (within-subject standard deviation) and Statistical Methods in Medical
Research 8 (1999) 135, section 3 (repeatability coefficient: 1.96 times the root of 2 times that deviation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curator.labels.agreement.model import Coded, Ratings


@dataclass(frozen=True)
class Repeatability:
    """How close repeated measurements of one unit by one reader are, in the unit of the measurement.

    Parameters
    ----------
    units
        Units that were measured at least twice.
    deviation
        Within-unit standard deviation; None without such units.
    coefficient
        Two measurements of a unit lie closer than this in 95 % of units.
    """

    units: int
    deviation: float | None
    coefficient: float | None


def own_readings(ratings: Ratings, reader: int) -> Ratings | None:
    """Return a reader's units with two or more readings, each reading as if by another reader; None without any."""
    if ratings.session is None:
        return None
    mine = ratings.where(ratings.reader.codes == reader)
    if not len(mine):
        return None
    _, unit, sizes = np.unique(mine.unit, return_inverse=True, return_counts=True)
    several = mine.where(sizes[unit] >= 2)
    if not len(several) or several.session is None:
        return None
    names = tuple(str(number + 1) for number in range(int(several.session.max()) + 1))
    return Ratings(several.unit, Coded(several.session, names), several.value, several.numbers, cluster=several.cluster)


def repeatability(readings: Ratings) -> Repeatability:
    """Compute the within-unit standard deviation of measurements and the coefficient that follows."""
    x = readings.numbers[readings.value.codes]
    _, unit, sizes = np.unique(readings.unit, return_inverse=True, return_counts=True)
    freedom = int((sizes - 1).sum())
    if not freedom:
        return Repeatability(0, None, None)
    means = np.bincount(unit, x, len(sizes)) / sizes
    deviation = float(np.sqrt(((x - means[unit]) ** 2).sum() / freedom))
    return Repeatability(int((sizes >= 2).sum()), deviation, float(1.96 * np.sqrt(2) * deviation))
