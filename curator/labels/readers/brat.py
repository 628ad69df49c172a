"""brat: a folder of ``.txt`` documents with their ``.ann`` files (brat wiki, "Annotation Data Format"), or one of them.

Offsets are code points of the text, read as UTF-8 with its line ends and byte order mark as they are. What a line says
becomes:

========================================= ==============================================================================
``T`` a span, ``start end;start end``     ``span``, with ``pieces`` when it is parted
``R`` a binary relation, ``*`` a set      ``relation`` from the first to the second; of a set, from its first to each
``E`` an event                            ``relation`` of its trigger to itself, and one from that to each argument
``A`` (older ``M``) an attribute          ``relation`` of what it is about to itself, ``Negation`` or ``Certainty=High``
``N`` a normalization                     ``code``, and a ``relation`` from it to what it normalizes
``#`` a note                              kept with the label that it is about
========================================= ==============================================================================

A line that cannot be read, or that refers to one that was refused, is refused. A document without its text is refused
label by label: offsets into an unknown text say nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import textio as t

LARGEST = 1 << 26
_ID = re.compile(r"[TREAMN][0-9]{1,9}")
_PIECES = re.compile(r"(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)", re.ASCII)
_CODE = re.compile(r"(\S+) (\S+) ([^\s:]+):(\S.*)")
_SYSTEM = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Brat:
    """Reader of brat's standoff format."""

    name = "brat"
    title = "brat 1.3: a folder of .txt and .ann"
    lacks = (
        Lack("author", "keep one folder a person, and import each with its own --annotator-map"),
        Lack("labeled-at", ""),
        Lack("guideline", ""),
        Lack("confidence", ""),
        Lack("review", ""),
    )

    def recognizes(self, path: Path, head: bytes) -> bool:
        """Say whether it is an .ann file or a folder that holds one."""
        if path.suffix == ".ann":
            return not head or bool(re.match(rb"(?:\xef\xbb\xbf)?[TREAMN#*]\d*\t", head))
        return path.is_dir() and next(_files(path), None) is not None

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the labels of every document, in order of the documents' names; errors as the Protocol says."""
        base = path if path.is_dir() else path.parent
        found = sorted(_files(path)) if path.is_dir() else [path]
        if not found:
            raise UsageError("IMP-001", format="brat")
        for count, file in enumerate(found, 1):
            lines = _text_of(file).split("\n")
            source = file.with_suffix(".txt")
            content = _text_of(source) if source.is_file() else None
            name = source.relative_to(base).as_posix()
            yield from _Document(count, lines, content, name).labels()


def _files(folder: Path) -> Iterator[Path]:
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".ann"):
                yield Path(base, name)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError("IMP-003", reason="a document is larger than 64 MiB")
        return path.read_bytes().decode("utf-8")
    except OSError:
        raise UsageError("IMP-002") from None
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="it is not UTF-8") from None


class _Line:
    """One line of an .ann file: its id, its middle column, and what follows."""

    def __init__(self, number: int, raw: str) -> None:
        cells = raw.removesuffix("\r").removeprefix("\ufeff").split("\t")
        self.number = number
        self.id = cells[0]
        self.what = cells[1] if len(cells) > 1 else ""
        self.rest = "\t".join(cells[2:]) if len(cells) > 2 else None
        self.letter = self.id[:1]


class _Document:
    """One document with its lines."""

    def __init__(self, count: int, lines: list[str], content: str | None, name: str) -> None:
        self.count, self.content = count, content
        self.lines = [_Line(at, raw) for at, raw in enumerate(lines, 1) if raw.strip()]
        self.seen = Counter(line.id for line in self.lines if line.id != "*" and line.letter != "#")
        self.sample = None
        if content is not None:
            self.sample = Named("file", name, sha256=hashlib.sha256(content.encode()).hexdigest())
        self.notes: dict[str, list[str]] = {}
        self.about: dict[str, dict[str, Any]] = {}
        self.known: dict[str, str] = {}

    def labels(self) -> t.Told:
        """Yield what the lines say, in their order; a first pass finds what may be referred to."""
        self._gather()
        made: dict[int, list[Item | Refused]] = {}
        for letters in ("T", "E", "R*", "AMN"):
            lines = [line for line in self.lines if line.letter and line.letter in letters]
            for line in lines:
                made[line.number] = self._line(line)
            if letters == "E":  # arguments may be events that stand behind
                for line in lines:
                    made[line.number] += self._roles(line)
        for line in self.lines:
            if line.number in made:
                yield from made[line.number]
            elif line.letter != "#":
                yield refused(self._place(line), ItemError("IMP-023", what="a known kind of line"))
            elif self._target(line) not in self.known:
                yield refused(self._place(line), ItemError("IMP-026", what="label"))

    def _gather(self) -> None:
        for line in self.lines:
            words = line.what.split()
            if line.letter == "#" and len(words) > 1:
                self.notes.setdefault(words[1], []).append(f"{words[0]}: {line.rest or ''}")
            elif line.letter in {"A", "M"} and len(words) > 1:
                self.about.setdefault(words[1], {})[words[0]] = words[2] if len(words) > 2 else True

    def _target(self, line: _Line) -> str:
        words = line.what.split()
        return words[1] if len(words) > 1 else ""

    def _place(self, line: _Line) -> str:
        return f"document {self.count} line {line.number}"

    def _line(self, line: _Line) -> list[Item | Refused]:
        place = self._place(line)
        try:
            self._check(line)
        except ItemError as error:
            return [refused(place, error)]
        if line.letter == "T":
            return [t.attempt(self._span, place, line)]
        if line.letter == "E":
            return [t.attempt(self._anchor, place, line)]
        if line.letter == "*":
            return self._set(place, line)
        if line.letter == "N":
            return self._normalization(place, line)
        return [t.attempt(self._relation if line.letter == "R" else self._attribute, place, line)]

    def _check(self, line: _Line) -> None:
        if self.sample is None:
            raise ItemError("IMP-026", what="text file")
        if line.letter != "*" and not _ID.fullmatch(line.id):
            raise ItemError("IMP-023", what="an id of brat's form")
        if self.seen[line.id] > 1:
            raise ItemError("IMP-027")

    def _item(self, place: str, id_: str, kind: str, value: dict[str, Any], more: dict[str, Any]) -> Item:
        assert self.sample is not None
        return Item(place, f"brat-{self.count}-{id_}", self.sample, kind, value, kept=more)

    def _more(self, line: _Line) -> dict[str, Any]:
        more: dict[str, Any] = {"line": line.id}
        if line.id in self.about:
            more["attributes"] = self.about[line.id]
        if line.id in self.notes:
            more["notes"] = self.notes[line.id]
        return more

    def _span(self, place: str, line: _Line) -> Item:
        found = _PIECES.fullmatch(line.what)
        if not found or line.rest is None:
            raise ItemError("IMP-023", what="a type, offsets and words")
        content = self.content or ""
        pieces = [[int(one) for one in piece.split(" ")] for piece in found[2].split(";")]
        at = 0
        for start, end in pieces:
            if not at <= start < end <= len(content):
                raise ItemError("IMP-051")
            at = end
        words = " ".join(content[start:end] for start, end in pieces)
        if _flat(words) != _flat(line.rest):
            raise ItemError("IMP-051")
        value: dict[str, Any] = {"type": t.class_name(found[1], "type")}
        if len(pieces) == 1:
            value |= {"start": pieces[0][0], "end": pieces[0][1]}
        else:
            value["pieces"] = pieces
        item = self._item(place, line.id, "span", value, self._more(line))
        self.known[line.id] = item.label_id
        return item

    def _referred(self, id_: str) -> str:
        if id_ not in self.known:
            raise ItemError("IMP-026", what="label")
        return self.known[id_]

    def _joined(self, kind: str, start: str, end: str) -> dict[str, Any]:
        return {"type": t.class_name(kind, "type"), "from": self._referred(start), "to": self._referred(end)}

    def _roles(self, line: _Line) -> list[Item | Refused]:
        place, parts = self._place(line), line.what.split()
        return [t.attempt(self._role, place, line, part, at) for at, part in enumerate(parts[1:], 1)]

    def _anchor(self, place: str, line: _Line) -> Item:
        kind, _, trigger = line.what.split(" ", 1)[0].partition(":")
        if trigger not in self.known or not trigger.startswith("T"):
            raise ItemError("IMP-026", what="trigger")
        item = self._item(place, line.id, "relation", self._joined(kind, trigger, trigger), self._more(line))
        self.known[line.id] = item.label_id
        return item

    def _role(self, place: str, line: _Line, part: str, at: int) -> Item:
        kind, _, target = part.partition(":")
        return self._item(place, f"{line.id}-{at}", "relation", self._joined(kind, line.id, target), {"line": line.id})

    def _relation(self, place: str, line: _Line) -> Item:
        parts = line.what.split()
        if len(parts) != 3 or not all(":" in part for part in parts[1:]):
            raise ItemError("IMP-023", what="a type and two arguments")
        (first, _, start), (second, _, end) = parts[1].partition(":"), parts[2].partition(":")
        item = self._item(
            place,
            line.id,
            "relation",
            self._joined(parts[0], start, end),
            self._more(line) | {"arguments": [first, second]},
        )
        self.known[line.id] = item.label_id
        return item

    def _set(self, place: str, line: _Line) -> list[Item | Refused]:
        parts = line.what.split()
        if len(parts) < 3:
            return [refused(place, ItemError("IMP-023", what="a type and two members"))]
        return [t.attempt(self._member, place, line, parts, at) for at in range(2, len(parts))]

    def _member(self, place: str, line: _Line, parts: list[str], at: int) -> Item:
        value = self._joined(parts[0], parts[1], parts[at])
        return self._item(place, f"set-{line.number}-{at - 1}", "relation", value, {"line": line.id})

    def _attribute(self, place: str, line: _Line) -> Item:
        parts = line.what.split()
        if not 2 <= len(parts) <= 3:
            raise ItemError("IMP-023", what="a name and a label")
        value = self._joined("=".join([parts[0], *parts[2:]]), parts[1], parts[1])
        item = self._item(place, line.id, "relation", value, self._more(line))
        self.known[line.id] = item.label_id
        return item

    def _normalization(self, place: str, line: _Line) -> list[Item | Refused]:
        code = t.attempt(self._code, place, line)
        if isinstance(code, Refused):
            return [code, code]
        return [code, t.attempt(self._normalizes, place, line)]

    def _code(self, place: str, line: _Line) -> Item:
        found = _CODE.fullmatch(line.what)
        if not found or not _SYSTEM.fullmatch(found[3]):
            raise ItemError("IMP-023", what="a label, a system and a code")
        self._referred(found[2])
        value = {"system": found[3], "code": t.class_name(found[4], "code")}
        if line.rest:
            value["meaning"] = line.rest
        item = self._item(place, line.id, "code", value, self._more(line))
        self.known[line.id] = item.label_id
        return item

    def _normalizes(self, place: str, line: _Line) -> Item:
        words = line.what.split()
        value = self._joined(words[0], line.id, words[1])
        return self._item(place, f"{line.id}-of", "relation", value, {"line": line.id})


def _flat(words: str) -> str:
    """Return words as brat writes them: the line ends inside of a span are blanks."""
    return words.replace("\r", " ").replace("\n", " ")
