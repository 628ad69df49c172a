"""Characters of PDF text: glyph names, encodings, widths, and what the clean file can write.

The clean file is written in WinAnsiEncoding with the standard fonts. A character that it cannot write must hold the
file back; it must never be written as another one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_UNI = re.compile(r"uni([0-9A-F]{4})|u([0-9A-F]{4,6})")
_SPACE = re.compile(r"[\t\n\r\f\v\x85\u2028\u2029]")
#: Accents that some programs set as characters of their own before the letter, and what combines in their place.
_ACCENTS = {"\u00b4": "\u0301", "\u00a8": "\u0308", "\u02c6": "\u0302", "\u02dc": "\u0303", "\u00b8": "\u0327"}
_ACCENTS |= {"\u02da": "\u030a", "\u02c7": "\u030c", "\u02cb": "\u0300"}
_ACCENTED = re.compile("([" + "".join(_ACCENTS) + "]) ?([A-Za-z])")
#: Half and more of any standard font's characters are this wide, in thousandths.
USUAL_WIDTH = 556
MONO_WIDTH = 600


def _rows(name: str) -> list[list[str]]:
    text = resources.files("curator.scrub.document").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in [row for row in text.split("\n") if row and not row.startswith("#")][1:]]


@dataclass(frozen=True)
class Glyphs:
    """The table of characters.

    Parameters
    ----------
    names
        Glyph name to character.
    standard
        Code to character in StandardEncoding.
    widths
        Font to character to width in thousandths of the size.
    """

    names: dict[str, str]
    standard: dict[int, str]
    widths: dict[str, dict[str, int]]


@cache
def glyphs() -> Glyphs:
    """Read the table of characters."""
    names: dict[str, str] = {}
    standard: dict[int, str] = {}
    fonts = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold")
    widths: dict[str, dict[str, int]] = {font: {} for font in fonts}
    for code, listed, number, *sizes in _rows("glyphs.tsv"):
        mark = chr(int(code, 16))
        names.update(dict.fromkeys([] if listed == "-" else listed.split(" "), mark))
        if number != "-":
            standard[int(number)] = mark
        for font, size in zip(fonts, sizes, strict=True):
            if size != "-":
                widths[font][mark] = int(size)
    return Glyphs(names, standard, widths)


@cache
def _plain() -> dict[int, str]:
    return {int(code, 16): "" if plain == "none" else plain for code, plain in _rows("plain.tsv")}


def of_name(name: str) -> str | None:
    """Return the character of a glyph name (Adobe Glyph List, section 2 of its specification); None when unknown."""
    base = name.split(".", 1)[0]
    parts = [glyphs().names.get(part) or _numbered(part) for part in base.split("_")]
    return "".join(part for part in parts if part) if parts and all(parts) else None


def _numbered(name: str) -> str | None:
    match = _UNI.fullmatch(name)
    if match is None:
        return None
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else None


@cache
def base_encoding(name: str) -> dict[int, str] | None:
    """Return the characters of a named encoding (ISO 32000-2, annex D); None for one that is not taken."""
    if name == "/StandardEncoding":
        return glyphs().standard
    codec = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}.get(name)
    if codec is None:
        return None
    made = {code: bytes([code]).decode(codec, "ignore") for code in range(32, 256)}
    if codec == "cp1252":
        made |= {code: "•" for code, mark in made.items() if not mark} | {127: "•"}
    return {code: mark for code, mark in made.items() if mark}


@lru_cache(maxsize=4096)
def readable(text: str) -> bool:
    """Say whether every character means something: none is private, unassigned or the sign for an unknown one."""
    return all(unicodedata.category(mark) not in {"Co", "Cn", "Cs"} and mark != "\ufffd" for mark in text)


def normal(text: str) -> str:
    """Return a text as it is searched: composed, ligatures and signs spelled out, no controls, no invisible marks."""
    spelled = _SPACE.sub(" ", text).translate(_plain())
    composed = unicodedata.normalize("NFC", _ACCENTED.sub(_composed, spelled))
    return "".join(mark for mark in composed if unicodedata.category(mark) not in {"Cc", "Cf"})


def _composed(match: re.Match[str]) -> str:
    """Join a letter with the accent that was set over it by itself."""
    made = unicodedata.normalize("NFC", match[2] + _ACCENTS[match[1]])
    return made if len(made) == 1 else match[0]


def written(text: str) -> bytes | None:
    """Return a text in WinAnsiEncoding; None when it has a character that the encoding lacks."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return None


def width(text: str, font: str) -> int:
    """Return how wide a text is in a standard font, in thousandths of the size."""
    if font.startswith("Courier"):
        return MONO_WIDTH * len(text)
    table = glyphs().widths[font]
    return sum(table.get(mark, USUAL_WIDTH) for mark in text)
