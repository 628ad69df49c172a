"""The segments of JPEG images (ITU-T T.81 Annex B, JFIF 1.02, Exif 2.32): metadata, thumbnails, what is behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

_START, _END = b"\xff\xd8\xff", b"\xff\xd9"
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})
_SCAN = 0xDA


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker's second byte, body) of the segments before the first scan of the image that begins the data."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : at + 2 + size]
        if marker == _SCAN or size < 2:
            return
        at += 2 + size


def thumbnails(data: bytes) -> Counter[str]:
    """Count small images inside the metadata of each JPEG image in some bytes."""
    found: Counter[str] = Counter()
    at = data.find(_START)
    while at >= 0:
        end = at + 3
        for marker, body in segments(data[at:]):
            if marker == 0xE0 and body[:5] == b"JFIF\0" and len(body) > 14 and body[12] * body[13]:
                found["a JFIF thumbnail"] += 1
            if marker == 0xE0 and body[:5] == b"JFXX\0":
                found["a JFXX thumbnail"] += 1
            if 0xE0 <= marker <= 0xEF and _START in body:
                found["an image inside of an image's metadata"] += 1
            if marker != _SCAN:
                end = max(end, data.find(body, at) + len(body) if body else end)
        at = data.find(_START, end)
    return found


def metadata(data: bytes) -> Counter[str]:
    """Count the kinds of metadata of the JPEG image that begins some bytes."""
    found: Counter[str] = Counter()
    for marker, body in segments(data):
        if marker == 0xE1:
            found["Exif" if body[:6] == b"Exif\0\0" else "XMP" if b"ns.adobe.com/x" in body[:40] else "APP1"] += 1
        elif marker == 0xED:
            found["IPTC"] += 1
        elif marker == 0xFE and body.strip(b"\0 "):
            found["a comment"] += 1
    return found


def trailing(data: bytes) -> int:
    """Return how many bytes stand behind the end of the JPEG image that begins some bytes; all when it never ends."""
    at = data.rfind(_END)
    # The image's own end is the first one behind its last scan: inside a scan the bytes FF D9 cannot stand.
    first = _scan_end(data)
    return len(data) - (first if first is not None else at + 2 if at >= 0 else 0)


def _scan_end(data: bytes) -> int | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0xD9:
            return at + 2
        elif marker in _ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == _SCAN:
                at = _next_marker(data, at)
                if at < 0:
                    return None
    return at + 2 if data[at : at + 2] == _END else None


def _next_marker(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return -1
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
