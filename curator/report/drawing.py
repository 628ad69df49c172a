"""Shapes of a chart in points, y downward, which the page draws as SVG and the PDF as vector strokes.

A drawing holds no style sheet, no script and no reference to anything outside itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from curator.report.style import INK, PAPER, Sign, color, dash, sign, tint

Point = tuple[float, float]
#: Width of a sign as a share of the size of the type; wide, as Vera is.
_SIGN = 0.6


@dataclass(frozen=True)
class Path:
    """A line or an area. An area is closed and may be filled; ``dash`` lists strokes and gaps."""

    points: tuple[Point, ...]
    stroke: str = ""
    width: float = 1.0
    fill: str = ""
    closed: bool = False
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Word:
    """A text on its base line; ``anchor`` says which end stands at x, ``turned`` that it runs upward."""

    x: float
    y: float
    text: str
    size: float = 9.0
    anchor: str = "start"
    bold: bool = False
    color: str = INK
    turned: bool = False
    #: Points that the text may take; a renderer that can measure makes it smaller when it takes more.
    room: float = 0.0


@dataclass(frozen=True)
class Raster:
    """A PNG in a rectangle."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


Shape = Path | Word | Raster


@dataclass(frozen=True)
class Drawing:
    """Shapes on a sheet, and the texts that had to be cut short on it, in full."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    shortened: tuple[str, ...] = ()


def text_width(text: str, size: float) -> float:
    """Guess how many points a text takes."""
    return _SIGN * size * len(text)


class Pen:
    """Collects the shapes of one drawing."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.shortened: dict[str, None] = {}

    def line(self, *points: Point, stroke: str = INK, width: float = 1.0, dash: tuple[float, ...] = ()) -> None:
        """Draw an open line."""
        self.shapes.append(Path(points, stroke, width, dash=dash))

    def area(self, *points: Point, fill: str = "", stroke: str = "", width: float = 1.0) -> None:
        """Draw a closed area."""
        self.shapes.append(Path(points, stroke, width, fill, closed=True))

    def box(self, x: float, y: float, width: float, height: float, fill: str = "", stroke: str = "") -> None:
        """Draw a rectangle."""
        self.area((x, y), (x + width, y), (x + width, y + height), (x, y + height), fill=fill, stroke=stroke, width=0.8)

    def word(
        self,
        x: float,
        y: float,
        text: str,
        *,
        room: float = 0.0,
        size: float = 9.0,
        anchor: str = "start",
        bold: bool = False,
        color: str = INK,
        turned: bool = False,
    ) -> None:
        """Write a text; with ``room`` it is cut short to fit, and noted in full."""
        text = " ".join(text.split())
        signs = max(int(room / (_SIGN * size)), 4)
        if room and len(text) > signs:
            self.shortened[text] = None
            text = text[: signs - 1] + "\u2026"
        self.shapes.append(Word(x, y, text, size, anchor, bold, color, turned, room))

    def bar(self, x: float, y: float, width: float, height: float, series: int) -> None:
        """Draw a bar in its series' color and hatch."""
        tone, kind = color(series), series % 6
        self.box(x, y, width, height, fill=tone if kind == 0 else tint(tone, 0.18), stroke=tone)
        for points in _hatch(x, y, width, height, kind):
            self.line(*points, stroke=tone, width=0.9)

    def marker(self, x: float, y: float, series: int, size: float = 3.0) -> None:
        """Draw a series' marker."""
        kind = sign(series)
        if kind == "cross":
            self.line((x - size, y - size), (x + size, y + size), stroke=color(series), width=1.6)
            self.line((x - size, y + size), (x + size, y - size), stroke=color(series), width=1.6)
            return
        self.area(*_marker(kind, x, y, size), fill=color(series), stroke=PAPER, width=0.6)

    def legend(self, names: tuple[str, ...], width: float, y: float, *, bars: bool, x: float = 0.0) -> float:
        """Write which series is which, in as many rows as it takes; return the y below."""
        at = x
        for index, name in enumerate(names):
            room = min(text_width(name, 9) + 36, width)
            if at > x and at + room > x + width:
                at, y = x, y + 15
            if bars:
                self.bar(at, y + 1, 18, 9, index)
            else:
                self.line((at, y + 6), (at + 22, y + 6), stroke=color(index), width=1.8, dash=dash(index))
                self.marker(at + 11, y + 6, index)
            self.word(at + 26, y + 9, name, room=width - 40)
            at += room + 8
        return y + 19

    def drawing(self, width: float, height: float) -> Drawing:
        """Return what was drawn."""
        return Drawing(width, height, tuple(self.shapes), tuple(self.shortened))


def _marker(kind: Sign, x: float, y: float, size: float) -> Iterator[Point]:
    if kind == "circle":
        yield from ((x + size * math.cos(at * math.pi / 8), y + size * math.sin(at * math.pi / 8)) for at in range(16))
        return
    shapes: dict[str, tuple[Point, ...]] = {
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "triangle": ((0, -1.2), (1.1, 0.9), (-1.1, 0.9)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        "wedge": ((0, 1.2), (1.1, -0.9), (-1.1, -0.9)),
    }
    yield from ((x + size * right, y + size * down) for right, down in shapes[kind])


def _hatch(x: float, y: float, width: float, height: float, kind: int) -> Iterator[tuple[Point, Point]]:
    """Yield the strokes of a hatch, clipped to the rectangle: rising, upright, falling, level or crossed ones."""
    if kind in {1, 5}:
        yield from _slanted(x, y, width, height, rising=True)
    if kind in {3, 5}:
        yield from _slanted(x, y, width, height, rising=False)
    if kind == 2:
        yield from (((x + at, y), (x + at, y + height)) for at in _steps(width))
    if kind == 4:
        yield from (((x, y + at), (x + width, y + at)) for at in _steps(height, 3))


def _steps(length: float, step: int = 5) -> list[int]:
    return list(range(step, math.ceil(length), step))


def _slanted(x: float, y: float, width: float, height: float, *, rising: bool) -> Iterator[tuple[Point, Point]]:
    for start in _steps(width + height, 6):
        low, high = max(0.0, start - height), min(width, float(start))
        if high > low:
            ends = ((low, start - low), (high, start - high))
            yield tuple((x + at, y + (down if rising else height - down)) for at, down in ends)  # type: ignore[misc]
