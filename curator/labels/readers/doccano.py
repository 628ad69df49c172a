"""doccano: classes, spans, relations, boxes and texts, as its JSON Lines, JSON and CSV exports have them.

Read against doccano's own source (backend/data_export, 2019 to 2024). Offsets are code points. A list of classes is one
label of kind ``classes``; in CSV the tool joins them with ``#``, and a class with that sign in its name cannot be told
from two. Seq2seq, captions and speech-to-text look like classification in the file: the reader ``doccano-seq2seq``
takes them for texts and must be named. An audio file's labels are always texts. Exports of 2019 to 2020 name a user by
number, and an approver; ``prob`` is 0 by default there and is no confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_box, check_ring, number, numbers
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers import textio as t

_LISTS = ("label", "labels", "cats", "entities", "annotations", "bbox", "segmentation")
_TAKEN = frozenset({"text", "data", "filename", "annotation_approver", "relations", *_LISTS})
_FOREIGN = {"answer", "_task_hash", "_view_id", "paragraphs", "spans", "images", "tokens", "ents"}
_AUDIO = (".wav", ".mp3", ".m4a", ".flac", ".ogg", ".aac", ".opus", ".wma", ".aiff", ".aif")


class Doccano:
    """Reader of doccano's exports: JSON Lines, JSON, and CSV of classification projects."""

    name = "doccano"
    title = "doccano 1.x: JSON Lines, JSON, CSV"
    lacks = (
        Lack("author", "untick 'Share annotations across all users': the export then has one file a person"),
        Lack("labeled-at", ""),
        Lack("guideline", ""),
        Lack("confidence", ""),
        Lack("review", "export with 'Export only approved documents'; the file does not repeat it"),
    )
    texts = False

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether a file is one: records of a text or file name with doccano's lists, or its CSV header."""
        begin = t.head_json(head)
        if begin[:1] in {"{", "["}:
            record = t.first_record(head)
            if not isinstance(record, dict) or record.keys() & _FOREIGN:
                return False
            if {"annotator", "annotation_id", "lead_time"} <= record.keys():
                return False  # Label Studio's short JSON
            made = record.get("annotations")
            if isinstance(made, list) and any(isinstance(one, dict) and "datasetId" in one for one in made):
                return False  # Dataloop's
            named = any(isinstance(record.get(key), str) for key in ("text", "data", "filename"))
            return named and any(isinstance(record.get(key), list) for key in (*_LISTS, "relations"))
        first = begin.split("\n", 1)[0].strip().split(",")
        return path.suffix.lower() == ".csv" and {"text", "label"} <= set(first)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels in order; errors as the Protocol says."""
        form = "doccano"
        number_ = 0
        for place, record in _csv(path) if path.suffix.lower() == ".csv" else t.records(path):
            number_ += 1
            if isinstance(record, ItemError):
                yield Refused(place, record.code, dict(record.facts))
                continue
            if not isinstance(record, dict) or (number_ == 1 and not record.keys() & {"text", "data", "filename"}):
                raise UsageError("IMP-001", format=form)
            yield from _Record(place, number_, record, self.texts).labels()


class DoccanoTexts(Doccano):
    """The same for projects whose labels are texts: seq2seq, image captions."""

    name = "doccano-seq2seq"
    title = "doccano 1.x: texts of seq2seq and captioning projects"
    texts = True

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - nothing tells
        """Never: the file looks like one of a classification project, so the reader must be named."""
        return False


def _csv(path: Path) -> Iterator[tuple[str, Any]]:
    lines = t.rows(path)
    header = next(lines, (0, []))[1]
    if "label" not in header or len(set(header)) != len(header):
        raise UsageError("IMP-001", format="doccano")
    for line, row in lines:
        try:
            cells: dict[str, Any] = t.fields(header, row)
        except ItemError as error:
            yield f"row {line}", error
            continue
        joined = cells["label"]
        cells["label"] = joined.split("#") if joined else []
        if not cells.get("text", ""):
            cells.pop("text", None)
        yield f"row {line}", cells


class _Record:
    """One document with its labels."""

    def __init__(self, place: str, count: int, record: dict[str, Any], texts: bool) -> None:
        self.place, self.count, self.record, self.texts = place, count, record, texts
        self.content = record.get("text", record.get("data"))
        self.kept = t.kept(record, _TAKEN)
        approver = t.person(record.get("annotation_approver"))
        self.reviews = (Review(approver, None, "accepted"),) if approver else ()
        self.ids: dict[int, str] = {}
        file = record.get("filename")
        self.audio = isinstance(file, str) and file.lower().endswith(_AUDIO)
        self.made = 0

    def labels(self) -> t.Told:
        entities = [one for one in t.listed(self.record.get("entities")) if isinstance(one, dict)]
        self.doubled = {
            id_ for id_, seen in Counter(_id(one) for one in entities).items() if seen > 1 and id_ is not None
        }
        for key in _LISTS:
            yield from self._list(key)
        for at, one in enumerate(t.listed(self.record.get("relations"))):
            yield self._count(t.attempt(self._relation, f"{self.place} relations[{at}]", one, at))
        if self.reviews and not self.made:
            yield t.attempt(self._classes, f"{self.place} approved", [])

    def _list(self, key: str) -> t.Told:
        raw = self.record.get(key)
        if isinstance(raw, str):
            yield self._count(t.attempt(self._class, f"{self.place} {key}", raw))
            return
        values = t.listed(raw)
        classes = [one for one in values if isinstance(one, str)]
        if classes and not (self.texts or self.audio):
            yield self._count(t.attempt(self._classes, f"{self.place} {key}", classes))
        for at, one in enumerate(values):
            place = f"{self.place} {key}[{at}]"
            if isinstance(one, str):
                if self.texts or self.audio:
                    yield self._count(t.attempt(self._text, place, one))
                continue
            yield self._count(t.attempt(self._one, place, one, key))

    def _count(self, told: Item | Refused) -> Item | Refused:
        self.made += 1
        return told

    def _sample(self) -> Named:
        if self.content is not None:
            return t.text_sample(self.place, self.content)
        return Named("file", t.class_name(self.record.get("filename"), "text or file name"))

    def _item(self, place: str, kind: str, value: dict[str, Any], more: dict[str, Any] | None = None) -> Item:
        more = dict(more or {})
        user = t.person(more.get("user"))
        if user:
            del more["user"]
        label = f"doccano-{self.count}-{self.made + 1}"
        return Item(
            place,
            label,
            self._sample(),
            kind,
            value,
            author=user,
            reviews=self.reviews,
            origin="human" if user else "unknown",
            kept=self.kept | ({"label": more} if more else {}),
        )

    def _class(self, place: str, raw: str) -> Item:
        if self.texts or self.audio:
            return self._text(place, raw)
        return self._item(place, "class", {"class": t.class_name(raw)})

    def _classes(self, place: str, raw: list[str]) -> Item:
        return self._item(place, "classes", {"classes": sorted({t.class_name(one) for one in raw})})

    def _text(self, place: str, raw: str) -> Item:
        return self._item(place, "transcript", {"text": t.text(raw)})

    def _one(self, place: str, raw: Any, key: str) -> Item:
        if isinstance(raw, list):
            if len(raw) != 3:
                raise ItemError("IMP-023", what="start, end and type")
            return self._item(place, "span", t.span(raw[2], raw[0], raw[1], t.text(self.content)))
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a label")
        if key == "bbox":
            box = [number(raw.get(name)) for name in ("x", "y", "width", "height")]
            check_box(box, None)
            value = {"class": t.class_name(raw.get("label")), "box": box}
            return self._item(place, "box", value, t.kept(raw, {"x", "y", "width", "height", "label"}))
        if key == "segmentation":
            ring = numbers(raw.get("points"))
            check_ring(ring, None)
            value = {"class": t.class_name(raw.get("label")), "rings": [ring]}
            return self._item(place, "polygon", value, t.kept(raw, {"points", "label"}))
        if "start_offset" not in raw and "end_offset" not in raw and key in {"annotations", "labels", "label"}:
            if "text" in raw and "label" not in raw:
                return self._item(place, "transcript", {"text": t.text(raw["text"])}, t.kept(raw, {"text"}))
            return self._item(place, "class", {"class": t.class_name(raw.get("label"))}, t.kept(raw, {"label"}))
        id_ = _id(raw)
        if id_ in self.doubled:
            raise ItemError("IMP-027")
        content = t.text(self.content)
        value = t.span(raw.get("label"), raw.get("start_offset"), raw.get("end_offset"), content)
        item = self._item(place, "span", value, t.kept(raw, {"label", "start_offset", "end_offset"}))
        if id_ is not None:
            self.ids[id_] = item.label_id
        return item

    def _relation(self, place: str, raw: Any, at: int) -> Item:
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a relation")
        ends = [raw.get("from_id"), raw.get("to_id")]
        known = [self.ids.get(end) if isinstance(end, int) and not isinstance(end, bool) else None for end in ends]
        if None in known:
            raise ItemError("IMP-026", what="span")
        value = {"type": t.class_name(raw.get("type"), "type"), "from": known[0], "to": known[1]}
        item = self._item(place, "relation", value, t.kept(raw, {"type", "from_id", "to_id"}))
        return replace(item, label_id=f"doccano-{self.count}-r{at + 1}")


def _id(raw: dict[str, Any]) -> int | None:
    value = raw.get("id")
    return value if isinstance(value, int) and not isinstance(value, bool) else None
