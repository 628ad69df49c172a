"""Cleaning XHTML: its text is searched as one, over the seams of elements; of the markup plain elements stay.

Attributes, comments, scripts, pictures and everything else that is not on the list go.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

from curator.detect.text.replace import Replaced
from curator.scrub.fhir.pieces import Piece, cleaned_pieces
from curator.scrub.things import cells_of, spared

_INLINE = frozenset({"b", "i", "em", "strong", "small", "big", "sub", "sup", "tt", "span", "code", "u"})
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset(
    {"div", "p", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "pre", "blockquote"}
    | {"dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_EMPTY = frozenset({"br", "hr"})
#: Elements whose content is no text of the document.
_HIDDEN = frozenset({"script", "style", "title", "head", "object", "template", "noscript", "iframe", "svg", "math"})
_DEEPEST = 200
_ROOT = '<div xmlns="http://www.w3.org/1999/xhtml">'


class _Reader(HTMLParser):
    """Turns markup into a list of (output, text to search); elements not on the list leave only their text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.hidden: list[str] = []
        self.dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.dropped += sum(1 for name, _ in attrs if name != "xmlns")
        if tag in _HIDDEN or self.hidden:
            if tag in _HIDDEN:
                self.hidden.append(tag)
            return
        if tag in _EMPTY:
            self.parts.append((f"<{tag}/>", "\n"))
        elif tag in _BLOCKS | _CELLS | _INLINE and len(self.open) < _DEEPEST:
            self.open.append(tag)
            self.parts.append((f"<{tag}>", _seam(tag)))
        else:
            self.dropped += 1
            self.parts.append(("", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.pop()
            return
        if tag in self.open:
            while self.open:
                last = self.open.pop()
                self.parts.append((f"</{last}>", _seam(last)))
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self.hidden:
            self.dropped += 1
        else:
            self.parts.append(("\0", data))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - what it says is not wanted
        self.dropped += 1

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002 - the same
        self.dropped += 1

    def handle_pi(self, data: str) -> None:  # noqa: ARG002 - the same
        self.dropped += 1

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002 - the same
        self.dropped += 1


def _seam(tag: str) -> str:
    return "" if tag in _INLINE else "\t" if tag in _CELLS else "\n"


def clean_xhtml(markup: str, clean: Callable[[str], Replaced]) -> tuple[str, int, int]:
    """Clean a narrative.

    Parameters
    ----------
    markup
        XHTML or HTML; it need not be well formed.
    clean
        What cleans its text.

    Returns
    -------
    str, int, int
        A well-formed ``div``, how many identifiers were replaced, and how many attributes and elements went.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    while reader.open:
        reader.parts.append((f"</{reader.open.pop()}>", "\n"))
    cells = cells_of(reader.parts)
    pieces = [Piece(text, seam=out != "\0") for out, text in reader.parts]
    texts, replaced = cleaned_pieces(pieces, lambda text: spared(text, clean(text), cells))
    body = "".join(
        html.escape(_allowed(text), quote=False) if out == "\0" else out
        for (out, _), text in zip(reader.parts, texts, strict=True)
    )
    if body.startswith("<div>") and body.endswith("</div>") and _is_one(reader.parts):
        body = body[5:-6]
    return f"{_ROOT}{body}</div>", replaced, reader.dropped


def _is_one(parts: list[tuple[str, str]]) -> bool:
    """Say whether the first div is closed by the very last one."""
    depth = 0
    for number, (out, _) in enumerate(parts):
        depth += {"<div>": 1, "</div>": -1}.get(out, 0)
        if depth == 0:
            return number == len(parts) - 1
    return False


def _allowed(text: str) -> str:
    """Leave out what XML 1.0 does not allow as a character."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
