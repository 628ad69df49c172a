"""The edge of a mask as rings between pixels inside and outside: what a mask is as a polygon.

Drawn again by the rule of :mod:`curator.labels.agreement.drawn`, the rings give the same mask.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from curator.labels.agreement.model import Bools

Ring = tuple[tuple[float, float], ...]


def edges(mask: Bools) -> list[Ring]:
    """Trace the edge of a mask of shape (rows, columns): one ring an area and one a hole, corners only.

    Areas that touch in a corner are rings of their own.
    """
    held = np.argwhere(mask)
    if not len(held):
        return []
    (top, left), (bottom, right) = held.min(axis=0), held.max(axis=0)
    part = np.pad(mask[top : bottom + 1, left : right + 1], 1).astype(np.int8)
    # Each step runs with the inside on its right hand, from one corner of pixels to the next.
    steps: dict[tuple[int, int], list[tuple[int, int]]] = {}
    below, beside = np.diff(part, axis=0), np.diff(part, axis=1)
    for (row, column), (shift, way) in _found(below, beside):
        start = (column - 1 + shift[0], row - 1 + shift[1])
        steps.setdefault(start, []).append(way)
    rings: list[Ring] = []
    for start in sorted(steps):
        while start in steps:
            rings.append(_traced(steps, start, int(left), int(top)))
    return rings


_RIGHT, _DOWN, _LEFT, _UP = (1, 0), (0, 1), (-1, 0), (0, -1)


def _found(below: Any, beside: Any) -> Any:
    """Yield (row, column) and ((shift of the start), direction) of each step."""
    for sign, shift, way in ((1, (0, 1), _RIGHT), (-1, (1, 1), _LEFT)):
        for row, column in np.argwhere(below == sign).tolist():
            yield (row, column), (shift, way)
    for sign, shift, way in ((-1, (1, 0), _DOWN), (1, (1, 1), _UP)):
        for row, column in np.argwhere(beside == sign).tolist():
            yield (row, column), (shift, way)


def _traced(steps: dict[tuple[int, int], list[tuple[int, int]]], start: tuple[int, int], left: int, top: int) -> Ring:
    at = start
    corners: list[tuple[float, float]] = []
    before = (0, 0)
    while True:
        ways = steps[at]
        # At a corner where two areas touch, turn right, so that each stays a ring of its own.
        right = (-before[1], before[0])
        way = right if right in ways else ways[0]
        ways.remove(way)
        if not ways:
            del steps[at]
        if way != before:
            corners.append((float(at[0] + left), float(at[1] + top)))
        before, at = way, (at[0] + way[0], at[1] + way[1])
        if at == start:
            return tuple(corners)
