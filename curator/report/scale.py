"""Axes with round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A stretch of numbers laid on a stretch of points."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the point of a number; what lies outside is put on the edge."""
        inside = min(max(value, self.low), self.high)
        return self.start + (self.end - self.start) * (inside - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Return about five round numbers within the scale."""
        step = _step((self.high - self.low) / 5)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(at * step, 12) + 0.0 for at in range(first, last + 1)]

    def tick(self, value: float) -> str:
        """Write a tick with as many decimals as the step has."""
        step = _step((self.high - self.low) / 5)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return f"{value:,.{decimals}f}" if decimals < 7 else f"{value:.1e}"


def _step(raw: float) -> float:
    size = 10.0 ** math.floor(math.log10(raw))
    return next(step * size for step in (1.0, 2.0, 5.0, 10.0) if raw <= step * size * (1 + 1e-9))


def finite(values: Iterable[float | None]) -> list[float]:
    """Return the numbers that can be drawn."""
    return [value for value in values if value is not None and math.isfinite(value)]


def spanned(values: Iterable[float | None], low: float | None, high: float | None) -> tuple[float, float]:
    """Return the ends of an axis that holds all values: given ends are moved outward when a value lies beyond."""
    found = finite(values)
    bottom = min([*found, *([] if low is None else [low])], default=0.0)
    top = max([*found, *([] if high is None else [high])], default=1.0)
    if top - bottom <= max(abs(top), abs(bottom)) * 1e-9:
        bottom, top = (bottom - 1.0, top + 1.0) if low is None and bottom else (bottom, bottom + 1.0)
    room = (top - bottom) * 0.04
    if low is None or bottom < low:
        bottom -= room
    if high is None or top > high:
        top += room
    return bottom, top
