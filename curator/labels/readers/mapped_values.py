"""The value of a label that a mapping describes, from the cells of a row.

Coordinates are turned into pixels by the stated convention and unit alone; nothing is guessed from how large they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.geometry import Size, number, part_of
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import degrees, whole

Get = Callable[[dict[str, Any] | None], Any]
_UNIT = {"fraction": 1, "percent": 100}
_BETWEEN = re.compile(r"[\s,;]+")


def value_of(label: dict[str, Any], get: Get, extent: Size) -> shapes.Shape:
    """Return kind and value of a label.

    Parameters
    ----------
    label
        A table ``[[label]]`` of the mapping.
    get
        Returns what a source of the mapping names in the row, None for nothing.
    extent
        (width, height) of the image in pixels, None when it is not told.

    Raises
    ------
    ItemError
        IMP-020 to IMP-025 for shapes, IMP-023 for a value that is lacking, IMP-036 for fractions of an unknown size,
        IMP-038 for a cell that is not what the mapping says.
    """
    kind = label["kind"]
    if kind == "grade":
        return kind, {"scale": label["scale"], "grade": _number(get(label["grade"]), "a grade")}
    if kind == "classes":
        return kind, {"classes": sorted(set(_many(label, get(label["class"]))))}
    name = _named(label, get(label["class"]))
    if kind == "class":
        return kind, {"class": name}
    if kind == "sentiment":
        return kind, {"sentiment": name}
    if kind == "code":
        meaning = get(label.get("meaning"))
        value = {"system": label["system"], "code": name}
        return kind, value if meaning is None else value | {"meaning": str(meaning)}
    if kind == "measurement":
        amount = _number(get(label["amount"]), "an amount")
        return kind, {"what": name, "amount": amount, "unit": label["measured_in"]}
    if kind == "transcript":
        return kind, _transcript(label, name, get)
    if kind == "span":
        start, end = whole(_there(get(label["start"]))), whole(_there(get(label["end"])))
        end += 1 if label["inclusive"] else 0
        if end <= start:
            raise ItemError("IMP-038", what="a span that ends behind its start")
        return kind, {"type": name, "start": start, "end": end}
    if kind == "box3d":
        return kind, _block(label, name, _numbers(label, get), _there(get(label.get("rotation", {"value": 0}))))
    return _shape(label, name, _numbers(label, get), extent)


def _there(value: Any) -> Any:
    if value is None:
        raise ItemError("IMP-023", what="a part of its value")
    return value


def _named(label: dict[str, Any], value: Any) -> str:
    value = _there(value)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int | Decimal):
        raise ItemError("IMP-038", what="a class")
    word = str(value).strip()
    known: str | None = label.get("synonyms", {}).get(word)
    if known is None and label.get("closed"):
        raise ItemError("IMP-038", what="a class that the mapping knows")
    return word if known is None else known


def _many(label: dict[str, Any], value: Any) -> list[str]:
    value = _there(value)
    if isinstance(value, str):
        parts = value.split(label["separator"]) if "separator" in label else [value]
        value = [part for part in parts if part.strip()]
    if not isinstance(value, list) or not value:
        raise ItemError("IMP-038", what="a list of classes")
    return [_named(label, one) for one in value]


def _number(value: Any, what: str) -> Decimal | int:
    value = _there(value)
    try:
        made = number(value)
    except ItemError:
        raise ItemError("IMP-038", what=what) from None
    return int(made) if made == made.to_integral_value() and made.as_tuple().exponent == 0 else made


def _transcript(label: dict[str, Any], words: str, get: Get) -> dict[str, Any]:
    value: dict[str, Any] = {"text": words}
    for key in ("start", "end"):
        found = get(label.get(key))
        if found is not None:
            value[key] = _number(found, "seconds")
    return value


def _numbers(label: dict[str, Any], get: Get) -> list[Decimal]:
    found = [_there(get(source)) for source in label["numbers"]]
    if len(found) == 1:
        only = found[0]
        if isinstance(only, str):
            return [number(part) for part in _BETWEEN.split(only.strip().strip("[]()").strip()) if part]
        if not isinstance(only, list):
            raise ItemError("IMP-020")
        flat: list[Any] = []
        axes = "xyz" if label["kind"] == "box3d" else "xy"
        for one in only:
            named = [one.get(axis) for axis in axes] if isinstance(one, dict) else [one]
            flat += one if isinstance(one, list) else named
        found = flat
    return [number(one) for one in found]


def _block(label: dict[str, Any], name: str, found: list[Decimal], turn: Any) -> dict[str, Any]:
    """Return a box in space: its least corner and its sides, in LPS or voxels."""
    if len(found) != 6:
        raise ItemError("IMP-020")
    low, sides = found[:3], found[3:]
    if label["convention"] == "corners":
        more = 1 if label["inclusive"] else 0
        sides = [high - one + more for one, high in zip(low, sides, strict=True)]
    elif label["convention"] == "center-size":
        low = [middle - side / 2 for middle, side in zip(low, sides, strict=True)]
    if min(sides) <= 0:
        raise ItemError("IMP-021")
    if label["space"] == "patient-ras":
        # Both first axes run the other way; a turn that goes from one to the other stays what it is.
        low = [-(one + side) for one, side in zip(low[:2], sides[:2], strict=True)] + low[2:]
    value: dict[str, Any] = {"class": name, "space": label["space"].partition("-")[0], "box": [*low, *sides]}
    made = number(turn)
    if made and label["rotation_unit"] == "radians":
        made = degrees(made)
    return value | ({"rotation": made} if made else {})


def _shape(label: dict[str, Any], name: str, found: list[Decimal], extent: Size) -> shapes.Shape:
    of = _UNIT.get(label["unit"])
    if of is not None:
        if extent is None:
            raise ItemError("IMP-036")
        first = 1 if label.get("convention") == "rows-first-corners" else 0
        found = [part_of(value, extent[(at + first) % 2], of) for at, value in enumerate(found)]
    if label["kind"] == "polygon":
        if len(found) % 2:
            raise ItemError("IMP-020")
        return shapes.polygon(name, [list(zip(found[::2], found[1::2], strict=True))], extent)
    if len(found) != (4 if label["kind"] == "box" else 2):
        raise ItemError("IMP-020")
    if label["kind"] == "point":
        return shapes.point(name, (found[0], found[1]), extent)
    a, b, c, d = found
    convention = label["convention"]
    if convention == "corner-size":
        return shapes.box(name, [a, b, c, d], extent)
    if convention == "center-size":
        return shapes.box(name, [a - c / 2, b - d / 2, c, d], extent)
    if convention == "rows-first-corners":
        a, b, c, d = b, a, d, c
    more = 1 if label["inclusive"] and of is None else 0
    return shapes.box(name, [a, b, c - a + more, d - b + more], extent)
