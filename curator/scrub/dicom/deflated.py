"""Frames that stand in items as they are (PS3.5 A.4.11) or deflated one by one (PS3.5 A.4.13; RFC 1951).

Such a stream has no place for comments: what it decodes to must be the picture, and nothing may follow it.
"""

from __future__ import annotations

import zlib

from curator.core.errors import ItemError

#: What a stream may be longer than its picture: five bytes for each stored block of 16000 and a few for the last one.
_BLOCK, _HEAD, _SLACK = 16000, 5, 64


def check_bare(frame: bytes, size: int) -> None:
    """Account for every byte of a frame that is not compressed.

    Parameters
    ----------
    frame
        The frame, padding included.
    size
        Bytes of the picture that the header describes.

    Raises
    ------
    ItemError
        DCM-047 for a byte that belongs to no pixel.
    """
    if not size or len(frame) < size or any(frame[size:]):
        raise ItemError("DCM-047")


def check_deflated(frame: bytes, size: int) -> None:
    """Account for every byte of a deflated frame; parameters and errors as :func:`check_bare`."""
    if len(frame) > size + _HEAD * (size // _BLOCK) + _SLACK:  # blocks of nothing
        raise ItemError("DCM-047")
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        made = len(reader.decompress(frame, size + 1))
    except zlib.error:
        made = -1
    if made != size or not size or not reader.eof or reader.unused_data not in {b"", b"\0"}:
        raise ItemError("DCM-047")
