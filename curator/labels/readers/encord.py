"""Encord JSON: one label row an object, alone or in a list.

Format: Encord's SDK (``encord/objects/coordinates.py``, ``ontology_labels_impl.py``) and its page "JSON Format
Export". Coordinates are fractions of width and height. Frames are counted from 0. An object of a video is one track;
on a DICOM series that names its instances it is one label for each instance. A confidence of 1 is the default and
stays in ``kept``. A bitmask holds COCO's compressed run lengths, but by rows (``bitmask_operations.py``).
``manualAnnotation`` true is a person's; false says neither model nor interpolation for certain.

Author and time are those of ``lastEditedBy``/``lastEditedAt``, else ``createdBy``/``createdAt``. Encord's page warns
that its SDK changes labels without changing the former.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    confidence,
    edited,
    instant,
    label_id,
    listed,
    needed,
    no_label,
    share,
    size,
    stage,
    sub,
    told,
    whole,
)
from curator.labels.readers.vendor_stream import rows
from curator.labels.runs import coco_counts, mask_size, placed

_VIDEO = ("video", "dicom", "nifti")
Found = list[tuple[str, dict[str, Any], Named]]


class Encord:
    """Reader of Encord's JSON export."""

    name = "encord"
    title = "Encord JSON"
    lacks = (
        Lack(
            "confidence",
            "None: the export holds 1 for every label; a model's confidence comes in when it is below 1.",
            partly=True,
        ),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of a label row."""
        return path.is_file() and b'"label_hash"' in head and b'"data_hash"' in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every label row."""
        yield from told(maker for place, row in rows(path) for maker in _row(place, row))


def _row(place: str, raw: Any) -> Iterator[Maker]:
    if not isinstance(raw, dict) or "data_units" not in raw:
        raise UsageError("IMP-001", format=Encord.title)
    row = Fields(raw)
    units = row.take("data_units")
    answers = {key: sub(row.take(key)) for key in ("object_answers", "classification_answers", "object_actions")}
    about = {key: row.see(key) for key in ("label_hash", "label_status", "annotation_task_status", "branch_name")}
    if not isinstance(units, dict):
        raise UsageError("IMP-003", reason="its data units are not an object")
    for index, unit in enumerate(units.values()):
        yield from _unit(f"{place}.data_units[{index}]", sub(unit), answers, about)


def _unit(place: str, unit: Fields, answers: dict[str, Fields], about: dict[str, Any]) -> Iterator[Maker]:
    title = unit.see("data_title")
    sample = Named(
        "file" if isinstance(title, str) else "id",
        title if isinstance(title, str) else str(unit.see("data_hash")),
        size(unit.see("width"), unit.see("height")),
    )
    labels = unit.see("labels")
    data_type = str(unit.see("data_type"))
    framed = any(word in data_type for word in _VIDEO) or _numbered(labels)
    frames = labels if framed and isinstance(labels, dict) else {"": labels}
    found: dict[tuple[str, str], Found] = {}
    for position, (frame, raw) in enumerate(frames.items()):
        if raw is not None and not isinstance(raw, dict):
            yield f"{place}.frames[{position}]", no_label("IMP-035")
            continue
        held = sub(raw)
        meta = sub(held.see("metadata"))
        instance = meta.see("dicom_instance_uid")
        here = sample
        if isinstance(instance, str):
            extent = size(meta.see("width"), meta.see("height")) or sample.size
            here = Named("uid", instance, extent)
        for kind, key in (("objects", "objectHash"), ("classifications", "classificationHash")):
            for where, one in listed(
                f"{place}.frames[{position}].{kind}" if frame else f"{place}.{kind}", held.see(kind)
            ):
                own = sub(one).see(key)
                if not isinstance(own, str):
                    yield where, no_label("IMP-035")
                    continue
                mark = f"{own} {frame}" if here.by == "uid" or not frame else own
                found.setdefault((kind, mark), []).append((frame, one, here))
    unit_id = unit.see("data_hash")
    for index, ((kind, mark), group) in enumerate(found.items()):
        own = label_id("encord", about["label_hash"], unit_id, mark.strip().replace(" ", ":"))
        make = _object if kind == "objects" else _classification
        yield (
            f"{place}.{kind}[{index}]",
            lambda make=make, own=own, group=group: make(own, group, answers, about),  # type: ignore[misc]
        )


def _numbered(labels: Any) -> bool:
    return isinstance(labels, dict) and bool(labels) and all(key.isdigit() for key in labels)


def _object(own: str, group: Found, answers: dict[str, Fields], about: dict[str, Any]) -> Item:
    frames = []
    shape: shapes.Shape | None = None
    name = needed(Fields(group[0][1]).text("name"), "its class")
    for frame, raw, sample in group:
        one = Fields(raw)
        if one.see("isDeleted") is True:
            raise ItemError("IMP-039")
        shape = _shape(one, name, sample.size)
        frames.append((whole(frame) + 1 if frame else 1, shape, one.see("manualAnnotation") is False))
    first = group[0][2]
    if shape is None:
        raise ItemError("IMP-035")
    if group[0][0] and first.by != "uid":
        shape = shapes.track(name, own, frames)
        frames_kept = {frame: Fields(raw).rest("name", "color") for frame, raw, _ in group}
        kept: dict[str, Any] = {"frames": frames_kept}
    else:
        kept = {}
    attributes = answers["object_answers"].see(str(group[0][1].get("objectHash")))
    actions = answers["object_actions"].see(str(group[0][1].get("objectHash")))
    kept |= {"object_answers": attributes, "object_actions": actions}
    return _item(own, Fields(group[-1][1]), first, shape, kept | about)


def _item(own: str, one: Fields, sample: Named, shape: shapes.Shape, kept: dict[str, Any]) -> Item:
    author, at = edited(one, ("createdBy", "lastEditedBy"), ("createdAt", "lastEditedAt"))
    sure = confidence(one.see("confidence"))
    if sure == 1:
        sure = None
    reviews = tuple(_reviews(one.take("reviews")))
    status = stage(kept.get("label_status"))
    left = one.rest(
        "boundingBox", "rotatableBoundingBox", "polygon", "polygons", "polyline", "point", "skeleton", "bitmask"
    )
    return Item(
        "",
        own,
        sample,
        shape[0],
        shape[1],
        author=author,
        labeled_at=at,
        stage=status,
        reviews=reviews,
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        origin="human" if one.see("manualAnnotation") is True else "unknown",
        tool=("Encord", "unknown"),
        kept=left | {key: value for key, value in kept.items() if value},
    )


def _reviews(raw: Any) -> Iterator[Review]:
    for one in raw if isinstance(raw, list) else []:
        fields = sub(one)
        outcome = {"True": "accepted", "False": "rejected"}.get(repr(fields.see("approved")), "unknown")
        yield Review(fields.text("createdBy"), instant(fields.see("createdAt")), outcome)


def _shape(one: Fields, name: str, extent: tuple[int, int] | None) -> shapes.Shape:
    wide, high = extent or (None, None)

    def scaled(points: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        return [(share(x, wide), share(y, high)) for x, y in points]

    for key in ("boundingBox", "rotatableBoundingBox"):
        if one.see(key) is not None:
            found = Fields(one.see(key))
            box = [share(found.see(side), of) for side, of in (("x", wide), ("y", high), ("w", wide), ("h", high))]
            turn = shapes.angle(found.see("theta")) if key == "rotatableBoundingBox" else None
            return shapes.box(name, box, extent, turn)
    if isinstance(many := one.see("polygons"), list) and many:
        rings = [scaled(shapes.paired(ring)) for parts in many for ring in parts]
        return shapes.polygon(name, rings, extent)
    if one.see("polygon") is not None:
        return shapes.polygon(name, [scaled(shapes.points(one.see("polygon")))], extent)
    if one.see("polyline") is not None:
        return shapes.line(name, scaled(shapes.points(one.see("polyline"))), extent)
    if one.see("point") is not None:
        (only,) = scaled(shapes.points(one.see("point")))
        return shapes.point(name, only, extent)
    if one.see("skeleton") is not None:
        found = Fields(one.see("skeleton"))
        nodes = [Fields(node) for node in found.rest().values()]
        named = []
        for node in nodes:
            (at,) = scaled([(node.see("x"), node.see("y"))])
            hidden = node.see("occluded") or node.see("invisible")
            named.append((needed(node.text("name"), "the name of a point"), at, 1 if hidden else 2))
        return shapes.keypoints(name, named, extent)
    if one.see("bitmask") is not None:
        return _bitmask(Fields(one.see("bitmask")), name, extent)
    raise ItemError("IMP-022", what="a kind that this program does not know")


def _bitmask(found: Fields, name: str, extent: tuple[int, int] | None) -> shapes.Shape:
    if extent is None:
        raise ItemError("IMP-036")
    rows_, columns = mask_size(extent[1], extent[0])
    left, top, width, height = (whole(found.see(key)) for key in ("left", "top", "width", "height"))
    text = found.see("rleString")
    if not isinstance(text, str) or width * height > rows_ * columns:
        raise ItemError("IMP-024")
    return shapes.mask(name, placed(coco_counts(text), (left, top, width, height), rows_, columns), extent)


def _classification(own: str, group: Found, answers: dict[str, Fields], about: dict[str, Any]) -> Item:
    frame, raw, sample = group[0]
    one = Fields(raw)
    if one.see("isDeleted") is True:
        raise ItemError("IMP-039")
    answer = sub(answers["classification_answers"].see(str(one.see("classificationHash"))))
    named = []
    for part in answer.see("classifications") or []:
        fields = Fields(part)
        question = needed(fields.text("name"), "its class")
        given = fields.see("answers")
        for option in given if isinstance(given, list) else [given]:
            text = option if isinstance(option, str) else sub(option).see("name")
            if text is None and not isinstance(option, dict | list) and option is not None:
                text = str(option)
            if not isinstance(text, str) or not text:
                raise ItemError("IMP-023", what="its answer")
            named.append(f"{question}: {text}")
    if not named:
        raise ItemError("IMP-026", what="classification answer")
    shape: shapes.Shape = ("class", {"class": named[0]})
    if len(named) > 1:
        shape = "classes", {"classes": sorted(set(named))}
    item = _item(own, one, sample, shape, {"classification_answers": answer.rest()} | about)
    if frame and sample.by != "uid":
        return replace(item, part={"frames": sorted({whole(at) + 1 for at, _, _ in group})})
    return item
