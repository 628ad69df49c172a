"""Adverse drug events marked in reports: spans of drugs, doses, symptoms, timing and negation, as JSON Lines.

There is no public format of such spans over openFDA or FAERS narratives; this one is the project's own::

    {"report": "r-17", "text": "No rash after amoxicillin 500 mg.",
     "annotator": "reader-2", "time": "2026-03-01T09:00:00Z",
     "spans": [{"id": "s1", "start": 14, "end": 25, "type": "drug"},
               {"id": "s2", "start": 26, "end": 32, "type": "dose", "drug": "s1"},
               {"id": "s3", "start": 3, "end": 7, "type": "symptom", "negated": true, "drug": "s1"}],
     "relations": [{"type": "caused-by", "from": "s3", "to": "s1"}]}

``report``, ``annotator``, ``time``, ``stage`` and ``confidence`` may stand with the record or with a span. A further
field of a span is an attribute, and is kept with it. It is a statement too, so it becomes a ``relation`` of its own: to
the span whose id it names (``drug``), or from the span to itself (``negated``, ``severity=grave``). False and null say
nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Refused
from curator.labels.readers import textio as t

_SPAN = frozenset({"id", "start", "end", "type", "words", "attributes", "annotator", "time", "stage", "confidence"})
_RECORD = frozenset({"text", "spans", "relations", "annotator", "time", "stage", "confidence"})


class AdeSpans:
    """Reader of spans of adverse drug events."""

    name = "ade-spans"
    title = "Adverse drug event spans with attributes and relations: JSON Lines"
    lacks = (
        Lack("author", "write 'annotator' into each record or span", partly=True),
        Lack("labeled-at", "write 'time' as RFC 3339 with a zone", partly=True),
        Lack("guideline", ""),
        Lack("confidence", "write 'confidence', 0 to 1", partly=True),
        Lack("review", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content tells
        """Say whether records have a text and spans with a type."""
        keys = t.head_keys(head)
        foreign = keys & {"answer", "_task_hash", "ents", "tokens", "label", "entities"}
        return t.head_json(head)[:1] in {"{", "["} and {"text", "spans", "start", "type"} <= keys and not foreign

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every report in order; errors as the Protocol says."""
        for count, (place, record) in enumerate(t.records(path), 1):
            if not isinstance(record, dict) or "spans" not in record:
                raise UsageError("IMP-001", format="adverse drug event span")
            yield from _Report(place, count, record).labels()


class _Report:
    """One report."""

    def __init__(self, place: str, count: int, record: dict[str, Any]) -> None:
        self.place, self.count, self.record = place, count, record
        self.kept = t.kept(record, _RECORD)
        self.known: dict[str, str] = {}

    def labels(self) -> t.Told:
        """Yield spans, then their attributes, then relations."""
        spans = t.listed(self.record["spans"])
        ids = Counter(one["id"] for one in spans if isinstance(one, dict) and isinstance(one.get("id"), str))
        self.doubled = {id_ for id_, seen in ids.items() if seen > 1}
        self.ids = set(ids)
        for at, raw in enumerate(spans):
            yield t.attempt(self._span, f"{self.place} spans[{at}]", at, raw)
        for at, raw in enumerate(spans):
            for number, (name, value) in enumerate(_attributes(raw), 1):
                if value is not False and value is not None:
                    place = f"{self.place} spans[{at}] attribute {number}"
                    yield t.attempt(self._attribute, place, at, number, raw, name, value)
        for at, raw in enumerate(t.listed(self.record.get("relations"))):
            yield t.attempt(self._relation, f"{self.place} relations[{at}]", at, raw)

    def _item(self, place: str, part: str, kind: str, value: dict[str, Any], raw: Any, more: dict[str, Any]) -> Item:
        said = {
            name: raw[name] if raw.get(name) is not None else self.record.get(name)
            for name in ("annotator", "time", "stage", "confidence")
        }
        author, at = t.person(said["annotator"]), t.instant(said["time"])
        if at is None and said["time"] is not None:
            more = more | {"time": said["time"]}
        confidence = said["confidence"]
        if confidence is not None and (
            isinstance(confidence, bool) or not isinstance(confidence, int | Decimal) or not 0 <= confidence <= 1
        ):
            raise ItemError("IMP-020")
        stage = said["stage"]
        return Item(
            place,
            f"ade-{self.count}-{part}",
            t.text_sample(self.place, self.record.get("text")),
            kind,
            value,
            author=author,
            labeled_at=at,
            stage=t.text(stage, "stage").lower() if stage is not None else None,
            confidence=Decimal(confidence) if confidence is not None else None,
            confidence_scale="probability-0-1" if confidence is not None else None,
            origin="human" if author else "unknown",
            kept=self.kept | ({"label": more} if more else {}),
        )

    def _span(self, place: str, at: int, raw: Any) -> Item:
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a span")
        id_ = raw.get("id")
        if isinstance(id_, str) and id_ in self.doubled:
            raise ItemError("IMP-027")
        content = t.text(self.record.get("text"))
        value = t.span(raw.get("type"), raw.get("start"), raw.get("end"), content, raw.get("words"))
        more: dict[str, Any] = {"attributes": dict(_attributes(raw))} if _attributes(raw) else {}
        if id_ is not None:
            more["id"] = id_
        item = self._item(place, f"s{at + 1}", "span", value, raw, more)
        self.known[f"{at}"] = item.label_id
        if isinstance(id_, str):
            self.known[f"id {id_}"] = item.label_id
        return item

    def _attribute(self, place: str, at: int, number: int, raw: dict[str, Any], name: str, value: Any) -> Item:
        own = self.known.get(f"{at}")
        if own is None:
            raise ItemError("IMP-026", what="span")
        if isinstance(value, str) and value in self.ids:
            said = {"type": t.class_name(name, "type"), "from": own, "to": self._referred(value)}
        else:
            word = name if value is True else f"{name}={_word(value)}"
            said = {"type": t.class_name(word, "type"), "from": own, "to": own}
        return self._item(place, f"s{at + 1}-{number}", "relation", said, raw, {})

    def _referred(self, id_: Any) -> str:
        known = self.known.get(f"id {id_}") if isinstance(id_, str) else None
        if known is None:
            raise ItemError("IMP-026", what="span")
        return known

    def _relation(self, place: str, at: int, raw: Any) -> Item:
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="the form of a relation")
        said = {
            "type": t.class_name(raw.get("type"), "type"),
            "from": self._referred(raw.get("from")),
            "to": self._referred(raw.get("to")),
        }
        more = t.kept(raw, {"type", "from", "to", "annotator", "time", "stage", "confidence"})
        return self._item(place, f"r{at + 1}", "relation", said, raw, more)


def _attributes(raw: Any) -> list[tuple[str, Any]]:
    """Return what else a span says: its further fields, and those under ``attributes``."""
    if not isinstance(raw, dict):
        return []
    inner = raw.get("attributes")
    more = list(inner.items()) if isinstance(inner, dict) else []
    if inner is not None and not isinstance(inner, dict):
        more = [("attributes", inner)]
    return [(name, value) for name, value in raw.items() if name not in _SPAN] + more


def _word(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    return t.class_name(value, "value of an attribute")
