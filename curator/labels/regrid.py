"""Put a label of a volume on its sample's grid: a mask voxel by voxel, points and boxes by their coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.grids import Grid, Move, of_plane, slice_of
from curator.labels.values import number

_Stretch = tuple[int, int, int]


def regridded(kind: str, value: dict[str, Any], move: Move) -> dict[str, Any]:
    """Return a value in the sample's voxels.

    Parameters
    ----------
    kind, value
        A ``volume-mask``, or a ``box3d`` or ``points3d`` in voxel space, as :mod:`curator.labels.item` has them.
    move
        From :func:`curator.labels.grids.between`.

    Raises
    ------
    ItemError
        IMP-069 for a turned box whose third axis is another one of the sample.
    """
    if move.still or (kind != "volume-mask" and value.get("space") != "voxel"):
        return value
    if kind == "volume-mask":
        return _mask(value, move)
    if kind == "points3d":
        return {**value, "points": [_point(one, move) for one in value["points"]]}
    low, extent = list(map(number, value["box"][:3])), list(map(number, value["box"][3:]))
    there = [extent[axis] for axis in move.axes]
    ends = [_point(low, move), _point([a + b for a, b in zip(low, extent, strict=True)], move)]
    made = {**value, "box": [*(min(pair) for pair in zip(*ends, strict=True)), *there]}
    if number(value.get("rotation", 0)):
        if move.axes[2] != 2:
            raise ItemError("IMP-069")  # it would be turned around another axis
        # Each axis of the plane that is turned around, and the exchange of both, mirrors the turn.
        mirrored = (move.axes != (0, 1, 2)) ^ move.turned[0] ^ move.turned[1]
        made["rotation"] = -number(value["rotation"]) if mirrored else value["rotation"]
    return made


def stacked(value: dict[str, Any], planes: Sequence[Any], sample: Grid) -> dict[str, Any]:
    """Return a mask of frames that each state their place, in the sample's voxels.

    Parameters
    ----------
    value
        A ``volume-mask`` whose slices are its frames, in any order and with gaps.
    planes
        Where each frame lies, as :func:`curator.labels.grids.of_plane` takes it.
    sample
        The sample's grid.

    Raises
    ------
    ItemError
        IMP-070 for what is no plane; IMP-071 for one that is no slice of the sample, or the same one as another.
    """
    columns, rows, count = value["size"]
    if len(planes) != count:
        raise ItemError("IMP-070")
    slices: dict[int, list[int]] = {}
    for name, runs in value["slices"].items():
        frame = of_plane(planes[int(name) - 1], columns, rows, sample.axes[2])
        at, move = slice_of(frame, sample)
        if at + 1 in slices:
            raise ItemError("IMP-071")
        alone = {"size": [columns, rows, 1], "slices": {"1": runs}}
        slices[at + 1] = regridded("volume-mask", alone, move)["slices"]["1"]
    made = {str(at): slices[at] for at in sorted(slices)}
    return {**value, "size": list(sample.size), "slices": made}


def _point(point: list[Any], move: Move) -> list[Decimal]:
    found = [number(point[axis]) for axis in move.axes]
    return [size - one if turned else one for one, turned, size in zip(found, move.turned, move.size, strict=True)]


def _mask(value: dict[str, Any], move: Move) -> dict[str, Any]:
    """Move a mask's voxels; only those inside are looked at."""
    was = value["size"]
    columns, rows, slices = move.size
    inside: dict[int, list[_Stretch]] = {}
    steps = [-1 if turned else 1 for turned in move.turned]
    to = [move.axes.index(axis) for axis in range(3)]  # the label's axis to the sample's
    for name, runs in value["slices"].items():
        for row, start, end in _stretches(runs, was[0]):
            index = [start, row, int(name) - 1]
            first = [
                size - 1 - index[axis] if turned else index[axis]
                for axis, turned, size in zip(move.axes, move.turned, move.size, strict=True)
            ]
            length, along = end - start, to[0]
            if along == 0:
                low = first[0] - (length - 1 if steps[0] < 0 else 0)
                inside.setdefault(first[2], []).append((first[1], low, low + length))
                continue
            for _ in range(length):
                inside.setdefault(first[2], []).append((first[1], first[0], first[0] + 1))
                first[along] += steps[along]
    made = {str(k + 1): _runs(found, columns, rows) for k, found in sorted(inside.items())}
    return {**value, "size": [columns, rows, slices], "slices": made}


def _stretches(runs: list[int], columns: int) -> list[_Stretch]:
    """Return (row, first, behind the last) of what is inside."""
    found, at = [], 0
    for index, run in enumerate(runs):
        start, at = at, at + run
        while index % 2 and start < at:
            row, first = divmod(start, columns)
            behind = min(columns, first + at - start)
            found.append((row, first, behind))
            start += behind - first
    return found


def _runs(stretches: list[_Stretch], columns: int, rows: int) -> list[int]:
    """Return run lengths by rows, zeros first."""
    runs: list[int] = []
    last = 0
    for row, start, end in sorted(stretches):
        first = row * columns + start
        if runs and first == last:
            runs[-1] += end - start
        else:
            runs += [first - last, end - start]
        last = first + end - start
    return [*runs, rows * columns - last] if last < rows * columns else runs
