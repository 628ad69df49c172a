"""What two readers drew in one unit, as numbers that add up over units: every figure is a ratio of two such sums.

So an interval by resampling units costs one product of matrices, and each figure's definition can be printed. Finds are
compared within one class; a class that neither reader gave a unit says nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement import boxes, drawn, lines, masks, planar, relations, spans, tracks
from curator.labels.agreement.model import Bools, Floats
from curator.labels.agreement.points import oks

#: Kinds of labels that are compared as shapes.
KINDS = (
    "mask",
    "volume-mask",
    "polygon",
    "box",
    "ellipse",
    "box3d",
    "keypoints",
    "point",
    "points3d",
    "polyline",
    "track",
    "span",
    "relation",
)
#: Kinds of areas on pixels, and kinds of which distances in mm are told where the image states its spacing.
AREAS = frozenset({"mask", "volume-mask", "polygon"})
SPACED = AREAS | {"point", "polyline"}
#: Sums of each kind, by name.
_AREAS = ("cases", "both", "dice", "iou", "measured", "hd95", "hd95_pooled", "hd", "assd", "surface_dice")
_MATCHES = ("both", "first", "second", "iou")
_POINTS = ("both", "first", "second", "paired", "oks")
_SPANS = tuple(f"{name}_{side}" for name in spans.DEFINITIONS for side in ("both", "first", "second"))
_RELATIONS = tuple(f"{name}_{side}" for name in relations.DEFINITIONS for side in ("both", "first", "second"))
_FAR = ("both", "first", "second", "apart", "in_mm", "apart_mm")
SUMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mask", "volume-mask", "polygon"), _AREAS),
    **dict.fromkeys(("box", "ellipse", "box3d"), _MATCHES),
    "keypoints": _POINTS,
    **dict.fromkeys(("point", "points3d"), _FAR),
    "polyline": (*_FAR, "hausdorff", "hausdorff_mm", "near", "length"),
    "track": tracks.SUMS,
    "span": _SPANS,
    "relation": _RELATIONS,
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
    within
        How far two points, or on average two lines, may lie apart and be the same find; the buffer of lines. In pixels,
        for points in space in the unit of the space.
    """

    iou: float = 0.5
    tolerance: float = 1.0
    slack: int = 2
    deviation: float = 0.05
    oks: float = 0.5
    within: float = 10.0


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
    return str(value["type"] if kind in {"span", "relation"} else value["class"])


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
    if kind in AREAS:
        return _areas(kind, one, two, rules, spacing)
    if kind in {"box", "ellipse", "box3d"}:
        return _boxes(kind, one, two, rules, scores)
    if kind == "keypoints":
        return Compared(_points(one, two, rules))
    if kind in {"point", "points3d"}:
        return _places(kind, one, two, rules, spacing)
    if kind == "polyline":
        return _lines(one, two, rules, spacing)
    if kind == "track":
        made = tracks.compare(one, two, rules.iou)
        return Compared(tuple(made[name] for name in tracks.SUMS))
    if kind == "relation":
        same = relations.agreement(one, two)
        return Compared(tuple(float(n) for name in relations.DEFINITIONS for n in _counts(same[name])))
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


def _boxes(kind: str, one: Sequence[Any], two: Sequence[Any], rules: Rules, scores: tuple[Any, Any]) -> Compared:
    iou = overlaps(kind, one, two)
    found = boxes.matched_by(iou, rules.iou)
    ranked: list[Ranked] = []
    if scores[0] is not None and scores[1] is not None:
        for overlap, own in ((iou, scores[0]), (iou.T, scores[1])):
            rank = np.asarray(own, dtype=np.float64)
            right = [boxes.ranked(overlap, rank, threshold) for threshold in boxes.COCO_THRESHOLDS]
            ranked.append(Ranked(rank, np.stack(right), overlap.shape[1]))
    return Compared((*map(float, _counts(found)), found.iou), tuple(ranked))


def overlaps(kind: str, one: Sequence[Any], two: Sequence[Any]) -> Floats:
    """Return the IoU of boxes, ellipses or boxes in space of two readers, shape (n, m).

    Raises
    ------
    UsageError
        AGR-031 for a shape without an extent, or boxes in two spaces.
    """
    if kind == "box3d":
        if len({value["space"] for value in (*one, *two)}) > 1:
            raise UsageError("AGR-031", why="some are in voxels, others in the patient")
        if any(value.get("rotation") for value in (*one, *two)):
            return planar.solid_iou_matrix(one, two)
        return boxes.iou_matrix(drawn.blocks(one), drawn.blocks(two))
    if kind == "box" and not any(value.get("rotation") for value in (*one, *two)):
        return boxes.iou_matrix(drawn.corners(one), drawn.corners(two))
    return planar.iou_matrix(one, two)


def _places(kind: str, one: Sequence[Any], two: Sequence[Any], rules: Rules, spacing: Spacing) -> Compared:
    """Match points by their distance; those in space one by one, whatever label they came in."""
    if kind == "points3d":
        if len({value["space"] for value in (*one, *two)}) > 1:
            raise UsageError("AGR-031", why="some are in voxels, others in the patient")
        if any(value.get("closed") for value in (*one, *two)):
            raise UsageError("AGR-031", why="a closed contour is no set of points")
        a, b = (drawn.points([p for value in side for p in value["points"]], 3) for side in (one, two))
        steps = np.ones(3) if (*one, *two)[0]["space"] == "patient" else None
    else:
        a, b = (drawn.points([value["point"] for value in side], 2) for side in (one, two))
        steps = _steps(spacing)
    apart = a[:, None, :] - b[None, :, :]
    far = np.sqrt((apart**2).sum(axis=2))
    pairs = lines.paired(far, rules.within)
    both = len(pairs)
    held = (float(both), float(len(a) - both), float(len(b) - both), float(far[pairs[:, 0], pairs[:, 1]].sum()))
    if steps is None:
        return Compared((*held, 0.0, 0.0), spaced=not both or kind == "points3d")
    real = np.sqrt(((apart[pairs[:, 0], pairs[:, 1]] * steps) ** 2).sum(axis=1))
    return Compared((*held, float(both), float(real.sum())))


def _steps(spacing: Spacing) -> Floats | None:
    """Return millimeters a column and a row; None where the image states none."""
    return None if spacing is None else np.array([spacing[2], spacing[1]])


def _lines(one: Sequence[Any], two: Sequence[Any], rules: Rules, spacing: Spacing) -> Compared:
    """Match lines by their mean distance; of all lines together tell how much lies within the buffer."""
    ends = [[drawn.points(np.reshape(value["line"], (-1, 2)), 2) for value in side] for side in (one, two)]
    a, b = ([lines.sampled(corners) for corners in side] for side in ends)
    far = np.array([[lines.apart(x, y).mean for y in b] for x in a], dtype=np.float64).reshape(len(a), len(b))
    pairs = lines.paired(far, rules.within)
    both = len(pairs)
    greatest = sum(lines.apart(a[row], b[column]).greatest for row, column in pairs.tolist())
    near, length = lines.near(a, b, rules.within)
    mean = float(far[pairs[:, 0], pairs[:, 1]].sum())
    steps = _steps(spacing)
    real = (0.0, 0.0, 0.0)
    if steps is not None:
        found = [
            lines.apart(lines.sampled(ends[0][row] * steps), lines.sampled(ends[1][column] * steps))
            for row, column in pairs.tolist()
        ]
        real = (float(both), sum(each.mean for each in found), sum(each.greatest for each in found))
    held = (float(both), float(len(a) - both), float(len(b) - both), mean, real[0], real[1])
    return Compared((*held, greatest, real[2], near, length), spaced=steps is not None or not both)


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
