"""Signed values of shapes as arrays: masks, boxes, key points and spans of one class of one reader.

Polygons are drawn by the even-odd rule: a pixel is inside when its center is. Nothing is drawn larger than
:data:`curator.labels.runs.PIXELS` in a plane; what would be is refused, never drawn in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement.model import Bools, Floats
from curator.labels.runs import PIXELS

#: Voxels of the largest part of a volume that is compared.
VOXELS = 1 << 29


def unpacked(runs: Sequence[int], rows: int, columns: int) -> Bools:
    """Return a mask of shape (rows, columns) from its run lengths by rows, zeros first."""
    if rows * columns > PIXELS:
        raise CheckError("AGR-033", what="a mask")
    lengths = np.asarray(runs, dtype=np.int64)
    flat = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
    return np.asarray(flat.reshape(rows, columns))


def masks(one: Sequence[Any], two: Sequence[Any]) -> tuple[Bools, Bools]:
    """Draw the masks of two readers, each the union of the values given; AGR-030 when their sizes differ."""
    sizes = {tuple(value["size"]) for value in (*one, *two)}
    if len(sizes) != 1:
        raise UsageError("AGR-030", why="their shapes differ")
    rows, columns = sizes.pop()
    return _union([unpacked(value["runs"], rows, columns) for value in one], (rows, columns)), _union(
        [unpacked(value["runs"], rows, columns) for value in two], (rows, columns)
    )


def volumes(one: Sequence[Any], two: Sequence[Any]) -> tuple[Bools, Bools]:
    """Draw the volumes of two readers in the window that holds what either marked, shape (slices, rows, columns).

    Raises
    ------
    UsageError
        AGR-030 when their sizes differ.
    CheckError
        AGR-033 when the window has more than :data:`VOXELS` voxels; the image itself may be of any size.
    """
    sizes = {tuple(value["size"]) for value in (*one, *two)}
    if len(sizes) != 1:
        raise UsageError("AGR-030", why="their shapes differ")
    columns, rows, _ = sizes.pop()
    used = [(int(key), runs) for value in (*one, *two) for key, runs in value["slices"].items() if len(runs) > 1]
    first, last = min((at for at, _ in used), default=1), max((at for at, _ in used), default=1)
    (top, bottom), (left, right) = _window([runs for _, runs in used], rows, columns)
    shape = (last - first + 1, bottom - top, right - left)
    if shape[0] * shape[1] * shape[2] > VOXELS:
        raise CheckError("AGR-033", what="a volume")
    made = []
    for values in (one, two):
        drawn = np.zeros(shape, dtype=bool)
        for value in values:
            for key, runs in value["slices"].items():
                if len(runs) > 1:
                    drawn[int(key) - first] |= _part(runs, columns, (top, bottom), (left, right))
        made.append(drawn)
    return made[0], made[1]


def _part(runs: Sequence[int], columns: int, rows: tuple[int, int], across: tuple[int, int]) -> Bools:
    """Draw the runs of a plane within a window that holds all of them, without drawing the plane."""
    edges = np.cumsum(np.asarray(runs, dtype=np.int64))
    begins, ends = edges[:-1:2], edges[1::2]
    begins, ends = begins[ends > begins], ends[ends > begins]
    first = begins // columns
    count = (ends - 1) // columns - first + 1
    # A run that goes on in the next rows is one piece in each of them.
    row = np.repeat(first, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = np.maximum(np.repeat(begins, count) - row * columns, across[0])
    stop = np.minimum(np.repeat(ends, count) - row * columns, across[1])
    steps = np.zeros((rows[1] - rows[0], across[1] - across[0] + 1), dtype=np.int8)
    np.add.at(steps, (row - rows[0], start - across[0]), 1)
    np.add.at(steps, (row - rows[0], stop - across[0]), -1)
    return np.asarray(np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1] > 0)


def _window(listed: Sequence[Sequence[int]], rows: int, columns: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the least rows and columns (from, up to) that hold every run of ones."""
    top, bottom, left, right = rows, 0, columns, 0
    for runs in listed:
        edges = np.cumsum(np.asarray(runs, dtype=np.int64))
        begins, ends = edges[:-1:2], edges[1::2] - 1
        begins, ends = begins[ends >= begins], ends[ends >= begins]
        if not len(begins):
            continue
        top, bottom = min(top, int(begins[0] // columns)), max(bottom, int(ends[-1] // columns) + 1)
        if (begins // columns != ends // columns).any():
            left, right = 0, columns
        else:
            left = min(left, int((begins % columns).min()))
            right = max(right, int((ends % columns).max()) + 1)
    return ((top, bottom), (left, right)) if bottom else ((0, 1), (0, 1))


def polygons(one: Sequence[Any], two: Sequence[Any]) -> tuple[Bools, Bools]:
    """Draw the polygons of two readers in the window that holds all of both."""
    points = [np.asarray(ring, dtype=np.float64).reshape(-1, 2) for value in (*one, *two) for ring in value["rings"]]
    whole = np.concatenate(points)
    left, top = np.floor(whole.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(whole.max(axis=0)).astype(int).tolist()
    shape = (max(bottom - top, 1), max(right - left, 1))
    if shape[0] * shape[1] > PIXELS:
        raise CheckError("AGR-033", what="a polygon")
    sides = []
    for values in (one, two):
        drawn = np.zeros(shape, dtype=bool)
        for value in values:
            rings = [np.asarray(ring, dtype=np.float64).reshape(-1, 2) - (left, top) for ring in value["rings"]]
            drawn |= filled(rings, shape)
        sides.append(drawn)
    return sides[0], sides[1]


def filled(rings: Sequence[Floats], shape: tuple[int, int]) -> Bools:
    """Fill rings, each of shape (corners, 2) as x, y, by the even-odd rule at the centers of pixels."""
    flips = np.zeros((shape[0], shape[1] + 1), dtype=np.int32)
    for ring in rings:
        ends = np.roll(ring, -1, axis=0)
        for (ax, ay), (bx, by) in zip(ring.tolist(), ends.tolist(), strict=True):
            low, high = min(ay, by), max(ay, by)
            # A center at the upper end of an edge counts, one at its lower end does not: a corner counts once.
            rows = np.arange(max(int(np.ceil(low - 0.5)), 0), min(int(np.ceil(high - 0.5)), shape[0]))
            if not len(rows):
                continue
            cut = ax + (rows + 0.5 - ay) * (bx - ax) / (by - ay)
            np.add.at(flips, (rows, np.clip(np.ceil(cut - 0.5), 0, shape[1]).astype(np.int64)), 1)
    return np.asarray(np.cumsum(flips, axis=1)[:, :-1] % 2 == 1)


def corners(values: Sequence[Any]) -> Floats:
    """Return boxes of shape (boxes, 4) as least and greatest corner."""
    made = np.array([value["box"] for value in values], dtype=np.float64).reshape(-1, 4)
    made[:, 2:] += made[:, :2]
    return made


def blocks(values: Sequence[Any]) -> Floats:
    """Return boxes in space, of shape (boxes, 6), as least and greatest corner."""
    made = np.array([value["box"] for value in values], dtype=np.float64).reshape(-1, 6)
    made[:, 3:] += made[:, :3]
    return made


def points(listed: Any, dimensions: int) -> Floats:
    """Return points as an array of shape (points, dimensions)."""
    return np.asarray(listed, dtype=np.float64).reshape(-1, dimensions)


def places(value: Any) -> Floats:
    """Return the points of a ``point`` or a ``points3d``, shape (points, 2 or 3)."""
    return points([value["point"]], 2) if "point" in value else points(value["points"], 3)


def _union(drawn: list[Bools], shape: tuple[int, int]) -> Bools:
    whole = np.zeros(shape, dtype=bool)
    for one in drawn:
        whole |= one
    return whole
