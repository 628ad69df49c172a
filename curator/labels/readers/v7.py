"""V7 Darwin JSON 2.0: one file an item, or the folder of a release with ``stage_history/``.

Format: darwin-py (``darwin/datatypes.py``, ``darwin/utils/utils.py``) and V7's pages "Darwin JSON Format" and "Export
stage history" (visits.json 1.1). Frames are counted from 0 there. An ellipse's angle is in radians. A raster layer is
no label: it carries the masks that name it, and is counted by them; a layer that no mask names is refused.

Author and time stand only in the stage history: they are those of the visit that left the annotation as it stands. An
export with worker metadata names ``annotators``; it is taken when there is exactly one. The outcome of a review is not
said. A confidence stands only in the ``inference`` of a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import Size
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    Visit,
    confidence,
    history,
    instant,
    label_id,
    listed,
    needed,
    number,
    size,
    stage,
    sub,
    told,
    unread,
    whole,
)
from curator.labels.readers.vendor_stream import pieces, readable

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}", re.ASCII)
_MARK = b"darwin_json/2"
_SHAPES = ("polygon", "bounding_box", "ellipse", "line", "keypoint", "skeleton", "mask", "tag")
_OTHER = {
    "cuboid": "a cuboid drawn in an image",
    "raster_layer": "a raster layer that no mask names",
    "string": "a string of other labels",
    "graph": "a graph of other labels",
    "table": "a table",
    "simple_table": "a table",
    "eye": "an eye",
    "link": "a link between labels",
}

#: Files of a folder that are looked at to tell whose it is; reading it refuses it if a later one is of another form.
SEEN = 256


class V7:
    """Reader of V7 Darwin JSON 2.0."""

    name = "v7-darwin"
    title = "V7 Darwin JSON 2.0"
    lacks = (
        Lack("author", "Include worker metadata (include_authorship) when exporting.", partly=True),
        Lack("labeled-at", "Include full stage history (include_stage_history) when exporting.", partly=True),
        Lack("review", "Include full stage history (include_stage_history) when exporting.", partly=True),
        Lack("confidence", ""),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether it is a Darwin JSON 2.0 file, or a folder whose label files are such."""
        if head:
            return _MARK in head
        if not path.is_dir():
            return False
        files = _files(path)
        return bool(files) and all(map(_marked, files[:SEEN]))

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of a file or of a release's folder."""
        if not path.is_dir():
            yield from told(_labels(path, "", None))
            return
        files = _files(path)
        if not files:
            raise UsageError("IMP-001", format=self.title)
        yield from told(
            maker
            for index, file in enumerate(files)
            for maker in _labels(file, f"file {index + 1}, ", path / "stage_history")
        )


def _files(path: Path) -> list[Path]:
    with readable():
        return [file for file in sorted(path.rglob("*.json")) if not {"stage_history", ".v7"} & set(file.parts)]


def _marked(file: Path) -> bool:
    with readable(), file.open("rb") as stream:
        return _MARK in stream.read(1 << 16)


def _document(path: Path) -> Fields:
    """Return one item's file; it is as large as one item's labels."""
    found = [piece.value for piece in pieces(path)]
    if len(found) != 1 or not isinstance(found[0], dict):
        raise UsageError("IMP-001", format=V7.title)
    return Fields(found[0])


def _labels(path: Path, before: str, past: Path | None) -> Iterator[Maker]:
    document = _document(path)
    if document.see("version") != "2.0" or not isinstance(document.see("item"), dict):
        raise UsageError("IMP-001", format=V7.title)
    item = Fields(document.take("item"))
    annotations = document.take("annotations")
    properties = document.take("properties")
    if not isinstance(annotations, list):
        raise UsageError("IMP-003", reason="it has no list of annotations")
    visits = _visits(past, sub(item.see("source_info")).see("item_id")) if past else []
    layers = _layers(annotations)
    named = {str(one.get("id")) for one in annotations if isinstance(one, dict) and _is_mask(one)}
    for index, one in enumerate(annotations):
        place = f"{before}annotations[{index}]"
        if isinstance(one, dict) and "raster_layer" in _kinds(one):
            if not any(mask in named for mask in layers.get(str(one.get("id")), ())):
                yield place, unread(_OTHER["raster_layer"])
            continue
        yield place, lambda one=one, place=place: _label(one, place, item, annotations, visits)  # type: ignore[misc]
    for place, one in listed(f"{before}properties", properties):
        yield place, lambda one=one, place=place: _property(one, place, item)  # type: ignore[misc]


def _kinds(one: dict[str, Any]) -> set[str]:
    found = set(one)
    frames = one.get("frames")
    if isinstance(frames, dict):
        for frame in frames.values():
            found |= set(frame) if isinstance(frame, dict) else set()
    return found


def _is_mask(one: dict[str, Any]) -> bool:
    return "mask" in _kinds(one)


def _layers(annotations: list[Any]) -> dict[str, list[str]]:
    """Map the id of a raster layer to the ids of the masks it carries."""
    found: dict[str, list[str]] = {}
    for one in annotations:
        if isinstance(one, dict) and "raster_layer" in _kinds(one):
            frames = one.get("frames")
            held = list(frames.values()) if isinstance(frames, dict) else [one]
            found[str(one.get("id"))] = [
                mask
                for frame in held
                for mask in sub(sub(sub(frame).see("raster_layer")).see("mask_annotation_ids_mapping")).rest()
            ]
    return found


def _slot(item: Fields, one: Fields) -> dict[str, Any]:
    slots = item.see("slots")
    found = [slot for slot in slots if isinstance(slot, dict)] if isinstance(slots, list) else []
    names = one.take("slot_names")
    if not isinstance(names, list) or not names:
        if len(found) > 1:
            raise ItemError("IMP-023", what="its slot")
        return found[0] if found else {}
    if len(names) != 1:
        raise ItemError("IMP-022", what="a label in several slots")
    for slot in found:
        if slot.get("slot_name") == names[0]:
            return slot
    raise ItemError("IMP-026", what="slot")


def _sample(item: Fields, slot: dict[str, Any]) -> Named:
    many = len(item.see("slots") or ()) > 1
    files = slot.get("source_files")
    name = item.see("name")
    if many and isinstance(files, list) and files:
        name = sub(files[0]).see("file_name")
    if not isinstance(name, str) or not name:
        raise ItemError("IMP-023", what="the name of its file")
    folder = item.see("path")
    folder = folder.strip("/") if isinstance(folder, str) else ""
    return Named("file", f"{folder}/{name}" if folder else name, size(slot.get("width"), slot.get("height")))


def _label(raw: Any, place: str, item: Fields, annotations: list[Any], visits: list[dict[str, Any]]) -> Item:
    one = Fields(raw)
    slot = _slot(item, one)
    sample = _sample(item, slot)
    name = needed(one.text("name"), "its class")
    tool_id = one.word("id")
    made = label_id("v7", tool_id if tool_id is not None else re.sub(r"[^0-9a-z]+", ":", place))
    part = None
    if isinstance(frames := one.take("frames"), dict):
        shape = _track(name, made, frames, sample, slot, one, str(tool_id), annotations)
        if all(frame["kind"] == "class" for frame in shape[1]["frames"]):
            part = {"frames": [frame["frame"] for frame in shape[1]["frames"]]}
            shape = "class", {"class": name}
    else:
        shape = _shape(one, name, sample.size, str(tool_id), annotations, None)
    inference = sub(one.see("inference"))
    sure = confidence(inference.see("confidence"))
    visit, reviews = _past(visits, raw)
    people = one.see("annotators")
    author = visit.by if visit else None
    if author is None and isinstance(people, list) and len(people) == 1:
        author = sub(people[0]).text("email") or sub(people[0]).text("full_name")
    if not reviews:
        checked = one.see("reviewers")
        mails = [sub(who).text("email") for who in checked] if isinstance(checked, list) else []
        reviews = tuple(Review(mail, None, "unknown") for mail in mails if mail)
    return Item(
        place="",
        label_id=made,
        sample=sample,
        kind=shape[0],
        value=shape[1],
        part=part,
        author=author,
        labeled_at=visit.at if visit else None,
        stage=visit.stage if visit else None,
        reviews=reviews,
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        origin="model" if one.see("inference") else "unknown",
        kept=one.rest("slot_names") | {"source_info": item.see("source_info") or {}},
    )


def _shape(
    one: Fields, name: str, extent: Size, tool_id: str, annotations: list[Any], frame: str | None
) -> shapes.Shape:
    kind = next((key for key in _SHAPES if one.see(key) is not None), None)
    if kind is None:
        other = next((key for key in _OTHER if one.see(key) is not None), None)
        raise ItemError("IMP-022", what=_OTHER[other] if other else "a kind that this program does not know")
    what = one.take(kind)
    if kind == "tag":
        return "class", {"class": name}
    if kind == "mask":
        return shapes.mask(name, _runs(tool_id, annotations, frame), extent)
    found = Fields(what)
    if kind == "bounding_box":
        return shapes.box(name, [number(found.see(key)) for key in ("x", "y", "w", "h")], extent)
    if kind == "polygon":
        rings = found.see("paths")
        if rings is None:
            rings = [found.see("path"), *(found.see("additional_paths") or [])]
        return shapes.polygon(name, [shapes.points(ring) for ring in rings], extent)
    if kind == "ellipse":
        turn = shapes.radians(found.see("angle"))
        return shapes.ellipse(name, shapes.xy(found.see("center")), shapes.xy(found.see("radius")), turn, extent)
    if kind == "line":
        return shapes.line(name, shapes.points(found.see("path")), extent)
    if kind == "keypoint":
        return shapes.point(name, shapes.xy(what), extent)
    nodes = [Fields(node) for node in found.see("nodes")]
    named = [
        (needed(node.text("name"), "the name of a point"), (number(node.see("x")), number(node.see("y"))), node)
        for node in nodes
    ]
    return shapes.keypoints(name, [(node, at, 1 if raw.see("occluded") else 2) for node, at, raw in named], extent)


def _track(
    name: str,
    token: str,
    frames: dict[str, Any],
    sample: Named,
    slot: dict[str, Any],
    one: Fields,
    tool_id: str,
    annotations: list[Any],
) -> shapes.Shape:
    last = slot.get("frame_count")
    found = []
    kept: dict[str, Any] = {}
    for key, raw in frames.items():
        number_ = whole(key) + 1
        if isinstance(last, int) and last > 0 and number_ > last:
            raise ItemError("IMP-021")
        fields = Fields(raw)
        keyframe = fields.flag("keyframe")
        shape = _shape(fields, name, sample.size, tool_id, annotations, key)
        found.append((number_, shape, keyframe is False))
        if rest := fields.rest():
            kept[key] = rest
    if kept:
        one.keep("frames", kept)
    return shapes.track(name, token, found)


def _runs(tool_id: str, annotations: list[Any], frame: str | None) -> list[int]:
    """Return a mask's run lengths from the raster layer that carries it (IMP-026 when none does)."""
    for one in annotations:
        holder = one if isinstance(one, dict) else {}
        if frame is not None:
            holder = sub(holder.get("frames")).see(frame) or {}
        layer = holder.get("raster_layer")
        mapping = sub(layer).see("mask_annotation_ids_mapping")
        if isinstance(mapping, dict) and tool_id in mapping:
            return _decoded(sub(layer).see("dense_rle"), whole(mapping[tool_id]))
    raise ItemError("IMP-026", what="raster layer")


def _decoded(pairs: Any, wanted: int) -> list[int]:
    if not isinstance(pairs, list) or len(pairs) % 2 or wanted == 0:
        raise ItemError("IMP-024")
    runs = [0]
    for value, count in zip(pairs[::2], pairs[1::2], strict=True):
        hit = whole(value) == wanted
        if (len(runs) % 2 == 0) != hit:
            runs.append(0)
        runs[-1] += whole(count)
    return runs


def _property(raw: Any, place: str, item: Fields) -> Item:
    one = Fields(raw)
    question, answer = needed(one.text("name"), "its class"), needed(one.text("value"), "its value")
    sample = _sample(item, {})
    made = label_id("v7", re.sub(r"[^0-9a-z]+", ":", place))
    return Item("", made, sample, "class", {"class": f"{question}: {answer}"}, kept=one.rest())


def _visits(past: Path, item_id: Any) -> list[dict[str, Any]]:
    """Return an item's visits in order, each with the annotations that it left; none where there is no history."""
    if not isinstance(item_id, str) or not _SAFE.fullmatch(item_id) or not (past / item_id / "visits.json").is_file():
        return []
    found = _document(past / item_id / "visits.json").see("visits")
    visits = []
    for raw in found if isinstance(found, list) else []:
        visit = sub(raw)
        instance = visit.see("stage_instance_id")
        if not isinstance(instance, str) or not _SAFE.fullmatch(instance):
            return []
        left = past / item_id / f"{instance}.json"
        if not left.is_file():
            return []
        held = _document(left).see("annotations")
        by = sub(visit.see("exited_by"))
        what = sub(visit.see("stage"))
        visits.append(
            {
                "stage": stage(what.see("name")) or stage(what.see("type")),
                "by": by.text("email") or by.text("id") or by.text("full_name"),
                "at": instant(visit.see("exited_at")),
                "review": what.see("type") == "review",
                "held": {one.get("id"): _content(one) for one in held or [] if isinstance(one, dict)},
            }
        )
    return visits


def _content(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in {"annotators", "reviewers", "updated_at"}}


def _past(visits: list[dict[str, Any]], raw: Any) -> tuple[Visit | None, tuple[Review, ...]]:
    content = _content(raw)
    told_of = [
        Visit(one["stage"], one["by"], one["at"], one["held"].get(raw.get("id")), one["review"]) for one in visits
    ]
    return history(told_of, content)
