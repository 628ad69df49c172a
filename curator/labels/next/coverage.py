"""Samples that lie farthest from what is labeled or chosen, by embeddings: two ways to cover a cloud of points.

``k-center`` takes the farthest one each time (Gonzalez, Theoretical Computer Science 38 (1985) 293; Sener and Savarese,
ICLR 2018): the greatest distance of any sample to a chosen one is at most twice the best. ``k-means-pp`` draws with
probability by squared distance (Arthur and Vassilvitskii, SODA 2007), which outliers mislead less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Numbers that are worked on at a time.
_BLOCK = 1 << 22
METHODS = ("k-center", "k-means-pp")


def _squared(points: Floats, center: Floats) -> Floats:
    """Return squared distances, in blocks, by differences: exact for a point and itself."""
    import numpy as np

    out = np.empty(len(points))
    step = max(1, _BLOCK // max(1, points.shape[1]))
    for at in range(0, len(points), step):
        apart = points[at : at + step] - center
        out[at : at + step] = np.einsum("ij,ij->i", apart, apart)
    return out


def _nearest(points: Floats, centers: Floats) -> Floats:
    import numpy as np

    best = np.full(len(points), np.inf)
    for center in centers:
        np.minimum(best, _squared(points, center), out=best)
    return best


def cover(
    points: Floats,
    known: Floats,
    count: int,
    order: Sequence[int],
    draws: Callable[[int], float] | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> list[tuple[int, float]]:
    """Choose points one after the other.

    Parameters
    ----------
    points
        Candidates by dimensions.
    known
        What is covered already, by dimensions; may be empty.
    count
        How many to choose; at most the candidates.
    order
        Rank of each candidate, for ties and for the first one when nothing is known.
    draws
        For k-means++: number of the choice to a number from 0 to 1. None takes the farthest.
    advance
        Called with the number of points chosen.

    Returns
    -------
    list
        Candidate and its distance to what was covered before (infinity when nothing was).
    """
    import numpy as np

    rank = np.asarray(order)
    # One scale for all dimensions; differences of huge numbers would be lost otherwise.
    best = _nearest(points, known)
    left = np.ones(len(points), bool)
    made: list[tuple[int, float]] = []
    for number in range(min(count, len(points))):
        at = _pick(best, left, rank, None if draws is None else draws(number))
        made.append((at, float(np.sqrt(best[at]))))
        left[at] = False
        np.minimum(best, _squared(points, points[at]), out=best)
        advance(1)
    return made


def _pick(best: Floats, left: NDArray[np.bool_], rank: NDArray[np.int64], draw: float | None) -> int:
    import numpy as np

    there = np.flatnonzero(left)
    weights = best[there]
    if draw is not None and np.isfinite(weights).all() and weights.sum() > 0:
        inner = there[np.argsort(rank[there], kind="stable")]
        edges = np.cumsum(best[inner])
        return int(inner[min(int(np.searchsorted(edges, draw * edges[-1], side="right")), len(inner) - 1)])
    far = there[weights == weights.max()]
    return int(far[np.argmin(rank[far])])
