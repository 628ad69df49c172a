"""The pages around a PDF report's text: running title, page numbers, watermark, properties and bookmarks."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.frames import Frame

from curator.report.charts_pdf import BOLD, FONT
from curator.report.model import Document
from curator.report.style import MUTED
from curator.report.words import Visible

MARGIN = 46.0
#: Points of a page's text, across and down.
ACROSS, DOWN = letter[0] - 2 * MARGIN, letter[1] - 2 * MARGIN - 24
TITLE_ROOM = 70


class _Stamp:
    """The document's date, where reportlab would ask a clock."""

    def __init__(self, date: str) -> None:
        moment = datetime.fromisoformat(date)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        self.lt = moment.timetuple()
        self.t = moment.timestamp()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh = self.dmm = 0
        self.tzname = "UTC"


class Pages(BaseDocTemplate):  # type: ignore[misc]
    """Letter pages that number themselves and note each heading as a bookmark."""

    def __init__(self, target: Any, document: Document) -> None:
        shown = Visible()
        super().__init__(
            target,
            pagesize=letter,
            title=shown(document.title),
            author="curator",
            subject=shown(document.subtitle),
            creator="curator",
            producer="curator",
            lang=shown(document.language),
            invariant=1,
            pageCompression=1,
        )
        frame = Frame(MARGIN, MARGIN + 12, ACROSS, DOWN, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame]))
        self.level = -1

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - reportlab's name
        """Note a heading as a bookmark, never more than one level below the last."""
        level = getattr(flowable, "heading", None)
        if level is None:
            return
        self.level = min(level, self.level + 1)
        self.canv.bookmarkHorizontal(flowable.mark, 0, self.frame._y + flowable.height)  # noqa: SLF001 - no other way
        self.canv.addOutlineEntry(flowable.title, flowable.mark, level=self.level, closed=int(self.level > 0))


def canvas_of(document: Document, visible: Visible) -> Any:
    """Return the class of canvas for a document: it holds its pages back until their number is known."""
    title, water = visible(" ".join(document.title.split())), visible(" ".join(document.watermark.split()))
    running = title if len(title) <= TITLE_ROOM else title[: TITLE_ROOM - 1] + "\u2026"
    date = visible(document.date)
    stamp = _Stamp(document.date)
    ident = hashlib.sha256(repr(document).encode("utf-8", "backslashreplace")).hexdigest()[:32].encode()

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **{**more, "initialFontName": FONT})
            # Only so does reportlab ask no clock.
            self._doc._timeStamp = stamp  # noqa: SLF001
            self._doc._ID = b"\n[<" + ident + b"><" + ident + b">]\n"  # noqa: SLF001
            self.held: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self.held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.held, 1):
                self.__dict__.update(page)
                self._around(number, len(self.held))
                super().showPage()
            super().save()

        def _around(self, number: int, count: int) -> None:
            self.saveState()
            self.setFillColor(MUTED)
            self.setFont(FONT, 7.5)
            self.drawString(MARGIN, letter[1] - 34, running)
            self.drawRightString(letter[0] - MARGIN, letter[1] - 34, date)
            self.setStrokeColor(MUTED)
            self.setLineWidth(0.4)
            self.line(MARGIN, letter[1] - 39, letter[0] - MARGIN, letter[1] - 39)
            self.drawCentredString(letter[0] / 2, 30, f"Page {number} of {count}")
            if water:
                self.drawString(MARGIN, 30, water)
                self.setFillColor("#9b0000")
                self.setFillAlpha(0.12)
                self.translate(letter[0] / 2, letter[1] / 2)
                self.rotate(52)
                self.setFont(BOLD, min(110.0, 760 / (0.75 * max(len(water), 1))))
                self.drawCentredString(0, -30, water)
            self.restoreState()

    return Numbered
