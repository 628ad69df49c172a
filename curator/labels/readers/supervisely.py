"""Supervisely JSON: one file an image, a video or a volume, as a downloaded project has them.

Format: Supervisely's developer portal, "Annotation format", and its SDK (``supervisely/geometry/``). A file is named
after its image with ``.json`` behind. A project that was downloaded counts pixels: a shape of whole numbers alone names
pixels, a rectangle from its first to its last one, other shapes by their centers, which is how the SDK itself turns
them back (``_to_subpixel_coordinate_system_json``). A shape with a fraction, or one that reaches the image's far edge,
is in the labeling tool's own places from the outer corner. A bitmap is a PNG in zlib and base64. Nodes of a graph are
called as ``meta.json`` two folders above says, else by their own keys. Frames and slices count from 0 in the file.

Tags of images are labels, ``name: value`` or the name alone; tags of figures are kept. Author and time are
``labelerLogin`` and ``createdAt``, of a track those of its newest figure: who changed a label later is not in the file.
``nnCreated`` says that a model drew it, ``nnUpdated`` beside it that no person changed it since
(``supervisely/annotation/label.py``).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.png import painted
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.label_names import load_json
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    label_id,
    listed,
    needed,
    no_label,
    size,
    sub,
    told,
    unread,
    whole,
)
from curator.labels.readers.vendor_stream import rows
from curator.labels.runs import placed

_HALF = Decimal("0.5")
_PLANES = {"axial": "z", "sagittal": "x", "coronal": "y"}
#: Bytes of a mask's PNG when unpacked.
_MOST = 1 << 28
_OTHER = {
    "cuboid": "a cuboid drawn in an image",
    "cuboid_2d": "a cuboid drawn in an image",
    "alpha_mask": "a mask of shades",
    "multichannelBitmap": "a mask of several channels",
}
Names = dict[str, dict[str, str]]


class Supervisely:
    """Reader of Supervisely's files of images, videos and volumes."""

    name = "supervisely"
    title = "Supervisely JSON (images, videos, slices of volumes)"
    lacks = (
        Lack("author", "Download the project from the platform; files made elsewhere name nobody.", partly=True),
        Lack("labeled-at", "Download the project from the platform; files made elsewhere have no times.", partly=True),
        Lack("guideline", ""),
        Lack("confidence", "None: what a model was sure of stands in a tag, which is kept."),
        Lack("review", "None: states of labeling jobs are not part of the format."),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of an image's, a video's or a volume's file."""
        if not path.is_file() or b'"objects"' not in head or b'"tags"' not in head:
            return False
        image = b'"size"' in head and (b'"classTitle"' in head or b'"description"' in head)
        return image or b'"framesCount"' in head or b'"volumeMeta"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the tags of the file's image, video or volume, then its figures."""
        found = [row for _, row in rows(path)]
        if len(found) != 1 or not isinstance(found[0], dict) or "objects" not in found[0]:
            raise UsageError("IMP-001", format=self.title)
        yield from told(_document(Fields(found[0]), path))


def _document(document: Fields, path: Path) -> Iterator[Maker]:
    about = sub(document.see("size"))
    name = document.text("name") or path.name.removesuffix(".json")
    sample = Named("file", name, size(about.see("width"), about.see("height")))
    for index, (where, raw) in enumerate(listed("tags", document.see("tags"))):
        yield where, lambda raw=raw, index=index: _tag(raw, index, sample)  # type: ignore[misc]

    @cache
    def names() -> Names:
        return _nodes(path)

    if document.see("frames") is not None or document.see("framesCount") is not None:
        yield from _video(document, sample, names)
    elif document.see("planes") is not None or document.see("volumeMeta") is not None:
        yield from _volume(document, sample)
    elif document.see("figures") is not None:
        for where, _ in listed("figures", document.see("figures")):
            yield where, unread("a figure of a point cloud")
    else:
        for index, (where, raw) in enumerate(listed("objects", document.see("objects"))):
            yield where, lambda raw=raw, index=index: _object(raw, index, sample, names)  # type: ignore[misc]


def _nodes(path: Path) -> Names:
    """Return class to node to what the project calls it, from meta.json (IMP-003 when that is broken)."""
    meta = path.parent.parent.parent / "meta.json"
    made: Names = {}
    table = load_json(meta) if meta.is_file() else {}
    for raw in table.get("classes", []) if isinstance(table, dict) else []:
        known = sub(sub(sub(raw).see("geometry_config")).see("nodes"))
        labels = {key: sub(node).see("label") for key, node in known.rest().items()}
        made[str(sub(raw).see("title"))] = {key: one for key, one in labels.items() if isinstance(one, str) and one}
    return made


def _shared(fields: Fields) -> dict[str, Any]:
    made: dict[str, Any] = {"author": fields.text("labelerLogin"), "labeled_at": fields.time("createdAt")}
    created, updated = fields.see("nnCreated"), fields.see("nnUpdated")
    if created is True:
        made["origin"] = "model" if updated is True else "human"
        if updated is not True:
            made["stated"] = {"preLabel": {"shown": True, "changed": True, "origin": "model"}}
    elif created is False:
        made["origin"] = "human"
    return {**made, "tool": ("Supervisely", "unknown")}


def _tag(raw: Any, index: int, sample: Named) -> Item:
    tag = Fields(raw)
    name, value = needed(tag.text("name"), "its class"), tag.take("value")
    if value is not None and not isinstance(value, str | int | Decimal):
        raise ItemError("IMP-035")
    part = None
    if isinstance(frames := tag.take("frameRange"), list) and len(frames) == 2:
        first, last = (whole(one) + 1 for one in frames)
        if last < first or last - first > 1_000_000:
            raise ItemError("IMP-020")
        part = {"frames": list(range(first, last + 1))}
    own = tag.word("id") or tag.word("key")
    made = label_id("sly", "tag", own) if own else label_id("sly", sample.name, "tag", index)
    said = {"class": name if value in (None, "") else f"{name}: {value}"}
    return Item("", made, sample, "class", said, part=part, **_shared(tag), kept=tag.rest())


def _object(raw: Any, index: int, sample: Named, names: Any) -> Item:
    one = Fields(raw)
    own = one.word("id") or one.word("key")
    made = label_id("sly", own) if own else label_id("sly", sample.name, index)
    title = needed(one.text("classTitle"), "its class")
    shape = _shape(title, one, sample.size, names)
    return Item("", made, sample, shape[0], shape[1], **_shared(one), kept=_kept(one))


def _kept(one: Fields) -> dict[str, Any]:
    return one.rest("points", "bitmap", "nodes", "parts", "geometry", "faces", "shape")


def _titles(document: Fields) -> dict[str, tuple[str, Any]]:
    """Return key of every object to its class and tags."""
    made = {}
    for _, raw in listed("objects", document.see("objects")):
        about = sub(raw)
        if isinstance(about.see("classTitle"), str) and about.see("key") is not None:
            made[str(about.see("key"))] = about.see("classTitle"), about.see("tags")
    return made


def _video(document: Fields, sample: Named, names: Any) -> Iterator[Maker]:
    """Yield one track for each object; the figures of an unknown object are refused one by one."""
    titles = _titles(document)
    found: dict[str, list[tuple[Any, Any]]] = {key: [] for key in titles}
    for where, frame in listed("frames", document.see("frames")):
        at = sub(frame).see("index")
        for place, raw in listed(f"{where}.figures", sub(frame).see("figures")):
            key = str(sub(raw).see("objectKey"))
            if key in found:
                found[key].append((at, raw))
            else:
                yield place, no_label("IMP-026", what="object")
    for index, (key, figures) in enumerate(found.items()):
        yield f"objects[{index}]", lambda key=key, figures=figures: _track(key, figures, titles[key], sample, names)  # type: ignore[misc]


def _track(key: str, figures: list[tuple[Any, Any]], about: tuple[str, Any], sample: Named, names: Any) -> Item:
    title, tags = about
    made = label_id("sly", key)
    drawn, rest = [], []
    latest: tuple[str, Fields] | None = None
    for at, raw in figures:
        one = Fields(raw)
        inner = Fields({**sub(one.see("geometry")).rest(), "geometryType": one.see("geometryType")})
        tracked = one.see("nnCreated") is True and one.see("nnUpdated") is True
        drawn.append((whole(at) + 1, _shape(title, inner, sample.size, names), tracked))
        when = str(one.see("createdAt") or "")
        if latest is None or (not tracked and when >= latest[0]):
            latest = when, one
        rest.append({"frame": at, **one.rest("geometry", "geometryType", "objectKey")})
    kind, value = shapes.track(title, made, drawn)
    shared = _shared(latest[1]) if latest is not None else {}
    kept = {"tags": tags, "figures": rest} if tags else {"figures": rest}
    return Item("", made, sample, kind, value, **shared, kept=kept)


def _volume(document: Fields, sample: Named) -> Iterator[Maker]:
    titles = _titles(document)
    extent = sub(sub(document.see("volumeMeta")).see("dimensionsIJK"))
    for where, plane in listed("planes", document.see("planes")):
        name = str(sub(plane).see("name")).lower()
        for inner, cut in listed(f"{where}.slices", sub(plane).see("slices")):
            for place, raw in listed(f"{inner}.figures", sub(cut).see("figures")):
                if name != "axial":
                    what = f"a figure in a {name} slice" if name in _PLANES else "a figure in a slice of no known plane"
                    yield place, unread(what)
                    continue
                at = sub(cut).see("index")
                yield place, lambda raw=raw, at=at: _slice(raw, at, titles, sample, extent)  # type: ignore[misc]
    for place, _ in listed("spatialFigures", document.see("spatialFigures")):
        yield place, unread("a mask in space, which stands in mask/ as NRRD and is read from there")


def _slice(raw: Any, at: Any, titles: dict[str, tuple[str, Any]], sample: Named, extent: Fields) -> Item:
    one = Fields(raw)
    about = titles.get(str(one.see("objectKey")))
    if about is None:
        raise ItemError("IMP-026", what="object")
    inner = Fields({**sub(one.see("geometry")).rest(), "geometryType": one.see("geometryType")})
    cut = size(extent.see("x"), extent.see("y"))
    shape = _shape(about[0], inner, cut, dict)
    own = needed(one.word("key") or one.word("id"), "its key")
    made = label_id("sly", own)
    placed_ = Named(sample.by, sample.name, cut)
    part = {"slice": whole(at) + 1}
    kept = {**_kept(one), **({"object_tags": about[1]} if about[1] else {})}
    return Item("", made, placed_, shape[0], shape[1], part=part, **_shared(one), kept=kept)


def _shape(name: str, one: Fields, extent: Size, names: Any) -> shapes.Shape:
    kind = one.text("geometryType") or one.text("shape")
    if kind == "bitmap":
        return _bitmap(name, sub(one.see("bitmap")), extent)
    if kind == "graph":
        return _graph(name, one.see("nodes"), extent, names().get(name, {}))
    if kind in {"polygon", "multipolygon"}:
        parts = one.see("parts") if kind == "multipolygon" else [one.see("points")]
        rings = []
        for part in parts if isinstance(parts, list) else [None]:
            held = Fields(part)
            rings += [held.see("exterior"), *(held.see("interior") or [])]
        return shapes.polygon(name, _placed([shapes.points(ring) for ring in rings], extent), extent)
    if kind in {"rectangle", "line", "point"}:
        found = shapes.points(Fields(one.see("points")).see("exterior"))
        if kind == "rectangle":
            return _rectangle(name, found, extent)
        ((*line,),) = _placed([found], extent)
        if kind == "line":
            return shapes.line(name, line, extent)
        if len(line) != 1:
            raise ItemError("IMP-020")
        return shapes.point(name, line[0], extent)
    raise ItemError("IMP-022", what=_OTHER.get(str(kind), "a kind that this program does not know"))


def _in_pixels(found: list[list[tuple[Decimal, Decimal]]], extent: Size) -> bool:
    """Say whether all places of a shape are numbers of pixels, none of which is the one behind the last."""
    flat = [one for ring in found for one in ring]
    edges = extent is not None and any(x >= extent[0] or y >= extent[1] for x, y in flat)
    return not edges and all(value == value.to_integral_value() for one in flat for value in one)


def _placed(found: list[list[tuple[Decimal, Decimal]]], extent: Size) -> list[list[tuple[Decimal, Decimal]]]:
    if not _in_pixels(found, extent):
        return found
    return [[(x + _HALF, y + _HALF) for x, y in ring] for ring in found]


def _rectangle(name: str, found: list[tuple[Decimal, Decimal]], extent: Size) -> shapes.Shape:
    if len(found) != 2:
        raise ItemError("IMP-020")
    (x1, x2), (y1, y2) = (sorted(values) for values in zip(*found, strict=True))
    last = 1 if _in_pixels([found], extent) else 0
    return shapes.corners(name, x1, y1, x2 + last, y2 + last, extent)


def _bitmap(name: str, held: Fields, extent: Size) -> shapes.Shape:
    origin = shapes.xy(held.see("origin"))
    if extent is None:
        raise ItemError("IMP-036")
    if extent[0] * extent[1] > shapes.MOST_PIXELS:
        raise ItemError("IMP-024")
    data = held.see("data")
    try:
        packed = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except ValueError:
        raise ItemError("IMP-032") from None
    (wide, high), runs = painted(_unpacked(packed), None)
    left, top = whole(origin[0]), whole(origin[1])
    return shapes.mask(name, placed(runs, (left, top, wide, high), extent[1], extent[0]), extent)


def _unpacked(packed: bytes) -> bytes:
    """Return the PNG, which older files hold without zlib around it (IMP-032)."""
    if packed.startswith(b"\x89PNG"):
        return packed
    unpacker = zlib.decompressobj()
    try:
        made = unpacker.decompress(packed, _MOST)
    except zlib.error:
        raise ItemError("IMP-032") from None
    if not unpacker.eof or unpacker.unused_data:
        raise ItemError("IMP-032")
    return made


def _graph(name: str, nodes: Any, extent: Size, called: dict[str, str]) -> shapes.Shape:
    if not isinstance(nodes, dict):
        raise ItemError("IMP-020")
    places = [(key, shapes.xy(sub(node).see("loc")), sub(node).see("disabled") is True) for key, node in nodes.items()]
    moved = _placed([[where for _, where, _ in places]], extent)[0]
    named = [called.get(key, str(key)) for key, _, _ in places]
    if len(set(named)) != len(named):
        raise ItemError("IMP-035")
    # A node that was switched off is there and not seen.
    points = [(one, where, 1 if off else 2) for one, where, (_, _, off) in zip(named, moved, places, strict=True)]
    return shapes.keypoints(name, points, extent)
