"""How far two readers agree on relations between labels: F1, the ends the same or overlapping.

A relation is the same find when it has the same type and both ends are the same, the first with the first. Ends that
are spans are the same by two definitions; others must be equal values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from curator.labels.agreement.boxes import Matched, match
from curator.labels.agreement.model import Floats

DEFINITIONS = {
    "exact": "same type, and both ends have the same class, start and end",
    "overlap": "same type, and both ends have the same class and at least one character in common",
}


def agreement(first: Sequence[Any], second: Sequence[Any]) -> dict[str, Matched]:
    """Match the relations of one type of two readers, by each of :data:`DEFINITIONS`.

    Parameters
    ----------
    first, second
        ``{"type", "from", "to"}`` with the values of the labels at both ends in place of their ids.

    Returns
    -------
    dict
        Counts by definition; each relation is matched once. Needs scipy.
    """
    made = {}
    for name in DEFINITIONS:
        fits = np.array([[_same(a, b, name) for b in second] for a in first], dtype=np.float64)
        both = _most(fits.reshape(len(first), len(second)))
        made[name] = Matched(both, len(first) - both, len(second) - both)
    return made


def _most(fits: Floats) -> int:
    return len(match(fits, 1.0)) if fits.size else 0


def _same(one: Any, two: Any, how: str) -> float:
    return float(all(same_end(one[end], two[end], how) for end in ("from", "to")))


def same_end(one: Any, two: Any, how: str) -> bool:
    """Say whether two labels at the end of a relation are the same."""
    if "type" not in one or "type" not in two or how == "exact":
        return bool(one == two)
    return one["type"] == two["type"] and any(a < d and c < b for a, b in pieces_of(one) for c, d in pieces_of(two))


def pieces_of(value: Any) -> list[list[int]]:
    """Return (start, end) of each piece of a span."""
    return list(value["pieces"]) if "pieces" in value else [[value["start"], value["end"]]]
