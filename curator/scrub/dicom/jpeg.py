"""One JPEG or JPEG-LS frame from its first byte to its last (ITU-T T.81 annex B, T.87 annex C; JFIF, SPIFF, Adobe).

A marker segment is known and as long as its own content says, or the frame is held back. It must never pass what it
does not know.
"""

from __future__ import annotations

import re

from curator.core.errors import ItemError
from curator.scrub.dicom.comments import is_fill, is_plain_comment

_MOST_SEGMENTS = 20000
_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_FRAME = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
#: Coded data end at a marker: not a stuffed zero, a restart or a fill byte; in JPEG-LS a stuffed bit is zero.
#: Two bytes and no repetition: the search must stay linear in a run of fill bytes.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_END_OF_SCAN_LS = re.compile(rb"\xff[\x80-\xcf\xd8-\xfe]", re.DOTALL)
#: SPIFF's end of directory, which stands before the image's own SOI (ISO/IEC 10918-3, F.2.2.3).
_SPIFF_END = b"\0\0\0\x01\xff\xd8"
#: Adobe's segment two bytes short and without a value, as some writers have it.
_SHORT_ADOBE = b"Adobe" + bytes(5)
#: What some encoders write before a lossless frame, in the place of JFIF's segment: a version and nothing else.
_LJIF = b"LJIF\0\x01" + bytes(7)


def check_jpeg(frame: bytes, *, near: bool, alone: bool = False) -> None:
    """Account for every byte of a frame; ``near`` for JPEG-LS, ``alone`` for the only frame of an object.

    What makes the only frame even may be any byte: some writers leave there what stood in their memory.

    Raises
    ------
    ItemError
        DCM-047 for bytes that belong to no segment; DCM-048 for a segment that is unknown or may hold text.
    """
    if frame[:2] != b"\xff\xd8":
        raise ItemError("DCM-047")
    at, sized, scans = 2, False, 0
    for _ in range(_MOST_SEGMENTS):
        start = at
        while frame[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 2 > len(frame) or frame[at] != 0xFF:
            raise ItemError("DCM-047")
        mark = frame[at + 1]
        if mark == _EOI:
            rest = frame[at + 2 :]
            if not scans or not (is_fill(rest) or (alone and len(rest) == 1 and len(frame) % 2 == 0)):
                raise ItemError("DCM-047")
            return
        length = int.from_bytes(frame[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(frame) or at - start > 64:
            raise ItemError("DCM-047")
        body = frame[at + 4 : end]
        if mark == _SOS:
            if not sized or not body or len(body) != 4 + 2 * body[0]:
                raise ItemError("DCM-047")
            found = (_END_OF_SCAN_LS if near else _END_OF_SCAN).search(frame, end)
            if found is None:
                raise ItemError("DCM-047")
            end, scans = found.start(), scans + 1
        elif not _is_plain(mark, body):
            raise ItemError("DCM-048")
        sized = sized or mark in _FRAME
        at = end
    raise ItemError("DCM-047")


def _is_plain(mark: int, body: bytes) -> bool:
    if mark in _FRAME:
        return len(body) > 5 and len(body) == 6 + 3 * body[5]
    if mark == _COM:
        return is_plain_comment(body)
    if 0xE0 <= mark <= 0xEF:
        return _is_application(mark, body)
    if mark == 0xC4:
        return _is_huffman(body)
    if mark == 0xDB:
        return _is_quantization(body)
    if mark == 0xCC:
        return len(body) % 2 == 0 and all(one & 0xF < 4 and one < 0x20 for one in body[::2])
    if mark == 0xF8:
        return len(body) == 11 and body[0] == 1  # preset coding parameters; tables and oversize are not followed
    return mark in {0xDC, 0xDD} and len(body) == 2


def _is_application(mark: int, body: bytes) -> bool:
    if mark == 0xE0:
        return body == _LJIF or (len(body) == 14 and body[:6] == b"JFIF\0\x01" and body[7] < 3 and body[12:] == b"\0\0")
    if mark == 0xEE:
        return body == _SHORT_ADOBE or (len(body) == 12 and body[:6] == b"Adobe\0" and body[11] < 3)
    return mark == 0xE8 and (
        body == _SPIFF_END
        or (len(body) == 30 and body[:6] == b"SPIFF\0" and not body[6] > 2)
        or (len(body) == 5 and body[:4] == b"mrfx")
    )


def _is_huffman(body: bytes) -> bool:
    at = 0
    while at < len(body):
        counts = body[at + 1 : at + 17]
        values = body[at + 17 : at + 17 + sum(counts)]
        if body[at] > 0x1F or body[at] & 0xF > 3 or len(counts) != 16 or len(values) != sum(counts):
            return False
        if len(set(values)) != len(values) or sum(n << (15 - i) for i, n in enumerate(counts)) > 1 << 16:
            return False
        if body[at] < 0x10 and any(value > 16 for value in values):
            return False
        at += 17 + len(values)
    return at == len(body)


def _is_quantization(body: bytes) -> bool:
    at = 0
    while at < len(body):
        if body[at] & 0xF > 3 or body[at] > 0x1F:
            return False
        at += 65 if body[at] < 0x10 else 129
    return at == len(body)
