"""CoNLL-U: words with parts of speech and dependencies (universaldependencies.org/format.html, 2.0).

**The text** is made as :mod:`curator.labels.readers.conll` makes it, from the surface tokens: joined by one blank,
sentences by one line feed, whatever ``# text`` and ``SpaceAfter`` say. ``# newdoc`` begins a document; without one the
file is one document. A word inside of a multiword token (``3-4``) has that token's place.

A word's UPOS is a ``span``; its dependency is a ``relation`` from its head, of the root from the word to itself; a tag
``NER=B-Drug`` in MISC is a span of its own word (no words are joined). What else a word has is kept with its span.
An empty node (``5.1``) stands nowhere in the text and is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import textio as t
from curator.labels.readers.conll import numbered

LONGEST = 100_000
_FIELDS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
_WORD = re.compile(r"[1-9][0-9]{0,6}")
_RANGE = re.compile(r"([1-9][0-9]{0,6})-([1-9][0-9]{0,6})")
_EMPTY = re.compile(r"[0-9]{1,7}\.[1-9][0-9]{0,6}")


@dataclass
class Sentence:
    """A sentence: its document from 1, its comments, and its lines with their ten cells."""

    document: int
    comments: list[str] = field(default_factory=list)
    lines: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def surface(self) -> list[tuple[str, list[int]]]:
        """Return the surface tokens with the numbers of their words (IMP-003 when the numbers do not go up by one)."""
        made: list[tuple[str, list[int]]] = []
        inside, word = 0, 0
        for _, cells in self.lines:
            if found := _RANGE.fullmatch(cells["ID"]):
                first, last = int(found[1]), int(found[2])
                if first != word + 1 or last <= first or word < inside:
                    raise UsageError("IMP-003", reason="the numbers of words are not in order")
                made.append((cells["FORM"], []))
                inside = last
            elif _WORD.fullmatch(cells["ID"]):
                word += 1
                if int(cells["ID"]) != word:
                    raise UsageError("IMP-003", reason="the numbers of words are not in order")
                if word <= inside:
                    made[-1][1].append(word)
                else:
                    made.append((cells["FORM"], [word]))
            elif not _EMPTY.fullmatch(cells["ID"]):
                raise UsageError("IMP-003", reason="a word has no number")
        if word < inside:
            raise UsageError("IMP-003", reason="the numbers of words are not in order")
        return made


class Conllu:
    """Reader of CoNLL-U."""

    name = "conllu"
    title = "CoNLL-U 2: parts of speech, dependencies, NER in MISC"
    lacks = tuple(Lack(what, "") for what in ("author", "labeled-at", "guideline", "confidence", "review"))

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content tells
        """Say whether the first line that is no comment has ten cells and begins with a number."""
        for line in head.decode("utf-8", "ignore").splitlines():
            if line.strip() and not line.startswith("#"):
                return line.count("\t") == 9 and line[:1].isdigit()
        return False

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of each sentence; the file is read twice, first for the digests of the texts."""
        digests: dict[int, hashlib._Hash] = {}
        for sentence in sentences(path):
            text = " ".join(form for form, _ in sentence.surface())
            known = sentence.document in digests
            digest = digests.setdefault(sentence.document, hashlib.sha256())
            digest.update(b"\n" * known + text.encode())
        if not digests:
            raise UsageError("IMP-001", format="CoNLL-U")
        document, at = 0, 0
        for count, sentence in enumerate(sentences(path), 1):
            at = 0 if sentence.document != document else at + 1
            document = sentence.document
            sample = Named("text", f"document {document}", sha256=digests[document].hexdigest())
            made = _Labels(count, sentence, sample, at)
            yield from made.labels()
            at = made.end


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a file (IMP-002, IMP-003)."""
    document = 0
    now = Sentence(0)
    for number, line in numbered(path):
        if not line.strip():
            if now.lines:
                yield now
            now = Sentence(document)
        elif line.startswith("#"):
            if re.match(r"#\s*newdoc\b", line):
                document += 1
            now.comments.append(line)
        else:
            cells = line.split("\t")
            if len(cells) != len(_FIELDS) or not cells[1]:
                raise UsageError("IMP-003", reason="a line does not have ten cells")
            if len(now.lines) >= LONGEST:
                raise UsageError("IMP-003", reason="a sentence is longer than 100000 words")
            now.document = document = document or 1
            now.lines.append((number, dict(zip(_FIELDS, cells, strict=True))))
    if now.lines:
        yield now


class _Labels:
    """The labels of one sentence."""

    def __init__(self, count: int, sentence: Sentence, sample: Named, at: int) -> None:
        self.count, self.sentence, self.sample = count, sentence, sample
        self.where: dict[int, tuple[int, int]] = {}
        for index, (form, words) in enumerate(sentence.surface()):
            start = at + 1 if index else at
            at = start + len(form)
            self.where |= dict.fromkeys(words, (start, at))
        self.end = at
        self.known: dict[int, str] = {}

    def labels(self) -> t.Told:
        """Yield spans, then relations."""
        words = []
        for number, cells in self.sentence.lines:
            place = f"line {number}"
            if _EMPTY.fullmatch(cells["ID"]):
                yield refused(place, ItemError("IMP-022", what="an empty node"))
            elif _WORD.fullmatch(cells["ID"]):
                words.append((place, cells))
        for place, cells in words:
            if cells["UPOS"] != "_":
                yield t.attempt(self._span, place, cells)
            tag = dict(one.partition("=")[::2] for one in cells["MISC"].split("|")).get("NER", "O")
            if tag not in {"O", "_"}:
                yield t.attempt(self._entity, place, cells, tag)
        for place, cells in words:
            if (cells["HEAD"], cells["DEPREL"]) != ("_", "_"):
                yield t.attempt(self._relation, place, cells)

    def _item(self, place: str, cells: dict[str, str], part: str, kind: str, value: dict[str, object]) -> Item:
        kept: dict[str, object] = {}
        if part == "w":
            taken = {"ID", "FORM", "UPOS", "HEAD", "DEPREL"}
            kept = {name: cell for name, cell in cells.items() if cell != "_" and name not in taken}
            kept |= {"comments": self.sentence.comments} if self.sentence.comments else {}
        return Item(place, f"conllu-{self.count}-{part}{cells['ID']}", self.sample, kind, value, kept=kept)

    def _at(self, cells: dict[str, str], kind: str) -> dict[str, object]:
        start, end = self.where[int(cells["ID"])]
        return {"type": t.class_name(kind, "type"), "start": start, "end": end}

    def _span(self, place: str, cells: dict[str, str]) -> Item:
        item = self._item(place, cells, "w", "span", self._at(cells, cells["UPOS"]))
        self.known[int(cells["ID"])] = item.label_id
        return item

    def _entity(self, place: str, cells: dict[str, str], tag: str) -> Item:
        return self._item(place, cells, "n", "span", self._at(cells, tag.partition("-")[2] or tag))

    def _relation(self, place: str, cells: dict[str, str]) -> Item:
        head = cells["HEAD"]
        from_ = cells["ID"] if head == "0" else head
        ends = [self.known.get(int(one)) if _WORD.fullmatch(one) else None for one in (from_, cells["ID"])]
        if None in ends:
            raise ItemError("IMP-026", what="word")
        value: dict[str, object] = {"type": t.class_name(cells["DEPREL"], "type"), "from": ends[0], "to": ends[1]}
        return self._item(place, cells, "d", "relation", value)
