"""Masks from PNG files, the size of a PNG or JPEG image, both from hostile bytes, and 8-bit PNGs of pixels.

Small on purpose: 8-bit gray, RGB and RGBA without interlacing are what tools write masks in, and gray or palettes of 1
to 8 bits what they write small ones in (PNG, third edition, W3C, clauses 5, 9, 11). Everything is bounded before it is
unpacked, every checksum is compared, and what is not whole is refused: it never guesses a pixel.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from curator.core.errors import ItemError
from curator.labels.runs import PIXELS, joined

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Bytes of the largest file that is read; a mask of this size would be drawn noise.
FILE = 1 << 28
#: Color type to bytes a pixel (clause 11.2.1).
_BYTES = {0: 1, 2: 3, 6: 4}
#: Color types of masks to samples a pixel: gray, RGB, palette, gray and alpha, RGBA; gray and palette may be packed.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PACKED = {1, 2, 4, 8}
#: JPEG frame headers (ITU-T T.81, table B.1: SOF0 to SOF15 without DHT, JPG and DAC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def image_size(path: Path) -> tuple[int, int] | None:
    """Return (width, height) that a PNG or JPEG file states; None when it is neither, or its header is broken."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
            if head.startswith(SIGNATURE):
                if len(head) < 24 or head[12:16] != b"IHDR":
                    return None
                width, height = struct.unpack(">II", head[16:24])
            elif head.startswith(b"\xff\xd8"):
                file.seek(0)
                found = _jpeg(file.read(1 << 22))
                if found is None:
                    return None
                width, height = found
            else:
                return None
    except OSError:
        return None
    return (width, height) if 0 < width < 1 << 31 and 0 < height < 1 << 31 else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:  # fill bytes
            at += 1
            continue
        if mark in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or mark == 0xDA:
            return None
        at += 2 + length
    return None


def png_bytes(pixels: bytes, width: int, height: int, samples: int = 1) -> bytes:
    """Write 8-bit pixels as a PNG with a header, the pixels, and nothing else.

    Parameters
    ----------
    pixels
        By rows from above, ``samples`` bytes each: 1 for gray, 3 for red, green, blue.
    width, height
        In pixels, above 0.

    Returns
    -------
    bytes
        The file, the same for the same pixels.
    """
    if samples not in {1, 3} or width < 1 or height < 1 or len(pixels) != width * height * samples:
        raise ValueError("the pixels are not as many as the size says")
    step = width * samples
    flat = b"".join(b"\0" + pixels[at : at + step] for at in range(0, len(pixels), step))
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if samples == 1 else 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(flat, 6)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def segments(path: Path, size: tuple[int, int] | None) -> tuple[tuple[int, int], dict[int, list[int]]]:
    """Read a PNG whose colors are numbers of segments, as COCO's panoptic masks are: red + 256 green + 65536 blue.

    Parameters
    ----------
    path
        The file; of gray the gray is the number, alpha is not looked at.
    size
        (width, height) that it must have; None when that is not known.

    Returns
    -------
    tuple
        The (width, height) of the file; and number of the segment (0, the background, left out) to run lengths by
        rows, zeros first.

    Raises
    ------
    ItemError
        IMP-026 when there is no such file, IMP-032 when it is broken, of another PNG kind, or too large, IMP-024 when
        it has another size.
    """
    try:
        if path.stat().st_size > FILE:
            raise ItemError("IMP-032")
        data = path.read_bytes()
    except (OSError, ValueError):
        raise ItemError("IMP-026", what="mask file") from None
    return segments_of(data, size)


def segments_of(data: bytes, size: tuple[int, int] | None) -> tuple[tuple[int, int], dict[int, list[int]]]:
    """Read the bytes of such a PNG; as :func:`segments`, without IMP-026."""
    width, height, depth, rows = _rows(data, size)
    ones: dict[int, list[tuple[int, int]]] = {}
    same = re.compile(rb"(" + rb"." * depth + rb")\1*", re.DOTALL)
    for number, row in enumerate(rows):
        start = number * width
        for run in same.finditer(row):
            color = int.from_bytes(run[1][:3], "little")
            if color:
                ones.setdefault(color, []).append((start + run.start() // depth, start + run.end() // depth))
    return (width, height), {color: joined(found, width * height) for color, found in ones.items()}


#: Alpha of a pixel to whether it belongs to a mask: most of it does.
_OPAQUE = bytes(int(alpha > 127) for alpha in range(256))


def opaque(data: bytes, size: tuple[int, int] | None) -> tuple[tuple[int, int], list[int]]:
    """Read the bytes of an RGBA PNG whose mask is where alpha is above 127.

    Returns
    -------
    tuple
        The (width, height), and run lengths by rows, zeros first.

    Raises
    ------
    ItemError
        IMP-032 when it is broken, of another PNG kind, or too large, IMP-024 when it has another size, IMP-021 when no
        pixel is set.
    """
    width, height, depth, rows = _rows(data, size)
    if depth != 4:
        raise ItemError("IMP-032")
    stretches = [
        (number * width + run.start(), number * width + run.end())
        for number, row in enumerate(rows)
        for run in re.finditer(rb"\x01+", row[3::4].translate(_OPAQUE))
    ]
    if not stretches:
        raise ItemError("IMP-021")
    return (width, height), joined(stretches, width * height)


def painted(data: bytes, size: tuple[int, int] | None) -> tuple[tuple[int, int], list[int]]:
    """Read the bytes of a PNG of one mask: where alpha is not 0, or without alpha where it is not black.

    Returns
    -------
    tuple
        The (width, height), and run lengths by rows, zeros first.

    Raises
    ------
    ItemError
        IMP-032 when it is broken, of another PNG kind, or too large, IMP-024 when it has another size, IMP-021 when no
        pixel is set.
    """
    chunks = _chunks(data)
    width, height, bits, kind, rest = struct.unpack(">IIBB3s", chunks[b"IHDR"])
    packed = kind in {0, 3} and bits in _PACKED
    if rest != bytes(3) or kind not in _SAMPLES or not (bits == 8 or packed) or not 0 < width * height <= PIXELS:
        raise ItemError("IMP-032")
    if size is not None and (width, height) != size:
        raise ItemError("IMP-024")
    if b"tRNS" in chunks and kind != 3:
        raise ItemError("IMP-032")  # one color that stands for nothing: no tool writes masks so
    samples = _SAMPLES[kind]
    length = (width * samples * bits + 7) // 8
    table = _seen(chunks) if kind == 3 else bytes(value > 0 for value in range(256))
    stretches = []
    for number, row in enumerate(_unfiltered(_flat(chunks[b"IDAT"], height * (1 + length)), length, samples)):
        if kind in {0, 3}:
            drawn = _spread(row, bits)[:width].translate(table)
        elif kind == 2:
            drawn = bytes(any(row[at : at + 3]) for at in range(0, length, 3))
        else:
            drawn = row[samples - 1 :: samples].translate(table)
        start = number * width
        stretches += [(start + run.start(), start + run.end()) for run in re.finditer(rb"\x01+", drawn)]
    if not stretches:
        raise ItemError("IMP-021")
    return (width, height), joined(stretches, width * height)


def _seen(chunks: dict[bytes, bytes]) -> bytes:
    """Return for every index of a palette whether it is part of a mask (clauses 11.2.2 and 11.3.1.1)."""
    colors = chunks.get(b"PLTE", b"")
    if not colors or len(colors) % 3 or len(colors) > 768:
        raise ItemError("IMP-032")
    count = len(colors) // 3
    if b"tRNS" in chunks:
        made = [alpha > 0 for alpha in chunks[b"tRNS"]]
        made += [True] * (count - len(made))
    else:
        made = [any(colors[at : at + 3]) for at in range(0, len(colors), 3)]
    return bytes(made).ljust(256, b"\0")[:256]


def _spread(row: bytes, bits: int) -> bytes:
    """Return one byte a pixel of a row that holds several pixels a byte, the first in the highest bits."""
    if bits == 8:
        return row
    low = (1 << bits) - 1
    return bytes((byte >> shift) & low for byte in row for shift in range(8 - bits, -1, -bits))


def _rows(data: bytes, size: tuple[int, int] | None) -> tuple[int, int, int, Iterator[bytes]]:
    """Check a PNG and return its width, height, bytes a pixel, and its rows from above."""
    chunks = _chunks(data)
    width, height, bits, kind, method, filtering, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if bits != 8 or kind not in _BYTES or method or filtering or interlaced or not 0 < width * height <= PIXELS:
        raise ItemError("IMP-032")
    if size is not None and (width, height) != size:
        raise ItemError("IMP-024")
    depth = _BYTES[kind]
    flat = _flat(chunks[b"IDAT"], height * (1 + width * depth))
    return width, height, depth, _unfiltered(flat, width * depth, depth)


def _flat(packed: bytes, whole: int) -> bytes:
    """Unpack the rows, which have to be as many bytes as the header makes of them."""
    unpacker = zlib.decompressobj()
    try:
        flat = unpacker.decompress(packed, whole + 1)
    except zlib.error:
        raise ItemError("IMP-032") from None
    if len(flat) != whole or not unpacker.eof or unpacker.unused_data:
        raise ItemError("IMP-032")
    return flat


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """Return the bytes of IHDR, PLTE, tRNS and of all IDAT chunks, after checking order, lengths and checksums (5)."""
    if not data.startswith(SIGNATURE):
        raise ItemError("IMP-032")
    at = len(SIGNATURE)
    made: dict[bytes, bytes] = {}
    packed = []
    kind = b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise ItemError("IMP-032")
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise ItemError("IMP-032")
        if (kind == b"IHDR") != (at == len(SIGNATURE)) or (kind == b"IHDR" and length != 13):
            raise ItemError("IMP-032")
        if kind in {b"IHDR", b"PLTE", b"tRNS"}:
            if kind in made:
                raise ItemError("IMP-032")
            made[kind] = body
        elif kind == b"IDAT":
            packed.append(body)
        elif not kind[0] & 0x20 and kind != b"IEND":
            raise ItemError("IMP-032")  # a critical chunk that is not known
        at += 12 + length
    if at != len(data):
        raise ItemError("IMP-032")
    return {**made, b"IDAT": b"".join(packed)}


def _unfiltered(flat: bytes, length: int, depth: int) -> Iterator[bytes]:
    """Undo the filters of clause 9, row by row."""
    above = bytearray(length)
    for start in range(0, len(flat), length + 1):
        kind = flat[start]
        row = bytearray(flat[start + 1 : start + 1 + length])
        if kind == 1:
            for at in range(depth, length):
                row[at] = (row[at] + row[at - depth]) & 0xFF
        elif kind == 2:
            row = bytearray((value + up) & 0xFF for value, up in zip(row, above, strict=True))
        elif kind == 3:
            for at in range(length):
                left = row[at - depth] if at >= depth else 0
                row[at] = (row[at] + (left + above[at]) // 2) & 0xFF
        elif kind == 4:
            for at in range(length):
                left, corner = (row[at - depth], above[at - depth]) if at >= depth else (0, 0)
                row[at] = (row[at] + _paeth(left, above[at], corner)) & 0xFF
        elif kind:
            raise ItemError("IMP-032")
        yield bytes(row)
        above = row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
    if distances[0] <= distances[1] and distances[0] <= distances[2]:
        return left
    return up if distances[1] <= distances[2] else corner
