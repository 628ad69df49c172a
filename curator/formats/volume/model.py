"""What a volume's header says, in one form for every format, and what its numbers look like."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

#: Bytes of a voxel.
WIDTHS = {
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "uint32": 4,
    "int32": 4,
    "uint64": 8,
    "int64": 8,
    "float32": 4,
    "float64": 8,
}


@dataclass(frozen=True)
class Volume:
    """A header.

    Parameters
    ----------
    size
        Columns, rows, slices: the first runs fastest in the file.
    kind
        Type of a voxel: a key of :data:`WIDTHS`.
    big
        Big-endian.
    times
        Volumes that follow each other (time points), at least 1.
    layers
        Values that stand together at each voxel (Slicer's layers), at least 1.
    slope, inter
        The voxel's meaning is ``slope * stored + inter``; None when the header does not scale.
    start
        Bytes before the voxels, in the data as inflated.
    packing
        ``raw``, ``gzip``, ``bzip2``, ``hex`` or ``ascii``.
    gzipped
        The file as a whole may be one gzip stream.
    beside
        Name of the file with the voxels, when they stand in another one.
    geometry
        What the header says of where the voxels lie, under the format's own names.
    said
        The header's other fields that concern labels.
    """

    size: tuple[int, int, int]
    kind: str
    big: bool
    times: int = 1
    layers: int = 1
    slope: Decimal | None = None
    inter: Decimal | None = None
    start: int = 0
    packing: str = "raw"
    gzipped: bool = False
    beside: str | None = None
    geometry: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def slice_values(self) -> int:
        """Number of stored values of one slice."""
        return self.size[0] * self.size[1] * self.layers


def digits(number: float, single: bool = True) -> Decimal | str:
    """Return the shortest decimal that reads back as the same binary number; a text for NaN and infinities.

    Parameters
    ----------
    number
        As unpacked.
    single
        True for a 32-bit number, False for a 64-bit one.
    """
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124  (NaN)
        return str(number)
    if not single:
        return Decimal(repr(number))
    for places in range(1, 10):
        text = f"{number:.{places}g}"
        if struct.unpack("<f", struct.pack("<f", float(text)))[0] == number:
            break
    return Decimal(text)
