"""How far two readers agree on boxes: which of them are the same find, F1 of the matched, average precision.

Sources: Everingham et al., International Journal of Computer Vision 88 (2010) 303 (average precision); Lin et al.,
Microsoft COCO, 2014 and its evaluation (101 points, thresholds 0.50 to 0.95); Kuhn 1955 (assignment). Coordinates are
continuous: a box from 10 to 20 is 10 wide, no pixel is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement.model import Bools, Floats, Ints
from curator.labels.agreement.needs import scipy_part

MATCHING = {
    "greedy": "pairs in the order of falling IoU, each box once",
    "assignment": "one to one with the greatest sum of IoU (Hungarian method)",
}
INTERPOLATION = {
    "coco-101": "mean of the interpolated precision at recalls 0.00, 0.01, ... 1.00",
    "voc-11": "mean of the interpolated precision at recalls 0.0, 0.1, ... 1.0",
    "all-points": "area under the interpolated precision over recall",
}
COCO_THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))


@dataclass(frozen=True)
class Matched:
    """What two readers found in one or several units.

    Parameters
    ----------
    both
        Finds of both.
    first, second
        Finds of the first, of the second alone.
    iou
        Sum of IoU over the finds of both.
    """

    both: int = 0
    first: int = 0
    second: int = 0
    iou: float = 0.0

    def __add__(self, other: Matched) -> Matched:
        return Matched(
            self.both + other.both, self.first + other.first, self.second + other.second, self.iou + other.iou
        )

    @property
    def f1(self) -> float | None:
        """2 both / (2 both + first + second); None when neither found anything."""
        total = 2 * self.both + self.first + self.second
        return 2 * self.both / total if total else None

    @property
    def mean_iou(self) -> float | None:
        """Mean IoU of what both found."""
        return self.iou / self.both if self.both else None


@dataclass(frozen=True)
class Detections:
    """Boxes of one unit with scores, and the boxes that they are held against.

    Parameters
    ----------
    boxes, scores
        Shapes (boxes, 2 * dimensions) and (boxes,).
    reference
        Shape (references, 2 * dimensions).
    """

    boxes: Any
    scores: Any
    reference: Any


def iou_matrix(first: Any, second: Any) -> Floats:
    """Return the intersection over union of each box with each.

    Parameters
    ----------
    first, second
        Shapes (n, 2 * dimensions) and (m, 2 * dimensions): least corner, then greatest corner.

    Returns
    -------
    ndarray
        Shape (n, m).

    Raises
    ------
    UsageError
        AGR-031 for boxes of no size or of different dimensions.
    """
    a, b = boxes_of(first), boxes_of(second)
    if not len(a) or not len(b):
        return np.zeros((len(a), len(b)))
    if a.shape[1] != b.shape[1]:
        raise UsageError("AGR-031", why="they have different dimensions")
    half = a.shape[1] // 2
    low = np.maximum(a[:, None, :half], b[None, :, :half])
    high = np.minimum(a[:, None, half:], b[None, :, half:])
    common = np.clip(high - low, 0, None).prod(axis=2)
    size = [(one[:, half:] - one[:, :half]).prod(axis=1) for one in (a, b)]
    return np.asarray(common / (size[0][:, None] + size[1][None, :] - common), dtype=np.float64)


def boxes_of(boxes: Any) -> Floats:
    """Check boxes and return them as an array of shape (boxes, 2 * dimensions)."""
    a = np.asarray(boxes, dtype=np.float64)
    if not a.size:
        return np.zeros((0, 4))
    half = a.shape[-1] // 2
    if a.ndim != 2 or a.shape[1] not in {4, 6} or not np.isfinite(a).all() or (a[:, half:] <= a[:, :half]).any():
        raise UsageError("AGR-031", why="a box is none")
    return a


def match(iou: Floats, threshold: float, method: str = "assignment") -> Ints:
    """Pair boxes that are the same find.

    Parameters
    ----------
    iou
        Shape (n, m).
    threshold
        The least IoU of a pair, above 0.
    method
        A key of :data:`MATCHING`; `assignment` needs scipy.

    Returns
    -------
    ndarray
        Shape (pairs, 2); which of the first goes with which of the second.
    """
    if not 0 < threshold <= 1 or method not in MATCHING:
        raise UsageError("AGR-031", why="the threshold or the matching is none")
    good = np.where(iou >= threshold, iou, 0)
    if method == "assignment":
        rows, columns = scipy_part("optimize").linear_sum_assignment(-good)
        kept = good[rows, columns] > 0
        return np.stack([rows[kept], columns[kept]], axis=1).astype(np.int64)
    rows, columns = np.nonzero(good)
    order = np.lexsort((columns, rows, -good[rows, columns]))
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in used[0] and column not in used[1]:
            used[0].add(row)
            used[1].add(column)
            pairs.append((row, column))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def matched(
    first: Any,
    second: Any,
    threshold: float,
    *,
    classes: tuple[Sequence[Any], Sequence[Any]] | None = None,
    method: str = "assignment",
) -> Matched:
    """Match the boxes of two readers in one unit; add the results of several units.

    Parameters
    ----------
    classes
        The class of each box of the first and of the second; boxes of different classes are never the same find.
    """
    iou = iou_matrix(first, second)
    if classes is not None:
        one, two = (np.array(list(part), dtype=object) for part in classes)
        if (len(one), len(two)) != iou.shape:
            raise UsageError("AGR-031", why="there is not one class a box")
        if iou.size:
            iou = np.where(one[:, None] == two[None, :], iou, 0)
    return matched_by(iou, threshold, method)


def matched_by(iou: Floats, threshold: float, method: str = "assignment") -> Matched:
    """Match finds of which the IoU is known, shape (n, m)."""
    pairs = match(iou, threshold, method)
    both = len(pairs)
    return Matched(both, iou.shape[0] - both, iou.shape[1] - both, float(iou[pairs[:, 0], pairs[:, 1]].sum()))


def average_precision(right: Any, scores: Any, references: int, interpolation: str = "coco-101") -> float | None:
    """Compute average precision of ranked detections of one class.

    Parameters
    ----------
    right
        Shape (detections,); whether each is right.
    scores
        Shape (detections,); equal scores stay in the order given.
    references
        How many there were to find; with none there is no value.
    interpolation
        A key of :data:`INTERPOLATION`. Interpolated precision is the greatest at the same or a higher recall.
    """
    if interpolation not in INTERPOLATION:
        raise UsageError("AGR-031", why="the interpolation is none")
    if not references:
        return None
    hit: Bools = np.asarray(right, dtype=bool)[np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")]
    if not len(hit):
        return 0.0
    found = np.cumsum(hit)
    recall = found / references
    precision = np.maximum.accumulate((found / np.arange(1, len(hit) + 1))[::-1])[::-1]
    if interpolation == "all-points":
        return float((np.diff(recall, prepend=0) * precision).sum())
    steps = 100 if interpolation == "coco-101" else 10
    at = np.searchsorted(found * steps, np.arange(steps + 1) * references)
    return float(np.append(precision, 0.0)[at].mean())


def mean_average_precision(
    units: dict[Any, Sequence[Detections]],
    thresholds: Sequence[float] = COCO_THRESHOLDS,
    interpolation: str = "coco-101",
) -> float | None:
    """Compute mean average precision over classes and IoU thresholds.

    Parameters
    ----------
    units
        For each class the detections of every unit, also of units where nothing was found.

    Returns
    -------
    float or None
        Over classes that have a reference; None when no class has one.
    """
    each = []
    for parts in units.values():
        overlaps = [(iou_matrix(one.boxes, one.reference), np.asarray(one.scores, dtype=np.float64)) for one in parts]
        references = sum(iou.shape[1] for iou, _ in overlaps)
        scores = np.concatenate([s for _, s in overlaps]) if overlaps else np.zeros(0)
        for threshold in thresholds:
            right = [ranked(iou, s, threshold) for iou, s in overlaps]
            value = average_precision(
                np.concatenate(right) if right else np.zeros(0), scores, references, interpolation
            )
            if value is not None:
                each.append(value)
    return float(np.mean(each)) if each else None


def ranked(iou: Floats, scores: Floats, threshold: float) -> Bools:
    """Say which detections of a unit are right: by falling score each takes the best reference that is left."""
    if len(scores) != iou.shape[0] or not np.isfinite(scores).all():
        raise UsageError("AGR-031", why="there is not one score a box")
    right = np.zeros(len(scores), dtype=bool)
    free = np.ones(iou.shape[1], dtype=bool)
    for at in np.argsort(-scores, kind="stable"):
        left = np.where(free, iou[at], -1)
        if left.size and left.max() >= threshold:
            free[left.argmax()] = False
            right[at] = True
    return right
