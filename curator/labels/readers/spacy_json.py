"""spaCy: pairs of a text and its labels, ``Doc.to_json``, and the training format of version 2, as JSON or JSON Lines.

Sources: spacy.io/api/data-formats and ``Doc.to_json`` of versions 2 and 3. Offsets are code points. In the training
format of version 2 a text is its ``raw``, and its tokens are looked for in it one after the other; without ``raw`` it
is the tokens as :mod:`curator.labels.readers.conll` joins them. BILOU tags become spans.

``cats`` that are all 0 or 1 are one label, the classes that hold; with numbers between they are a model's scores and
are refused (a score is no statement that a class holds). Labels without an entity are not made up. A binary ``.spacy``
file is refused whole: write it out with ``Doc.to_json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import textio as t

_BINARY = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_FORM = "spaCy JSON or JSON Lines"
_KNOWN = {"entities", "ents", "spans", "cats", "tokens"}
_TAG = re.compile(r"([BILU])-(.{1,200})", re.DOTALL)
_SPANS = {"entities": "e", "ents": "e", "links": "k"}


class SpacyJson:
    """Reader of spaCy's JSON forms."""

    name = "spacy"
    title = "spaCy 2 and 3: JSON training data, Doc.to_json"
    lacks = tuple(Lack(what, "") for what in ("author", "labeled-at", "guideline", "confidence", "review"))

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether the begin has one of spaCy's forms; a binary DocBin is taken too, to be refused by name."""
        if path.suffix == ".spacy" and head.startswith(_BINARY):
            return True
        begin, keys = t.head_json(head), t.head_keys(head)
        if keys & {"answer", "_task_hash", "_view_id", "start_offset"}:
            return False
        if begin[:1] not in {"{", "["}:
            return False
        pair = re.match(r'\[\s*(\[\s*)?"(?:[^"\\]|\\.)*"\s*,\s*\{', begin) or {"annotations", "classes"} <= keys
        record = t.first_record(head)
        if isinstance(record, dict) and isinstance(record.get("cats"), list):
            return False  # doccano's: spaCy has a value for each class
        texts = {"text", "ents"} <= keys or {"text", "cats"} <= keys
        return bool((pair and "entities" in keys | {"entities"}) or "paragraphs" in keys or texts)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every text in order; errors as the Protocol says."""
        try:
            with path.open("rb") as stream:
                binary = stream.read(2) in _BINARY
        except OSError:
            raise UsageError("IMP-002") from None
        if binary:
            raise UsageError("IMP-001", format=_FORM)
        count = 0
        for place, record in t.records(path):
            for inner, text, labels in _texts(place, record):
                count += 1
                yield from _Text(inner, count, text, labels).labels()


def _texts(place: str, record: Any) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield the texts of a record with their labels (IMP-001 for what is none of the forms)."""
    if isinstance(record, list) and len(record) == 2 and isinstance(record[1], dict):
        yield place, record[0], record[1]
    elif isinstance(record, dict) and isinstance(record.get("paragraphs"), list):
        for at, one in enumerate(record["paragraphs"]):
            inner = f"{place} paragraphs[{at}]"
            if not isinstance(one, dict):
                raise UsageError("IMP-001", format=_FORM)
            yield inner, None, one
    elif isinstance(record, dict) and isinstance(record.get("annotations"), list):
        for at, one in enumerate(record["annotations"]):
            if one is not None:
                yield from _texts(f"{place} annotations[{at}]", one)
    elif isinstance(record, dict) and "text" in record and record.keys() & _KNOWN:
        yield place, record["text"], record
    else:
        raise UsageError("IMP-001", format=_FORM)


class _Text:
    """One text with its labels."""

    def __init__(self, place: str, count: int, text: Any, labels: dict[str, Any]) -> None:
        self.place, self.count, self.raw, self.record = place, count, text, labels
        self.kept = {
            name: value for name, value in labels.items() if name in {"id", "meta", "_"} and value not in ({}, None)
        }

    def labels(self) -> t.Told:
        """Yield spans, classes, then the tags of tokens."""
        tokens = self._tokens()
        self.content, self.where = (self.raw, []) if self.raw is not None else _joined(self.record.get("raw"), tokens)
        for key, short in _SPANS.items():
            value = self.record.get(key)
            if key == "links" and isinstance(value, dict):
                for at in range(len(value)):  # codes of a knowledge base with their probabilities
                    yield refused(f"{self.place} links[{at}]", ItemError("IMP-022", what="an entity link"))
                continue
            for at, one in enumerate(t.listed(value)):
                yield t.attempt(self._span, f"{self.place} {key}[{at}]", f"{short}{at + 1}", one, {})
        groups = self.record.get("spans")
        named = groups.items() if isinstance(groups, dict) else [("", groups)]
        for number, (group, spans) in enumerate(named, 1):
            for at, one in enumerate(t.listed(spans)):
                more = {"group": group} if group else {}
                yield t.attempt(self._span, f"{self.place} spans {number}[{at}]", f"g{number}-{at + 1}", one, more)
        if self.record.get("cats"):
            yield t.attempt(self._cats, f"{self.place} cats", self.record["cats"])
        yield from self._tagged(tokens)

    def _item(self, place: str, part: str, kind: str, value: dict[str, Any], more: dict[str, Any]) -> Item:
        kept = self.kept | ({"label": more} if more else {})
        return Item(place, f"spacy-{self.count}-{part}", self._sample(), kind, value, kept=kept)

    def _sample(self) -> Named:
        return t.text_sample(self.place, self.content)

    def _span(self, place: str, part: str, raw: Any, more: dict[str, Any]) -> Item:
        content = t.text(self.content)
        if isinstance(raw, list) and 3 <= len(raw) <= 5:
            more = more | ({"more": raw[3:]} if raw[3:] else {})
            return self._item(place, part, "span", t.span(raw[2], raw[0], raw[1], content), more)
        if not isinstance(raw, dict):
            raise ItemError("IMP-023", what="start, end and type")
        value = t.span(raw.get("label"), raw.get("start"), raw.get("end"), content, raw.get("text"))
        return self._item(place, part, "span", value, more | t.kept(raw, {"label", "start", "end", "text"}))

    def _cats(self, place: str, raw: Any) -> Item:
        if isinstance(raw, list):  # version 2: [{"label": ..., "value": ...}]
            pairs = [(one.get("label"), one.get("value")) for one in raw if isinstance(one, dict)]
            if len(pairs) != len(raw):
                raise ItemError("IMP-023", what="classes with their values")
        elif isinstance(raw, dict):
            pairs = list(raw.items())
        else:
            raise ItemError("IMP-023", what="classes with their values")
        holds = []
        for name, value in pairs:
            if value not in (0, 1) or not isinstance(value, int | Decimal):
                raise ItemError("IMP-022", what="scores of classes")
            if value == 1:
                holds.append(t.class_name(name))
        return self._item(place, "cats", "classes", {"classes": sorted(set(holds))}, {"cats": raw})

    def _tokens(self) -> list[list[dict[str, Any]]]:
        """Return the tokens of the training format by sentence (IMP-001 when they have another form)."""
        made = []
        for sentence in t.listed(self.record.get("sentences")):
            tokens = sentence.get("tokens") if isinstance(sentence, dict) else None
            if not isinstance(tokens, list) or not all(isinstance(one, dict) for one in tokens):
                raise UsageError("IMP-001", format=_FORM)
            made.append(tokens)
        return made

    def _tagged(self, sentences: list[list[dict[str, Any]]]) -> t.Told:
        at = 0
        for tokens in sentences:
            open_: list[int] = []
            kind = ""
            for token in tokens:
                tag = token.get("ner", "O")
                found = _TAG.fullmatch(tag) if isinstance(tag, str) else None
                goes_on = found is not None and found[1] in "IL" and bool(open_) and found[2] == kind
                if open_ and not goes_on:
                    yield t.attempt(self._tag, f"{self.place} token {open_[0] + 1}", kind, open_)
                    open_ = []
                if found:
                    kind = found[2]
                    open_ = [*open_, at]
                    if found[1] in "LU":
                        yield t.attempt(self._tag, f"{self.place} token {open_[0] + 1}", kind, open_)
                        open_ = []
                elif tag not in {"O", "-", ""} if isinstance(tag, str) else tag is not None:
                    place = f"{self.place} token {at + 1}"
                    yield refused(place, ItemError("IMP-022", what="a tag that is not BILOU"))
                at += 1
            if open_:
                yield t.attempt(self._tag, f"{self.place} token {open_[0] + 1}", kind, open_)

    def _tag(self, place: str, kind: str, open_: list[int]) -> Item:
        content = t.text(self.content)
        if not self.where:
            raise ItemError("IMP-051")
        value = t.span(kind, self.where[open_[0]][0], self.where[open_[-1]][1], content)
        return self._item(place, f"t{open_[0] + 1}", "span", value, {})


def _joined(raw: Any, sentences: list[list[dict[str, Any]]]) -> tuple[Any, list[tuple[int, int]]]:
    """Return a text and where its tokens stand in it; no places when a token does not stand in the raw text."""
    words: list[list[str]] = []
    for tokens in sentences:
        orths = [one.get("orth") for one in tokens]
        words.append([orth for orth in orths if isinstance(orth, str) and orth])
        if len(words[-1]) != len(orths):
            return raw, []
    content = raw if raw is not None else "\n".join(" ".join(tokens) for tokens in words)
    if not isinstance(content, str):
        return content, []
    where, at = [], 0
    for word in (word for one in words for word in one):
        at = content.find(word, at)
        if at < 0:
            return content, []
        where.append((at, at + len(word)))
        at += len(word)
    return content, where
