"""Builds the values of labels from the shapes of vendors' exports, and checks them against the image's size.

A shape that lies outside of its image, has no extent or crosses itself is refused, never trimmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.geometry import Size, check_box, check_line, check_points, check_ring, derived
from curator.labels.readers.vendor_fields import degrees, number

Shape = tuple[str, dict[str, Any]]
#: More pixels than this are no mask of an image.
MOST_PIXELS = 1 << 31


def xy(value: Any) -> tuple[Decimal, Decimal]:
    """Return a point from ``{"x", "y"}`` or ``[x, y]`` (IMP-020)."""
    if isinstance(value, dict):
        return number(value.get("x")), number(value.get("y"))
    if isinstance(value, list) and len(value) == 2:
        return number(value[0]), number(value[1])
    raise ItemError("IMP-020")


def points(value: Any) -> list[tuple[Decimal, Decimal]]:
    """Return points from a list of points, or from ``{"0": point, "1": point}`` (IMP-020)."""
    if isinstance(value, dict):
        order = sorted(value, key=int)
        return [xy(value[key]) for key in order]
    if not isinstance(value, list):
        raise ItemError("IMP-020")
    return [xy(one) for one in value]


def paired(value: Any) -> list[tuple[Decimal, Decimal]]:
    """Return points from a flat list ``[x, y, x, y, ...]`` (IMP-020)."""
    if not isinstance(value, list) or len(value) % 2:
        raise ItemError("IMP-020")
    flat = [number(one) for one in value]
    return list(zip(flat[::2], flat[1::2], strict=True))


def inside(point: tuple[Decimal, Decimal], size: Size) -> tuple[Decimal, Decimal]:
    """Return a point of an image (IMP-021 when it lies outside)."""
    check_points(point, size)
    return point


def box(name: str, found: Sequence[Decimal], size: Size, rotation: Decimal | None = None) -> Shape:
    """Return a box from x, y, width and height; of a turned one only the center must lie in the image."""
    x, y, wide, high = found
    if rotation is None or rotation % 180 == 0:
        check_box((x, y, wide, high), size)
    else:
        if wide <= 0 or high <= 0:
            raise ItemError("IMP-021")
        inside((x + wide / 2, y + high / 2), size)
    value: dict[str, Any] = {"class": name, "box": [x, y, wide, high]}
    if rotation:
        value["rotation"] = rotation
    return "box", value


def corners(name: str, x1: Any, y1: Any, x2: Any, y2: Any, size: Size) -> Shape:
    """Return a box from two of its corners, in any order."""
    left, right = sorted((number(x1), number(x2)))
    top, bottom = sorted((number(y1), number(y2)))
    return box(name, (left, top, right - left, bottom - top), size)


def polygon(name: str, rings: Iterable[Sequence[tuple[Decimal, Decimal]]], size: Size) -> Shape:
    """Return a polygon of one or more rings; a last corner that repeats the first is left out."""
    made = []
    for ring in rings:
        flat = [value for corner in (ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring) for value in corner]
        check_ring(flat, size)
        made.append(flat)
    if not made:
        raise ItemError("IMP-025")
    return "polygon", {"class": name, "rings": made}


def line(name: str, found: Sequence[tuple[Decimal, Decimal]], size: Size) -> Shape:
    """Return a line through two or more points."""
    flat = [value for one in found for value in one]
    check_line(flat, size)
    return "polyline", {"class": name, "line": flat}


def point(name: str, found: tuple[Decimal, Decimal], size: Size) -> Shape:
    """Return a point."""
    return "point", {"class": name, "point": list(inside(found, size))}


def ellipse(
    name: str, center: tuple[Decimal, Decimal], radii: Sequence[Decimal], turn: Decimal | None, size: Size
) -> Shape:
    """Return an ellipse; ``turn`` in degrees clockwise around the center."""
    if min(radii) <= 0:
        raise ItemError("IMP-021")
    value: dict[str, Any] = {"class": name, "center": list(inside(center, size)), "radii": list(radii)}
    if turn:
        value["rotation"] = turn
    return "ellipse", value


def turned(name: str, found: Sequence[tuple[Decimal, Decimal]], size: Size) -> Shape:
    """Return the polygon of a box that is given by its four corners (IMP-025 for another number)."""
    if len(found) != 4:
        raise ItemError("IMP-025")
    return polygon(name, [found], size)


def keypoints(name: str, found: Sequence[tuple[str, tuple[Decimal, Decimal], int]], size: Size) -> Shape:
    """Return named points with their visibility; a point that is absent may stand anywhere."""
    if not found:
        raise ItemError("IMP-023", what="its points")
    made = []
    for label, where, visible in found:
        x, y = inside(where, size) if visible else where
        made.append({"name": label, "x": x, "y": y, "visibility": visible})
    return "keypoints", {"class": name, "points": made}


def mask(name: str, runs: Sequence[int], size: Size) -> Shape:
    """Return a mask from run lengths by rows, zeros first (IMP-024 when they do not add up)."""
    if size is None or size[0] * size[1] > MOST_PIXELS or sum(runs) != size[0] * size[1] or min(runs) < 0:
        raise ItemError("IMP-024")
    if not sum(runs[1::2]):
        raise ItemError("IMP-021")
    return "mask", {"class": name, "size": [size[1], size[0]], "runs": list(runs)}


def track(name: str, token: str, found: Sequence[tuple[int, Shape, bool]]) -> Shape:
    """Return a track from (frame from 1, shape, interpolated), in the order of the frames.

    Raises
    ------
    ItemError
        IMP-023 without frames, IMP-020 when a frame stands twice or below 1.
    """
    if not found:
        raise ItemError("IMP-023", what="its frames")
    ordered = sorted(found, key=lambda one: one[0])
    numbers = [one[0] for one in ordered]
    if len(set(numbers)) != len(numbers) or numbers[0] < 1:
        raise ItemError("IMP-020")
    frames = [
        {"frame": frame, "kind": shape[0], "value": shape[1], "interpolated": filled}
        for frame, shape, filled in ordered
    ]
    return "track", {"class": name, "track": token, "frames": frames}


def radians(value: Any) -> Decimal | None:
    """Return an angle of radians in degrees, None where there is none."""
    return None if value is None else degrees(number(value))


def angle(value: Any) -> Decimal | None:
    """Return an angle of degrees, None where there is none."""
    return None if value is None else derived(number(value))
