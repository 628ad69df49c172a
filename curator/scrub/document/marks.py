"""Characters with their places on a page, and which of them a reader sees.

Nothing here decides what is an identifier. A character that is covered must not come back into a line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from curator.scrub.document.geometry import Fill, Point, inside

#: Degrees by which a line may lean and still be read with level ones.
_SLANT = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of one code: ``x, y`` where its baseline begins, ``advance`` along it, ``angle`` in whole degrees."""

    text: str = field(repr=False)
    x: float
    y: float
    advance: float
    size: float
    angle: int
    bold: bool
    mono: bool
    order: int
    white: bool


def direction(angle: float) -> int:
    """Return an angle in whole degrees; what is nearly level or upright counts as that, as it does for a reader."""
    quarter = round(angle / 90) * 90
    return (quarter if abs(angle - quarter) <= _SLANT else round(angle)) % 360


def middle(x: float, y: float, advance: float, size: float, angle: int) -> Point:
    """Return the middle of a character, a third of its size above the baseline."""
    if not angle:
        return x + advance / 2, y + 0.3 * size
    turn = math.radians(angle)
    cosine, sine = math.cos(turn), math.sin(turn)
    return x + advance / 2 * cosine - 0.3 * size * sine, y + advance / 2 * sine + 0.3 * size * cosine


def uncovered(marks: list[Mark], fills: list[Fill]) -> list[Mark]:
    """Return the marks that no later rectangle covers and that are not white on white.

    Parameters
    ----------
    marks
        In the order of drawing.
    fills
        Opaque rectangles of the same page.
    """
    last = max((fill.order for fill in fills), default=-1)
    kept = []
    for mark in marks:
        if mark.order > last and not mark.white:
            kept.append(mark)
            continue
        center = middle(mark.x, mark.y, mark.advance, mark.size, mark.angle)
        here = [fill for fill in fills if inside(center, fill.box)]
        ground = [fill.white for fill in here if fill.order < mark.order]
        if not any(fill.order > mark.order for fill in here) and not (mark.white and (not ground or ground[-1])):
            kept.append(mark)
    return kept
