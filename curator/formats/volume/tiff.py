"""Stacks of whole numbers in TIFF files (TIFF 6.0, BigTIFF): strips, plain or deflated, as tifffile writes them.

A small part of TIFF, read strictly: one sample a pixel, no tiles, no predictor. All else is refused by name. It must
never follow an offset out of the file, nor a chain of pages in a circle.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from curator.core.errors import UsageError
from curator.formats.volume.model import WIDTHS, Volume
from curator.formats.volume.nifti import MOST_AXIS, MOST_SLICE
from curator.formats.volume.stream import swapped

MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
MOST_PAGES, MOST_FIELDS, MOST_VALUES = 1 << 20, 4096, 1 << 20
#: Field types that are read (TIFF 6.0, section 2; BigTIFF): bytes and struct letter.
_TYPES = {1: (1, "B"), 2: (1, "B"), 3: (2, "H"), 4: (4, "I"), 16: (8, "Q")}
_WIDTH, _LENGTH, _BITS, _PACKING, _TEXT, _OFFSETS, _SAMPLES, _ROWS, _COUNTS = (
    256,
    257,
    258,
    259,
    270,
    273,
    277,
    278,
    279,
)
_PREDICTOR, _TILES, _FORMAT = 317, 322, 339
_DEFLATE = (8, 32946)
_READ = frozenset({_WIDTH, _LENGTH, _BITS, _PACKING, _TEXT, _OFFSETS, _SAMPLES, _ROWS, _COUNTS, _PREDICTOR, _FORMAT})


@dataclass(frozen=True)
class _Page:
    size: tuple[int, int]
    kind: str
    packing: int
    rows: int
    strips: list[tuple[int, int]]
    text: bytes


def _broken(reason: str) -> UsageError:
    return UsageError("IMP-003", reason=reason)


class _File:
    """An open TIFF file: its order of bytes, and values out of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.size = os.fstat(stream.fileno()).st_size
        head = stream.read(16)
        if head[:4] not in MAGICS:
            raise UsageError("IMP-001", format="TIFF")
        self.order = "<" if head[:1] == b"I" else ">"
        self.big = head[:4] in MAGICS[2:]
        if self.big and head[4:8] != struct.pack(self.order + "2H", 8, 0):
            raise _broken("its header is not that of its version")
        form = "Q" if self.big else "I"
        self.first = struct.unpack_from(self.order + form, head.ljust(16, b"\0"), 8 if self.big else 4)[0]

    def at(self, place: int, count: int) -> bytes:
        if place + count > self.size:
            raise _broken("it ends too early")
        self.stream.seek(place)
        found = self.stream.read(count)
        if len(found) != count:
            raise _broken("it ends too early")
        return found

    def pages(self) -> Iterator[_Page]:
        place, seen = self.first, 0
        while place:
            seen += 1
            if seen > MOST_PAGES:
                raise _broken("its pages do not end")
            fields, place = self._fields(place)
            yield _page(fields)

    def _fields(self, place: int) -> tuple[dict[int, list[int]], int]:
        head, entry, inline, form = (8, 20, 8, "Q") if self.big else (2, 12, 4, "I")
        count = struct.unpack(self.order + ("Q" if self.big else "H"), self.at(place, head))[0]
        if not 0 < count <= MOST_FIELDS:
            raise _broken("a page has no fields, or too many")
        block = self.at(place + head, count * entry + inline)
        fields: dict[int, list[int]] = {}
        for index in range(count):
            tag, kind, length = struct.unpack_from(self.order + "2H" + form, block, index * entry)
            if tag == _TILES:
                raise UsageError("IMP-041", what="tiles")
            if tag not in _READ:
                continue
            if kind not in _TYPES or length > MOST_VALUES or tag in fields:
                raise _broken("a field of a page is not what it must be")
            width, letter = _TYPES[kind]
            at = index * entry + entry - inline
            raw = block[at : at + inline]
            if width * length > inline:
                raw = self.at(struct.unpack(self.order + form, raw)[0], width * length)
            fields[tag] = list(struct.unpack_from(f"{self.order}{length}{letter}", raw))
        return fields, struct.unpack(self.order + form, block[-inline:])[0]


def _page(fields: dict[int, list[int]]) -> _Page:
    def one(tag: int, default: int | None = None) -> int:
        found = fields.get(tag, [] if default is None else [default])
        if len(found) != 1:
            raise _broken("a field of a page is not what it must be")
        return found[0]

    columns, rows, bits, form = one(_WIDTH), one(_LENGTH), one(_BITS, 1), one(_FORMAT, 1)
    kind = {1: "uint", 2: "int", 3: "float"}.get(form, "") + str(bits)
    if one(_SAMPLES, 1) != 1 or kind not in WIDTHS or one(_PREDICTOR, 1) != 1:
        raise UsageError("IMP-041", what="pixels that are not one whole number each, or a predictor")
    packing = one(_PACKING, 1)
    if packing != 1 and packing not in _DEFLATE:
        raise UsageError("IMP-041", what="another compression than deflate")
    if not 1 <= columns <= MOST_AXIS or not 1 <= rows <= MOST_AXIS or columns * rows * WIDTHS[kind] > MOST_SLICE:
        raise UsageError("IMP-041", what="slices of more than 256 MiB")
    each = min(one(_ROWS, rows), rows)
    offsets, counts = fields.get(_OFFSETS, []), fields.get(_COUNTS, [])
    if each < 1 or len(offsets) != -(-rows // each) or len(counts) != len(offsets):
        raise _broken("the strips of a page do not make it up")
    return _Page((columns, rows), kind, packing, each, list(zip(offsets, counts, strict=True)),
                 bytes(fields.get(_TEXT, [])))  # fmt: skip


def read_header(path: Path) -> Volume:
    """Read the pages' headers: all must be alike.

    Returns
    -------
    Volume
        Slices are the pages; the description's ``shape`` says whether some of them are times.

    Raises
    ------
    UsageError
        IMP-001, IMP-002, IMP-003, IMP-041.
    """
    try:
        with path.open("rb") as stream:
            file = _File(stream)
            pages = file.pages()
            first = next(pages, None)
            if first is None:
                raise _broken("it has no page")
            count = 1
            for page in pages:
                count += 1
                if (page.size, page.kind) != (first.size, first.kind):
                    raise UsageError("IMP-041", what="pages that are not alike")
    except OSError:
        raise UsageError("IMP-002") from None
    shape = _shape(first.text)
    times, slices = 1, count
    if shape is not None and len(shape) == 4 and shape[0] * shape[1] == count:
        times, slices = shape[0], shape[1]
    elif shape is not None and len(shape) > 3:
        raise UsageError("IMP-041", what="more than four axes")
    said: dict[str, Any] = {"description": first.text.rstrip(b"\0").decode("latin-1")} if first.text else {}
    return Volume(size=(*first.size, slices), kind=first.kind, big=file.order == ">", times=times, said=said)


def _shape(text: bytes) -> list[int] | None:
    """Return the shape that tifffile writes into the first page's description."""
    try:
        told = json.loads(text.rstrip(b"\0").decode("ascii"))
    except (ValueError, RecursionError):
        return None
    shape = told.get("shape") if isinstance(told, dict) else None
    return shape if isinstance(shape, list) and all(type(length) is int and length > 0 for length in shape) else None


def slices(path: Path, volume: Volume) -> Iterator[bytes]:
    """Yield the pixels of each page, little-endian.

    Raises
    ------
    UsageError
        IMP-002, IMP-003 when a strip is broken or does not hold its rows.
    """
    try:
        with path.open("rb") as stream:
            file = _File(stream)
            for page in file.pages():
                made = b"".join(_strips(file, page))
                yield swapped(made, volume.kind) if volume.big and WIDTHS[volume.kind] > 1 else made
    except OSError:
        raise UsageError("IMP-002") from None


def _strips(file: _File, page: _Page) -> Iterator[bytes]:
    left = page.size[1]
    for place, count in page.strips:
        need = min(page.rows, left) * page.size[0] * WIDTHS[page.kind]
        left -= page.rows
        strip = file.at(place, count)
        if page.packing != 1:
            engine = zlib.decompressobj()
            try:
                strip = engine.decompress(strip, need + 1)
            except zlib.error:
                raise _broken("a strip cannot be inflated") from None
            if len(strip) == need and not engine.eof:
                engine.decompress(engine.unconsumed_tail, 1)
            if not engine.eof:
                raise _broken("a strip cannot be inflated")
        if len(strip) != need:
            raise _broken("a strip does not hold its rows")
        yield strip
