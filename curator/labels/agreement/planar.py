"""How much two convex shapes overlap: turned boxes and ellipses as outlines, cut with each other exactly.

Boxes in space that are turned around their third axis overlap by the area that their outlines have in common, times
what they have in common along that axis.

Source: Sutherland and Hodgman, Communications of the ACM 17 (1974) 32 (cutting a polygon by the edges of a convex
one); the area by the shoelace formula. Nothing is drawn on pixels. An ellipse is a polygon of :data:`CORNERS` corners
that has the ellipse's own area; its outline lies less than 1/10,000 of a radius beside the ellipse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement.model import Floats

#: Of the outline of an ellipse.
CORNERS = 240


def outline(value: Any) -> Floats:
    """Return the corners of a box or an ellipse, turned or not.

    Parameters
    ----------
    value
        Of a ``box`` or an ``ellipse``; ``rotation`` in degrees clockwise around the center, y pointing down.

    Returns
    -------
    ndarray
        Shape (corners, 2) as x, y; in the order of growing angle.

    Raises
    ------
    UsageError
        AGR-031 for a shape without an extent.
    """
    if "box" in value:
        x, y, width, height = map(float, value["box"])
        center, extent = (x + width / 2, y + height / 2), (width, height)
        unit = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    else:
        center, extent = value["center"], value["radii"]
        angles = 2 * np.pi * np.arange(CORNERS) / CORNERS
        # The polygon has the area of the ellipse: its corners lie a little outside, its edges a little inside.
        reach = np.sqrt(2 * np.pi / (CORNERS * np.sin(2 * np.pi / CORNERS)))
        unit = reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    sides = np.array([float(extent[0]), float(extent[1])])
    if not (np.isfinite(sides).all() and (sides > 0).all()):
        raise UsageError("AGR-031", why="a shape has no extent")
    turn = np.deg2rad(float(value.get("rotation") or 0))
    cos, sin = np.cos(turn), np.sin(turn)
    turned = (unit * sides) @ np.array([[cos, sin], [-sin, cos]])
    return np.asarray(turned + [float(center[0]), float(center[1])], dtype=np.float64)


def area(corners: Floats) -> float:
    """Return the area of a polygon of shape (corners, 2); 0 for fewer than three."""
    if len(corners) < 3:
        return 0.0
    # Taken around one of its corners, so that shapes far from the origin lose no digits.
    x, y = (corners - corners[0]).T
    return abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())) / 2


def common(first: Floats, second: Floats) -> Floats:
    """Return the part that two convex polygons have in common.

    Parameters
    ----------
    first, second
        Shapes (n, 2) and (m, 2), both in the order of growing angle.

    Returns
    -------
    ndarray
        Shape (corners, 2); without corners when they have no point in common.
    """
    left = first
    for begin, end in zip(second, np.roll(second, -1, axis=0), strict=True):
        if not len(left):
            break
        along = end - begin
        side = along[0] * (left[:, 1] - begin[1]) - along[1] * (left[:, 0] - begin[0])
        if (side >= 0).all():
            continue
        after, after_side = np.roll(left, -1, axis=0), np.roll(side, -1)
        cut = (side < 0) != (after_side < 0)
        share = np.divide(side, side - after_side, out=np.zeros_like(side), where=cut)
        meets = left + share[:, None] * (after - left)
        # Each corner inside stays, and behind it comes the place where its edge leaves or enters.
        every = np.stack([left, meets], axis=1).reshape(-1, 2)
        left = every[np.stack([side >= 0, cut], axis=1).reshape(-1)]
    return left


def iou_matrix(first: Sequence[Any], second: Sequence[Any]) -> Floats:
    """Return the intersection over union of each box or ellipse with each, shape (n, m).

    Raises
    ------
    UsageError
        AGR-031 for a shape without an extent.
    """
    shared, sizes = _shared(first, second)
    return np.asarray(np.clip(shared / (sizes[0][:, None] + sizes[1][None, :] - shared), 0, 1), dtype=np.float64)


def solid_iou_matrix(first: Sequence[Any], second: Sequence[Any]) -> Floats:
    """Return the intersection over union of each box in space with each, shape (n, m); all lie in one space.

    Raises
    ------
    UsageError
        AGR-031 for a box without an extent.
    """
    shared, sizes = _shared([floor(value) for value in first], [floor(value) for value in second])
    (low, high), (other_low, other_high) = (_heights(side) for side in (first, second))
    deep = np.minimum(high[:, None], other_high[None, :]) - np.maximum(low[:, None], other_low[None, :])
    both = shared * np.clip(deep, 0, None)
    whole = (sizes[0] * (high - low))[:, None] + (sizes[1] * (other_high - other_low))[None, :]
    return np.asarray(np.clip(both / (whole - both), 0, 1), dtype=np.float64)


def floor(value: Any) -> dict[str, Any]:
    """Return what a ``box3d`` covers of the plane of its first two axes, as a ``box``."""
    x, y, _, width, height, _ = value["box"]
    return {"box": [x, y, width, height], "rotation": value.get("rotation") or 0}


def _heights(values: Sequence[Any]) -> tuple[Floats, Floats]:
    """Return where boxes in space begin and end along their third axis."""
    made = np.array([[value["box"][2], value["box"][5]] for value in values], dtype=np.float64).reshape(-1, 2)
    if not (np.isfinite(made).all() and (made[:, 1] > 0).all()):
        raise UsageError("AGR-031", why="a shape has no extent")
    return made[:, 0], made.sum(axis=1)


def _shared(first: Sequence[Any], second: Sequence[Any]) -> tuple[Floats, tuple[Floats, Floats]]:
    """Return the area that each shape has in common with each, and the areas of the shapes themselves."""
    one, two = [outline(value) for value in first], [outline(value) for value in second]
    made = np.zeros((len(one), len(two)))
    for row, a in enumerate(one):
        for column, b in enumerate(two):
            if (a.min(axis=0) >= b.max(axis=0)).any() or (b.min(axis=0) >= a.max(axis=0)).any():
                continue
            made[row, column] = area(common(a, b))
    return made, (np.array([area(shape) for shape in one]), np.array([area(shape) for shape in two]))
