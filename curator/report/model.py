"""What a report says, apart from how it looks: sections of text, tables, charts and pictures.

One document is rendered as a self-contained HTML page (:mod:`curator.report.html`) and as a PDF
(:mod:`curator.report.pdf`). Texts are plain: a renderer escapes them. Who builds a document sees to it that no
identifier stands in it. Every number that a reader may want to check names its source, such as a record's leaf hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: How a thing stands; a renderer shows it by a word and a sign, never by color alone.
Tone = Literal["plain", "good", "bad", "unsure", "note"]


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Facts:
    """Names with values, shown as a list of two columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """A table's cell: its text, how it stands, and the source of its number (a leaf hash, a file's digest) or empty."""

    text: str
    tone: Tone = "plain"
    source: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption and a head; columns that ``numeric`` lists by index stand to the right."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()
    #: What is left out, said below the table; empty when nothing is.
    omitted: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars: one a label, one value a series, with intervals where given (low, high)."""

    caption: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    intervals: tuple[tuple[tuple[float, float] | None, ...], ...] = ()
    unit: str = ""
    #: A line drawn across, such as a threshold, with its name.
    marks: tuple[tuple[str, float], ...] = ()
    low: float | None = 0.0
    high: float | None = None


@dataclass(frozen=True)
class Lines:
    """Lines over an ordered axis, such as weeks; None leaves a gap."""

    caption: str
    axis: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str = ""
    marks: tuple[tuple[str, float], ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Matrix:
    """Counts or shares by row and column, such as a confusion between readers; the number stands in each cell."""

    caption: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    row_title: str = ""
    column_title: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Outline:
    """A line drawn over a picture: who drew it, and rings of (x, y) in pixels of the picture."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Picture:
    """A PNG with outlines over it. Only de-identified images may come here."""

    caption: str
    alt: str
    png: bytes
    width: int
    height: int
    outlines: tuple[Outline, ...] = ()


@dataclass(frozen=True)
class Fold:
    """Blocks that a page shows when asked; print and PDF show them always."""

    title: str
    blocks: tuple[Block, ...]


Block = Text | Facts | Table | Bars | Lines | Matrix | Picture | Fold


@dataclass(frozen=True)
class Section:
    """A headed part of a document; sections below it are one level deeper."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report.

    Parameters
    ----------
    title, subtitle
        Shown at the top and in the document's properties.
    facts
        What was reported on, when, by which version; shown below the title.
    sections
        In order.
    date
        RFC 3339 day or time for the document's properties; a renderer never asks a clock.
    watermark
        Such as ``DRAFT``, on every page; empty for none.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    date: str
    watermark: str = ""
    language: str = field(default="en")
