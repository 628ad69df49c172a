"""Planting canaries into a PDF report: lines on a further page, of the size of the last, behind all other pages."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Sequence
from typing import Any

from curator.audit.canaries.made import Canary
from curator.core.errors import ItemError

#: Points: size of letters, their leading in sizes, the margin; a letter is narrower than this share of its size.
_SIZE, _LEADING, _MARGIN, _WIDE = 10.0, 1.6, 40.0, 0.6
#: A page on which letters had to be smaller than so many points has no place for them.
_LEAST = 4.0


def into_pdf(data: bytes, canaries: Sequence[Canary]) -> bytes:
    """Return a copy of a PDF with canaries on a page of its own.

    Raises
    ------
    ItemError
        PDF-001 when it cannot be read, PDF-002 when it is encrypted, AUP-007 when its pages are too small.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _planted(data, [one.sentence.encode("cp1252") for one in canaries])
        except (ItemError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - whatever pypdf raises may quote the file
            raise ItemError("PDF-001") from None


def _planted(data: bytes, lines: list[bytes]) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise ItemError("PDF-002")
    writer = PdfWriter(clone_from=reader)
    box = reader.pages[-1].mediabox
    width, height = float(box.width), float(box.height)
    size = min(
        _SIZE,
        (height - 2 * _MARGIN) / (_LEADING * len(lines)),
        (width - 2 * _MARGIN) / (_WIDE * max(map(len, lines))),
    )
    if size < _LEAST:
        raise ItemError("AUP-007")
    page: Any = writer.add_blank_page(width, height)
    content = DecodedStreamObject()
    content.set_data(_content(lines, size, height))
    page[NameObject("/Contents")] = writer._add_object(content)  # noqa: SLF001 - pypdf offers no other way
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}  # noqa: SLF001 - as above
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _content(lines: list[bytes], size: float, height: float) -> bytes:
    shown = b" Tj T* ".join(b"<" + line.hex().encode() + b">" for line in lines)
    begin = f"BT /F1 {size:.2f} Tf {size * _LEADING:.2f} TL {_MARGIN:.0f} {height - _MARGIN - size:.2f} Td "
    return begin.encode() + shown + b" Tj ET\n"
