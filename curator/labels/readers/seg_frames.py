"""The frames of a DICOM segmentation's pixel data, one at a time (PS3.3 C.8.20, PS3.5 sections 8 and A.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from curator.core.errors import UsageError
from curator.formats.dicom.ranged import Piece, Ranged
from curator.formats.dicom.read import guarded
from curator.labels.readers.dicom_file import Object, text, whole
from curator.labels.voxelruns import WIDTHS, changes

RLE, DEFLATED_FRAMES = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1"
#: A deflated frame may not grow beyond this.
MOST_FRAME = 1 << 28


@dataclass(frozen=True)
class Grid:
    """Rows, columns and number of the frames, and the type of a pixel: ``bit``, ``uint8`` or ``uint16``."""

    rows: int
    columns: int
    frames: int
    kind: str

    @property
    def pixels(self) -> int:
        """Pixels of a frame."""
        return self.rows * self.columns


def grid_of(found: Object) -> Grid:
    """Return the grid (IMP-003 when the object does not describe one, IMP-041 for another type of pixel)."""
    with guarded():
        rows, columns, bits, samples = (
            whole(found.dataset, keyword) for keyword in ("Rows", "Columns", "BitsAllocated", "SamplesPerPixel")
        )
        frames = whole(found.dataset, "NumberOfFrames") if text(found.dataset, "NumberOfFrames") else 1
    kind = {1: "bit", 8: "uint8", 16: "uint16"}.get(bits or 0)
    if not rows or not columns or not frames or rows < 1 or columns < 1 or frames < 1:
        raise UsageError("IMP-003", reason="it does not say how many rows, columns and frames it has")
    if kind is None or samples != 1 or not found.structure.little:
        raise UsageError("IMP-041", what="another type of pixel than 1, 8 or 16 bits, little-endian")
    if rows * columns * max(1, WIDTHS[kind]) > MOST_FRAME:
        raise UsageError("IMP-041", what="frames of more than 256 MiB")
    return Grid(rows, columns, frames, kind)


def runs_of_frames(found: Object, grid: Grid) -> Iterator[tuple[list[int], list[Any]]]:
    """Yield ends and values of the runs of each frame, as :func:`curator.labels.runs.changes` returns them.

    Raises
    ------
    UsageError
        IMP-003 when there are not as many pixels as stated; IMP-041 for a compression that is not read.
    """
    if found.pixels is None:
        raise UsageError("IMP-003", reason="it has no pixel data")
    if found.pixels.fragments:
        for frame in _unpacked(found, found.pixels.value, grid):
            yield changes(frame, grid.kind, grid.pixels)
        return
    bits = 1 if grid.kind == "bit" else 8 * WIDTHS[grid.kind]
    value = found.pixels.value
    need = (grid.pixels * grid.frames * bits + 7) // 8
    if not need <= len(value) <= need + 1:
        raise UsageError("IMP-003", reason="its pixel data are not as long as its frames need")
    for index in range(grid.frames):
        first = index * grid.pixels * bits
        start, stop = first // 8, (first + grid.pixels * bits + 7) // 8
        piece = value.at(start, stop - start) if isinstance(value, Ranged) else bytes(value[start:stop])
        yield changes(piece, grid.kind, grid.pixels, first - start * 8 if bits == 1 else 0)


def _unpacked(found: Object, value: Piece, grid: Grid) -> Iterator[bytes]:
    syntax = found.structure.transfer_syntax
    if syntax == RLE and grid.kind != "bit":
        frames = _rle(bytes(value), grid)
    elif syntax == DEFLATED_FRAMES:
        frames = _deflated(bytes(value), grid)
    else:
        raise UsageError("IMP-041", what="pixel data compressed in another way than RLE or deflate")
    count = 0
    while True:
        try:
            with guarded():
                frame = next(frames, None)
        except UsageError:
            raise
        except Exception:  # noqa: BLE001  (guarded gives codes; whichever it is, the frames cannot be read)
            raise UsageError("IMP-003", reason="its compressed frames are broken") from None
        if frame is None:
            break
        count += 1
        yield frame
    if count != grid.frames:
        raise UsageError("IMP-003", reason="its pixel data are not as long as its frames need")


def _rle(value: bytes, grid: Grid) -> Iterator[bytes]:
    from pydicom.pixels.decoders.base import get_decoder
    from pydicom.uid import RLELossless

    frames = get_decoder(RLELossless).iter_buffer(
        value,
        rows=grid.rows,
        columns=grid.columns,
        number_of_frames=grid.frames,
        samples_per_pixel=1,
        bits_allocated=8 * WIDTHS[grid.kind],
        bits_stored=8 * WIDTHS[grid.kind],
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
        pixel_keyword="PixelData",
        transfer_syntax_uid=RLELossless,
    )
    for frame, _ in frames:
        yield bytes(frame)


def _deflated(value: bytes, grid: Grid) -> Iterator[bytes]:
    """Inflate each frame (PS3.5 section A.4.15 of the 2025 edition): one raw deflate stream a frame."""
    from pydicom.encaps import generate_frames

    need = (grid.pixels + 7) // 8 if grid.kind == "bit" else grid.pixels * WIDTHS[grid.kind]
    for packed in generate_frames(value, number_of_frames=grid.frames):
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        frame = engine.decompress(packed, need + 1)
        if not need <= len(frame) <= need + 1:
            raise UsageError("IMP-003", reason="its compressed frames are broken")
        yield frame
