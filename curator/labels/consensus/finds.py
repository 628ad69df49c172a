"""Which finds of several readers are one: shapes that overlap, points and lines that lie near, tracks that go along.

Labels of several points in space are told by their points, each with the one of the other label that makes all of them
lie nearest; where a label begins decides nothing.

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
from curator.labels.agreement.drawn import places, points
from curator.labels.agreement.finds import Rules, overlaps, similarity
from curator.labels.agreement.model import Floats, Ints
from curator.labels.reading import Digits

#: Points of one label that are laid over another's; a label of more is like none.
MOST_POINTS = 256
#: Kinds that are told by how far they lie apart.
_FAR = frozenset({"point", "points3d", "polyline"})
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
        ``box``, ``ellipse``, ``box3d``, ``track``: IoU. ``keypoints``: OKS. ``point``, ``points3d``, ``polyline``: 1 -
        mean distance / (2 within).
    one, two
        Plain values.
    within
        The distance, in pixels or in the unit of the space, at which likeness is one half.
    """
    if one.get("space") != two.get("space"):
        return 0.0
    if kind in {"point", "points3d"}:
        first, second = places(one), places(two)
        if len(first) != len(second) or len(first) > MOST_POINTS:
            return 0.0
        far = np.sqrt(((first - second[partners(first, second)]) ** 2).sum(axis=1)).mean()
        return max(0.0, float(1 - far / (2 * within)))
    if kind == "polyline":
        a, b = (lines.sampled(points(value["line"], 2)) for value in (one, two))
        return max(0.0, 1 - lines.apart(a, b).mean / (2 * within))
    if kind == "track":
        return _alongside(one, two)
    if kind == "keypoints":
        return similarity(one, two, Rules().deviation)
    if kind == "ellipse":
        return float(planar.iou_matrix([one], [two])[0, 0])
    try:
        return float(overlaps(kind, [one], [two])[0, 0])
    except CuratorError:
        return 0.0  # a box without a volume overlaps nothing


def least_of(kind: str, iou: float) -> float:
    """Return the least likeness of two finds that are one."""
    return _HALF if kind in {*_FAR, "keypoints"} else iou


def partners(one: Floats, two: Floats) -> Ints:
    """Return which point of the second goes with each of the first so that all lie nearest; both have as many."""
    if len(one) == 1:
        return np.zeros(1, dtype=np.int64)
    far = np.sqrt(((one[:, None, :] - two[None, :, :]) ** 2).sum(axis=2))
    return lines.paired(far, float(far.max()))[:, 1]


def comparable(kind: str, values: Sequence[Any]) -> bool:
    """Say whether values can be laid over each other: in one space, and of points in space as many in each."""
    if len({value.get("space") for value in values}) > 1:
        return False
    counts = {len(value["points"]) for value in values} if kind == "points3d" else {1}
    return len(counts) == 1 and max(counts) <= MOST_POINTS


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
        Shape (n, 2 * dimensions): least coordinates, then greatest. Values whose extents have nothing in common are not
        compared, and have a likeness of 0.
    """
    made = np.eye(len(values))
    for row, one in enumerate(values):
        near = np.arange(row)
        if extents is not None:
            half = extents.shape[1] // 2
            apart = (extents[:row, :half] > extents[row, half:]) | (extents[:row, half:] < extents[row, :half])
            near = np.flatnonzero(~apart.any(axis=1))
        for column in near.tolist():
            made[row, column] = made[column, row] = alike(one, values[column])
    return made


def extents_of(kind: str, values: Sequence[Any], within: float) -> Floats | None:
    """Return the extents of finds, those known by a distance widened by half of it; None for other kinds."""
    corners = {
        "box": planar.outline,
        "ellipse": planar.outline,
        "point": places,
        "points3d": places,
        "polyline": lambda value: points(value["line"], 2),
    }.get(kind)
    if corners is None or not values:
        return None
    reach = within / 2 if kind in _FAR else 0.0
    ends = [(held.min(axis=0) - reach, held.max(axis=0) + reach) for held in map(corners, values)]
    return np.array([np.concatenate(pair) for pair in ends]).reshape(len(values), -1)


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
