"""PDF reports: what a page shows as text is cleaned and set anew; nothing of the source file is copied.

A file that shows anything that cannot be read as text (a picture, a scan, an unmapped font, outlines) is held back.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from curator.core.errors import ItemError
from curator.scrub.document.content import Canvas
from curator.scrub.document.fonts import Font
from curator.scrub.document.layout import Line, lines, weave
from curator.scrub.document.make import Sheet, make
from curator.scrub.document.objects import Meter, Source, array, dictionary, guarded, opened, plain
from curator.scrub.document.telling import legible, tell
from curator.scrub.document.weave import Weave
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.treatment import Treatment

SUFFIX = ".pdf"
_BESIDES = (
    *(
        "AA",
        "AcroForm",
        "Collection",
        "Dests",
        "Metadata",
        "Names",
        "OCProperties",
        "OpenAction",
        "Outlines",
        "PageLabels",
    ),
    *("PieceInfo", "StructTreeRoot", "Threads"),
)
_BESIDES_OF_PAGE = ("Annots", "Metadata", "PieceInfo", "Thumb", "AA", "B")


@dataclass(frozen=True)
class _Report:
    """A file that was read: its pages, and (place, how often) of what is not carried over."""

    sheets: list[Sheet] = field(repr=False)
    left: Counter[str]

    @property
    def lines(self) -> list[Line]:
        """All lines, page after page."""
        return [line for sheet in self.sheets for line in sheet.lines]

    @property
    def text(self) -> str:
        """The text as it is now: a line a line, chunks two blanks apart, a form feed between pages."""
        return "\f".join(
            "".join("  ".join(chunk.text for chunk in line if chunk.text) + "\n" for line in sheet.lines)
            for sheet in self.sheets
        )


def _read(stream: BinaryIO) -> _Report:
    with guarded():
        source = opened(stream)
        left = _besides(source)
        off = _layers_off(source.catalog)
        fonts: dict[int, Font] = {}
        meter = Meter()
        sheets = []
        for page in source.pages:
            canvas = Canvas(page, off, fonts, meter)
            canvas.draw()
            left["page/hidden"] += canvas.hidden
            sheets.append(Sheet(page.box, page.rotation, lines(canvas.marks)))
    if not any(sheet.lines for sheet in sheets):
        raise ItemError("PDF-008")
    report = _Report(sheets, +left)
    if not legible(report.text):
        raise ItemError("PDF-006")
    return report


def _besides(source: Source) -> Counter[str]:
    """Count what the file holds besides the content of its pages."""
    left: Counter[str] = Counter({"trailer/Info": int(source.informed)})
    for name in _BESIDES:
        left[f"catalog/{name}"] = int(f"/{name}" in source.catalog)
    for page in source.pages:
        for name in _BESIDES_OF_PAGE:
            left[f"page/{name}"] += int(f"/{name}" in page.entries)
    return left


def _layers_off(catalog: dict[str, Any]) -> frozenset[int]:
    """Return the object numbers of the optional content groups that are not shown (ISO 32000-2, 8.11.4.3)."""
    properties = dictionary(catalog.get("/OCProperties"), missing=True)
    default = dictionary(properties.get("/D"), missing=True)
    off = {getattr(one, "idnum", -1) for one in array(default.get("/OFF"), missing=True)}
    if plain(default.get("/BaseState")) == "/OFF":
        off |= {getattr(one, "idnum", -1) for one in array(properties.get("/OCGs"), missing=True)}
        off -= {getattr(one, "idnum", -1) for one in array(default.get("/ON"), missing=True)}
    return frozenset(off) - {-1}


def _woven(report: _Report) -> Weave:
    weaver = Weave()
    for sheet in report.sheets:
        weave(weaver, sheet.lines)
    return weaver


def harvest(stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:  # noqa: ARG001 - the door's form
    """Read a report for pass 1. See :class:`curator.scrub.medium.Medium`.

    Raises
    ------
    ItemError
        PDF-001 to PDF-008 when it cannot be read whole; TXT-006 and TXT-008 when a detector fails.
    """
    report = _read(stream)
    person, mentions = tell(_woven(report).text, treatment.rules, treatment.project_date)
    where = {(place, "other") for place in report.left}
    where |= {("page/text", category) for category, _ in person.known}
    return RecordHarvest(SUFFIX, (person,) if person.ids else (), mentions, tuple(sorted(where)))


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
    """Write the clean report. See :class:`curator.scrub.medium.Medium`.

    The content digest is taken over the clean text: lines, and form feeds between pages.

    Raises
    ------
    ItemError
        As :func:`harvest`, and PDF-009 when the clean text has a character that the clean file cannot write.
    """
    report = _read(stream)
    weaver = _woven(report)
    told, _ = tell(weaver.text, treatment.rules, treatment.project_date)
    person = people.find(told.ids) if told.ids else people.own
    weaver.clean(treatment, replace(person, known=tuple(dict.fromkeys((*person.known, *told.known)))))
    made = make(report.sheets)
    edits = sum(chunk.leaf.edits for line in report.lines for chunk in line)
    counts = [(place, "removed", count) for place, count in report.left.items()]
    counts += [("page/text", "replaced", edits)] if edits else []
    out.write(made)
    return Made(hashlib.sha256(report.text.encode("utf-8")).hexdigest(), tuple(sorted(counts)))
