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
    """Draw the volumes of two readers, shape (slices that either marked, rows, columns)."""
    sizes = {tuple(value["size"]) for value in (*one, *two)}
    if len(sizes) != 1:
        raise UsageError("AGR-030", why="their shapes differ")
    columns, rows, _ = sizes.pop()
    used = [int(key) for value in (*one, *two) for key in value["slices"]]
    first, last = min(used, default=1), max(used, default=1)
    shape = (last - first + 1, rows, columns)
    if shape[0] * rows * columns > VOXELS:
        raise CheckError("AGR-033", what="a volume")
    made = []
    for values in (one, two):
        drawn = np.zeros(shape, dtype=bool)
        for value in values:
            for key, runs in value["slices"].items():
                drawn[int(key) - first] |= unpacked(runs, rows, columns)
        made.append(drawn)
    return made[0], made[1]


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


def _union(drawn: list[Bools], shape: tuple[int, int]) -> Bools:
    whole = np.zeros(shape, dtype=bool)
    for one in drawn:
        whole |= one
    return whole
