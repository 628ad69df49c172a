"""Metadata blocks inside compressed frames: JPEG comments and application segments, JPEG 2000 comments.

Read, never changed. A block that only names an encoder is no finding; anything else is, since a comment may hold what
the header was cleaned of.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from curator.scrub.dicom.rules import data_text

_ITEM = b"\xfe\xff\x00\xe0"
_MOST_SEGMENTS = 2000
#: Segments that hold structure: JFIF and its extension, Adobe's color transform, SPIFF, color transform of JPEG-LS.
_PLAIN_SEGMENTS = ((0xE0, b"JFIF\0"), (0xE0, b"JFXX\0"), (0xEE, b"Adobe"), (0xE8, b"SPIFF\0"), (0xE8, b"mrfx"))
_COMMENT, _APP_FIRST, _APP_LAST, _SCAN, _END = 0xFE, 0xE0, 0xEF, 0xDA, 0xD9
_LONGEST_PLAIN = 64
_MARKS = re.compile(rb"\xff[\xd9\xe0-\xef\xfe]")
#: SPIFF's end of directory, which stands before the image's own SOI (ISO/IEC 10918-3, F.2.2.3).
_SPIFF_END = b"\0\0\0\x01\xff\xd8"
#: Boxes of a JP2 file that hold structure (ISO/IEC 15444-1, I.5); XML and UUID boxes are not among them.
_PLAIN_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h"})
_CODESTREAM_BOX = b"jp2c"


@cache
def _encoders() -> re.Pattern[bytes]:
    texts = tomllib.loads(data_text("encoders.toml"))["comments"]
    return re.compile(
        ("(?:" + "|".join(f"(?:{text})" for text in texts) + r")[\0\r\n ]*").encode("ascii"), re.IGNORECASE
    )


def _is_plain_comment(body: bytes) -> bool:
    return not body.strip(b"\0 \r\n") or _encoders().fullmatch(body) is not None


def has_metadata(fragments: bytes | memoryview) -> bool:
    """Say whether a compressed frame holds a comment or application block that is more than an encoder's name.

    Parameters
    ----------
    fragments
        The value of encapsulated pixel data: items with their headers (PS3.5 A.4), without the delimiter.
    """
    return any(_has_metadata(fragment) for fragment in _fragments(memoryview(fragments)))


def _fragments(view: memoryview) -> Iterator[memoryview]:
    at = 0
    while at + 8 <= len(view) and view[at : at + 4] == _ITEM:
        length = int.from_bytes(view[at + 4 : at + 8], "little")
        yield view[at + 8 : at + 8 + length]
        at += 8 + length


def _has_metadata(view: memoryview) -> bool:
    head = bytes(view[:12])
    if head[:2] == b"\xff\xd8":
        return _in_jpeg(view)
    if head[:4] == b"\xff\x4f\xff\x51":
        return _in_codestream(view)
    return head[4:8] == b"jP  " and _in_boxes(view)


def _is_plain_segment(mark: int, body: bytes) -> bool:
    if mark == 0xE8 and body == _SPIFF_END:
        return True
    return any(
        mark == plain and body.startswith(start) and len(body) <= _LONGEST_PLAIN for plain, start in _PLAIN_SEGMENTS
    )


def _in_boxes(view: memoryview) -> bool:
    """Look through the boxes of a JP2 file (some write one though PS3.5 A.4.4 wants the codestream alone)."""
    at = 0
    while at + 8 <= len(view):
        length, kind = int.from_bytes(view[at : at + 4], "big"), bytes(view[at + 4 : at + 8])
        end = len(view) if length == 0 else at + length
        if kind == _CODESTREAM_BOX:
            return _in_codestream(view[at + 8 : end]) or (len(view) - end > 1 and any(view[end:]))
        if kind not in _PLAIN_BOXES or length < 8 or b"acsp" in bytes(view[at:end]):
            return True
        at = end
    return True


def _in_jpeg(view: memoryview) -> bool:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        while at < len(view) and view[at] == 0xFF and at + 1 < len(view) and view[at + 1] == 0xFF:
            at += 1
        if at + 4 > len(view) or view[at] != 0xFF:
            return False
        mark = view[at + 1]
        if mark in {_SCAN, _END}:
            return _behind_scan(view[at:])
        length = int.from_bytes(view[at + 2 : at + 4], "big")
        body = bytes(view[at + 4 : at + 2 + length])
        if mark == _COMMENT and not _is_plain_comment(body):
            return True
        if _APP_FIRST <= mark <= _APP_LAST and not _is_plain_segment(mark, body):
            return True
        at += 2 + length
    return True


def _behind_scan(view: memoryview) -> bool:
    """Say whether a comment, an application block or bytes behind the end of the image follow a scan.

    Within entropy-coded data a byte of ones is followed by zero, a restart marker or, in JPEG-LS, a clear bit
    (ISO/IEC 10918-1, B.1.1.5), so that the markers sought cannot stand there by chance.
    """
    found = _MARKS.search(view)
    return found is not None and (found[0] != b"\xff\xd9" or _behind_end(view, found))


def _behind_end(view: memoryview, end: re.Match[bytes] | None) -> bool:
    """Say whether anything but padding stands behind the end of an image; without an end it goes on elsewhere."""
    return end is not None and any(bytes(view[end.end() :]).strip(b"\0\xff"))


def _in_codestream(view: memoryview) -> bool:
    """Look through the main header of a JPEG 2000 codestream (ISO/IEC 15444-1, A.4 to A.9)."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if at + 4 > len(view) or view[at] != 0xFF:
            return False
        mark = view[at + 1]
        if mark in {0x90, 0xD9}:
            return _behind_end(view, re.compile(rb"\xff\xd9").search(view, at))
        length = int.from_bytes(view[at + 2 : at + 4], "big")
        if mark == 0x64:
            body = bytes(view[at + 6 : at + 2 + length])
            if not _is_plain_comment(body):
                return True
        at += 2 + length
    return True
