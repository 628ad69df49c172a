"""One RLE frame from its first byte to its last (PS3.5 annex G)."""

from __future__ import annotations

import struct

from curator.core.errors import ItemError


def check_rle(frame: bytes, pixels: int, planes: int) -> None:
    """Account for every byte: header, segments without gaps, nothing but padding behind the last run of each.

    Padding is zeros, or one byte that stands for no output (80).

    Parameters
    ----------
    frame
        The frame.
    pixels
        Bytes of a plane: rows times columns, an eighth of that where a pixel is one bit.
    planes
        Samples a pixel times bytes a sample: the number of segments.

    Raises
    ------
    ItemError
        DCM-047 for a byte that decodes to no pixel.
    """
    if len(frame) < 64 or not pixels:
        raise ItemError("DCM-047")
    count, *offsets = struct.unpack_from("<16L", frame)
    if count != planes or not 0 < count < 16 or any(offsets[count:]) or offsets[0] != 64:
        raise ItemError("DCM-047")
    ends = [*offsets[1:count], len(frame)]
    for start, end in zip(offsets[:count], ends, strict=True):
        if not start < end <= len(frame):
            raise ItemError("DCM-047")
        rest = frame[_follow(frame, start, end, pixels) : end]
        if rest != b"\x80" and any(rest):
            raise ItemError("DCM-047")


def _follow(frame: bytes, at: int, end: int, pixels: int) -> int:
    """Return where the runs of a segment end that fill its plane."""
    made = 0
    while made < pixels and at < end:
        head = frame[at]
        if head < 128:
            made, at = made + head + 1, at + head + 2
        elif head == 128:
            at += 1
        else:
            made, at = made + 257 - head, at + 2
    if made != pixels or at > end:
        raise ItemError("DCM-047")
    return at
