"""Where the slices of a series lie: positions along the normal, steps between them, directions (PS3.3 C.7.6.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from curator.audit.album import Image

#: Modalities whose series are stacks of slices.
STACKS = frozenset({"CT", "MR", "PT", "NM"})


def is_scout(image: Image) -> bool:
    """Say whether an image is a localizer, which lies across the others by design."""
    return bool({"LOCALIZER", "SCOUT"} & set(image.facts.get("image_type", ())))


def is_unit(direction: Any) -> bool:
    """Say whether six numbers are two unit vectors at a right angle, within 1e-3 (PS3.3 C.7.6.2.1.1)."""
    if not isinstance(direction, list | tuple) or len(direction) != 6 or any(one is None for one in direction):
        return False
    if not all(map(math.isfinite, direction)):
        return False
    row, column = direction[:3], direction[3:]
    lengths = (math.hypot(*row), math.hypot(*column))
    return all(abs(one - 1) < 1e-3 for one in lengths) and abs(sum(map(_times, row, column))) < 1e-3


def _times(a: float, b: float) -> float:
    return a * b


def normal(direction: Sequence[float]) -> tuple[float, float, float]:
    """Return the cross product of row and column direction."""
    a, b = direction[:3], direction[3:]
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def plane_of(direction: Sequence[float]) -> tuple[float, ...]:
    """Return a direction rounded so that what differs by less than about a degree is mostly equal."""
    return tuple(round(one * 20) / 20 + 0.0 for one in direction)


def places(images: Sequence[Image]) -> list[float] | None:
    """Return where slices of one direction lie along their normal, in millimeters, sorted; None without geometry."""
    found: list[float] = []
    base: Sequence[float] | None = None
    for one in images:
        direction = one.facts.get("orientation")
        if direction is None or not is_unit(direction):
            return None
        base = direction if base is None else base
        across = normal(base)
        positions = one.facts.get("positions") or [one.facts.get("position")]
        for position in positions:
            if not isinstance(position, list) or len(position) != 3 or any(value is None for value in position):
                return None
            found.append(sum(map(_times, across, position)))
    return sorted(found)


def gaps(along: Sequence[float], slack: float = 0.2) -> tuple[int, int]:
    """Return the number of steps that are not the usual one, and of slices that would fill those that are longer.

    Parameters
    ----------
    along
        Places of slices in millimeters, sorted; several at one place (phases, echoes) count once.
    slack
        Share of the usual step by which a step may differ.
    """
    single = [one for at, one in enumerate(along) if not at or one - along[at - 1] > 1e-3]
    steps = [b - a for a, b in pairwise(single)]
    if len(steps) < 2:
        return 0, 0
    usual = median(steps)
    odd = [step for step in steps if abs(step - usual) > slack * usual]
    return len(odd), sum(max(0, round(step / usual) - 1) for step in odd)
