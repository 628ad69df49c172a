"""Colors, hatches and signs that the HTML page and the PDF share.

The six colors are told apart with the common color vision deficiencies (after Okabe and Ito, Color Universal Design,
2008, darkened) and each has a contrast of at least 3 to 1 on white (WCAG 2.2, 1.4.11). No series and no state is ever
told by color alone.
"""

from __future__ import annotations

from typing import Literal

from curator.report.model import Tone

Sign = Literal["circle", "square", "triangle", "diamond", "cross", "wedge"]

PALETTE = ("#0a5c99", "#c24e00", "#007a5a", "#9c4f8c", "#7a6400", "#4a4a4a")
SIGNS: tuple[Sign, ...] = ("circle", "square", "triangle", "diamond", "cross", "wedge")
#: Lengths of strokes and gaps in points; the first is a whole line.
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 2), (8, 3, 2, 3), (10, 4), (4, 2, 1, 2))
INK, MUTED, GRID, PAPER = "#111111", "#4d4d4d", "#d0d0d0", "#ffffff"

#: Tone to its sign on a page, its sign in a PDF (Vera has no check mark), its word, and its color.
TONES: dict[Tone, tuple[str, str, str, str]] = {
    "plain": ("", "", "", INK),
    "good": ("\u2713", "\u221a", "OK", "#0b5f2a"),
    "bad": ("\u2717", "\u00d7", "Problem", "#9b0000"),
    "unsure": ("?", "?", "Not certain", "#6b4a00"),
    "note": ("i", "i", "Note", "#0a4a8a"),
}


def color(index: int) -> str:
    """Return the color of a series."""
    return PALETTE[index % len(PALETTE)]


def sign(index: int) -> Sign:
    """Return the marker of a series."""
    return SIGNS[index % len(SIGNS)]


def dash(index: int) -> tuple[float, ...]:
    """Return the strokes of a series; series of one color differ in them."""
    return DASHES[(index + index // len(PALETTE)) % len(DASHES)]


def tint(value: str, share: float) -> str:
    """Mix a color with white: share 1 is the color, 0 is white."""
    parts = (int(value[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * min(max(share, 0.0), 1.0)):02x}" for part in parts)
