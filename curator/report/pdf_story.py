"""A document's blocks as the paragraphs, tables and figures that reportlab sets on pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from itertools import zip_longest
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, LongTable, Spacer
from reportlab.platypus import Paragraph as Plain

from curator.report import charts
from curator.report.charts_pdf import BOLD, FONT, Figure
from curator.report.model import (
    Bars,
    Block,
    Cell,
    Document,
    Facts,
    Fold,
    Lines,
    Matrix,
    Picture,
    Section,
    Table,
    Text,
    Tone,
)
from curator.report.pdf_pages import ACROSS, Pages, canvas_of
from curator.report.style import GRID, INK, MUTED, TONES
from curator.report.words import Visible

#: More columns than these are set in several tables, each with the first column.
_COLUMNS = 10
#: Points of height of one paragraph in a cell; longer texts go on in a further row, so that a page can hold each.
_TALL = 240.0
#: Texts of which a font keeps the width.
_WIDTHS = 50_000


class _Font(TTFont):  # type: ignore[misc]
    """A font that measures each text once; tables ask for the width of each word many times."""

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802 - reportlab's name
        """Return the width in points."""
        known = self.__dict__.setdefault("_known", {})
        found = known.get((text, size))
        if found is None:
            found = super().stringWidth(text, size, encoding)
            if len(known) < _WIDTHS:
                known[text, size] = found
        return float(found)


class Paragraph(Plain):  # type: ignore[misc]
    """A paragraph that breaks its lines once for each width; tables ask when they measure and when they draw."""

    def wrap(self, width: float, height: float) -> Any:
        """Return the size that it takes."""
        known = self.__dict__.get("_wrapped")
        if known is not None and known[0] == width and self.__dict__.get("blPara") is known[1]:
            return known[2]
        made = super().wrap(width, height)
        self._wrapped = (width, self.__dict__.get("blPara"), made)
        return made


@cache
def _signs() -> frozenset[int]:
    """Register the fonts that come with reportlab, and return the code points that both of them have."""
    fonts = [_Font(FONT, "Vera.ttf"), _Font(BOLD, "VeraBd.ttf")]
    for font in fonts:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def _type(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=more.pop("font", FONT), fontSize=size, leading=size * 1.32, **more)


_BODY = _type("body", 9, spaceBefore=2, spaceAfter=4)
_SMALL = _type("small", 7.5, textColor=MUTED, spaceBefore=1, spaceAfter=5)
_CAPTION = _type("caption", 9, font=BOLD, spaceBefore=8, spaceAfter=3, keepWithNext=1)
_TITLE = _type("title", 19, font=BOLD, spaceAfter=4)
_SUBTITLE = _type("subtitle", 10.5, textColor=MUTED, spaceAfter=8)
_HEADS = [_type(f"h{at}", size, font=BOLD, spaceBefore=before, spaceAfter=4, keepWithNext=1)
          for at, (size, before) in enumerate(((14, 16), (11.5, 12), (10, 9), (9, 8), (9, 8)))]  # fmt: skip


def render(document: Document) -> bytes:
    """Return the PDF of a document (see :func:`curator.report.pdf.pdf_bytes`)."""
    visible = Visible(_signs())
    target = io.BytesIO()
    pages = Pages(target, document)
    pages.build(_Story(visible).whole(document), canvasmaker=canvas_of(document, Visible(visible.font)))
    return target.getvalue()


class _Story:
    def __init__(self, visible: Visible) -> None:
        self.visible = visible
        self.sources: dict[str, int] = {}
        self.headings = 0

    def text(self, text: str) -> str:
        return escape(self.visible(text)).replace("\n", "<br/>")

    def whole(self, document: Document) -> list[Any]:
        story: list[Any] = [Paragraph(self.text(document.title), _TITLE)]
        if document.subtitle:
            story.append(Paragraph(self.text(document.subtitle), _SUBTITLE))
        if document.facts:
            story += self.facts(Facts(document.facts))
        for section in document.sections:
            story += self.section(section, 0)
        if self.sources:
            story.append(self.heading("Sources", 0))
            for text, at in self.sources.items():
                story.append(Paragraph(f'<a name="source{at}"/>{at}. {self.text(text)}', _SMALL))
        # The figures count their signs when they are drawn; here they are counted beforehand.
        before = self.visible.lost
        for word in self.drawn(document.sections):
            self.visible(word)
        lost, self.visible.lost = self.visible.lost, before
        if lost:
            mark = self.visible("\ufffd")
            story.append(Paragraph(f"{lost:,} signs that the fonts of this file lack are shown as {mark}.", _SMALL))
        return story

    def drawn(self, sections: tuple[Section, ...]) -> Iterator[str]:
        for section in sections:
            yield from self.in_blocks(section.blocks)
            yield from self.drawn(section.sections)

    def in_blocks(self, blocks: tuple[Block, ...]) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, Fold):
                yield from self.in_blocks(block.blocks)
            elif isinstance(block, Bars | Lines | Matrix | Picture):
                for one in charts.drawings(block):
                    yield from (shape.text for shape in one.shapes if hasattr(shape, "text"))

    def heading(self, title: str, level: int) -> Any:
        self.headings += 1
        mark = f"h{self.headings}"
        made = Paragraph(self.text(title), _HEADS[min(level, len(_HEADS) - 1)])
        made.heading, made.mark, made.title = level, mark, Visible()(" ".join(title.split()))
        return made

    def section(self, section: Section, level: int) -> list[Any]:
        story = [self.heading(section.title, level)]
        for block in section.blocks:
            story += self.block(block)
        for one in section.sections:
            story += self.section(one, level + 1)
        return story

    def block(self, block: Block) -> list[Any]:
        makers: dict[type[Any], Callable[[Any], list[Any]]] = {
            Text: self.paragraph,
            Facts: self.facts,
            Table: self.table,
            Fold: self.fold,
            Bars: self.figure,
            Lines: self.figure,
            Matrix: self.figure,
            Picture: self.figure,
        }
        return makers[type(block)](block)

    def paragraph(self, text: Text) -> list[Any]:
        return [Paragraph(f"{self.sign(text.tone, word=True)}{self.text(text.text)}", _BODY)]

    def sign(self, tone: Tone, *, word: bool = False) -> str:
        if tone == "plain":
            return ""
        _, mark, said, color = TONES[tone]
        return f'<font name="{BOLD}" color="{color}">{mark}{f" {said}:" if word else ""}</font> '

    def facts(self, facts: Facts) -> list[Any]:
        rows = [
            [Paragraph(self.text(name), _SMALL), Paragraph(self.text(part), _BODY)]
            for pair in facts.rows
            for name, part in zip_longest(_pieces(pair[0], 120, 7.5), _pieces(pair[1], ACROSS - 136, 9), fillvalue="")
        ]
        return [LongTable(rows, [130, ACROSS - 130], hAlign="LEFT", style=_LOOSE)] if rows else []

    def fold(self, fold: Fold) -> list[Any]:
        story: list[Any] = [Paragraph(self.text(fold.title), _CAPTION)]
        for block in fold.blocks:
            story += self.block(block)
        return story

    def table(self, table: Table) -> list[Any]:
        width = len(table.head)
        if any(len(row) != width for row in table.rows):
            raise ValueError("a row is longer or shorter than the table's head")
        story: list[Any] = [Paragraph(self.text(table.caption), _CAPTION)]
        for start in range(1, max(width, 2), _COLUMNS - 1):
            columns = [0, *range(start, min(start + _COLUMNS - 1, width))]
            story += self.grid(table, columns)
        tones = {cell.tone for row in table.rows for cell in row} - {"plain"}
        signs = " \u00b7 ".join(f"{self.sign(tone)}{TONES[tone][2]}" for tone in TONES if tone in tones)
        if signs:
            story.append(Paragraph(f"Signs: {signs}", _SMALL))
        story.append(Paragraph(self.text(table.omitted), _SMALL) if table.omitted else Spacer(1, 6))
        return story

    def grid(self, table: Table, columns: list[int]) -> list[Any]:
        size = 8.0 if len(columns) <= 6 else 7.0
        styles = [_type("cell", size), _type("number", size, alignment=TA_RIGHT)]
        heads = [_type("head", size, font=BOLD), _type("head number", size, font=BOLD, alignment=TA_RIGHT)]
        widths = _widths(table, columns, size)
        long: list[str] = []
        named = [self.text(self.headed(table.head[at], width, size, long))
                 for at, width in zip(columns, widths, strict=True)]  # fmt: skip
        rows: list[list[Any]] = [
            [Paragraph(text, heads[at in table.numeric]) for at, text in zip(columns, named, strict=True)]
        ]
        for row in table.rows:
            texts = [_pieces(row[at].text, width - 6, size) for at, width in zip(columns, widths, strict=True)]
            for number, parts in enumerate(zip_longest(*texts, fillvalue="")):
                cells = zip(columns, parts, strict=True)
                rows.append([Paragraph(self.cell(row[at], text, first=number == 0), styles[at in table.numeric])
                             for at, text in cells])  # fmt: skip
        if not table.rows:
            rows.append([Paragraph("none", styles[0]), *("" for _ in columns[1:])])
        story: list[Any] = [LongTable(rows, widths, repeatRows=1, hAlign="LEFT", style=_RULED)]
        return [*story, *(Paragraph(f"In full: {self.text(name)}", _SMALL) for name in long)]

    @staticmethod
    def headed(name: str, width: float, size: float, long: list[str]) -> str:
        """Cut the name of a column short that would fill a page's head, and note it in full."""
        parts = list(_pieces(name, width - 6, size, _TALL / 4))
        if len(parts) == 1:
            return parts[0]
        long.append(name)
        return f"{parts[0].rstrip()}\u2026"

    def cell(self, cell: Cell, text: str, *, first: bool) -> str:
        said = self.text(text)
        if not first:
            return said
        if cell.source:
            at = self.sources.setdefault(cell.source, len(self.sources) + 1)
            said += f'<super size="5"><a href="#source{at}">{at}</a></super>'
        return self.sign(cell.tone) + said

    def figure(self, chart: charts.Chart) -> list[Any]:
        story: list[Any] = []
        for at, one in enumerate(charts.drawings(chart)):
            more = " (continued)" if at else ""
            parts = [Paragraph(self.text(chart.caption) + more, _CAPTION), Figure(one, self.visible)]
            if one.shortened:
                parts.append(Paragraph(f"In full: {self.text('; '.join(one.shortened))}", _SMALL))
            if isinstance(chart, Picture) and chart.alt:
                parts.append(Paragraph(self.text(chart.alt), _SMALL))
            story.append(KeepTogether(parts))
        story.append(Spacer(1, 6))
        return story


_WHOLE = ((0, 0), (-1, -1))
_LOOSE = [
    ("FONTNAME", *_WHOLE, FONT),
    ("VALIGN", *_WHOLE, "TOP"),
    *((f"{side}PADDING", *_WHOLE, 0) for side in ("LEFT", "TOP", "BOTTOM")),
]
_RULED = [
    ("FONTNAME", *_WHOLE, FONT),
    ("VALIGN", *_WHOLE, "TOP"),
    *((f"{side}PADDING", *_WHOLE, room) for side, room in (("LEFT", 0), ("RIGHT", 6), ("TOP", 2), ("BOTTOM", 3))),
    ("LINEBELOW", (0, 0), (-1, 0), 1, INK),
    ("LINEBELOW", (0, 1), (-1, -1), 0.4, GRID),
]


def _pieces(text: str, width: float, size: float, tall: float = _TALL) -> Iterator[str]:
    """Cut a text after spaces into pieces that are about so tall at most in a column of so many points."""
    text = " ".join(text.split())
    # The widest signs take the whole size of the type.
    most = max(int(width / size), 1) * max(int(tall / (1.32 * size)), 1)
    while len(text) > most:
        end = text.rfind(" ", most // 2, most) + 1 or most
        yield text[:end]
        text = text[end:]
    yield text


def _widths(table: Table, columns: list[int], size: float) -> list[float]:
    """Share the page's width by the longest texts; no column is narrower than its longest word if that can be."""
    sample = table.rows[:400]
    wanted, least = [], []
    for at in columns:
        texts = [table.head[at], *(row[at].text for row in sample)]
        longest = max(len(text) for text in texts)
        word = max((len(word) for text in texts for word in text.split()), default=1)
        wanted.append(min(longest + 3, 60) * size * 0.6 + 8)
        least.append(min(word + 2, 24) * size * 0.62 + 8)
    if sum(wanted) <= ACROSS:
        return wanted
    if sum(least) >= ACROSS:
        return [one * ACROSS / sum(least) for one in least]
    spare = (ACROSS - sum(least)) / sum(max(want - need, 0) for want, need in zip(wanted, least, strict=True))
    return [need + max(want - need, 0) * spare for want, need in zip(wanted, least, strict=True)]
