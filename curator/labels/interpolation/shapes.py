"""Boxes, points and polygons between two places: each number runs linearly from one end to the other.

Exact in decimals, rounded to a millionth of a pixel. Corners of a polygon belong to each other by their order; ends of
which the one cannot become the other corner by corner are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from curator.core.errors import ItemError
from curator.labels.geometry import check_apart, check_ring, derived

#: Kinds that run linearly.
KINDS = ("box", "point", "polygon")


def _number(one: Any, two: Any, share: Fraction) -> Decimal | int:
    with localcontext() as context:
        context.prec = 60
        a, b = Decimal(one), Decimal(two)
        made = derived(a + (b - a) * share.numerator / share.denominator)
    return int(made) if made == made.to_integral_value() else made


def _flat(one: Sequence[Any], two: Sequence[Any], share: Fraction) -> list[Decimal | int]:
    return [_number(a, b, share) for a, b in zip(one, two, strict=True)]


def between(kind: str, first: dict[str, Any], second: dict[str, Any], share: Fraction) -> dict[str, Any]:
    """Return a shape on the way from one to another.

    Parameters
    ----------
    kind
        Of :data:`KINDS`.
    first, second
        Values of both ends, numbers as int or Decimal.
    share
        How far: 0 is the first end, 1 the second.

    Raises
    ------
    ItemError
        INT-003 for another kind, INT-006 when the classes differ, INT-007 when corners, rings or angles do not fit,
        or a polygon in between would cross itself.
    """
    if first["class"] != second["class"]:
        raise ItemError("INT-006")
    if first.get("rotation", 0) != second.get("rotation", 0):
        raise ItemError("INT-007")
    if kind == "box":
        turned = {"rotation": first["rotation"]} if "rotation" in first else {}
        return {"class": first["class"], "box": _flat(first["box"], second["box"], share), **turned}
    if kind == "point":
        return {"class": first["class"], "point": _flat(first["point"], second["point"], share)}
    if kind != "polygon":
        raise ItemError("INT-003")
    if [len(ring) for ring in first["rings"]] != [len(ring) for ring in second["rings"]]:
        raise ItemError("INT-007")
    rings = [_flat(one, two, share) for one, two in zip(first["rings"], second["rings"], strict=True)]
    _sound(rings, first["rings"])
    return {"class": first["class"], "rings": rings}


def _sound(rings: list[list[Decimal | int]], before: list[list[Any]]) -> None:
    """Refuse corners that became a shape which crosses itself, or rings that lay apart and no longer do (INT-007)."""
    if not all(_ring(ring) for ring in rings) or (_apart(before) and not _apart(rings)):
        raise ItemError("INT-007")


def _ring(ring: list[Any]) -> bool:
    try:
        check_ring([Decimal(one) for one in ring], None)
    except ItemError:
        return False
    return True


def _apart(rings: list[list[Any]]) -> bool:
    try:
        check_apart([[Decimal(one) for one in ring] for ring in rings])
    except ItemError:
        return False
    return True
