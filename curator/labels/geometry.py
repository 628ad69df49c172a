"""What makes a shape of a label whole: numbers that are numbers, inside of the image, polygons that do not cross.

Shared by all readers. It only checks and computes exactly, in :class:`decimal.Decimal`; it never moves a coordinate,
clips a shape or mends a polygon: what is wrong is refused. No value goes into an error.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from curator.core.errors import ItemError

#: How far a coordinate may lie outside of the image, in pixels: tools round percentages and pixel centers outwards.
SLACK = Decimal(1)
#: Coordinates above this are no pixels, voxels or millimetres of any image.
LARGEST = Decimal(10) ** 9
#: Corners of one ring, and steps spent on looking for crossings; both keep a hostile polygon from taking hours.
CORNERS = 1_000_000
STEPS = 10_000_000
#: The number of decimal places that shapes are compared at; the coordinates themselves keep all of their digits.
GRAIN = Decimal("1e-9")
_GRAINS = 1 / GRAIN
#: Digests of rings of many corners that do not cross: an export is read twice, and most of the work would be done anew.
_WHOLE: set[bytes] = set()
_MANY, _REMEMBERED = 24, 100_000
#: Derived numbers, such as pixels from percent, are rounded to so many places.
PLACES = Decimal("0.000001")
_LONGEST = 60
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)

Size = tuple[int, int] | None


def number(value: Any) -> Decimal:
    """Return a coordinate as a Decimal, digit for digit.

    Parameters
    ----------
    value
        An int, a Decimal, or text in ASCII digits (white space around it is dropped). A bool or a float is no number
        here: a float would already have lost the digits of the file.

    Raises
    ------
    ItemError
        IMP-020 when it is not a finite number of reasonable size.
    """
    if type(value) is Decimal and value.is_finite() and -LARGEST <= value <= LARGEST and len(str(value)) <= _LONGEST:
        return value  # of an export there are millions of these
    if isinstance(value, str):
        text = value.strip(" \t\r\n")
        if not _NUMBER.fullmatch(text):
            raise ItemError("IMP-020")
        made = Decimal(text)
    elif isinstance(value, Decimal):
        made = value
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST:
        made = Decimal(value)
    else:
        raise ItemError("IMP-020")
    if not made.is_finite() or abs(made) > LARGEST:
        raise ItemError("IMP-020")
    # The text has no fewer characters than the number has digits, and is quicker to count.
    if len(str(made)) > _LONGEST and len(made.as_tuple().digits) > _LONGEST:
        raise ItemError("IMP-020")
    return made


def numbers(values: Any, count: int | None = None) -> list[Decimal]:
    """Return a list or tuple of coordinates as Decimals; IMP-020 when there are not ``count`` of them."""
    if not isinstance(values, list | tuple) or (count is not None and len(values) != count):
        raise ItemError("IMP-020")
    return [number(value) for value in values]


def derived(value: Decimal) -> Decimal:
    """Round a computed number half to even to at most six decimal places, without trailing zeros."""
    with localcontext() as context:
        context.prec = 60
        made = value.quantize(PLACES).normalize()
        return made.quantize(Decimal(1)) if made.as_tuple().exponent > 0 else made  # type: ignore[operator]


def part_of(share: Any, whole: int, of: int = 100) -> Decimal:
    """Return ``share / of * whole``, such as pixels from percent (``of`` 100) or from a fraction (``of`` 1)."""
    with localcontext() as context:
        context.prec = 60
        return derived(number(share) * whole / of)


def check_points(points: Sequence[Decimal], size: Size) -> None:
    """Check that points ``[x, y, x, y, ...]`` lie in an image of ``(width, height)`` pixels.

    Parameters
    ----------
    points
        Finite Decimals, an even count, in pixel space.
    size
        None when the file does not state it: then only the form is checked.

    Raises
    ------
    ItemError
        IMP-020 for no points or an odd count, IMP-021 for a point more than :data:`SLACK` outside.
    """
    if not points or len(points) % 2:
        raise ItemError("IMP-020")
    try:
        far = min(points) < -LARGEST or max(points) > LARGEST
    except ArithmeticError:  # one is no number
        far = True
    if far:
        raise ItemError("IMP-020")
    if size is None:
        return
    for values, extent in ((points[0::2], size[0]), (points[1::2], size[1])):
        if min(values) < -SLACK or max(values) > extent + SLACK:
            raise ItemError("IMP-021")


def check_box(box: Sequence[Decimal], size: Size) -> None:
    """Check a box ``[x, y, width, height]`` in pixels: it has an extent and lies in the image.

    Raises
    ------
    ItemError
        IMP-020 when it is not four finite numbers, IMP-021 for no extent or for an edge outside.
    """
    if len(box) != 4:
        raise ItemError("IMP-020")
    x, y, width, height = box
    check_points([x, y, width, height], None)
    if width <= 0 or height <= 0:
        raise ItemError("IMP-021")
    check_points([x, y, x + width, y + height], size)


def check_line(points: Sequence[Decimal], size: Size) -> None:
    """Check a polyline ``[x, y, ...]``: at least two different points, in the image (IMP-020, IMP-021)."""
    check_points(points, size)
    if len(set(zip(points[0::2], points[1::2], strict=True))) < 2:
        raise ItemError("IMP-021")


def check_ring(points: Sequence[Decimal], size: Size) -> None:
    """Check one ring ``[x, y, x, y, ...]`` of a polygon; the last corner joins the first, repeated or not.

    A ring may touch itself, in a corner or along an edge (bridges to holes do): the even-odd rule gives it one area. It
    may not cross itself.

    Raises
    ------
    ItemError
        IMP-020 for numbers that are none, IMP-021 for a ring outside of the image or without area, IMP-025 when it has
        fewer than three corners or crosses itself, IMP-030 when it is too long to be checked.
    """
    check_points(points, size)
    if len(points) > 2 * CORNERS:
        raise ItemError("IMP-030")
    corners = _corners(points)
    if len(set(corners)) < 3:
        raise ItemError("IMP-025")
    known = hashlib.blake2b(repr(corners).encode(), digest_size=16).digest() if len(corners) >= _MANY else b""
    if known in _WHOLE:
        return
    if not any(_side(corners[0], corners[1], corner) for corner in corners):
        raise ItemError("IMP-021")
    if _crosses(_edges(corners)):
        raise ItemError("IMP-025")
    if known and len(_WHOLE) < _REMEMBERED:
        _WHOLE.add(known)


def check_apart(rings: Sequence[Sequence[Decimal]]) -> None:
    """Check that rings, each checked by :func:`check_ring`, are parts beside each other: none covers another's area.

    Formats that list the parts of one object mean their union; by the even-odd rule an overlap would become a hole.

    Raises
    ------
    ItemError
        IMP-031 when parts overlap, IMP-030 when that takes too long to find out.
    """
    made = [_corners(points) for points in rings]
    boxes = [(min(xs), min(ys), max(xs), max(ys)) for xs, ys in (zip(*ring, strict=True) for ring in made)]
    if sum(map(len, made)) > CORNERS or len(made) > 10_000:
        raise ItemError("IMP-030")
    pairs = [
        (first, second)
        for first in range(len(made))
        for second in range(first)
        if boxes[first][0] < boxes[second][2]
        and boxes[second][0] < boxes[first][2]
        and boxes[first][1] < boxes[second][3]
        and boxes[second][1] < boxes[first][3]
    ]
    if sum(len(made[first]) + len(made[second]) for first, second in pairs) > STEPS:
        raise ItemError("IMP-030")
    for first, second in pairs:
        if made[first] == made[second] or _inside(made[first], made[second]) or _inside(made[second], made[first]):
            raise ItemError("IMP-031")
    meeting = sorted({at for pair in pairs for at in pair})
    if meeting and _crosses([edge for at in meeting for edge in _edges(made[at])]):
        raise ItemError("IMP-031")


_Corner = tuple[int, int]
_Edge = tuple[_Corner, _Corner, _Corner]  # the corner before, where it begins, where it ends


def _corners(points: Sequence[Decimal]) -> list[_Corner]:
    """Corners on an integer grid of :data:`GRAIN`, without repeats that follow each other."""
    with localcontext() as context:
        context.prec = 60
        whole = [int((value * _GRAINS).to_integral_value()) for value in points]
    made: list[_Corner] = []
    for corner in zip(whole[0::2], whole[1::2], strict=True):
        if not made or made[-1] != corner:
            made.append(corner)
    while len(made) > 1 and made[0] == made[-1]:
        made.pop()
    return made


def _side(a: _Corner, b: _Corner, c: _Corner) -> int:
    """1 when c lies left of the line from a to b, -1 right, 0 on it."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _edges(corners: list[_Corner]) -> list[_Edge]:
    return [(corners[at - 2], corners[at - 1], corners[at]) for at in range(len(corners))]


def _crosses(edges: list[_Edge]) -> bool:
    """Say whether any two edges cross: a sweep along the axis on which fewer of them overlap (IMP-030 when long)."""
    low, high = _overlapping(edges, 0), _overlapping(edges, 1)
    axis, work = (0, low) if low <= high else (1, high)
    if work > STEPS:
        raise ItemError("IMP-030")
    other = 1 - axis
    order = sorted(range(len(edges)), key=lambda at: min(edges[at][1][axis], edges[at][2][axis]))
    spans = [(min(a[other], b[other]), max(a[other], b[other])) for _, a, b in edges]
    active: list[tuple[int, int]] = []  # where it ends on the axis, edge
    for at in order:
        _, a, b = edges[at]
        start = min(a[axis], b[axis])
        if active and active[0][0] < start:
            del active[: bisect_left(active, (start, -1))]
        bottom, top = spans[at]
        for _, met in active:
            if spans[met][0] <= top and spans[met][1] >= bottom and _cross(edges[at], edges[met]):
                return True
        insort(active, (max(a[axis], b[axis]), at))
    return False


def _overlapping(edges: list[_Edge], axis: int) -> int:
    """Count the pairs of edges whose extents on an axis overlap."""
    starts = sorted(min(a[axis], b[axis]) for _, a, b in edges)
    ends = sorted(max(a[axis], b[axis]) for _, a, b in edges)
    total = done = 0
    for begun, start in enumerate(starts):
        while ends[done] < start:
            done += 1
        total += begun - done
    return total


def _cross(first: _Edge, second: _Edge) -> bool:
    """Say whether two edges cross: within both, or where a corner of one lies in the other or on its corner."""
    before, a, b = first
    ahead, c, d = second
    # Edges that follow each other meet in their corner and nowhere else, unless they lie on one line.
    if (b == c and ahead == a and _side(a, b, d)) or (d == a and before == c and _side(c, d, b)):
        return False
    apart = _side(a, b, c) * _side(a, b, d)
    if apart > 0:
        return False
    other = _side(c, d, a) * _side(c, d, b)
    if other > 0:
        return False
    if apart < 0 and other < 0:
        return True
    return _through(first, second) or _through(second, first) or _knot(first, second)


def _through(edge: _Edge, other: _Edge) -> bool:
    """Say whether a ring passes through another edge at the corner where its own edge begins."""
    before, corner, behind = edge
    _, a, b = other
    if corner in (a, b) or _side(a, b, corner):
        return False
    if not (min(a[0], b[0]) <= corner[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= corner[1] <= max(a[1], b[1])):
        return False
    return _side(a, b, before) * _side(a, b, behind) < 0


def _knot(first: _Edge, second: _Edge) -> bool:
    """Say whether two passes through one corner cross there."""
    a, point, b = first
    c, other, d = second
    if point != other:
        return False
    inside = [_between(point, a, b, ray) for ray in (c, d)]
    return None not in inside and inside[0] != inside[1]


def _between(point: _Corner, a: _Corner, b: _Corner, c: _Corner) -> bool | None:
    """Say whether the ray to c lies left of the way a, point, b; None when it runs along the way."""
    to_a, to_b, turn = _side(point, a, c), _side(point, b, c), _side(point, a, b)
    for side, end in ((to_a, a), (to_b, b)):
        if side == 0 and (c[0] - point[0]) * (end[0] - point[0]) + (c[1] - point[1]) * (end[1] - point[1]) > 0:
            return None
    if turn > 0:
        return to_a > 0 and to_b < 0
    if turn < 0:
        return to_a > 0 or to_b < 0
    return to_a > 0


def _inside(ring: list[_Corner], other: list[_Corner]) -> bool:
    """Say whether the first corner, or middle of an edge, that is not on the other's edge lies in it."""
    other = [(2 * x, 2 * y) for x, y in other]
    middles = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(ring, ring[-1:] + ring[:-1], strict=True)]
    for x, y in [(2 * x, 2 * y) for x, y in ring] + middles:
        odd = on = False
        for (ax, ay), (bx, by) in zip(other, other[-1:] + other[:-1], strict=True):
            turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            if turn == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
                on = True
                break
            if (ay > y) != (by > y) and (turn > 0) == (by > ay):
                odd = not odd
        if not on:
            return odd
    return False
