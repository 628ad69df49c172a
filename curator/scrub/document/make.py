"""Writing a fresh PDF: cleaned text at its places in standard fonts, and nothing else. The bytes depend on it alone.

No object of a source is ever copied into it: there are no metadata, no dates, no identifiers, no compressed streams.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from curator.core.errors import ItemError
from curator.scrub.document import characters
from curator.scrub.document.layout import Chunk, Line

FONTS = ("Helvetica", "Helvetica-Bold", "Courier", "Courier-Bold")
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
#: Blank kept before the next chunk and the page's edge, in points; least room that a chunk is set in.
_MARGIN = 2.0
_LEAST_ROOM = 6.0


@dataclass(frozen=True)
class Sheet:
    """A page to write: its visible box in the source's points, how it is turned, its lines."""

    box: tuple[float, float, float, float]
    rotation: int
    lines: list[Line]


def make(sheets: list[Sheet]) -> bytes:
    """Return a PDF.

    Raises
    ------
    ItemError
        PDF-009 when a text has a character that WinAnsiEncoding lacks.
    """
    kids = " ".join(f"{7 + 2 * at} 0 R" for at in range(len(sheets)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sheets)} /Kids [{kids}] >>",
        *(f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>" for font in FONTS),
    ]
    for at, sheet in enumerate(sheets):
        fonts = " ".join(f"/F{number + 1} {number + 3} 0 R" for number in range(len(FONTS)))
        width, height = sheet.box[2] - sheet.box[0], sheet.box[3] - sheet.box[1]
        turned = f" /Rotate {sheet.rotation}" if sheet.rotation else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_number(width)} {_number(height)}]{turned} "
            f"/Resources << /Font << {fonts} >> >> /Contents {8 + 2 * at} 0 R >>"
        )
        content = "\n".join(_chunk(chunk, room, sheet) for line in sheet.lines for chunk, room in _rooms(line, sheet))
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out = bytearray(_HEAD)
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += "".join(f"{place:010d} 00000 n \n" for place in places).encode("ascii")
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(out)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _point(chunk: Chunk, sheet: Sheet) -> tuple[float, float]:
    turn = math.radians(chunk.angle)
    x = chunk.start * math.cos(turn) - chunk.across * math.sin(turn) - sheet.box[0]
    y = chunk.start * math.sin(turn) + chunk.across * math.cos(turn) - sheet.box[1]
    return x, y


def _rooms(line: Line, sheet: Sheet) -> list[tuple[Chunk, float]]:
    """Return each chunk with the length that it may take: to the next one, or to the edge of the page."""
    found = []
    for at, chunk in enumerate(line):
        room = _to_edge(chunk, sheet)
        if at + 1 < len(line):
            room = min(room, line[at + 1].start - chunk.start)
        found.append((chunk, max(room - _MARGIN, _LEAST_ROOM)))
    return found


def _to_edge(chunk: Chunk, sheet: Sheet) -> float:
    x, y = _point(chunk, sheet)
    turn = math.radians(chunk.angle)
    ways = []
    for place, step, far in (
        (x, math.cos(turn), sheet.box[2] - sheet.box[0]),
        (y, math.sin(turn), sheet.box[3] - sheet.box[1]),
    ):
        if step > 1e-6:
            ways.append((far - place) / step)
        elif step < -1e-6:
            ways.append(-place / step)
    return max(min(ways), 0.0)


def _chunk(chunk: Chunk, room: float, sheet: Sheet) -> str:
    """Return the operators that set a chunk; a font too large for its room becomes smaller."""
    data = characters.written(chunk.text)
    if data is None:
        raise ItemError("PDF-009")
    if not data:
        return ""
    number = 2 * chunk.mono + chunk.bold
    needed = characters.width(chunk.text, FONTS[number]) * chunk.size / 1000
    size = chunk.size * min(1.0, room / needed) if needed else chunk.size
    x, y = _point(chunk, sheet)
    turn = math.radians(chunk.angle)
    sides = [_number(round(value, 4) + 0.0) if abs(value) in {0.0, 1.0} else f"{value:.4f}" for value in _turned(turn)]
    return (
        f"BT /F{number + 1} {_number(size)} Tf {' '.join(sides)} {_number(x)} {_number(y)} Tm ({_escaped(data)}) Tj ET"
    )


def _turned(turn: float) -> tuple[float, float, float, float]:
    cosine, sine = round(math.cos(turn), 4), round(math.sin(turn), 4)
    return cosine, sine, -sine, cosine


def _escaped(data: bytes) -> str:
    out = []
    for byte in data:
        if byte in b"()\\":
            out.append("\\" + chr(byte))
        elif 32 <= byte < 127:
            out.append(chr(byte))
        else:
            out.append(f"\\{byte:03o}")
    return "".join(out)
