"""Dataloop JSON: one file an item.

Format: Dataloop's SDK dtlpy (``dtlpy/entities/annotation.py`` and ``annotation_definitions/``). Coordinates are
pixels. Frames are counted from 0 and stand under ``metadata.system``: the first one in the label, changes in
``snapshots_``; what lies between is not in the file. A model's confidence stands in ``metadata.user.model``. A mask is
a PNG in base64, set where alpha is above 127 (``segmentation.py``).

Author and time are those of ``updatedBy``/``updatedAt``, else ``creator``/``createdAt``. The status ``approved`` or
``issue`` is a review of which neither person nor time is said.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.png import opaque
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    confidence,
    edited,
    label_id,
    listed,
    needed,
    number,
    size,
    stage,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_space import cuboid
from curator.labels.readers.vendor_stream import rows

_PNG = "data:image/png;base64,"
_OUTCOMES = {"approved": "accepted", "issue": "rejected"}
_OTHER = {
    "cube": "a cuboid drawn in an image",
    "semantic_3d": "a mask of a point cloud",
    "polyline_3d": "a line of a point cloud",
    "comparison": "a comparison",
    "note": "a note",
    "ref_image": "a reference to another picture",
}


class Dataloop:
    """Reader of Dataloop's JSON export."""

    name = "dataloop"
    title = "Dataloop JSON"
    lacks = (
        Lack("confidence", "None for people's labels; models' labels carry it in metadata.user.model.", partly=True),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of an item's file."""
        return path.is_file() and b'"annotations"' in head and b'"datasetId"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every item of the file."""
        yield from told(maker for place, row in rows(path) for maker in _document(place, row))


def _document(place: str, raw: Any) -> Iterator[Maker]:
    if not isinstance(raw, dict) or "annotations" not in raw:
        raise UsageError("IMP-001", format=Dataloop.title)
    item = Fields(raw)
    system = sub(sub(item.see("metadata")).see("system"))
    user = sub(item.see("metadata")).see("user")
    name = item.see("filename") or item.see("name")
    extent = size(system.see("width"), system.see("height")) or size(item.see("width"), item.see("height"))
    for index, (where, one) in enumerate(listed(f"{place}.annotations", item.see("annotations"))):
        yield (
            where,
            lambda one=one, index=index: _label(one, index, name, item.see("id"), extent, user),  # type: ignore[misc]
        )


def _label(raw: Any, index: int, file: Any, item_id: Any, extent: Size, told_of: Any) -> Item:
    one = Fields(raw)
    item = one.see("itemId") or item_id
    if isinstance(file, str) and file:
        sample = Named("file", file.lstrip("/"), extent, units_told=False)
    elif isinstance(item, str) and item:
        sample = Named("id", item, extent, units_told=False)
    else:
        raise ItemError("IMP-023", what="the name of its item")
    own = one.word("id")
    made = label_id("dataloop", item, own) if own is not None else label_id("dataloop", item, "at", index)
    kind = needed(one.text("type"), "its kind")
    name = needed(one.text("label"), "its class")
    meta = sub(one.see("metadata"))
    system = sub(meta.see("system"))
    model = sub(sub(meta.see("user")).see("model"))
    sure = confidence(model.see("confidence"))
    if kind == "cube_3d":
        # Of a point cloud: its frames are none of an image.
        part, shape = None, _cube(one, name, [meta.see("user"), told_of])
    else:
        part, shape = _framed(kind, one, name, system, made, sample.size)
    author, at = edited(one, ("creator", "updatedBy"), ("createdAt", "updatedAt"))
    status = stage(system.see("status"))
    outcome = _OUTCOMES.get(status or "")
    origin = "model" if model.rest() or system.see("automated") is True else "unknown"
    if origin == "unknown" and one.see("source") == "ui":
        origin = "human"
    return Item(
        "",
        made,
        sample,
        shape[0],
        shape[1],
        part=part,
        author=author,
        labeled_at=at,
        stage=status,
        reviews=(Review(None, None, outcome),) if outcome else (),
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        origin=origin,
        tool=("Dataloop", "unknown"),
        kept=one.rest("coordinates", "item", "dataset", "url"),
    )


def _cube(one: Fields, name: str, told_of: list[Any]) -> shapes.Shape:
    snapshots = sub(sub(one.see("metadata")).see("system")).see("snapshots_")
    if snapshots:
        raise ItemError("IMP-022", what="a box of a point cloud that moves")
    where = Fields(one.see("coordinates"))
    return cuboid(name, where.see("position"), where.see("scale"), where.see("rotation"), told_of)


def _framed(
    kind: str, one: Fields, name: str, system: Fields, token: str, extent: Size
) -> tuple[dict[str, Any] | None, shapes.Shape]:
    shape = _shape(kind, one.see("coordinates"), name, extent)
    changes = system.see("snapshots_")
    last = system.see("endFrame")
    video = bool(changes) or (isinstance(last, int) and last > 1)
    if not video:
        return None, shape
    start = whole(system.see("frame") or 0)
    if shape[0] in {"class", "transcript"}:
        return {"frames": [start + 1]}, shape
    frames = {start + 1: (shape, False)}
    for change in changes if isinstance(changes, list) else []:
        fields = Fields(change)
        at = whole(fields.see("frame")) + 1
        data = fields.see("data")
        if at - 1 == start:
            continue
        if isinstance(last, int) and at > last + 1:
            raise ItemError("IMP-021")
        frames[at] = _shape(kind, data, needed(fields.text("label"), "its class"), extent), False
    return None, shapes.track(name, token, [(at, found, filled) for at, (found, filled) in frames.items()])


def _shape(kind: str, what: Any, name: str, extent: Size) -> shapes.Shape:
    if kind == "class":
        return "class", {"class": name}
    if kind == "box":
        found = shapes.points(what)
        if len(found) == 4:
            return shapes.turned(name, found, extent)
        (x1, y1), (x2, y2) = found
        return shapes.corners(name, x1, y1, x2, y2, extent)
    if kind == "segment":
        rings = what if isinstance(what, list) and what and isinstance(what[0], list) else [what]
        return shapes.polygon(name, [shapes.points(ring) for ring in rings], extent)
    if kind == "polyline":
        line = what[0] if isinstance(what, list) and len(what) == 1 and isinstance(what[0], list) else what
        return shapes.line(name, shapes.points(line), extent)
    if kind == "point":
        return shapes.point(name, shapes.xy(what), extent)
    if kind == "ellipse":
        found_ = Fields(what)
        radii = number(found_.see("rx")), number(found_.see("ry"))
        return shapes.ellipse(name, shapes.xy(found_.see("center")), radii, shapes.angle(found_.see("angle")), extent)
    if kind == "text_mark":
        found_ = Fields(what)
        start, end = whole(found_.see("start")), whole(found_.see("end"))
        if end <= start:
            raise ItemError("IMP-020")
        return "span", {"type": name, "start": start, "end": end}
    if kind == "subtitle":
        return "transcript", {"text": needed(Fields(what).text("text"), "its text")}
    if kind == "binary":
        return _mask(what, name, extent)
    raise ItemError("IMP-022", what=_OTHER.get(kind, "a kind that this program does not know"))


def _mask(what: Any, name: str, extent: Size) -> shapes.Shape:
    """Return the mask of a picture in the text itself (IMP-032 when it is none, IMP-024 for another size)."""
    text = what.get("data") if isinstance(what, dict) else what
    if not isinstance(text, str) or not text.startswith(_PNG):
        raise ItemError("IMP-032")
    try:
        data = base64.b64decode(text.removeprefix(_PNG), validate=True)
    except ValueError:
        raise ItemError("IMP-032") from None
    drawn, runs = opaque(data, extent)
    return shapes.mask(name, runs, drawn)
