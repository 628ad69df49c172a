"""Frames in items, accounted for byte by byte before they are handed on: JPEG and its kin, RLE, deflated, bare.

Read, never changed. Every byte must belong to something that the bit stream's standard names and whose length it gives;
a comment that only names an encoder is no finding. What is not recognized is held back, never passed. What coded image
data decode to is not looked at here: that is a matter of the pixel risk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from curator.core.errors import ItemError
from curator.formats.dicom.ranged import Piece, Ranged, joined
from curator.scrub.dicom.codestream import check_codestream, check_jp2
from curator.scrub.dicom.deflated import check_bare, check_deflated
from curator.scrub.dicom.jpeg import check_jpeg
from curator.scrub.dicom.rle import check_rle
from curator.scrub.dicom.video import check_video

_ITEM = b"\xfe\xff\x00\xe0"
#: The retired ones differ in how their scans are coded, not in how a frame is built (T.81 annex B).
_JPEG = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (*range(50, 67), 70, 80, 81))
_JPEG_2000 = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (90, 91, 92, 93, 201, 202, 203))
_RLE = "1.2.840.10008.1.2.5"
_BARE = "1.2.840.10008.1.2.1.98"
_DEFLATED = "1.2.840.10008.1.2.8.1"
_VIDEO = "1.2.840.10008.1.2.4.10"
#: A longer frame of a file that is not loaded is not followed.
_FRAME_MOST = 2 << 30
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ")


@dataclass(frozen=True)
class Picture:
    """What the header says of the frames: transfer syntax, counts, pixels and bytes a sample, a signed record."""

    syntax: str
    frames: int = 1
    pixels: int = 0
    samples: int = 1
    allocated: int = 8
    accepted: bool = False


def check_frames(
    value: Piece,
    picture: Picture,
    offsets: Piece | None = None,
    lengths: Piece | None = None,
) -> None:
    """Account for every byte of encapsulated pixel data (PS3.5 A.4).

    Parameters
    ----------
    value
        Items with their headers, without the delimiter.
    picture
        What the header says of them.
    offsets, lengths
        The extended offset table and its lengths, None when the object has none.

    Raises
    ------
    ItemError
        DCM-047 for bytes that no frame or table accounts for; DCM-048 for a comment or another block that may hold
        text; DCM-049 for a transfer syntax whose frames are not followed, unless a signed record covers the file.
    """
    fragments = _fragments(value if isinstance(value, Ranged) else memoryview(value))
    if not fragments:
        raise ItemError("DCM-047")
    starts = _tables(fragments, picture.frames, offsets, lengths)
    check = _checker(picture)
    for frame in _frames([body for _, body in fragments[1:]], picture.frames, starts):
        check(frame)


def _checker(picture: Picture) -> Callable[[bytes], None]:
    if picture.syntax in _JPEG:
        alone = picture.frames == 1
        return lambda frame: check_jpeg(frame, near=picture.syntax[-2:] in {"80", "81"}, alone=alone)
    if picture.syntax in _JPEG_2000:
        return lambda frame: (check_codestream if frame[:2] == b"\xff\x4f" else check_jp2)(frame)
    if picture.syntax == _RLE:
        plane = -(-picture.pixels // 8) if picture.allocated == 1 else picture.pixels
        return lambda frame: check_rle(frame, plane, picture.samples * max(1, picture.allocated // 8))
    if picture.syntax in {_BARE, _DEFLATED}:
        size = -(-picture.pixels * picture.samples * picture.allocated // 8)
        return lambda frame: (check_bare if picture.syntax == _BARE else check_deflated)(frame, size)
    if not picture.accepted or not picture.syntax.startswith(_VIDEO):
        raise ItemError("DCM-049")
    return check_video


def _fragments(value: memoryview | Ranged) -> list[tuple[int, memoryview | Ranged]]:
    found: list[tuple[int, memoryview | Ranged]] = []
    at = 0
    while at < len(value):
        head = bytes(value[at : at + 8])
        end = at + 8 + int.from_bytes(head[4:], "little")
        if head[:4] != _ITEM or at + 8 > len(value) or end > len(value):
            raise ItemError("DCM-047")
        found.append((at, value[at + 8 : end]))
        at = end
    return found


def _tables(
    fragments: list[tuple[int, memoryview | Ranged]],
    frames: int,
    offsets: Piece | None,
    lengths: Piece | None,
) -> list[int] | None:
    """Return the index of each frame's first fragment as the offset tables say, or None when there are none."""
    origin = len(fragments[0][1]) + 8
    places = {at - origin: index for index, (at, _) in enumerate(fragments[1:])}
    table: Piece = fragments[0][1]
    width = 4
    if offsets is not None or lengths is not None:
        if offsets is None or lengths is None or len(table):
            raise ItemError("DCM-047")
        sizes = _numbers(lengths, 8)
        bodies = [body for _, body in fragments[1:]]
        if len(sizes) != len(bodies) or any(
            not len(body) - 1 <= size <= len(body) for size, body in zip(sizes, bodies, strict=True)
        ):
            raise ItemError("DCM-047")
        table, width = offsets, 8
    elif not table:
        return None
    found = _numbers(table, width)
    if len(found) != frames or found[0] != 0 or any(a >= b for a, b in pairwise(found)):
        raise ItemError("DCM-047")
    if any(offset not in places for offset in found):
        raise ItemError("DCM-047")
    return [places[offset] for offset in found]


def _numbers(table: Piece, width: int) -> list[int]:
    if len(table) % width:
        raise ItemError("DCM-047")
    data = bytes(table)
    return [int.from_bytes(data[at : at + width], "little") for at in range(0, len(data), width)]


def _frames(bodies: list[memoryview | Ranged], frames: int, starts: list[int] | None) -> Iterator[bytes]:
    """Yield each frame, its fragments joined, one at a time."""
    if starts is None:
        if frames == 1:
            starts = [0]
        elif len(bodies) == frames:
            starts = list(range(frames))
        else:
            starts = [index for index, body in enumerate(bodies) if bytes(body[:8]).startswith(_STARTS)]
    if len(starts) != frames or starts[0] != 0 or not bodies:
        raise ItemError("DCM-047")
    for start, end in pairwise([*starts, len(bodies)]):
        parts = bodies[start:end]
        if sum(map(len, parts)) > _FRAME_MOST and any(isinstance(part, Ranged) for part in parts):
            raise ItemError("DCM-049")
        yield joined(parts)
