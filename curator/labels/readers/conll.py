"""Columns of tokens with tags: CoNLL-2002, CoNLL-2003 and their kin, in IOB1, IOB2, BIOES and BILOU.

**The text** of a document is its tokens joined by one blank, and its sentences joined by one line feed; offsets count
code points of that text, and its digest stands with the sample. A line ``-DOCSTART-`` begins a document; without one
the file is one document. The token is the first column and the tag is the last, of at least two; columns are parted by
a tab, or by blanks where a line has no tab. What stands between is kept with the spans that it belongs to.

A span begins at ``B``, ``S`` or ``U``, and also at an ``I``, ``E`` or ``L`` that continues nothing of its type (IOB1
means just that); it ends before the next begin or ``O``, and behind ``E``, ``L``, ``S`` or ``U``. A tag of another form
is refused and ends the span before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Lack, Named, Refused, refused
from curator.labels.readers import textio as t

LONGEST = 1 << 16
_TAG = re.compile(r"([BIESLU])-(.{1,200})", re.DOTALL)
_START = "-DOCSTART-"


class Token(NamedTuple):
    """A token of a document: its line, where it begins and ends in the text, and its columns."""

    line: int
    start: int
    end: int
    cells: list[str]


class Conll:
    """Reader of token columns with BIO tags."""

    name = "conll"
    title = "CoNLL-2003 and other token columns with BIO, BIOES or BILOU tags"
    lacks = tuple(Lack(what, "") for what in ("author", "labeled-at", "guideline", "confidence", "review"))

    def recognizes(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content tells
        """Say whether the lines are tokens with tags."""
        lines = [line for line in head.decode("utf-8", "ignore").splitlines()[:200] if line.strip()][:-1] or [
            head.decode("utf-8", "ignore").strip()
        ]
        cells = [columns(line) for line in lines if not line.startswith(_START)]
        if not cells or any(len(one) < 2 for one in cells) or any(len(one) == 10 for one in cells):
            return False
        tags = [one[-1] for one in cells]
        return all(tag == "O" or _TAG.fullmatch(tag) for tag in tags) and len(set(map(len, cells))) == 1

    def read(self, path: Path) -> Iterator[Item | Refused]:
        """Yield the spans of each document; the file is read twice, first for the digests of the texts."""
        samples = list(_samples(path))
        if not samples:
            raise UsageError("IMP-001", format="CoNLL")
        spans = _Spans(samples)
        for document, token in tokens(path):
            yield from spans.take(document, token)
        yield from spans.close()


def columns(line: str) -> list[str]:
    """Return the cells of a line."""
    line = line.rstrip("\r\n")
    return line.split("\t") if "\t" in line else [cell for cell in line.split(" ") if cell]


def tokens(path: Path) -> Iterator[tuple[int, Token | None]]:
    """Yield the tokens of a file with the number of their document from 1, and None where a sentence ends.

    Raises
    ------
    UsageError
        IMP-002, or IMP-003 when it is not UTF-8, a line is longer than 64 KiB, or a line has one column only.
    """
    document, at, sentence = 0, 0, True
    for number, line in numbered(path):
        if not line.strip(" \t"):
            if not sentence:
                yield document, None
            sentence = True
            continue
        cells = columns(line)
        if cells[0] == _START:
            document, at, sentence = document + 1, 0, True
            continue
        if len(cells) < 2:
            raise UsageError("IMP-003", reason=f"line {number} has a token and no tag")
        if not cells[0]:
            raise UsageError("IMP-003", reason=f"line {number} has no token")
        document = document or 1
        start = at + 1 if at else 0
        at, sentence = start + len(cells[0]), False
        yield document, Token(number, start, at, cells)


def numbered(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file with their numbers, without line ends (IMP-002, IMP-003)."""
    try:
        with path.open("rb") as stream:
            number = 0
            while raw := stream.readline(LONGEST + 1):
                number += 1
                if len(raw) > LONGEST:
                    raise UsageError("IMP-003", reason="a line is longer than 64 KiB")
                line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
                yield number, line.decode("utf-8").rstrip("\r\n")
    except OSError:
        raise UsageError("IMP-002") from None
    except UnicodeDecodeError:
        raise UsageError("IMP-003", reason="it is not UTF-8") from None


def _samples(path: Path) -> Iterator[Named]:
    """Yield the documents' samples; one that has no token has no labels, and an empty text."""
    document, digest, joint = 0, hashlib.sha256(), b""
    for now, token in tokens(path):
        while document < now:
            if document:
                yield _sample(document, digest.hexdigest())
            document, digest, joint = document + 1, hashlib.sha256(), b""
        if token is None:
            joint = b"\n" if joint else b""
            continue
        digest.update(joint + token.cells[0].encode())
        joint = b" "
    if document:
        yield _sample(document, digest.hexdigest())


def _sample(document: int, sha256: str) -> Named:
    return Named("text", f"document {document}", sha256=sha256)


@dataclass
class _Open:
    document: int
    kind: str
    tokens: list[Token] = field(default_factory=list)


class _Spans:
    """Joins tags to spans."""

    def __init__(self, samples: list[Named]) -> None:
        self.samples = samples
        self.open: _Open | None = None

    def close(self) -> t.Told:
        """Yield the span that is open."""
        if self.open is not None:
            yield t.attempt(self._item, f"line {self.open.tokens[0].line}", self.open)
        self.open = None

    def take(self, document: int, token: Token | None) -> t.Told:
        """Take the next token, or the end of a sentence; yield the spans that end with it."""
        tag = "O" if token is None else token.cells[-1]
        found = _TAG.fullmatch(tag)
        letter, kind = (found[1], found[2]) if found else ("O", "")
        goes_on = letter in "IEL" and self.open is not None and (self.open.document, self.open.kind) == (document, kind)
        if not goes_on:
            yield from self.close()
        if token is None or tag == "O":
            return
        if not found:
            yield refused(f"line {token.line}", ItemError("IMP-022", what="a tag that is not BIO, BIOES or BILOU"))
            return
        self.open = self.open or _Open(document, kind)
        self.open.tokens.append(token)
        if letter in "ESLU":
            yield from self.close()

    def _item(self, place: str, span: _Open) -> Item:
        first, last = span.tokens[0], span.tokens[-1]
        kept = {"tags": [token.cells[-1] for token in span.tokens]}
        between = [token.cells[1:-1] for token in span.tokens]
        return Item(
            place,
            f"conll-{first.line}",
            self.samples[span.document - 1],
            "span",
            {"type": t.class_name(span.kind, "type"), "start": first.start, "end": last.end},
            kept=kept | ({"columns": between} if any(between) else {}),
        )
