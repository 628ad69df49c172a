"""PNGs stripped to their pixels, so that no text, time or trailing byte of a file travels in a report.

(PNG, third edition, W3C, clauses 5 and 11.) A picture that is not whole is refused, never shown in part.
"""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS")
#: Color type to samples a pixel (clause 11.2.1), and the most bytes of pixels that a report takes in one picture.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_MOST = 1 << 28


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk with its length and checksum."""
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def plain_png(data: bytes) -> bytes:
    """Return a PNG with its header, palette, transparency and pixels alone, packed anew.

    Raises
    ------
    ValueError
        For bytes that are no whole PNG without interlacing. It names nothing of them.
    """
    if not data.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    at, packed, kept = len(_SIGNATURE), b"", {}
    while True:
        if at + 12 > len(data):
            raise ValueError("not a whole PNG")
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise ValueError("not a whole PNG")
        if kind == b"IEND":
            break
        if kind == b"IDAT":
            packed += body
        elif kind in _KEPT:
            kept[kind] = body
        at += 12 + length
    if len(kept.get(b"IHDR", b"")) != 13:
        raise ValueError("not a whole PNG")
    width, height, bits, color, method, filtering, interlaced = struct.unpack(">IIBBBBB", kept[b"IHDR"])
    if color not in _SAMPLES or bits not in {1, 2, 4, 8, 16} or method or filtering or interlaced:
        raise ValueError("not a PNG of a known kind")
    whole = height * (1 + (width * bits * _SAMPLES[color] + 7) // 8)
    unpacker = zlib.decompressobj()
    try:
        pixels = unpacker.decompress(packed, whole + 1) if 0 < whole <= _MOST else b""
    except zlib.error:
        raise ValueError("not a whole PNG") from None
    if len(pixels) != whole or not whole or not unpacker.eof:
        raise ValueError("not a whole PNG")
    parts = [chunk(kind, kept[kind]) for kind in _KEPT if kind in kept]
    return b"".join([_SIGNATURE, *parts, chunk(b"IDAT", zlib.compress(pixels, 6)), chunk(b"IEND", b"")])
