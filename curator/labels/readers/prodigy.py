"""Prodigy: tasks as ``prodigy db-out`` writes them, one JSON object a line (prodi.gy, API "Annotation interfaces").

Each label of a task that was accepted is an item; a task that was rejected says that its labels do not hold, one that
was ignored says nothing: their labels are refused and counted (IMP-050). An accepted task without a label says that
nothing was found: an empty ``classes``. The time is seconds since 1970 in UTC, of the whole task. A named session gives
the person; the session name that Prodigy makes up from the clock does not. ``score`` is a model's and is the confidence
only where nobody answered; a person's answer makes the label a person's, and the score is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.geometry import check_box, check_points, check_ring, number, numbers
from curator.labels.item import Item, Lack, Named, Refused
from curator.labels.readers import textio as t

_MARKS = {"answer", "_task_hash", "_input_hash", "_view_id", "_annotator_id", "_session_id"}
_TAKEN = frozenset(
    {"text", "image", "audio", "video", "spans", "audio_spans", "relations", "label", "accept", "answer", "tokens",
     "transcript", "user_input", "_timestamp", "_annotator_id", "path", "width", "height"}
)  # fmt: skip
_CLOCK_SESSION = re.compile(r"(.*-)?\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d", re.DOTALL)
_OUTCOMES = {"reject": "rejected", "ignore": "skipped"}


class Prodigy:
    """Reader of Prodigy's JSON Lines."""

    name = "prodigy"
    title = "Prodigy 1.x: JSON Lines of db-out"
    lacks = (
        Lack("author", "open the app with ?session=NAME, so that each task gets its _annotator_id", partly=True),
        Lack("labeled-at", "use Prodigy 1.12 or later, which writes _timestamp", partly=True),
        Lack("guideline", ""),
        Lack("confidence", ""),
        Lack("review", "run the review recipe, and export its dataset", partly=True),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content tells
        """Say whether records carry Prodigy's own keys."""
        return t.head_json(head)[:1] in {"{", "["} and len(t.head_keys(head) & _MARKS) >= 2

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels in order; errors as the Protocol says."""
        for count, (place, record) in enumerate(t.records(path), 1):
            if not isinstance(record, dict) or (count == 1 and not record.keys() & _MARKS):
                raise UsageError("IMP-001", format="Prodigy")
            yield from _Task(place, count, record).labels()


class _Task:
    """One task."""

    def __init__(self, place: str, count: int, record: dict[str, Any]) -> None:
        self.place, self.count, self.record = place, count, record
        self.answer = record.get("answer")
        self.kept = t.kept(record, _TAKEN)
        who = t.person(record.get("_annotator_id")) or t.person(record.get("_session_id"))
        self.author = None if who is None or _CLOCK_SESSION.fullmatch(who) else who
        self.at = t.from_epoch(record.get("_timestamp"))
        for name, taken in (("_timestamp", self.at), ("_annotator_id", self.author)):
            if taken is None and name in record:
                self.kept[name] = record[name]
        self.spans: dict[tuple[int, int], str | None] = {}

    def labels(self) -> t.Told:
        """Yield the task's labels."""
        made = 0
        for told in self._all():
            made += 1
            yield told
        if not made and self.answer == "accept":
            yield t.attempt(self._item, f"{self.place} answer", "none", "classes", {"classes": []})

    def _all(self) -> t.Told:
        record = self.record
        if record.get("label") is not None:
            yield t.attempt(self._label, f"{self.place} label", record["label"])
        if record.get("accept") is not None:
            yield t.attempt(self._choice, f"{self.place} accept", record["accept"])
        for key, short in (("spans", "s"), ("audio_spans", "a")):
            for at, raw in enumerate(t.listed(record.get(key))):
                yield t.attempt(self._span, f"{self.place} {key}[{at}]", f"{short}{at + 1}", raw, key)
        for at, raw in enumerate(t.listed(record.get("relations"))):
            yield t.attempt(self._relation, f"{self.place} relations[{at}]", f"r{at + 1}", raw)
        for key in ("transcript", "user_input"):
            if record.get(key) is not None:
                yield t.attempt(self._text, f"{self.place} {key}", key.replace("_", "-"), record[key])

    def _check_answer(self) -> None:
        if isinstance(self.answer, str) and self.answer in _OUTCOMES:
            raise ItemError("IMP-050", what=_OUTCOMES[self.answer])
        if self.answer is not None and self.answer != "accept":
            raise ItemError("IMP-023", what="an answer that is known")

    def _item(
        self, place: str, part: str, kind: str, value: dict[str, Any], more: dict[str, Any] | None = None
    ) -> Item:
        self._check_answer()
        kept = self.kept | ({"label": more} if more else {})
        answered = self.answer == "accept"
        item = Item(
            place,
            f"prodigy-{self.count}-{part}",
            self._sample(),
            kind,
            value,
            author=self.author,
            labeled_at=self.at,
            stage="review" if self.record.get("_view_id") == "review" else None,
            origin="human" if answered and self.author else "unknown",
            kept=kept,
        )
        score = (more or {}).get("score", self.record.get("score"))
        if answered or not isinstance(score, int | Decimal) or isinstance(score, bool) or not 0 <= score <= 1:
            return item
        return replace(item, origin="model", confidence=Decimal(score), confidence_scale="probability-0-1")

    def _sample(self) -> Named:
        if "text" in self.record:
            return t.text_sample(self.place, self.record["text"])
        for name in ("path", "image", "audio", "video"):
            value = self.record.get(name)
            if isinstance(value, str) and not value.startswith("data:"):
                size = (self.record.get("width"), self.record.get("height"))
                return Named("file", t.text(value), self._size() if None not in size else None)
        meta = self.record.get("meta")
        if isinstance(meta, dict) and isinstance(meta.get("file"), str):
            return Named("file", t.text(meta["file"]))
        raise ItemError("IMP-023", what="a text, or the name of its file")

    def _size(self) -> tuple[int, int]:
        return t.whole(self.record.get("width")), t.whole(self.record.get("height"))

    def _label(self, place: str, raw: Any) -> Item:
        return self._item(place, "label", "class", {"class": t.class_name(raw)})

    def _choice(self, place: str, raw: Any) -> Item:
        if not isinstance(raw, list):
            raise ItemError("IMP-023", what="a list of options")
        config = self.record.get("config")
        multiple = isinstance(config, dict) and config.get("choice_style") == "multiple"
        chosen = [t.class_name(one, "option") for one in raw]
        known = {
            t.class_name(one.get("id"), "option")
            for one in t.listed(self.record.get("options"))
            if isinstance(one, dict)
        }
        if known and not set(chosen) <= known:
            raise ItemError("IMP-026", what="option")
        if len(chosen) == 1 and not multiple:
            return self._item(place, "choice", "class", {"class": chosen[0]})
        return self._item(place, "choice", "classes", {"classes": sorted(set(chosen))})

    def _span(self, place: str, part: str, raw: Any, key: str) -> Item:
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a label")
        if "points" in raw or raw.get("type") in {"rect", "polygon", "freehand"}:
            return self._shape(place, part, raw)
        if key == "audio_spans" or "text" not in self.record:
            raise ItemError("IMP-022", what="a span of sound or of a page")
        value = t.span(raw.get("label"), raw.get("start"), raw.get("end"), t.text(self.record["text"]), raw.get("text"))
        item = self._item(place, part, "span", value, t.kept(raw, {"label", "start", "end", "text"}))
        at = (value["start"], value["end"])
        self.spans[at] = None if at in self.spans else item.label_id
        return item

    def _shape(self, place: str, part: str, raw: dict[str, Any]) -> Item:
        """Rectangles, polygons and freehand lines of ``image_manual``, in pixels of the image as it was shown."""
        size = self._size() if "width" in self.record else None
        name = t.class_name(raw.get("label"))
        corners = [numbers(point, 2) for point in t.listed(raw.get("points"))]
        line = [value for point in corners for value in point]
        if raw.get("type") == "rect" or (raw.get("type") is None and "width" in raw):
            if "width" in raw:
                box = [number(raw.get(one)) for one in ("x", "y", "width", "height")]
            else:
                check_points(line, size)
                x, y = min(line[0::2]), min(line[1::2])
                box = [x, y, max(line[0::2]) - x, max(line[1::2]) - y]
            check_box(box, size)
            return self._item(place, part, "box", {"class": name, "box": box}, t.kept(raw, {"label"}))
        check_ring(line, size)
        return self._item(place, part, "polygon", {"class": name, "rings": [line]}, t.kept(raw, {"label", "points"}))

    def _relation(self, place: str, part: str, raw: Any) -> Item:
        """A relation between the tokens where two spans end: it is one between the spans, when both have a label."""
        self._check_answer()
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a relation")
        ends = [self._end(raw.get(name)) for name in ("head_span", "child_span")]
        value = {"type": t.class_name(raw.get("label"), "type"), "from": ends[0], "to": ends[1]}
        return self._item(place, part, "relation", value, t.kept(raw, {"label"}))

    def _end(self, raw: Any) -> str:
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="head_span and child_span")
        known = self.spans.get((t.whole(raw.get("start")), t.whole(raw.get("end"))))
        if known is None:
            raise ItemError("IMP-026", what="single span")
        return known

    def _text(self, place: str, part: str, raw: Any) -> Item:
        return self._item(place, part, "transcript", {"text": t.text(raw)})
