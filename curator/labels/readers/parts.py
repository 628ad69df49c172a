"""What readers of images' labels share: texts, sizes and probabilities as files write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.geometry import number

PROBABILITY = "probability-0-1"


def text(value: Any, what: str) -> str:
    """Return a text that is not blank; IMP-023 with the program's own word for what is missing otherwise."""
    if not isinstance(value, str) or not value.strip():
        raise ItemError("IMP-023", what=what)
    return value


def record(value: Any) -> dict[str, Any]:
    """Return an object of the file; IMP-023 for anything else."""
    if not isinstance(value, dict):
        raise ItemError("IMP-023", what="its fields")
    return value


def pixels(width: Any, height: Any) -> tuple[int, int] | None:
    """Return (width, height) when both are whole numbers of pixels, in digits or as numbers; None otherwise."""
    made = []
    for value in (width, height):
        try:
            size = number(value)
        except ItemError:
            return None
        if size != size.to_integral_value() or size < 1:
            return None
        made.append(int(size))
    return made[0], made[1]


def probability(value: Any) -> Decimal | None:
    """Return a confidence of 0 to 1; None for anything else, which then stays in ``kept``."""
    try:
        made = number(value)
    except ItemError:
        return None
    return made if 0 <= made <= 1 else None


def without(fields: Mapping[str, Any], used: Iterable[str]) -> dict[str, Any]:
    """Return the fields that were not used elsewhere."""
    left = set(used)
    return {key: value for key, value in fields.items() if key not in left}
