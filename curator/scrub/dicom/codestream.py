"""One JPEG 2000 frame from its first byte to its last (ITU-T T.800 annexes A and I, T.814 for high throughput).

Lengths that the code stream states are held against what is there. It must never pass a marker segment or a box that it
does not know.
"""

from __future__ import annotations

import re
from itertools import pairwise

from curator.core.errors import ItemError
from curator.scrub.dicom.comments import is_fill, is_plain_comment

_SOT, _SOD, _EOC = b"\xff\x90", b"\xff\x93", b"\xff\xd9"
#: No coded byte pair is above FF8F; only the packet's own marks are.
_MARK = re.compile(rb"\xff(?:[\x90\x93-\xff]|\x91(?!\x00\x04))", re.DOTALL)
_BRANDS = frozenset({b"jp2 ", b"jpx ", b"jpxb", b"jph "})
_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"


def check_codestream(data: bytes) -> None:
    """Account for every byte of a code stream and the padding behind it.

    Raises
    ------
    ItemError
        DCM-047 for bytes that belong to nothing; DCM-048 for a segment that is unknown or may hold text.
    """
    if data[:4] != b"\xff\x4f\xff\x51":
        raise ItemError("DCM-047")
    components = int.from_bytes(data[40:42], "big")
    at, lengths, tiles = 2, [], []
    while data[at : at + 2] != _SOT:
        mark, body, at = _segment(data, at)
        if mark == 0x55:
            lengths += _tile_lengths(body)
        elif not _is_plain(mark, body, components, main=True):
            raise ItemError("DCM-048")
    while data[at : at + 2] == _SOT:
        end = _tile(data, at, components)
        tiles.append(end - at)
        at = end
    rest = data[at + 2 :]
    if data[at : at + 2] != _EOC or not is_fill(rest):
        raise ItemError("DCM-047")
    if lengths and lengths != tiles:
        raise ItemError("DCM-048")


def _segment(data: bytes, at: int) -> tuple[int, bytes, int]:
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    end = at + 2 + length
    if data[at : at + 1] != b"\xff" or length < 2 or end > len(data):
        raise ItemError("DCM-047")
    return data[at + 1], data[at + 4 : end], end


def _tile(data: bytes, start: int, components: int) -> int:
    """Follow one tile part and return where it ends."""
    _, body, at = _segment(data, start)
    if len(body) != 8:
        raise ItemError("DCM-047")
    size = int.from_bytes(body[2:6], "big")
    end = start + size if size else data.rfind(_EOC)
    if end > len(data) or end < at:
        raise ItemError("DCM-047")
    packets: list[int] = []
    while data[at : at + 2] != _SOD:
        mark, body, at = _segment(data, at)
        if mark == 0x58:
            packets += _packet_lengths(body)
        elif not _is_plain(mark, body, components, main=False):
            raise ItemError("DCM-048")
    at += 2
    if at > end or _MARK.search(data, at, end):
        raise ItemError("DCM-047")
    if packets and sum(packets) != end - at:
        raise ItemError("DCM-048")
    return end


def _packet_lengths(body: bytes) -> list[int]:
    found, number = [], 0
    for one in body[1:]:
        number = number << 7 | one & 0x7F
        if one < 0x80:
            found.append(number)
            number = 0
    if not body or body[-1] >= 0x80:
        raise ItemError("DCM-048")
    return found


def _tile_lengths(body: bytes) -> list[int]:
    if len(body) < 2 or body[1] & 0x8F or body[1] >> 4 & 3 == 3:
        raise ItemError("DCM-048")
    index, size = body[1] >> 4 & 3, 4 if body[1] & 0x40 else 2
    if (len(body) - 2) % (index + size):
        raise ItemError("DCM-048")
    return [int.from_bytes(body[at + index : at + index + size], "big") for at in range(2, len(body), index + size)]


def _is_plain(mark: int, body: bytes, components: int, *, main: bool) -> bool:
    wide = 1 if components < 257 else 2
    if mark == 0x64:
        return body[:2] in {b"\0\0", b"\0\x01"} and is_plain_comment(body[2:])
    if mark == 0x52:
        return len(body) > 9 and len(body) == 10 + (body[5] + 1 if body[0] & 1 else 0)
    if mark == 0x53:
        return len(body) > wide + 5 and len(body) == wide + 6 + (body[wide + 1] + 1 if body[wide] & 1 else 0)
    if mark == 0x5C:
        return _is_quantization(body)
    if mark == 0x5D:
        return _is_quantization(body[wide:])
    if mark == 0x5E:
        return len(body) == wide + 2
    if mark == 0x5F:
        return bool(body) and len(body) % (5 + 2 * wide) == 0
    if not main:
        return False
    if mark == 0x51:
        return len(body) == 36 + 3 * components
    if mark == 0x63:
        return len(body) == 4 * components
    return mark == 0x50 and len(body) == 4 + 2 * int.from_bytes(body[:4], "big").bit_count()


def _is_quantization(body: bytes) -> bool:
    if not body:
        return False
    style, rest = body[0] & 0x1F, len(body) - 1
    if style == 0:
        return rest % 3 == 1 and rest <= 97
    return rest == 2 if style == 1 else style == 2 and rest % 6 == 2 and rest <= 194


def check_jp2(data: bytes) -> None:
    """Account for every byte of a JP2 file (some write one though PS3.5 A.4.4 wants the code stream alone).

    Raises
    ------
    ItemError
        DCM-047 or DCM-048, as for a code stream.
    """
    if not data.startswith(_SIGNATURE):
        raise ItemError("DCM-047")
    at, seen = len(_SIGNATURE), []
    while True:
        kind, body, at = _box(data, at)
        seen.append(kind)
        if kind == b"jp2c":
            break
        if not (_is_type(body) if kind == b"ftyp" else kind == b"jp2h" and _is_header(body)):
            raise ItemError("DCM-048")
    if seen != [b"ftyp", b"jp2h", b"jp2c"] or any(data[at:]):
        raise ItemError("DCM-047")
    check_codestream(body)


def _box(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    length = int.from_bytes(data[at : at + 4], "big")
    end = at + length if length else len(data)
    if at + 8 > end or end > len(data):
        raise ItemError("DCM-047")
    return data[at + 4 : at + 8], data[at + 8 : end], end


def _is_type(body: bytes) -> bool:
    names = [body[at : at + 4] for at in range(8, len(body), 4)]
    return body[:4] in _BRANDS and body[4:8] == bytes(4) and len(names) < 5 and _BRANDS.issuperset(names)


def _is_header(body: bytes) -> bool:
    at, seen = 0, []
    components = 0
    while at < len(body):
        kind, inner, at = _box(body, at)
        seen.append(kind)
        if kind == b"ihdr" and len(inner) == 14:
            components = int.from_bytes(inner[8:10], "big")
        elif kind == b"bpcc":
            if len(inner) != components:
                return False
        elif kind == b"cdef":
            if len(inner) != 2 + 6 * components:
                return False
        elif kind == b"res ":
            if not _is_resolution(inner):
                return False
        elif kind != b"colr" or len(inner) != 7 or inner[0] != 1:
            return False
    return seen[:1] == [b"ihdr"] and all(a != b for a, b in pairwise(sorted(seen)))


def _is_resolution(body: bytes) -> bool:
    """Say whether a box tells resolutions and nothing else (ISO/IEC 15444-1, I.5.3.7): captured, displayed, or both."""
    at, seen = 0, []
    while at < len(body):
        kind, inner, at = _box(body, at)
        if len(inner) != 10:
            return False
        seen.append(kind)
    return seen in ([b"resc"], [b"resd"], [b"resc", b"resd"])
