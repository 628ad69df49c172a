"""How far two readers agree on landmarks: object keypoint similarity.

Source: COCO keypoint evaluation (Lin et al., Microsoft COCO, 2014, and its evaluation page): mean over the visible
points of exp(-d^2 / (2 s^2 k^2)), where s^2 is the object's area and k is twice the deviation of the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from curator.core.errors import UsageError


def oks(first: Any, second: Any, visible: Sequence[bool], area: float, deviation: Any) -> float | None:
    """Compute object keypoint similarity.

    Parameters
    ----------
    first, second
        Shape (points, 2 or 3); the same landmarks in the same order, in one unit of length.
    visible
        Which points the reference shows; the others do not count.
    area
        Size of the object: a length squared, above 0.
    deviation
        Shape (points,) or one number; how far a careful reader's point scatters, relative to the root of the area.
        COCO's k is twice this.

    Returns
    -------
    float or None
        From 0 to 1; None when no point is visible.

    Raises
    ------
    UsageError
        AGR-031.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    shown = np.asarray(visible, dtype=bool)
    if a.ndim != 2 or a.shape != b.shape or a.shape[1] not in {2, 3} or shown.shape != a.shape[:1]:
        raise UsageError("AGR-031", why="their shapes differ")
    spread = np.broadcast_to(np.asarray(deviation, dtype=np.float64), shown.shape)
    if not 0 < area < float("inf") or not (spread > 0).all() or not np.isfinite([a[shown], b[shown]]).all():
        raise UsageError("AGR-031", why="an area, a deviation or a coordinate is out of range")
    if not shown.any():
        return None
    squared = ((a - b) ** 2).sum(axis=1)[shown]
    return float(np.exp(-squared / (2 * area * (2 * spread[shown]) ** 2)).mean())
