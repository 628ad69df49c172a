"""Boxes in space of vendors' exports: taken where the file says in which frame and unit their numbers are.

Tools for point clouds give a center, a size along each axis and a turn, in numbers of a sensor or a vehicle. Here a
label lies in the patient (DICOM's LPS in millimetres, PS3.3 C.7.6.2.1.1), so what says nothing of its frame is refused
and never taken for it. Tools leave the frame to the user: it stands in the metadata of the label or of its item, under
one of the names of :data:`FRAMES`, with its unit under one of :data:`UNITS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from curator.core.errors import ItemError
from curator.labels.readers.vendor_fields import Fields, degrees, number
from curator.labels.readers.vendor_shapes import Shape

FRAMES = ("coordinateSystem", "coordinate_system", "coordinateFrame", "coordinate_frame", "space", "frame", "ACS")
UNITS = ("unit", "units", "coordinateUnit", "coordinate_unit")
#: What a frame may be called, to the signs that make it LPS.
_SPACES = {
    "lps": (1, 1, 1), "left-posterior-superior": (1, 1, 1), "dicom": (1, 1, 1), "patient": (1, 1, 1),
    "ras": (-1, -1, 1), "right-anterior-superior": (-1, -1, 1),
}  # fmt: skip
#: Units to millimetres.
_MILLIMETRES = {"mm": 1, "millimeter": 1, "millimetre": 1, "cm": 10, "centimeter": 10, "m": 1000, "meter": 1000}
_AXES = ("x", "y", "z")


def cuboid(name: str, center: Any, size: Any, turn: Any, told: Iterable[Any]) -> Shape:
    """Return a box in the patient.

    Parameters
    ----------
    name
        Its class.
    center, size
        ``{"x", "y", "z"}`` or ``[x, y, z]``: of its middle, and along its own axes.
    turn
        Radians around the third axis; or of all three axes, of which the first two must be 0. None for no turn.
    told
        Metadata that may say frame and unit, the nearest first.

    Raises
    ------
    ItemError
        IMP-080 when nothing says the frame, or not its unit, or one that is not of the patient; IMP-020 for what is no
        number, IMP-021 for a box without extent, IMP-022 for one that is turned around another axis.
    """
    signs, unit = _frame(told)
    middle = [sign * unit * one for sign, one in zip(signs, _three(center), strict=True)]
    extent = [unit * one for one in _three(size)]
    if min(extent) <= 0:
        raise ItemError("IMP-021")
    turns = [Decimal(0), Decimal(0), number(turn or 0)] if not isinstance(turn, dict | list) else _three(turn)
    if turns[0] or turns[1]:
        raise ItemError("IMP-022", what="a box that is turned around its first or second axis")
    low = [one - along / 2 for one, along in zip(middle, extent, strict=True)]
    value: dict[str, Any] = {"class": name, "space": "patient", "box": [*low, *extent]}
    if turns[2]:
        # Both first axes change their sign together, if at all, so that the sense of the turn stays.
        value["rotation"] = degrees(turns[2]) % 360
    return "box3d", value


def _frame(told: Iterable[Any]) -> tuple[tuple[int, int, int], int]:
    found: dict[tuple[str, ...], str] = {}
    for holder in told:
        for names in (FRAMES, UNITS):
            stated = {holder[name] for name in names if isinstance(holder, dict) and isinstance(holder.get(name), str)}
            if len(stated) > 1:
                raise ItemError("IMP-080")
            if stated:
                found.setdefault(names, stated.pop().strip().lower())
    signs, unit = _SPACES.get(found.get(FRAMES, "")), _MILLIMETRES.get(found.get(UNITS, "").removesuffix("s"))
    if signs is None or unit is None:
        raise ItemError("IMP-080")
    return signs, unit


def _three(value: Any) -> list[Decimal]:
    if isinstance(value, list) and len(value) == len(_AXES):
        return [number(one) for one in value]
    fields = Fields(value)
    return [number(fields.see(axis)) for axis in _AXES]
