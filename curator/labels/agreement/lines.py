"""How far two readers' lines and points lie apart: mean and greatest distance, and the share within a buffer.

Sources: Huttenlocher, Klanderman and Rucklidge, IEEE Transactions on Pattern Analysis and Machine Intelligence 15
(1993) 850 (Hausdorff distance); Heipke et al., IAPRS 32 (1997) part 3-4W2, 151 (completeness and correctness of lines
by a buffer). A line is looked at every half unit of length, so that its Hausdorff distance is right to a quarter unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from curator.labels.agreement.model import Floats, Ints
from curator.labels.agreement.needs import scipy_part

#: A line is looked at in pieces of this length, in its own unit, or in so many pieces when it is long.
STEP = 0.5
PIECES = 20_000
_CELLS = 4_000_000


@dataclass(frozen=True)
class Sampled:
    """A line as places on it.

    Parameters
    ----------
    ends
        Shape (corners, dimensions).
    places
        Shape (places, dimensions); middles of its pieces, then its corners.
    lengths
        Shape (places,); how much of the line each stands for; 0 for corners.
    """

    ends: Floats = field(repr=False)
    places: Floats = field(repr=False)
    lengths: Floats = field(repr=False)

    @property
    def length(self) -> float:
        """Length of the line."""
        return float(self.lengths.sum())


def sampled(corners: Floats) -> Sampled:
    """Cut a line of shape (corners, dimensions) into pieces."""
    edges = np.diff(corners, axis=0)
    long = np.sqrt((edges**2).sum(axis=1))
    step = max(STEP, float(long.sum()) / PIECES)
    count = np.maximum(np.ceil(long / step).astype(np.int64), 1)
    of = np.repeat(np.arange(len(count)), count)
    inside = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    share = (inside + 0.5) / count[of]
    places = corners[:-1][of] + share[:, None] * edges[of]
    lengths = (long / count)[of]
    return Sampled(corners, np.concatenate([places, corners]), np.concatenate([lengths, np.zeros(len(corners))]))


def distances(places: Floats, lines: Sequence[Floats]) -> Floats:
    """Return how far each place, shape (n, dimensions), is from the nearest of some lines; endless without one."""
    nearest = np.full(len(places), np.inf)
    for corners in lines:
        begin, along = corners[:-1], np.diff(corners, axis=0)
        squared = (along**2).sum(axis=1)
        step = max(1, _CELLS // max(len(begin), 1))
        for first in range(0, len(places), step):
            some = places[first : first + step]
            apart = some[:, None, :] - begin[None, :, :]
            share = np.divide(
                (apart * along).sum(axis=2), squared, out=np.zeros(apart.shape[:2]), where=squared[None, :] > 0
            )
            left = apart - np.clip(share, 0, 1)[:, :, None] * along[None, :, :]
            found = np.sqrt((left**2).sum(axis=2)).min(axis=1)
            nearest[first : first + step] = np.minimum(nearest[first : first + step], found)
    return nearest


@dataclass(frozen=True)
class Apart:
    """Mean distance of two lines, over the length of both; and their Hausdorff distance."""

    mean: float
    greatest: float


def apart(one: Sampled, two: Sampled) -> Apart:
    """Compare two lines, each with each other's nearest place."""
    there, back = distances(one.places, [two.ends]), distances(two.places, [one.ends])
    total = one.length + two.length
    mean = float(there @ one.lengths + back @ two.lengths) / total if total else float(there.max())
    return Apart(mean, float(max(there.max(), back.max())))


def near(one: Sequence[Sampled], two: Sequence[Sampled], buffer: float) -> tuple[float, float]:
    """Return how much of the length of all lines lies within a buffer around the other reader's, and their length."""
    within = total = 0.0
    for own, other in ((one, two), (two, one)):
        ends = [line.ends for line in other]
        for line in own:
            within += float(line.lengths[distances(line.places, ends) <= buffer].sum())
            total += line.length
    return within, total


def paired(far: Floats, most: float) -> Ints:
    """Pair finds one to one: as many as can be within a distance, and of these the nearest.

    Parameters
    ----------
    far
        Shape (n, m); how far each is from each.
    most
        The greatest distance of a pair.

    Returns
    -------
    ndarray
        Shape (pairs, 2).
    """
    good = far <= most
    # Each further pair outweighs every gain in nearness.
    worth = np.where(good, 1 + (1 - far / (most or 1)) / (2 * (min(far.shape) + 1)), 0)
    rows, columns = scipy_part("optimize").linear_sum_assignment(-worth)
    kept = good[rows, columns]
    return np.asarray(np.stack([rows[kept], columns[kept]], axis=1), dtype=np.int64)
