"""One polygon of several: what most readers drew inside, on a raster that they share, brought back to corners.

The raster has four, two or one cell a pixel side, the finest that :data:`CELLS` allows; a cell is inside when its
center is, by the even-odd rule. What comes out is the edge of the cells that won, drawn along them, so that its
corners lie on quarters of a pixel: nothing is smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.drawn import filled, points
from curator.labels.agreement.model import Bools, Floats
from curator.labels.agreement.traced import edges
from curator.labels.consensus.fused import number
from curator.labels.consensus.staple import Staple, staple

#: Of one polygon, or of one find with all of its members.
CELLS = 1 << 24
SCALES = (4, 2, 1)


@dataclass(frozen=True)
class Area:
    """A polygon on the raster: its first row and column, counted from the image's, and its cells."""

    top: int
    left: int
    cells: Bools = field(repr=False)

    @property
    def size(self) -> int:
        """How many cells are inside."""
        return int(self.cells.sum())


def scale_of(values: Sequence[Any]) -> int:
    """Return how many cells a pixel side has; CON-019 when even one is too many."""
    most = 0.0
    for value in values:
        corners = points([one for ring in value["rings"] for one in ring], 2)
        width, height = (np.ptp(corners, axis=0) + 2).tolist()
        most = max(most, width * height)
    for scale in SCALES:
        if most * scale**2 <= CELLS:
            return scale
    raise CheckError("CON-019")


def area_of(value: Any, scale: int) -> Area:
    """Draw a polygon on the raster."""
    rings = [points(ring, 2) * scale for ring in value["rings"]]
    whole = np.concatenate(rings)
    left, top = np.floor(whole.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(whole.max(axis=0)).astype(int).tolist()
    shape = (max(bottom - top, 1), max(right - left, 1))
    return Area(top, left, filled([ring - (left, top) for ring in rings], shape))


def common(one: Area, two: Area) -> int:
    """Return how many cells two areas have in common."""
    top, left = max(one.top, two.top), max(one.left, two.left)
    bottom = min(one.top + one.cells.shape[0], two.top + two.cells.shape[0])
    right = min(one.left + one.cells.shape[1], two.left + two.cells.shape[1])
    if top >= bottom or left >= right:
        return 0
    a, b = (area.cells[top - area.top : bottom - area.top, left - area.left : right - area.left] for area in (one, two))
    return int((a & b).sum())


def iou(one: Area, two: Area) -> float:
    """Return the intersection over union of two areas."""
    both = common(one, two)
    either = one.size + two.size - both
    return both / either if either else 0.0


@dataclass(frozen=True)
class Won:
    """What a vote comes to: the area, each member's Dice with it, cells with just half of the votes, STAPLE's rates."""

    area: Area
    dice: tuple[float, ...]
    undecided: int
    model: Staple | None = None


def vote(areas: Sequence[Area], weights: Sequence[float], method: str) -> Won:
    """Vote on each cell of the window that holds all members.

    Parameters
    ----------
    method
        ``pixel-vote``: cells with more than half of the weights. ``staple``: as for masks, the window as the image.

    Raises
    ------
    CheckError
        CON-019 for a window that is too large, CON-011 and CON-015 from STAPLE.
    """
    top, left = min(one.top for one in areas), min(one.left for one in areas)
    bottom = max(one.top + one.cells.shape[0] for one in areas)
    right = max(one.left + one.cells.shape[1] for one in areas)
    if (bottom - top) * (right - left) > 4 * CELLS:
        raise CheckError("CON-019")
    votes: Floats = np.zeros((bottom - top, right - left))
    codes = np.zeros(votes.shape, dtype=np.int64)
    for at, (one, weight) in enumerate(zip(areas, weights, strict=True)):
        rows = slice(one.top - top, one.top - top + one.cells.shape[0])
        columns = slice(one.left - left, one.left - left + one.cells.shape[1])
        votes[rows, columns] += weight * one.cells
        codes[rows, columns] += one.cells.astype(np.int64) << at
    half = sum(weights) / 2
    model = None
    if method == "staple":
        found, place, count = np.unique(codes, return_inverse=True, return_counts=True)
        patterns = (found[:, None] >> np.arange(len(areas))) & 1
        model = staple(patterns, count)
        if not model.converged:
            raise CheckError("CON-015")
        inside = (model.posterior[:, 1] > 0.5 + 1e-9) & (found > 0)
        won = inside[place.reshape(codes.shape)]
        undecided = int(count[np.abs(model.posterior[:, 1] - 0.5) <= 1e-9].sum())
    else:
        won = votes > half * (1 + 1e-9)
        undecided = int((np.abs(votes - half) <= half * 1e-9).sum())
    area = Area(top, left, won)
    total = [one.size + area.size for one in areas]
    dice = tuple(2 * common(one, area) / of if of else 0.0 for one, of in zip(areas, total, strict=True))
    return Won(area, dice, undecided, model)


def rings_of(area: Area, scale: int) -> list[list[Any]]:
    """Return the edge of an area as rings in pixels."""
    return [
        [number(part) for x, y in ring for part in ((x + area.left) / scale, (y + area.top) / scale)]
        for ring in edges(area.cells)
    ]
