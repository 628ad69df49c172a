"""A report as one HTML file that needs nothing beside it: no script, no font, no picture from elsewhere.

It must never run anything (its policy allows one style sheet by its digest and pictures that stand in the file), never
let a text become markup, and give the same bytes for the same document.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from curator.report import charts
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
)
from curator.report.style import TONES
from curator.report.svg import svg
from curator.report.words import Visible


@cache
def _style() -> tuple[str, str]:
    """Return the style sheet, and its digest as a content security policy names it."""
    text = resources.files("curator.report").joinpath("page.css").read_text(encoding="utf-8")
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def html_page(document: Document) -> bytes:
    """Render a document as a self-contained page.

    Parameters
    ----------
    document
        What to render. Every text is escaped; marks that hide or turn text are shown as U+FFFD and counted.

    Returns
    -------
    bytes
        HTML in UTF-8, the same for the same document.

    Raises
    ------
    ValueError
        For a picture that is no whole PNG, or a table whose rows differ in length from its head.
    """
    return _Page(document).whole().encode()


class _Page:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.visible = Visible()
        self.sources: dict[str, int] = {}
        self.figures = 0

    def text(self, text: str) -> str:
        return escape(self.visible(text))

    def whole(self) -> str:
        document = self.document
        style, digest = _style()
        body = "".join(self.section(one, 2, f"s{at}") for at, one in enumerate(document.sections, 1))
        facts = self.facts(Facts(document.facts)) if document.facts else ""
        water = f'<p class="watermark">{self.text(document.watermark)}</p>\n' if document.watermark else ""
        sub = f'<p class="subtitle">{self.text(document.subtitle)}</p>\n' if document.subtitle else ""
        head = f"<h1>{self.text(document.title)}</h1>\n{sub}{water}{facts}"
        links = "".join(self.link(one, f"s{at}", 2) for at, one in enumerate(document.sections, 1))
        sources = self.source_list()
        date = self.text(document.date)
        title, language = self.text(document.title), self.text(document.language)
        lost = (
            f"<p>{self.visible.lost:,} signs that hide or turn text, or are no characters, are shown as \ufffd.</p>\n"
            if self.visible.lost
            else ""
        )
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
        return (
            f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n<link rel="icon" href="data:,">\n'
            f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
            f'<a class="skip" href="#content">To the content</a>\n<header>\n{head}</header>\n'
            f'<nav aria-labelledby="nav-h">\n<h2 id="nav-h">Contents</h2>\n<ol>\n{links}</ol>\n</nav>\n'
            f'<main id="content" tabindex="-1">\n{body}{sources}</main>\n'
            f"<footer>\n<p>{title} \u00b7 {date}</p>\n{lost}</footer>\n"
            "</body>\n</html>\n"
        )

    def link(self, section: Section, ident: str, level: int) -> str:
        inner = ""
        if section.sections and level < 3:
            links = (self.link(one, f"{ident}-{at}", level + 1) for at, one in enumerate(section.sections, 1))
            inner = f"\n<ol>\n{''.join(links)}</ol>\n"
        return f'<li><a href="#{ident}">{self.text(section.title)}</a>{inner}</li>\n'

    def section(self, section: Section, level: int, ident: str) -> str:
        tag = f"h{min(level, 6)}"
        blocks = "".join(self.block(block) for block in section.blocks)
        below = "".join(self.section(one, level + 1, f"{ident}-{at}") for at, one in enumerate(section.sections, 1))
        title = f'<{tag} id="{ident}-h">{self.text(section.title)}</{tag}>'
        return f'<section id="{ident}" aria-labelledby="{ident}-h">\n{title}\n{blocks}{below}</section>\n'

    def block(self, block: Block) -> str:
        makers: dict[type[Any], Callable[[Any], str]] = {
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

    def paragraph(self, text: Text) -> str:
        if text.tone == "plain":
            return f"<p>{self.text(text.text)}</p>\n"
        mark, _, word, _ = TONES[text.tone]
        said = f'<strong class="{text.tone}"><span aria-hidden="true">{mark}</span> {word}:</strong>'
        return f'<p class="{text.tone}">{said} {self.text(text.text)}</p>\n'

    def facts(self, facts: Facts) -> str:
        rows = "".join(f"<dt>{self.text(name)}</dt><dd>{self.text(value)}</dd>\n" for name, value in facts.rows)
        return f"<dl>\n{rows}</dl>\n"

    def fold(self, fold: Fold) -> str:
        inner = "".join(self.block(block) for block in fold.blocks)
        return f"<details>\n<summary>{self.text(fold.title)}</summary>\n{inner}</details>\n"

    def table(self, table: Table) -> str:
        width = len(table.head)
        if any(len(row) != width for row in table.rows):
            raise ValueError("a row is longer or shorter than the table's head")
        head = "".join(
            f'<th scope="col"{_numeric(table, at)}>{self.text(name)}</th>' if name else "<td></td>"
            for at, name in enumerate(table.head)
        )
        body = "".join(self.rows(table)) or f'<tr><td colspan="{width}">none</td></tr>\n'
        tones = {cell.tone: None for row in table.rows for cell in row if cell.tone != "plain"}
        signs = " \u00b7 ".join(f"{TONES[tone][0]} {TONES[tone][2]}" for tone in TONES if tone in tones)
        legend = f'<p class="legend">Signs: {signs}</p>\n' if signs else ""
        omitted = f'<p class="omitted">{self.text(table.omitted)}</p>\n' if table.omitted else ""
        caption = self.text(table.caption)
        return (
            f'<div class="scroll" role="region" aria-label="{caption}" tabindex="0">\n'
            f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n{legend}{omitted}"
        )

    def rows(self, table: Table) -> Iterator[str]:
        for row in table.rows:
            cells = []
            for at, cell in enumerate(row):
                kind = _numeric(table, at)
                cells.append(
                    f'<th scope="row"{kind}>{self.cell(cell)}</th>' if at == 0 else f"<td{kind}>{self.cell(cell)}</td>"
                )
            yield f"<tr>{''.join(cells)}</tr>\n"

    def cell(self, cell: Cell) -> str:
        said = self.text(cell.text)
        if cell.tone != "plain":
            mark, _, word, _ = TONES[cell.tone]
            said = (
                f'<span class="{cell.tone}"><span aria-hidden="true">{mark}</span><span class="hidden">{word}:</span> '
                f"{said}</span>"
            )
        if cell.source:
            number = self.sources.setdefault(cell.source, len(self.sources) + 1)
            said += f'<sup><a href="#source-{number}" aria-label="source {number}">{number}</a></sup>'
        return said

    def figure(self, chart: charts.Chart) -> str:
        self.figures += 1
        ident = f"f{self.figures}"
        caption = self.text(chart.caption)
        picture = isinstance(chart, Picture)
        told = chart.alt if isinstance(chart, Picture) else "Its numbers stand in the table below it."
        drawn = "\n".join(
            svg(one, f"{ident}-{at}", chart.caption, told, self.visible)
            for at, one in enumerate(charts.drawings(chart), 1)
        )
        fallback = ""
        if isinstance(chart, Bars | Lines | Matrix):
            table = self.table(charts.numbers(chart))
            fallback = f'<details class="numbers">\n<summary>Numbers of this chart</summary>\n{table}</details>\n'
        kind = ' class="picture"' if picture else ""
        return f"<figure{kind}>\n<figcaption>{caption}</figcaption>\n{drawn}\n{fallback}</figure>\n"

    def source_list(self) -> str:
        if not self.sources:
            return ""
        items = "".join(f'<li id="source-{at}">{self.text(text)}</li>\n' for text, at in self.sources.items())
        head = '<section id="sources" aria-labelledby="sources-h">\n<h2 id="sources-h">Sources</h2>'
        return f"{head}\n<ol>\n{items}</ol>\n</section>\n"


def _numeric(table: Table, at: int) -> str:
    return ' class="num"' if at in table.numeric else ""
