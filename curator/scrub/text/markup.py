"""HTML notes: text nodes cleaned as one text; a list of tags stays, without any attribute; all else goes.

Comments, declarations, scripts, styles, forms' values and attributes are never written.
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from importlib import resources

from curator.core.errors import ItemError

_MOST_DEPTH = 2000


@cache
def tags() -> dict[str, frozenset[str]]:
    """Return the lists of tags."""
    loaded = tomllib.loads(
        resources.files("curator.scrub.text").joinpath("data", "markup.toml").read_text(encoding="utf-8")
    )
    return {name: frozenset(listed.split()) for name, listed in loaded.items()}


class Page(HTMLParser):
    """A page taken apart.

    Attributes
    ----------
    parts
        Text nodes, decoded, in order.
    between
        What a reader sees behind each of them.
    frame
        What is written: tags that stay, and ``None`` for the next text node.
    dropped
        How many elements, attributes, comments and declarations went.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.between: list[str] = []
        self.frame: list[str | None] = []
        self.dropped = 0
        self._silent: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a listed tag."""
        lists = tags()
        self.dropped += len(attrs)
        if self._silent or tag in lists["silent"]:
            self._silent.append(tag)
            self.dropped += 1
            return
        if tag in lists["block"] or tag in lists["breaks"] or tag in lists["void"]:
            self._seam()
        if tag in lists["void"]:
            self.frame.append(f"<{tag}>")
        elif tag in lists["block"] or tag in lists["inline"]:
            if len(self._open) > _MOST_DEPTH:
                raise ItemError("TXT-023", limit=_MOST_DEPTH)
            self._open.append(tag)
            self.frame.append(f"<{tag}>")
        else:
            self.dropped += 1

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        lists = tags()
        if self._silent:
            if tag in self._silent:
                while self._silent and self._silent.pop() != tag:
                    pass
            return
        if tag in lists["block"] or tag in lists["breaks"]:
            self._seam()
        if tag in self._open:
            while self._open:
                last = self._open.pop()
                self.frame.append(f"</{last}>")
                if last == tag:
                    break

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat an element that is closed at once."""
        lists = tags()
        self.dropped += len(attrs)
        if self._silent or tag in lists["silent"]:
            self.dropped += 1
            return
        if tag in lists["void"]:
            self._seam()
            self.frame.append(f"<{tag}>")
        elif tag in lists["block"]:
            self._seam()

    def handle_data(self, data: str) -> None:
        """Take a text node."""
        if self._silent or not data:
            return
        self.parts.append(data)
        self.between.append("")
        self.frame.append(None)

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - a comment is counted, never read
        """Leave a comment out."""
        self.dropped += 1

    def handle_decl(self, decl: str) -> None:
        """Leave a declaration out."""

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002 - never read
        """Leave a marked section out."""
        self.dropped += 1

    def handle_pi(self, data: str) -> None:  # noqa: ARG002 - never read
        """Leave a processing instruction out."""
        self.dropped += 1

    def _seam(self) -> None:
        if self.between:
            self.between[-1] = "\n"

    def finish(self) -> None:
        """End the page: close what is open."""
        self.close()
        while self._open:
            self.frame.append(f"</{self._open.pop()}>")

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield tags and texts in order, as :func:`curator.scrub.things.cells_of` reads them."""
        texts = zip(self.parts, [*self.between[:-1], ""], strict=True)
        for one in self.frame:
            if one is not None:
                yield one, ""
                continue
            part, between = next(texts)
            yield "", part
            yield "", between

    def written(self, parts: list[str]) -> str:
        """Return the page with new text nodes."""
        texts = iter(parts)
        body = "".join(html.escape(next(texts), quote=False) if one is None else one for one in self.frame)
        return f'<!DOCTYPE html>\n<meta charset="utf-8">\n{body}'


def page(text: str) -> Page:
    """Take a page apart.

    Raises
    ------
    ItemError
        TXT-023 for one that is nested beyond reason.
    """
    made = Page()
    made.feed(text)
    made.finish()
    return made
