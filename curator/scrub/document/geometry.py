"""Where things are on a page: matrices, boxes, and paths that clip, cover or merely draw (ISO 32000-2, 8.3 to 8.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from curator.core.errors import ItemError

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
_NOWHERE: Box = (1e9, 1e9, -1e9, -1e9)
#: Limits of one page: painted rectangles, curves, lines.
MOST_FILLS = 1_000
MOST_CURVES = 300
MOST_LINES = 6_000
#: Strokes from which on a page without text may be writing.
_DRAWN = 40


def times(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does the first, then the second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def at(matrix: Matrix, x: float, y: float) -> Point:
    """Return where a point lands."""
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def bounds(points: list[Point]) -> Box:
    """Return the smallest box around points; for none, one that holds nothing."""
    if not points:
        return _NOWHERE
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def overlap(first: Box, second: Box) -> Box:
    """Return what two boxes share."""
    return max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]), min(first[3], second[3])


def inside(point: Point, box: Box) -> bool:
    """Say whether a point lies in a box."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


@dataclass(frozen=True)
class Fill:
    """A painted rectangle: where, when, and whether it is white."""

    box: Box
    order: int
    white: bool


@dataclass
class Paths:
    """The paths of one page.

    Attributes
    ----------
    fills
        Opaque rectangles, in the order of painting.
    """

    fills: list[Fill] = field(default_factory=list)
    _points: list[Point] = field(default_factory=list)
    _plain: bool = True
    _clips: bool = False
    _curves: int = 0
    _lines: int = 0

    def move(self, point: Point) -> None:
        """Begin a part of a path."""
        self._plain = self._plain and not self._points
        self._points.append(point)

    def line(self, point: Point) -> None:
        """Go on straight."""
        self._lines += 1
        self._points.append(point)

    def curve(self, points: list[Point]) -> None:
        """Go on in a curve."""
        self._curves += 1
        self._plain = False
        self._points.extend(points)

    def rectangle(self, points: list[Point]) -> None:
        """Add a rectangle."""
        self._plain = self._plain and not self._points
        self._points.extend(points)

    def clip(self) -> None:
        """Make the path a clip when it is painted."""
        self._clips = True

    def paint(self, clip: Box, order: int, *, covers: bool, white: bool) -> Box:
        """End the path; return the clip that holds from here on.

        Parameters
        ----------
        clip
            The clip so far.
        order
            The moment.
        covers
            Whether it is filled with an opaque color.
        white
            Whether that color is white.

        Raises
        ------
        ItemError
            PDF-007 for more rectangles than a page of text has.
        """
        box = bounds(self._points)
        if covers and self._plain and 4 <= len(self._points) <= 5 and self._upright():
            self.fills.append(Fill(overlap(box, clip), order, white))
            if len(self.fills) > MOST_FILLS:
                raise ItemError("PDF-007")
        narrowed = overlap(box, clip) if self._clips else clip
        self._points.clear()
        self._plain, self._clips = True, False
        return narrowed

    def _upright(self) -> bool:
        """Say whether the path is a rectangle along the axes, so that its bounds are what it covers."""
        around = pairwise([*self._points, self._points[0]])
        return all(abs(one[0] - two[0]) < 0.1 or abs(one[1] - two[1]) < 0.1 for one, two in around)

    def may_be_writing(self, *, text: bool) -> bool:
        """Say whether so much is drawn that it may be writing; on a page without text sooner."""
        drawn = self._curves + self._lines
        return self._curves > MOST_CURVES or self._lines > MOST_LINES or (not text and drawn > _DRAWN)
