"""Token files with tags (CoNLL, BIO, BIOES, BILOU): joined to a text, cleaned, and cut into tokens again.

What replaces a finding is cut at blanks. A new token bears the tag of the labeled range that lies over it, carried
along like any span: the first token of the range begins it, the others go on. Columns between token and tag stay where
they hold a known part of speech or chunk, else they become ``_``.
Source: CoNLL-2003 shared task, data format; Ramshaw and Marcus (1995) for the tags.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from curator.core.errors import ItemError
from curator.detect.text.replace import Replaced

_TAG = re.compile(r"O|(?P<prefix>[BIESLUM])(?:[-_](?P<label>\S{1,80}))?")
_START = "-DOCSTART-"


@dataclass(frozen=True)
class Row:
    """A token with its columns; ``sentence`` and ``document`` count from 0."""

    token: str = field(repr=False)
    columns: tuple[str, ...] = field(repr=False)
    tag: str = field(repr=False)
    sentence: int


@dataclass(frozen=True)
class Span:
    """A labeled range of tokens, ``[first, last]``, and how its first tag is written."""

    first: int
    last: int
    label: str = field(repr=False)
    prefix: str


@dataclass(frozen=True)
class Document:
    """One document of a token file.

    Parameters
    ----------
    rows
        Its tokens.
    starts
        Whether a line marks its start.
    """

    rows: tuple[Row, ...]
    starts: bool


@dataclass(frozen=True)
class Layout:
    """How a token file is laid out."""

    delimiter: str
    width: int
    scheme: str


@cache
def _closed() -> frozenset[str]:
    loaded = tomllib.loads(
        resources.files("curator.scrub.text").joinpath("data", "columns.toml").read_text(encoding="utf-8")
    )
    chunks = [f"{prefix}-{name}" for name in loaded["chunks"].split() for prefix in "BIESLU"]
    return frozenset([*loaded["penn"].split(), *loaded["universal"].split(), *loaded["plain"].split(), *chunks])


def read(text: str) -> tuple[list[Document], Layout]:
    """Read a token file.

    Raises
    ------
    ItemError
        TXT-029 when lines differ in their columns, or a tag is none.
    """
    lines = [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]
    body = [line for line in lines if line.strip() and not _aside(line)]
    if not body:
        raise ItemError("TXT-029")
    delimiter = "\t" if all("\t" in line for line in body) else " "
    documents: list[Document] = []
    rows: list[Row] = []
    sentence, width, starts = 0, 0, False
    prefixes = set()
    for line in lines:
        if not line.strip():
            sentence += 1
            continue
        if _aside(line):
            if line.startswith(_START):
                if rows or starts:
                    documents.append(Document(tuple(rows), starts))
                rows, starts = [], True
            continue
        cells = line.split("\t") if delimiter == "\t" else line.split()
        cells = [cell.strip() for cell in cells]
        width = width or len(cells)
        match = _TAG.fullmatch(cells[-1])
        if len(cells) != width or width < 2 or match is None or not cells[0]:
            raise ItemError("TXT-029")
        prefixes.add(match["prefix"])
        rows.append(Row(cells[0], tuple(cells[1:-1]), cells[-1], sentence))
    documents.append(Document(tuple(rows), starts))
    scheme = "BIOES" if prefixes & {"E", "S"} else "BILOU" if prefixes & {"L", "U"} else "BIO"
    return documents, Layout(delimiter, width, scheme)


def _aside(line: str) -> bool:
    return line.startswith(_START) or (line.startswith("# ") and _TAG.fullmatch(line.rsplit(maxsplit=1)[-1]) is None)


def spans(rows: Sequence[Row]) -> list[Span]:
    """Return the labeled ranges of tokens that the tags tell."""
    found: list[Span] = []
    open_at, label, prefix = None, "", ""
    for at, row in enumerate(rows):
        match = _TAG.fullmatch(row.tag)
        here = match["prefix"] if match else None
        name = (match["label"] or "") if match else ""
        goes_on = here in {"I", "E", "L", "M"} and open_at is not None and name == label
        goes_on = goes_on and row.sentence == rows[at - 1].sentence
        if open_at is not None and not goes_on:
            found.append(Span(open_at, at - 1, label, prefix))
            open_at = None
        if here is None:
            continue
        if not goes_on:
            open_at, label, prefix = at, name, "I" if here in {"I", "M"} else "B"
        if here in {"E", "L", "S", "U"} and open_at is not None:
            found.append(Span(open_at, at, label, prefix))
            open_at = None
    if open_at is not None:
        found.append(Span(open_at, len(rows) - 1, label, prefix))
    return found


def text_of(rows: Sequence[Row]) -> tuple[str, list[tuple[int, int]]]:
    """Return the tokens as a text, sentences on lines of their own, and where each token stands."""
    out: list[str] = []
    places: list[tuple[int, int]] = []
    size = 0
    for at, row in enumerate(rows):
        if at:
            out.append(" " if rows[at - 1].sentence == row.sentence else "\n")
            size += 1
        out.append(row.token)
        places.append((size, size + len(row.token)))
        size += len(row.token)
    return "".join(out), places


def retagged(
    rows: Sequence[Row], places: Sequence[tuple[int, int]], done: Replaced, labels: dict[str, str], layout: Layout
) -> list[Row]:
    """Cut a clean text into tokens again, with the tags of the labeled ranges that were carried along.

    Parameters
    ----------
    rows, places
        The tokens and where they stood in the joined text.
    done
        The clean text with its map.
    labels
        Clean names of the labels.
    layout
        Which scheme of tags is written.
    """
    pieces: list[tuple[int, int, int]] = []  # start, end, number of the old token that it belongs to
    for at, (start, end) in enumerate(places):
        low, high = done.span(start, end)
        if pieces and low < pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], max(high, pieces[-1][1]), pieces[-1][2])
        elif low < high:
            pieces.append((low, high, at))
    carried = [(*done.span(places[one.first][0], places[one.last][1]), one.label, one.prefix) for one in spans(rows)]
    made: list[tuple[int, int, int]] = []
    for low, high, at in pieces:
        made.extend((low + match.start(), low + match.end(), at) for match in re.finditer(r"\S+", done.text[low:high]))
    tags = ["O"] * len(made)
    number = 0
    for start, end, label, prefix in carried:
        while number < len(made) and made[number][1] <= start:
            number += 1
        over = []
        while number < len(made) and made[number][0] < end:
            if tags[number] == "O":
                over.append(number)
            number += 1
        for order, one in enumerate(over):
            tags[one] = _tag(order, len(over), labels.get(label, ""), prefix, layout.scheme)
        number = max(0, number - 1)
    out = []
    for (low, high, at), tag in zip(made, tags, strict=True):
        columns = tuple(one if one in _closed() else "_" for one in rows[at].columns)
        out.append(Row(done.text[low:high], columns, tag, rows[at].sentence))
    return out


def _tag(order: int, many: int, label: str, prefix: str, scheme: str) -> str:
    if scheme == "BIO":
        mark = prefix if not order else "I"
    else:
        last, single = ("E", "S") if scheme == "BIOES" else ("L", "U")
        mark = single if many == 1 else "B" if not order else last if order == many - 1 else "I"
    return f"{mark}-{label}" if label else mark


def written(documents: Sequence[tuple[Sequence[Row], bool]], layout: Layout) -> str:
    """Return a token file."""
    out: list[str] = []
    for rows, starts in documents:
        if starts:
            out.append(layout.delimiter.join([_START, *["-X-"] * (layout.width - 2), "O"]) + "\n\n")
        sentence = rows[0].sentence if rows else 0
        for row in rows:
            if row.sentence != sentence:
                out.append("\n")
                sentence = row.sentence
            out.append(layout.delimiter.join([row.token, *row.columns, row.tag]) + "\n")
        if rows:
            out.append("\n")
    return "".join(out)
