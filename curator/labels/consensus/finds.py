"""Which finds of several readers are one: shapes that overlap, points and lines that lie near, tracks that go along.

Finds are put together by complete linkage (Defays, The Computer Journal 20 (1977) 364): the most alike first, and only
where every two of a group are alike enough. One reader has one find in a group. The order of the labels decides
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from curator.core.errors import CuratorError
from curator.labels.agreement import lines, planar, tracks
from curator.labels.agreement.drawn import points
from curator.labels.agreement.finds import Rules, overlaps, similarity
from curator.labels.agreement.model import Floats
from curator.labels.reading import Digits

#: Likeness from which finds are one where it is measured by a distance: 1/2 stands for the distance asked for.
_HALF = 0.5


def plain(value: Any) -> Any:
    """Return a value with its fractions as floats."""
    if isinstance(value, Digits):
        return float(value)
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def likeness(kind: str, one: Any, two: Any, within: float) -> float:
    """Return how alike two finds are, from 0 to 1.

    Parameters
    ----------
    kind
        ``box``, ``ellipse``, ``box3d``, ``track``: IoU. ``keypoints``: OKS. ``point``, ``polyline``: 1 - distance / (2
        within).
    one, two
        Plain values.
    within
        The distance, in pixels, at which likeness is one half.
    """
    if kind == "point":
        apart = float(np.hypot(*(np.array(one["point"], float) - np.array(two["point"], float))))
        return max(0.0, 1 - apart / (2 * within))
    if kind == "polyline":
        a, b = (lines.sampled(points(value["line"], 2)) for value in (one, two))
        return max(0.0, 1 - lines.apart(a, b).mean / (2 * within))
    if kind == "track":
        return _alongside(one, two)
    if kind == "keypoints":
        return similarity(one, two, Rules().deviation)
    if kind == "box3d" and one["space"] != two["space"]:
        return 0.0
    if kind == "ellipse":
        return float(planar.iou_matrix([one], [two])[0, 0])
    try:
        return float(overlaps(kind, [one], [two])[0, 0])
    except CuratorError:
        return 0.0  # a box without a volume overlaps nothing


def least_of(kind: str, iou: float) -> float:
    """Return the least likeness of two finds that are one."""
    return _HALF if kind in {"point", "polyline", "keypoints"} else iou


def _alongside(one: Any, two: Any) -> float:
    """Return the mean IoU of two tracks over the key frames of either, 0 where one of them is not there."""
    keys = [{f["frame"]: (f["kind"], f["value"]) for f in track["frames"]} for track in (one, two)]
    numbers = [sorted(each) for each in keys]
    total = 0.0
    frames = sorted({*keys[0], *keys[1]})
    for frame in frames:
        if all(each[0] <= frame <= each[-1] for each in numbers):
            shapes = [tracks.shape_at(each, number, frame) for each, number in zip(keys, numbers, strict=True)]
            if shapes[0] is not None and shapes[1] is not None:
                total += tracks.overlap(shapes[0], shapes[1])
    return total / len(frames)


def matrix(values: Sequence[Any], alike: Callable[[Any, Any], float], extents: Floats | None = None) -> Floats:
    """Return the likeness of each value with each, shape (n, n), 1 on the diagonal.

    Parameters
    ----------
    extents
        Shape (n, 4): least x and y, greatest x and y. Values whose extents have nothing in common are not compared,
        and have a likeness of 0.
    """
    made = np.eye(len(values))
    for row, one in enumerate(values):
        near = np.arange(row)
        if extents is not None:
            apart = (extents[:row, :2] > extents[row, 2:]) | (extents[:row, 2:] < extents[row, :2])
            near = np.flatnonzero(~apart.any(axis=1))
        for column in near.tolist():
            made[row, column] = made[column, row] = alike(one, values[column])
    return made


def extents_of(kind: str, values: Sequence[Any], within: float) -> Floats | None:
    """Return the extents of flat finds, those known by a distance widened by half of it; None for other kinds."""
    places = {
        "box": planar.outline,
        "ellipse": planar.outline,
        "point": lambda value: points([value["point"]], 2),
        "polyline": lambda value: points(value["line"], 2),
    }.get(kind)
    if places is None:
        return None
    reach = within / 2 if kind in {"point", "polyline"} else 0.0
    ends = [(held.min(axis=0) - reach, held.max(axis=0) + reach) for held in map(places, values)]
    return np.array([np.concatenate(pair) for pair in ends]).reshape(-1, 4)


def groups(readers: Sequence[str], alike: Floats, least: float) -> list[list[int]]:
    """Put finds together.

    Parameters
    ----------
    readers
        Whose each find is.
    alike
        Shape (finds, finds).
    least
        Likeness that every two finds of a group have.

    Returns
    -------
    list of list of int
        Each find stands in one group; groups and their members ascending.
    """
    made: list[set[int]] = [{at} for at in range(len(readers))]
    of = list(range(len(readers)))
    rows, columns = np.nonzero(np.tril(alike >= least - 1e-12, -1))
    for at in np.lexsort((columns, rows, -alike[rows, columns])).tolist():
        one, two = made[of[rows[at]]], made[of[columns[at]]]
        if one is two or {readers[member] for member in one} & {readers[member] for member in two}:
            continue
        if (alike[np.ix_(sorted(one), sorted(two))] < least - 1e-12).any():
            continue
        kept, gone = (of[rows[at]], of[columns[at]])
        made[kept] |= made[gone]
        for member in made[gone]:
            of[member] = kept
        made[gone] = set()
    return sorted(sorted(group) for group in made if group)
