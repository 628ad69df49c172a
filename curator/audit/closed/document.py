"""What a PDF holds besides its bytes: text, metadata, form fields, notes, attachments, every stream unpacked."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

from curator.core.errors import CuratorError, ItemError

_MOST_OBJECTS, _MOST_STREAMS = 200_000, 1 << 30


def document_views(stream: BinaryIO) -> Iterator[tuple[str, str | bytes]]:
    """Yield (place, text or bytes) for everything of a PDF.

    Raises
    ------
    ItemError
        AUP-002 when it cannot be read whole, is encrypted, or AUP-003 when it is too large.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    found: list[tuple[str, str | bytes]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _read(stream, found)
        except (CuratorError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - whatever pypdf raises may quote the file
            raise ItemError("AUP-002") from None
    yield from found


def _read(stream: BinaryIO, found: list[tuple[str, str | bytes]]) -> None:
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

    reader = PdfReader(stream, strict=False)
    if reader.is_encrypted:
        raise ItemError("AUP-002")
    found.extend(("text", page.extract_text()) for page in reader.pages)
    room = _MOST_STREAMS
    strings: list[str] = []
    numbers = sorted({number for table in reader.xref.values() for number in table} | set(reader.xref_objStm))
    if len(numbers) > _MOST_OBJECTS:
        raise ItemError("AUP-003")
    for number in numbers:
        one = reader.get_object(number)
        _strings(one, strings, 0)
        if isinstance(one, StreamObject):
            if one.get("/Subtype") == "/Image":
                continue  # its bytes are searched as they stand in the file
            data = one.get_data()
            room -= len(data)
            if room < 0:
                raise ItemError("AUP-003")
            place = "attachment" if one.get("/Type") == "/EmbeddedFile" else "stream"
            found.append((place, data))
    if reader.trailer.get("/Info") is not None:
        _strings(reader.trailer["/Info"].get_object(), strings, 0)
    found.append(("metadata", "\n".join(strings)))


def _strings(one: Any, out: list[str], depth: int) -> None:
    """Gather the strings of an object, without following references: each object is visited by itself."""
    from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, TextStringObject

    if depth > 50:
        raise ItemError("AUP-003")
    if isinstance(one, DictionaryObject):
        out.extend(map(str, one))
        for key in one:
            _strings(one.raw_get(key), out, depth + 1)
    elif isinstance(one, ArrayObject):
        for part in list.__iter__(one):
            _strings(part, out, depth + 1)
    elif isinstance(one, ByteStringObject):
        out.append(bytes(one).decode("latin-1"))
    elif isinstance(one, TextStringObject | NameObject):
        out.append(str(one))
