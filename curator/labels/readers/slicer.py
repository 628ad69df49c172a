"""3D Slicer's markups: ``.mrk.json`` (markups schema 1.0.0 to 1.0.3) and the older ``.fcsv`` point lists.

Points come in patient space, LPS, in millimetres: RAS is turned around by the sign of its first two axes. Each point of
a point list is one label; a line, angle or curve is one; a plane is the corners that the file implies. A box along the
axes, or turned around the axis from feet to head alone, is a box; one that is tilted is its corners. Measurements that
Slicer has stored are labels of their own. The file names neither its image nor a person: the file's own name stands for
the sample.
"""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import derived, number, numbers
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers.parts import record, text, without

MOST_BYTES = 1 << 28
_LINES = {"Line": 2, "Angle": 3, "Curve": 2, "ClosedCurve": 3}
_SYSTEMS = {"LPS": 1, "RAS": -1}
_FCSV = ("id", "x", "y", "z", "ow", "ox", "oy", "oz", "vis", "sel", "lock", "label", "desc", "associatedNodeID")
_OLD = ("label", "x", "y", "z", "sel", "vis")
_HALF = Decimal("0.5")
#: How far the axes of a box may be from upright and square: what 16 digits leave of a matrix, and far below a voxel.
_EVEN = Decimal("1e-9")
_Build = Callable[[], tuple[str, dict[str, Any]]]


class Slicer:
    """Reads ``.mrk.json`` and ``.fcsv`` files."""

    name = "slicer"
    title = "3D Slicer markups (.mrk.json, .fcsv)"
    lacks = (
        Lack("author", "the format has no place for it; name the reader when importing"),
        Lack("labeled-at", "the format has no place for it; name the time when importing"),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "the format has no place for it"),
        Lack("review", "the format has no place for it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file names the markups schema, or is a list of fiducials."""
        if path.name.lower().endswith(".fcsv"):
            return head.startswith((b"# Markups fiducial file", b"# Fiducial List file"))
        return head.lstrip()[:1] == b"{" and b"markups-schema-v" in head[:4096]

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a point of a list, a markup, and a stored measurement, in the file's order."""
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            raise UsageError("IMP-002") from None
        if len(data) > MOST_BYTES:
            raise UsageError("IMP-041", what="more than 256 MiB of markups")
        sample = Named("file", path.name)
        if data.startswith(b"#"):
            yield from _fcsv(data, sample)
            return
        try:
            whole = strict_loads(data, Decimal)
        except UsageError:
            raise UsageError("IMP-003", reason="it is not whole JSON") from None
        if not isinstance(whole, dict) or not isinstance(whole.get("markups"), list):
            raise UsageError("IMP-001", format="3D Slicer markups")
        for at, markup in enumerate(whole["markups"]):
            yield from _markup(markup, f"markups[{at}]", f"slicer-{at + 1}", sample)


def _made(place: str, label_id: str, sample: Named, kept: dict[str, Any], build: _Build) -> Item | Refused:
    try:
        kind, value = build()
    except ItemError as error:
        return refused(place, error)
    return Item(
        place=place, label_id=label_id, sample=sample, kind=kind, value=value, tool=("3D Slicer", ""), kept=kept
    )


def _markup(markup: Any, place: str, label_id: str, sample: Named) -> Iterator[Item | Refused]:
    if not isinstance(markup, dict):
        yield Refused(place, "IMP-023", {"what": "its fields"})
        return
    points = markup.get("controlPoints", [])
    kept = without(markup, ("controlPoints", "measurements"))
    if markup.get("type") == "Fiducial" and isinstance(points, list):
        for at, point in enumerate(points):
            told = point if isinstance(point, dict) else {}
            yield _made(
                f"{place}.controlPoints[{at}]",
                f"{label_id}-{at + 1}",
                sample,
                {**kept, "controlPoint": told},
                partial(_fiducial, markup, point),
            )
    else:
        yield _made(place, label_id, sample, {**kept, "controlPoints": points}, partial(_whole, markup, points))
    measured = markup.get("measurements", [])
    for at, one in enumerate(measured if isinstance(measured, list) else [None]):
        told = one if isinstance(one, dict) else {}
        if isinstance(one, dict) and (one.get("enabled") is False or "value" not in one):
            continue  # switched off: there is no value
        yield _made(
            f"{place}.measurements[{at}]",
            f"{label_id}-m{at + 1}",
            sample,
            {"markup": kept, "measurement": told},
            partial(_measurement, one),
        )


def _frame(markup: dict[str, Any]) -> tuple[int, Decimal]:
    """Return the sign of the first two axes, and millimetres a unit."""
    system = markup.get("coordinateSystem", "LPS")
    units = markup.get("coordinateUnits", "mm")
    unit = units[0] if isinstance(units, list) and units else units
    if not isinstance(system, str) or system not in _SYSTEMS:
        raise ItemError("IMP-022", what="another coordinate system than LPS and RAS")
    if unit not in ("mm", "um"):
        raise ItemError("IMP-022", what="another unit than mm and um")
    return _SYSTEMS[system], Decimal(1) if unit == "mm" else Decimal("0.001")


def _turned(values: list[Decimal], frame: tuple[int, Decimal]) -> list[Decimal]:
    sign, unit = frame
    made = [value if unit == 1 else value * unit for value in values]
    return [value if sign > 0 or not value else -value for value in made[:2]] + made[2:]


def _position(point: Any, frame: tuple[int, Decimal]) -> list[Decimal]:
    fields = record(point)
    if fields.get("positionStatus", "defined") != "defined":
        raise ItemError("IMP-020")
    return _turned(numbers(fields.get("position"), 3), frame)


def _fiducial(markup: dict[str, Any], point: Any) -> tuple[str, dict[str, Any]]:
    place = _position(point, _frame(markup))
    name = point.get("label") or markup.get("name")
    return "points3d", {"class": text(name, "a name"), "space": "patient", "points": [place]}


def _whole(markup: dict[str, Any], points: Any) -> tuple[str, dict[str, Any]]:
    kind = markup.get("type")
    name = text(markup.get("name"), "a name")
    frame = _frame(markup)
    if not isinstance(points, list):
        raise ItemError("IMP-023", what="its points")
    if kind == "ROI":
        return _box(markup, points, frame, name)
    if kind == "Plane":
        return "points3d", {"class": name, "space": "patient", "points": _plane(markup, points, frame), "closed": True}
    if not isinstance(kind, str) or kind not in _LINES:
        raise ItemError("IMP-022", what="a markup of another type")
    places = [_position(point, frame) for point in points]
    if len(places) < _LINES[kind] or (kind in ("Line", "Angle") and len(places) != _LINES[kind]):
        raise ItemError("IMP-023", what="its points")
    return "points3d", {"class": name, "space": "patient", "points": places, "closed": kind == "ClosedCurve"}


def _axes(markup: dict[str, Any], frame: tuple[int, Decimal]) -> list[list[Decimal]]:
    """Return the object's three axes in LPS; the matrix stands by rows (markups schema, "orientation")."""
    matrix = numbers(markup.get("orientation", [1, 0, 0, 0, 1, 0, 0, 0, 1]), 9)
    return [_turned([matrix[axis], matrix[axis + 3], matrix[axis + 6]], (frame[0], Decimal(1))) for axis in range(3)]


def _corner(center: list[Decimal], axes: list[list[Decimal]], steps: list[Decimal]) -> list[Decimal]:
    return [derived(center[k] + sum(axis[k] * step for axis, step in zip(axes, steps, strict=True))) for k in range(3)]


def _center(markup: dict[str, Any], points: list[Any], frame: tuple[int, Decimal]) -> list[Decimal]:
    if "center" in markup:
        return _turned(numbers(markup["center"], 3), frame)
    if len(points) != 1:
        raise ItemError("IMP-023", what="its center")
    return _position(points[0], frame)


def _size(markup: dict[str, Any], frame: tuple[int, Decimal], axes: int) -> list[Decimal]:
    size = [length * frame[1] for length in numbers(markup.get("size"))][:axes]
    if len(size) != axes or any(length <= 0 for length in size):
        raise ItemError("IMP-021")
    return size


def _box(
    markup: dict[str, Any], points: list[Any], frame: tuple[int, Decimal], name: str
) -> tuple[str, dict[str, Any]]:
    if markup.get("roiType", "Box") not in ("Box", "BoundingBox"):
        raise ItemError("IMP-022", what="a region of another type")
    center, axes, size = _center(markup, points, frame), _axes(markup, frame), _size(markup, frame, 3)
    upright = _upright(axes, size)
    if upright is not None:
        along, turn = upright
        first = [derived(middle - length / 2) for middle, length in zip(center, along, strict=True)]
        rotation = {"rotation": turn} if turn else {}
        return "box3d", {"class": name, "space": "patient", "box": [*first, *along], **rotation}
    corners = [
        _corner(center, axes, [sign * length / 2 for sign, length in zip(signs, size, strict=True)])
        for signs in itertools.product((-1, 1), repeat=3)
    ]
    return "points3d", {"class": name, "space": "patient", "points": corners, "closed": False}


def _upright(axes: list[list[Decimal]], size: list[Decimal]) -> tuple[list[Decimal], Decimal] | None:
    """Return the sides of a box that stands upright, and its turn in degrees above -45 to 45; None for a tilted one."""
    for at, to in itertools.combinations_with_replacement(range(3), 2):
        product = sum((a * b for a, b in zip(axes[at], axes[to], strict=True)), Decimal(0))
        if abs(product - (1 if at == to else 0)) > _EVEN:
            return None
    tall = max(range(3), key=lambda at: abs(axes[at][2]))
    one, two = (at for at in range(3) if at != tall)
    if any(abs(value) > _EVEN for value in (*axes[tall][:2], axes[one][2], axes[two][2])):
        return None
    turn = derived(Decimal(repr(math.degrees(math.atan2(axes[one][1], axes[one][0])))))
    quarters = math.ceil(turn / 90 - _HALF)
    if quarters % 2:
        one, two = two, one  # a quarter turn with the sides exchanged is the same box
    return [size[one], size[two], size[tall]], turn - 90 * quarters


def _plane(markup: dict[str, Any], points: list[Any], frame: tuple[int, Decimal]) -> list[list[Decimal]]:
    """Return the corners of a plane of stated center, orientation and size, else its own three points."""
    if "center" in markup and "orientation" in markup and "size" in markup:
        center, axes, size = _center(markup, points, frame), _axes(markup, frame)[:2], _size(markup, frame, 2)
        return [
            _corner(center, axes, [x * size[0] / 2, y * size[1] / 2]) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
    if len(points) != 3:
        raise ItemError("IMP-023", what="the corners of its plane")
    return [_position(point, frame) for point in points]


def _measurement(one: Any) -> tuple[str, dict[str, Any]]:
    fields = record(one)
    unit = fields.get("unitsCode") or fields.get("units")
    unit = unit[0] if isinstance(unit, list) and unit else unit
    if not isinstance(unit, str) or not re.fullmatch(r"\(?[!-~]{1,40}", unit.strip()):
        raise ItemError("IMP-043")
    return "measurement", {
        "what": text(fields.get("name"), "a name"),
        "amount": number(fields["value"]),
        "unit": unit.strip().strip("()").split(",")[0],
    }


def _fcsv(data: bytes, sample: Named) -> Iterator[Item | Refused]:
    """Read a point list of Slicer 4 (``CoordinateSystem`` 0 or RAS, 1 or LPS) or of Slicer 3, which is RAS."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="it is not UTF-8") from None
    said: dict[str, str] = {}
    for line in lines:
        key, mark, value = line.partition("=")
        if line.startswith("#") and mark:
            said[key[1:].strip()] = value.strip()
    columns = [word.strip() for word in said.get("columns", ",".join(_FCSV)).split(",")]
    old = lines[0].startswith("# Fiducial List")
    if tuple(columns) not in (_FCSV, _OLD) or not lines[0].startswith(("# Markups fiducial file", "# Fiducial List")):
        raise UsageError("IMP-001", format="3D Slicer markups")
    system = {"0": "RAS", "1": "LPS"}.get(said.get("CoordinateSystem", "0"), said.get("CoordinateSystem", "RAS"))
    list_name = said.get("name", "")
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    # Without a line end the last row is whole when it has all its cells, of which the last one is no number.
    if not data.endswith(b"\n") and (not rows or old or len(_cells(rows[-1])) != len(columns)):
        raise UsageError("IMP-003", reason="it ends within a row")
    if old and said.get("numPoints") not in (None, str(len(rows))):
        raise UsageError("IMP-003", reason="it does not have as many points as it says")
    for at, line in enumerate(rows, 1):
        place = f"row {at}"
        cells = _cells(line)
        fields = dict(zip(columns, cells, strict=False)) if len(cells) == len(columns) else {}
        kept = {"list": said, **without(fields, ("x", "y", "z"))}
        yield _made(place, f"slicer-{at}", sample, kept, partial(_row, fields, system, list_name))


def _cells(line: str) -> list[str]:
    """Return the cells of a row, none when it is no CSV."""
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        return []


def _row(fields: dict[str, str], system: str, list_name: str) -> tuple[str, dict[str, Any]]:
    if not fields:
        raise ItemError("IMP-023", what="one of its columns")
    frame = _frame({"coordinateSystem": system})
    place = _turned([number(fields[axis]) for axis in "xyz"], frame)
    name = text(fields["label"] or list_name, "a name")
    return "points3d", {"class": name, "space": "patient", "points": [place]}
