"""Fonts of a PDF: which character a code shows, and how wide it is. A font that does not say holds the file back.

Whether a character map tells the truth cannot be seen; but only what it says is written, in another font, so what it
hides is not in the clean file. A map that contradicts the font's own encoding must hold the file back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from curator.core.errors import ItemError
from curator.scrub.document import characters
from curator.scrub.document.objects import Meter, array, dictionary, number, plain, stream_bytes

_STANDARD = {"Helv": "Helvetica", "Aria": "Helvetica", "Time": "Times-Roman", "Cour": "Courier"}
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_MOST_CODES = 70_000
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True)
class Font:
    """A font.

    Parameters
    ----------
    size
        Bytes of a code: 1 or 2.
    marks
        Code to the characters that it shows; a code without an entry cannot be read.
    widths
        Code to width, in thousandths of the size.
    missing
        Width of a code that has none.
    bold, mono
        How it looks.
    """

    size: int
    marks: dict[int, str] = field(repr=False)
    widths: dict[int, float] = field(repr=False)
    missing: float
    bold: bool
    mono: bool

    def decode(self, data: bytes) -> Iterator[tuple[str, float, bool]]:
        """Yield (characters, width, is a single-byte space) for each code of a string.

        Raises
        ------
        ItemError
            PDF-006 for a code that the font does not explain.
        """
        if len(data) % self.size:
            raise ItemError("PDF-006")
        for at in range(0, len(data), self.size):
            code = int.from_bytes(data[at : at + self.size], "big")
            mark = self.marks.get(code)
            if mark is None or not characters.readable(mark):
                raise ItemError("PDF-006")
            yield mark, self.widths.get(code, self.missing), self.size == 1 and code == 32


def read_font(resource: Any, meter: Meter) -> Font:
    """Read a font's dictionary.

    Raises
    ------
    ItemError
        PDF-006 when it has no usable mapping to characters: Type 3, symbols, composite fonts without a map.
    """
    font = dictionary(resource)
    kind = plain(font.get("/Subtype"))
    name = str(plain(font.get("/BaseFont")) or "").lstrip("/")
    name = name[7:] if re.match(r"[A-Z]{6}\+", name) else name
    unicode_map = _unicode_map(font, meter)
    if kind == "/Type0":
        return _composite(font, name, unicode_map)
    if kind not in {"/Type1", "/TrueType", "/MMType1"}:
        raise ItemError("PDF-006")
    descriptor = dictionary(font.get("/FontDescriptor"), missing=True)
    own = _encoding(font, descriptor, name)
    if not any(key in descriptor for key in _EMBEDDED):
        # No standard font has a glyph for these; a string that holds a line's end shows nothing there.
        own = dict.fromkeys((9, 10, 13), " ") | own
    for code, mark in unicode_map.items():
        said = own.get(code)
        if said is not None and said != mark and said.isascii() and mark.isascii() and (said + mark).isalnum():
            raise ItemError("PDF-006")
    standard = _standard(name)
    widths = _widths(font, own, standard)
    missing = number(descriptor.get("/MissingWidth"), 0.0) or (
        0.0 if "/Widths" in font else float(characters.USUAL_WIDTH)
    )
    return Font(1, own | unicode_map, widths, missing, _bold(name, descriptor), _mono(name, descriptor))


def _standard(name: str) -> str | None:
    family = _STANDARD.get(name[:4])
    bold = family is not None and family != "Courier" and "bold" in name.lower()
    return {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}[family] if bold and family else family


def _bold(name: str, descriptor: dict[str, Any]) -> bool:
    return (
        bool(re.search(r"bold|black|heavy|demi", name, re.IGNORECASE))
        or number(descriptor.get("/FontWeight"), 0) >= 600
    )


def _mono(name: str, descriptor: dict[str, Any]) -> bool:
    return (
        bool(re.search(r"cour|mono|consol|typewriter", name, re.IGNORECASE))
        or int(number(descriptor.get("/Flags"), 0)) & 1 == 1
    )


def _encoding(font: dict[str, Any], descriptor: dict[str, Any], name: str) -> dict[int, str]:
    """Return what the codes of a simple font show by its own encoding; a built-in one is not known."""
    said = plain(font.get("/Encoding"))
    embedded = any(key in descriptor for key in _EMBEDDED)
    symbolic = int(number(descriptor.get("/Flags"), 0)) & 4 == 4 or name in {"Symbol", "ZapfDingbats"}
    builtin = (
        {}
        if embedded or symbolic or re.match(r"(?i)wingding|webding|symbol|zapf", name)
        else _base("/StandardEncoding")
    )
    if said is None:
        return dict(builtin)
    if isinstance(said, str):
        return dict(_base(said))
    encoding = dictionary(said)
    base = plain(encoding.get("/BaseEncoding"))
    made = dict(_base(str(base)) if base is not None else builtin)
    code = 0
    for entry in array(encoding.get("/Differences"), missing=True):
        item = plain(entry)
        if isinstance(item, str):
            mark = characters.of_name(item.lstrip("/"))
            made.pop(code, None)
            if mark is not None:
                made[code] = mark
            code += 1
        else:
            code = int(number(item, -1))
        if not 0 <= code <= 256:
            raise ItemError("PDF-006")
    return made


def _base(name: str) -> dict[int, str]:
    found = characters.base_encoding(name)
    if found is None:
        raise ItemError("PDF-006")
    return found


def _widths(font: dict[str, Any], marks: dict[int, str], standard: str | None) -> dict[int, float]:
    if "/Widths" in font:
        first = int(number(font.get("/FirstChar"), 0))
        return {first + at: number(one, 0.0) for at, one in enumerate(array(font["/Widths"]))}
    if standard == "Courier":
        return dict.fromkeys(range(256), float(characters.MONO_WIDTH))
    table = characters.glyphs().widths[standard or "Helvetica"]
    return {code: float(table.get(mark, characters.USUAL_WIDTH)) for code, mark in marks.items()}


def _composite(font: dict[str, Any], name: str, unicode_map: dict[int, str]) -> Font:
    if plain(font.get("/Encoding")) != "/Identity-H" or not unicode_map:
        raise ItemError("PDF-006")
    below = dictionary(array(font.get("/DescendantFonts"))[0])
    descriptor = dictionary(below.get("/FontDescriptor"), missing=True)
    widths: dict[int, float] = {}
    listed = [plain(one) for one in array(below.get("/W"), missing=True)]
    at = 0
    while at + 1 < len(listed):
        first, second = int(number(listed[at], 0)), listed[at + 1]
        if isinstance(second, list):
            widths.update({first + step: number(one, 0.0) for step, one in enumerate(second)})
            at += 2
        else:
            last = min(int(number(second, 0)), first + _MOST_CODES)
            widths.update(
                dict.fromkeys(range(first, last + 1), number(listed[at + 2] if at + 2 < len(listed) else 0, 0.0))
            )
            at += 3
        if len(widths) > _MOST_CODES:
            raise ItemError("PDF-003")
    missing = number(below.get("/DW"), 1000.0)
    return Font(2, unicode_map, widths, missing, _bold(name, descriptor), _mono(name, descriptor))


def _unicode_map(font: dict[str, Any], meter: Meter) -> dict[int, str]:
    """Read the ToUnicode map (ISO 32000-2, 9.10.3); empty when there is none."""
    if "/ToUnicode" not in font:
        return {}
    source = font["/ToUnicode"]
    if isinstance(plain(source), str):
        return {}
    made: dict[int, str] = {}
    for block in _BLOCK.finditer(re.sub(rb"%[^\r\n]*", b"", stream_bytes(source, meter))):
        tokens = _tokens(block[2])
        (_characters if block[1] == b"bfchar" else _ranges)(tokens, made)
        if len(made) > _MOST_CODES:
            raise ItemError("PDF-003")
    return made


def _tokens(data: bytes) -> list[bytes | list[bytes]]:
    """Return the strings of a block; those in brackets as a list."""
    found: list[bytes | list[bytes]] = []
    inner: list[bytes] | None = None
    for match in _TOKEN.finditer(data):
        if match[2]:
            inner = []
        elif match[3]:
            found.append(inner or [])
            inner = None
        else:
            digits = re.sub(rb"\s", b"", match[1]).decode("ascii")
            value = bytes.fromhex(digits + "0" * (len(digits) % 2))
            (found if inner is None else inner).append(value)
    return found


def _characters(tokens: list[bytes | list[bytes]], made: dict[int, str]) -> None:
    for code, mark in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(code, bytes) and isinstance(mark, bytes):
            made[int.from_bytes(code, "big")] = _utf16(mark)


def _ranges(tokens: list[bytes | list[bytes]], made: dict[int, str]) -> None:
    for low, high, mark in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=False):
        if isinstance(low, list) or isinstance(high, list):
            raise ItemError("PDF-006")
        first, last = int.from_bytes(low, "big"), int.from_bytes(high, "big")
        if last - first > _MOST_CODES:
            raise ItemError("PDF-003")
        for step in range(last - first + 1):
            if isinstance(mark, list):
                if step < len(mark):
                    made[first + step] = _utf16(mark[step])
            elif mark:
                moved = int.from_bytes(mark, "big") + step
                made[first + step] = _utf16((moved % (1 << (8 * len(mark)))).to_bytes(len(mark), "big"))


def _utf16(data: bytes) -> str:
    return data.decode("utf-16-be", "replace") if len(data) > 1 else data.decode("latin-1")
