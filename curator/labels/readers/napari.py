"""napari's points and shapes as it saves them: CSV with one axis a column (``napari_builtins/io/_write.py``).

The axes are numpy's: the last is the column (x), the one before the row (y), the third from the end the slice. Whole
numbers are the centers of pixels in napari ("Coordinate systems"), labels count from the first pixel's outer corner, so
half a pixel is added. A shape within one slice is drawn on that slice. The file names neither its image nor a person;
its own name stands for the sample, and without a column ``label`` or ``class`` it is the class too, because napari
names a file after its layer.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_box, check_line, check_ring, number
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers.parts import text, without
from curator.labels.readers.sr_content import ellipse_of
from curator.labels.seen import Seen

HALF = Decimal("0.5")
_AXIS = re.compile(r"axis-(\d)")
_POINTS = re.compile(rb"(\xef\xbb\xbf)?index,axis-0,axis-1[,\r\n]")
_SHAPES = re.compile(rb"(\xef\xbb\xbf)?index,shape-type,vertex-index,axis-0,axis-1[,\r\n]")
_Row = tuple[int, dict[str, str]]
_Build = Callable[[], tuple[str, dict[str, Any], dict[str, Any] | None]]


class Napari:
    """Reads the CSV files of napari's points and shapes layers."""

    name = "napari"
    title = "napari points and shapes layers (CSV)"
    lacks = (
        Lack("author", "the format has no place for it; name the reader when importing"),
        Lack("labeled-at", "the format has no place for it; name the time when importing"),
        Lack("guideline", "the format has no place for it; name the guideline when importing"),
        Lack("confidence", "add a property to the points layer before saving; it is kept as it stands"),
        Lack("review", "the format has no place for it"),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  (as the protocol has it)
        """Say whether a file begins with napari's columns."""
        return bool(_POINTS.match(head) or _SHAPES.match(head))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield one label a point, or a shape, in the file's order."""
        try:
            _check_end(path)
            with path.open("r", encoding="utf-8-sig", newline="") as file, Seen() as seen:
                yield from _read(csv.reader(file, strict=True), path, seen)
        except OSError:
            raise UsageError("IMP-002") from None
        except UnicodeDecodeError:
            raise UsageError("IMP-003", reason="it is not UTF-8") from None
        except csv.Error:
            raise UsageError("IMP-003", reason="a row of the table is broken") from None


def _check_end(path: Path) -> None:
    """Refuse a table whose last row does not end: half a number is a number too."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 1))
        if file.read(1) != b"\n":
            raise UsageError("IMP-003", reason="it ends within a row")


def _read(table: Iterator[list[str]], path: Path, seen: Seen) -> Iterator[Item | Refused]:
    columns = next(table, [])
    axes = [column for column in columns if _AXIS.fullmatch(column)]
    ordered = axes == [f"axis-{at}" for at in range(len(axes))]
    if columns[:1] != ["index"] or len(axes) < 2 or not ordered or len(set(columns)) != len(columns):
        raise UsageError("IMP-001", format="napari")
    sample = Named("file", path.name)
    layer = path.name.removesuffix(".csv")
    rows: Iterator[_Row] = ((at, _fields(columns, cells)) for at, cells in enumerate(table, 1))
    if "shape-type" not in columns:
        for at, fields in rows:
            place = f"row {at}"
            name = fields.get("label") or fields.get("class") or layer
            kept = without(fields, axes)
            yield _made(place, fields.get("index", ""), sample, kept, seen, partial(_point, fields, axes, name))
        return
    for _, group in groupby(rows, key=_index):
        found = list(group)
        place = f"row {found[0][0]}"
        kept = without(found[0][1], [*axes, "vertex-index"])
        build = partial(_shape, [fields for _, fields in found], axes, layer)
        yield _made(place, found[0][1].get("index", ""), sample, kept, seen, build)


def _index(row: _Row) -> str:
    """Return which shape a row belongs to: without that, what is left of a shape would look like a whole one."""
    if not row[1]:
        raise UsageError("IMP-003", reason="a row of the table is broken")
    return row[1]["index"]


def _fields(columns: list[str], cells: list[str]) -> dict[str, str]:
    return dict(zip(columns, cells, strict=True)) if len(cells) == len(columns) else {}


def _made(place: str, index: str, sample: Named, kept: dict[str, Any], seen: Seen, build: _Build) -> Item | Refused:
    try:
        whole = number(index)
        if whole < 0 or whole != whole.to_integral_value():
            raise ItemError("IMP-023", what="an index")
        label_id = f"napari-{int(whole)}"
        if not seen.first(label_id):
            return Refused(place, "IMP-027", label_id=label_id)
        kind, value, part = build()
    except ItemError as error:
        return refused(place, error)
    return Item(
        place=place,
        label_id=label_id,
        sample=sample,
        kind=kind,
        value=value,
        part=part,
        tool=("napari", ""),
        kept=kept,
    )


def _place(fields: dict[str, str], axes: list[str]) -> list[Decimal]:
    """Return x, y and, of three axes, z from pixel corners."""
    if len(axes) > 3:
        raise ItemError("IMP-022", what="more than three axes")
    return [number(fields[axis]) + HALF for axis in reversed(axes)]


def _point(fields: dict[str, str], axes: list[str], name: str) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    if not fields:
        raise ItemError("IMP-023", what="one of its columns")
    place = _place(fields, axes)
    if min(place) < 0:
        raise ItemError("IMP-021")
    if len(place) == 2:
        return "point", {"class": text(name, "a name"), "point": place}, None
    return "points3d", {"class": text(name, "a name"), "space": "voxel", "points": [place]}, None


def _shape(rows: list[dict[str, str]], axes: list[str], name: str) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    kinds = {row["shape-type"] for row in rows}
    order = [number(row["vertex-index"]) for row in rows]
    if len(kinds) != 1 or order != list(range(len(rows))):
        raise ItemError("IMP-023", what="its corners in order")
    kind = kinds.pop()
    places = [_place(row, axes) for row in rows]
    if min(map(min, places)) < 0:
        raise ItemError("IMP-021")
    part = None
    if len(axes) == 3:
        depths = {place[2] - HALF for place in places}
        if len(depths) > 1 or (depth := depths.pop()) != depth.to_integral_value():
            if kind not in ("polygon", "path", "line"):
                raise ItemError("IMP-022", what="a rectangle or ellipse that is not within one slice")
            points = {"class": name, "space": "voxel", "points": places, "closed": kind == "polygon"}
            return "points3d", points, None
        part = {"slice": int(depth) + 1}
    kind, value = _flat(kind, [place[:2] for place in places], text(name, "a name"))
    return kind, value, part


def _flat(kind: str, corners: list[list[Decimal]], name: str) -> tuple[str, dict[str, Any]]:
    flat = [value for corner in corners for value in corner]
    if kind in ("path", "line"):
        check_line(flat, None)
        return "polyline", {"class": name, "line": flat}
    if kind == "polygon":
        check_ring(flat, None)
        return "polygon", {"class": name, "rings": [flat]}
    if kind not in ("rectangle", "ellipse"):
        raise ItemError("IMP-022", what="a shape of another type")
    if len(corners) != 4:
        raise ItemError("IMP-023", what="four corners")
    check_ring(flat, None)
    xs, ys = {corner[0] for corner in corners}, {corner[1] for corner in corners}
    upright = len(xs) == len(ys) == 2
    if kind == "rectangle" and upright:
        box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
        check_box(box, None)
        return "box", {"class": name, "box": box}
    if kind == "rectangle":
        return "polygon", {"class": name, "rings": [flat]}
    a, b, c, d = corners
    if upright:
        x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        middles = [[min(xs), y], [max(xs), y], [x, min(ys)], [x, max(ys)]]
    else:
        middles = [_middle(d, a), _middle(b, c), _middle(a, b), _middle(c, d)]
    return "ellipse", {"class": name, **ellipse_of(middles)}


def _middle(a: list[Decimal], b: list[Decimal]) -> list[Decimal]:
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
