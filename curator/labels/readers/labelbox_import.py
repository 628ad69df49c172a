"""Labelbox's import files (NDJSON or a list): predictions of models and labels that are brought to Labelbox.

Format: ``labelbox/data/serialization/ndjson`` of Labelbox's SDK. Each row is one annotation of one data row, which has
an id or a global key. A row may give its class by the id of a schema alone: this id is its class then, and an ontology
can name it as a synonym. A video's object comes as segments of key frames: each segment is a track of its own, since
the object is not there between them. Frames are counted from 1. A row that states a confidence or metrics is a
model's. Answers within an object stay in ``kept``.

Never kept: the query of an address. Labelbox puts tokens there that open the data.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.png import FILE, segments_of
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.labelbox_parts import class_name, classes, shape
from curator.labels.readers.vendor_fields import (
    Fields,
    Maker,
    bare,
    confidence,
    label_id,
    listed,
    no_label,
    sub,
    told,
    unread,
    whole,
)
from curator.labels.readers.vendor_stream import rows

_NO_LABEL = {
    "metricValue": "a metric of a model",
    "messageEvaluationTask": "a judgement of a model's answers",
    "textSelections": "a place on a page of a document",
    "groupKey": "frames of a plane of a series",
    "masks": "masks of a video",
}


class LabelboxImport:
    """Reader of Labelbox's import files."""

    name = "labelbox-import"
    title = "Labelbox import file (NDJSON)"
    lacks = (
        Lack("author", "Export what Labelbox holds (export v2 with label_details)."),
        Lack("labeled-at", "Export what Labelbox holds (export v2 with label_details)."),
        Lack("review", "Export what Labelbox holds (export v2 with label_details and project_details)."),
        Lack("confidence", "Give each row of a model a confidence when writing the file.", partly=True),
        Lack("guideline", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the head has the keys of an import row."""
        named = b'"uuid"' in head or b'"schemaId"' in head or b'"name"' in head
        return path.is_file() and b'"dataRow"' in head and named and b'"DataRow ID"' not in head

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every row."""
        yield from told(maker for place, row in rows(path) for maker in _row(place, row))


def _row(place: str, raw: Any) -> Iterator[Maker]:
    if not isinstance(raw, dict) or not isinstance(raw.get("dataRow"), dict):
        raise UsageError("IMP-001", format=LabelboxImport.title)
    told_not = next((what for key, what in _NO_LABEL.items() if raw.get(key) is not None), None)
    if told_not is not None:
        yield place, unread(told_not)
    elif raw.get("segments") is not None:
        parts = list(listed(f"{place}.segments", raw["segments"]))
        if not parts:
            yield place, no_label("IMP-023", what="its frames")
        for index, (where, segment) in enumerate(parts):
            mark = (str(index + 1),) if len(parts) > 1 else ()
            yield where, lambda segment=segment, mark=mark: _track(place, raw, segment, mark)  # type: ignore[misc]
    else:
        yield place, lambda: _one(place, raw)


def _sample(row: Fields) -> Named:
    data = sub(row.take("dataRow"))
    key = data.see("globalKey")
    if isinstance(key, str):
        return Named("file", key)
    own = data.see("id")
    if not isinstance(own, str):
        raise ItemError("IMP-023", what="its sample")
    return Named("id", own)


def _made(place: str, row: Fields, sample: Named) -> str:
    """Return the label's id: the tool's own, else data row and place in the file."""
    own = row.text("uuid")
    return label_id("labelbox", own) if own else label_id("labelbox", sample.name, place.strip("[]").replace(" ", "-"))


def _origin(row: Fields) -> str:
    answers = row.see("answer")
    told_by = [row, *(sub(one) for one in (answers if isinstance(answers, list) else [answers]))]
    return "model" if any(one.see(key) for one in told_by for key in ("confidence", "customMetrics")) else "unknown"


def _one(place: str, raw: dict[str, Any]) -> Item:
    row = Fields(raw)
    sample = _sample(row)
    made, origin = _made(place, row, sample), _origin(row)
    sure = confidence(row.see("confidence"))
    answered = row.see("answer")
    if sure is None and isinstance(answered, dict):
        sure = confidence(answered.get("confidence"))
    part = None
    if "relationship" in raw:
        kind, value = _relation(row)
    elif "answer" in raw or "answers" in raw:
        if row.see("messageId") is not None:
            raise ItemError("IMP-022", what="a place in a message of a conversation")
        kind, value = classes(row)
        part = _frames(row.take("frames"))
    elif row.see("mask") is not None:
        kind, value = _mask(row)
    else:
        kind, value = shape(row, class_name(row), None)
    return Item(
        "",
        made,
        sample=sample,
        kind=kind,
        value=value,
        part=part,
        origin=origin,
        confidence=sure,
        confidence_scale=None if sure is None else "probability-0-1",
        tool=("Labelbox", "unknown"),
        kept=row.rest(),
    )


def _relation(row: Fields) -> shapes.Shape:
    ends = Fields(row.take("relationship"))
    source, target = ends.see("source"), ends.see("target")
    if not isinstance(source, str) or not isinstance(target, str):
        raise ItemError("IMP-023", what="the labels that it joins")
    row.keep("relationship", ends.rest("source", "target"))
    value = {"type": class_name(row), "from": label_id("labelbox", source), "to": label_id("labelbox", target)}
    return "relation", value


def _frames(raw: Any) -> dict[str, Any] | None:
    """Return the part of a video for which an answer holds: ranges of frames, both ends included."""
    if raw is None:
        return None
    found: set[int] = set()
    for one in raw if isinstance(raw, list) else [raw]:
        ends = Fields(one)
        start, end = whole(ends.see("start")), whole(ends.see("end"))
        if not 1 <= start <= end or end - start > 1_000_000:
            raise ItemError("IMP-020")
        found.update(range(start, end + 1))
    if not found:
        raise ItemError("IMP-023", what="its frames")
    return {"frames": sorted(found)}


def _mask(row: Fields) -> shapes.Shape:
    """Return a mask that stands in the row as a PNG in base 64: what is not 0 is the label."""
    held = Fields(row.see("mask"))
    packed = held.see("png")
    if not isinstance(packed, str):
        row.keep("mask", held.rest("instanceURI") | {"instanceURI": bare(held.see("instanceURI"))})
        raise ItemError("IMP-022", what="a mask that stands behind an address")
    if len(packed) > FILE:
        raise ItemError("IMP-032")
    try:
        data = binascii.a2b_base64(packed.encode("ascii"), strict_mode=True)
    except ValueError:
        raise ItemError("IMP-032") from None
    size, colors = segments_of(data, None)
    if len(colors) != 1:
        raise ItemError("IMP-021" if not colors else "IMP-032")
    row.take("mask")
    (runs,) = colors.values()
    return shapes.mask(class_name(row), runs, size)


def _track(place: str, raw: dict[str, Any], segment: Any, mark: tuple[str, ...]) -> Item:
    row = Fields(raw)
    row.take("segments")
    sample = _sample(row)
    token, origin = _made(place, row, sample), _origin(row)
    name = class_name(row)
    frames: list[tuple[int, shapes.Shape, bool]] = []
    kept: dict[str, Any] = {}
    for _, one in listed("", Fields(segment).see("keyframes")):
        key = Fields(one)
        frame = whole(key.take("frame"))
        frames.append((frame, shape(key, name, None), False))
        kept[str(frame)] = key.rest()
    kind, value = shapes.track(name, token, frames)
    made = label_id(token, *mark) if mark else token
    kept = {frame: rest for frame, rest in kept.items() if rest}
    tool = ("Labelbox", "unknown")
    return Item(
        "", made, sample=sample, kind=kind, value=value, origin=origin, tool=tool,
        kept=row.rest() | ({"frames": kept} if kept else {}),
    )  # fmt: skip
