"""Texts as a reader may see them: nothing that hides, turns or ends other text, and nothing dropped unsaid."""

from __future__ import annotations

import math
from collections.abc import Container

#: Stands for what must not or cannot be shown: on a page, and in a PDF (of the signs that Vera has).
PAGE_MARK, PDF_MARK = "\ufffd", "\u25ca"
#: Marks that reorder or join text around them (Unicode Standard Annex 9), that are invisible, or that are no character.
_HIDDEN = (
    (0x0000, 0x0008),
    (0x000B, 0x001F),
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),
    (0x061C, 0x061C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xDFFF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0xE0000, 0xE0FFF),
)
#: What reads the same in signs that Vera has.
_ALIKE = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "\u2013",
    "\u2015": "\u2014",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2007": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u2190": "<-",
    "\u2192": "->",
    "\u03bc": "\u00b5",
    "\u2713": "\u221a",
    "\u2717": "\u00d7",
}


class Visible:
    """Texts made fit to be shown, and the count of signs that could not be.

    Parameters
    ----------
    font
        Code points that the font has; None when the reader's machine picks the fonts.
    """

    def __init__(self, font: Container[int] | None = None) -> None:
        self.font = font
        self.lost = 0

    def __call__(self, text: str) -> str:
        """Return a text in which each sign that hides or that the font lacks is a visible mark, and count them."""
        return text if text.isascii() and text.isprintable() else "".join(map(self._sign, text))

    def _sign(self, sign: str) -> str:
        if sign in "\n\t":
            return sign
        hidden = any(low <= ord(sign) <= high for low, high in _HIDDEN)
        if self.font is None:
            if not hidden:
                return sign
            self.lost += 1
            return PAGE_MARK
        if not hidden and ord(sign) in self.font:
            return sign
        alike = _ALIKE.get(sign)
        if alike is not None:
            return alike
        self.lost += 1
        return PDF_MARK


def number(value: float | None, decimals: int | None = None) -> str:
    """Write a number for people; what is absent or not finite is a dash."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    if value == round(value):
        return f"{value:,.0f}"
    size = abs(value)
    return (
        f"{value:,.1f}"
        if size >= 100
        else f"{value:.2f}"
        if size >= 10
        else f"{value:.3f}"
        if size >= 0.001
        else f"{value:.2e}"
    )
