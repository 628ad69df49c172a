"""What two readers drew in one unit, as numbers that add up over units: every figure is a ratio of two such sums.

So an interval by resampling units costs one product of matrices, and each figure's definition can be printed. Finds are
compared within one class; a class that neither reader gave a unit says nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.labels.agreement import boxes, drawn, masks, spans
from curator.labels.agreement.model import Bools, Floats
from curator.labels.agreement.points import oks

#: Kinds of labels that are compared as shapes.
KINDS = ("mask", "volume-mask", "polygon", "box", "keypoints", "span")
#: Sums of each kind, by name.
_AREAS = ("cases", "both", "dice", "iou", "measured", "hd95", "hd95_pooled", "hd", "assd", "surface_dice")
_MATCHES = ("both", "first", "second", "iou")
_POINTS = ("both", "first", "second", "paired", "oks")
_SPANS = tuple(f"{name}_{side}" for name in spans.DEFINITIONS for side in ("both", "first", "second"))
SUMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mask", "volume-mask", "polygon"), _AREAS),
    "box": _MATCHES,
    "keypoints": _POINTS,
    "span": _SPANS,
}


@dataclass(frozen=True)
class Rules:
    """How finds are compared.

    Parameters
    ----------
    iou
        Least IoU at which two boxes are the same find.
    tolerance
        Of surface Dice, in mm.
    slack
        Of the relaxed match of spans, in characters.
    deviation
        Of key points, relative to the root of the object's area; COCO's k is twice this.
    oks
        Least OKS at which two sets of key points are the same find.
    """

    iou: float = 0.5
    tolerance: float = 1.0
    slack: int = 2
    deviation: float = 0.05
    oks: float = 0.5


@dataclass(frozen=True)
class Ranked:
    """Boxes of one reader ranked by confidence and held against another's, at each of COCO's thresholds.

    Parameters
    ----------
    scores
        Shape (boxes,).
    right
        Shape (thresholds, boxes).
    references
        How many there were to find.
    """

    scores: Floats = field(repr=False)
    right: Bools = field(repr=False)
    references: int = 0


@dataclass(frozen=True)
class Compared:
    """One class of one unit by two readers: its sums, and both directions of the ranking of boxes when all have scores.

    ``spaced`` is False when surfaces could not be measured because the image states no spacing.
    """

    sums: tuple[float, ...]
    ranked: tuple[Ranked, ...] = ()
    spaced: bool = True


Spacing = tuple[float | None, float, float] | None


def class_of(kind: str, value: Any) -> str:
    """Return the class of a find."""
    return str(value["type"] if kind == "span" else value["class"])


def compare(
    kind: str, one: Sequence[Any], two: Sequence[Any], rules: Rules, spacing: Spacing, scores: tuple[Any, Any]
) -> Compared:
    """Compare what two readers found of one class in one unit.

    Parameters
    ----------
    kind
        Of :data:`KINDS`.
    one, two
        Their values; at least one of both is not empty.
    spacing
        Of slices, rows and columns in mm, where the image states it.
    scores
        For boxes each reader's confidences, or None when one lacks.

    Raises
    ------
    UsageError
        AGR-030, AGR-031, AGR-033 for what cannot be compared; AGR-021 without scipy.
    """
    if kind in {"mask", "volume-mask", "polygon"}:
        return _areas(kind, one, two, rules, spacing)
    if kind == "box":
        return _boxes(one, two, rules, scores)
    if kind == "keypoints":
        return Compared(_points(one, two, rules))
    found = spans.agreement(_pieces(one), _pieces(two), slack=rules.slack)
    return Compared(tuple(float(n) for name in spans.DEFINITIONS for n in _counts(found[name])))


def _counts(found: boxes.Matched) -> tuple[int, int, int]:
    return found.both, found.first, found.second


_DRAW: dict[str, Callable[[Sequence[Any], Sequence[Any]], tuple[Bools, Bools]]] = {
    "mask": drawn.masks,
    "volume-mask": drawn.volumes,
    "polygon": drawn.polygons,
}


def _areas(kind: str, one: Sequence[Any], two: Sequence[Any], rules: Rules, spacing: Spacing) -> Compared:
    a, b = _DRAW[kind](one, two)
    apart = None if spacing is None else spacing if kind == "volume-mask" else spacing[1:]
    if apart is None or None in apart:
        overlap, far = masks.overlap(a, b), masks.SurfaceDistance()
    else:
        overlap, far = masks.compare(a, b, [float(step or 0) for step in apart], tolerance=rules.tolerance)
    if overlap.dice is None or overlap.iou is None:
        # Drawn, but so thin that no center of a pixel lies inside of either.
        return Compared((0.0,) * len(_AREAS))
    both = float(bool(overlap.first and overlap.second))
    if far.hd is None:
        spaced = apart is not None and None not in apart
        return Compared((1.0, both, overlap.dice, overlap.iou, *(0.0,) * 6), spaced=spaced or not both)
    distances = (far.hd95, far.hd95_pooled, far.hd, far.assd, far.surface_dice)
    return Compared((1.0, both, overlap.dice, overlap.iou, 1.0, *(float(each or 0.0) for each in distances)))


def _boxes(one: Sequence[Any], two: Sequence[Any], rules: Rules, scores: tuple[Any, Any]) -> Compared:
    a, b = drawn.corners(one), drawn.corners(two)
    found = boxes.matched(a, b, rules.iou)
    ranked: list[Ranked] = []
    if scores[0] is not None and scores[1] is not None:
        iou = boxes.iou_matrix(a, b)
        for overlap, own in ((iou, scores[0]), (iou.T, scores[1])):
            rank = np.asarray(own, dtype=np.float64)
            right = [boxes.ranked(overlap, rank, threshold) for threshold in boxes.COCO_THRESHOLDS]
            ranked.append(Ranked(rank, np.stack(right), overlap.shape[1]))
    return Compared((*map(float, _counts(found)), found.iou), tuple(ranked))


def _points(one: Sequence[Any], two: Sequence[Any], rules: Rules) -> tuple[float, ...]:
    """Pair the objects of two readers one to one by the greatest sum of OKS."""
    from curator.labels.agreement.needs import scipy_part

    if not one or not two:
        return (0.0, float(len(one)), float(len(two)), 0.0, 0.0)
    table = np.array([[similarity(a, b, rules.deviation) for b in two] for a in one])
    rows, columns = scipy_part("optimize").linear_sum_assignment(-table)
    held = table[rows, columns]
    both = int((held >= rules.oks).sum())
    return (float(both), float(len(one) - both), float(len(two) - both), float(len(held)), float(held.sum()))


def similarity(one: Any, two: Any, deviation: float) -> float:
    """Return OKS over the points that both readers placed, times their share of those that either placed.

    The object's area is half the squared diagonal of the box around all points of both, at least one pixel, so that a
    line of landmarks has one too.
    """
    a, b = ({p["name"]: (p["x"], p["y"]) for p in value["points"] if p["visibility"]} for value in (one, two))
    either, both = [*a, *(name for name in b if name not in a)], [name for name in a if name in b]
    if not both:
        return 0.0
    every = np.array([*a.values(), *b.values()], dtype=np.float64)
    area = max(float((np.ptp(every, axis=0) ** 2).sum()) / 2, 1.0)
    first, second = (np.array([side[name] for name in both], dtype=np.float64) for side in (a, b))
    return float(oks(first, second, [True] * len(both), area, deviation) or 0.0) * len(both) / len(either)


def _pieces(values: Sequence[Any]) -> list[spans.Span]:
    """Return the spans of one class; a parted span counts as one from its first to its last character."""
    ends = [value["pieces"] if "pieces" in value else [[value["start"], value["end"]]] for value in values]
    return [spans.Span(min(p[0] for p in each), max(p[1] for p in each)) for each in ends]
