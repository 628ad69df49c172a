"""Headers of NIfTI-1 and NIfTI-2 files (nifti1.h and nifti2.h of the NIfTI Data Format Working Group, 2007 and 2011).

Read by offsets, strictly: a header that contradicts itself is refused. It must never follow a size that the header
does not give, nor read a voxel.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from curator.core.errors import UsageError
from curator.formats.volume.model import WIDTHS, Volume, digits

#: datatype codes (nifti1.h) that hold one number a voxel.
_KINDS = {
    2: "uint8",
    4: "int16",
    8: "int32",
    16: "float32",
    64: "float64",
    256: "int8",
    512: "uint16",
    768: "uint32",
    1024: "int64",
    1280: "uint64",
}
_FIRST, _SECOND = 348, 540
#: NIfTI-2 magic ends in these bytes, which text conversion would spoil (nifti2.h).
_GUARD = b"\r\n\x1a\n"
#: Longest slice and volume that are taken for real.
MOST_SLICE, MOST_AXIS = 1 << 28, 1 << 20
MOST_EXTENSIONS = 1 << 22
#: Bytes that hold a header of either version.
HEAD = _SECOND + 4


def is_nifti(head: bytes) -> bool:
    """Say whether bytes are the beginning of a NIfTI file, not compressed."""
    return head[344:348] in (b"n+1\0", b"ni1\0") or (
        head[4:8] in (b"n+2\0", b"ni2\0") and head[8:12] == _GUARD and len(head) >= 12
    )


def read_header(head: bytes) -> Volume:
    """Read a header.

    Parameters
    ----------
    head
        The first :data:`HEAD` bytes of the file, inflated; fewer when the file is shorter.

    Returns
    -------
    Volume
        ``geometry`` holds ``sform``, ``qform``, ``pixdim``, ``units`` as they stand (RAS+, NIfTI's own axes); ``said``
        holds ``intent`` and the texts of the header. ``beside`` is ``.img`` for a pair of files.

    Raises
    ------
    UsageError
        IMP-001 when it is no NIfTI header, IMP-003 when it contradicts itself, IMP-041 for colors and complex numbers.
    """
    if not is_nifti(head):
        raise UsageError("IMP-001", format="NIfTI")
    first = head[344:348] in (b"n+1\0", b"ni1\0")
    big = struct.unpack_from(">i", head)[0] == (_FIRST if first else _SECOND)
    order = ">" if big else "<"
    if struct.unpack_from(order + "i", head)[0] != (_FIRST if first else _SECOND):
        raise UsageError("IMP-003", reason="the header's size is not that of its version")
    if len(head) < (_FIRST if first else _SECOND):
        raise UsageError("IMP-003", reason="it ends within the header")
    return _volume(head, order, _LAYOUTS[0 if first else 1], pair=(head[344:346] if first else head[4:6]) == b"ni")


@dataclass(frozen=True)
class _Layout:
    """Where the fields stand: offsets, and struct letters of a dimension, a float, a code."""

    size: int
    dim: int
    types: int
    offset: tuple[str, int]
    scale: int
    pixdim: int
    qform: int
    sform: int
    quaternion: int
    rows: int
    units: tuple[str, int]
    intent: tuple[str, int]
    texts: tuple[tuple[str, int, int], ...]
    whole: str
    real: str
    code: str


_LAYOUTS = (
    _Layout(
        _FIRST, 40, 70, ("f", 108), 112, 76, 252, 254, 256, 280, ("B", 123), ("h", 68),
        (("descrip", 148, 80), ("aux_file", 228, 24), ("intent_name", 328, 16)), "h", "f", "h",
    ),
    _Layout(
        _SECOND, 16, 12, ("q", 168), 176, 104, 344, 348, 352, 400, ("i", 500), ("i", 504),
        (("descrip", 240, 80), ("aux_file", 320, 24), ("intent_name", 508, 16)), "q", "d", "i",
    ),
)  # fmt: skip


def _volume(head: bytes, order: str, layout: _Layout, pair: bool) -> Volume:
    def take(form: str, at: int) -> tuple[Any, ...]:
        return struct.unpack_from(order + form, head, at)

    single = layout.real == "f"
    datatype, bits = take("2h", layout.types)
    kind = _KINDS.get(datatype)
    if kind is None:
        raise UsageError("IMP-041", what="a type of voxel that is not one number")
    if bits != 8 * WIDTHS[kind]:
        raise UsageError("IMP-003", reason="the voxel's size is not that of its type")
    size, times = _size(take("8" + layout.whole, layout.dim))
    (offset,) = take(*layout.offset)
    least = 0 if pair else layout.size + 4
    if not least <= offset <= layout.size + MOST_EXTENSIONS or offset != int(offset):
        raise UsageError("IMP-003", reason="the voxels do not begin behind the header")
    if size[0] * size[1] * WIDTHS[kind] > MOST_SLICE:
        raise UsageError("IMP-041", what="slices of more than 256 MiB")
    slope, inter = (digits(number, single) for number in take("2" + layout.real, layout.scale))
    scaled = isinstance(slope, Decimal) and slope != 0 and isinstance(inter, Decimal)
    form = layout.real
    geometry = {
        "pixdim": _numbers(take("8" + form, layout.pixdim), single),
        "units": take(*layout.units)[0],
        "qform_code": take(layout.code, layout.qform)[0],
        "qform": _numbers(take("6" + form, layout.quaternion), single),
        "sform_code": take(layout.code, layout.sform)[0],
        "sform": _numbers(take("12" + form, layout.rows), single),
    }
    texts = {name: head[at : at + length].split(b"\0")[0].decode("latin-1") for name, at, length in layout.texts}
    said = {"intent_code": take(*layout.intent)[0], **{name: text for name, text in texts.items() if text}}
    return Volume(
        size=size,
        kind=kind,
        big=order == ">",
        times=times,
        slope=slope if scaled and isinstance(slope, Decimal) else None,
        inter=inter if scaled and isinstance(inter, Decimal) else None,
        start=int(offset),
        beside=".img" if pair else None,
        gzipped=True,
        geometry=geometry,
        said=said,
    )


def _numbers(found: tuple[float, ...], single: bool) -> list[Decimal | str]:
    return [digits(number, single) for number in found]


def _size(dim: tuple[int, ...]) -> tuple[tuple[int, int, int], int]:
    axes = dim[0]
    if not 2 <= axes <= 7 or any(not 1 <= length <= MOST_AXIS for length in dim[1 : axes + 1]):
        raise UsageError("IMP-003", reason="the number or length of its axes is impossible")
    if any(length != 1 for length in dim[5 : axes + 1]):
        raise UsageError("IMP-041", what="more than four axes")
    slices = dim[3] if axes > 2 else 1
    return (dim[1], dim[2], slices), dim[4] if axes > 3 else 1


def extensions(data: bytes, big: bool) -> list[tuple[int, bytes]]:
    """Return the header's extensions (nifti1.h, struct nifti1_extension).

    Parameters
    ----------
    data
        What stands between the header and the voxels, from the four bytes of the extender on.
    big
        Big-endian.

    Returns
    -------
    list
        Code and content of each.

    Raises
    ------
    UsageError
        IMP-003 when their sizes do not add up.
    """
    found = []
    at = 4
    while data[:1] not in (b"", b"\0") and at + 8 <= len(data):
        size, code = struct.unpack_from((">" if big else "<") + "2i", data, at)
        if size < 8 or at + size > len(data):
            if not any(data[at:]):
                break  # padding before the voxels
            raise UsageError("IMP-003", reason="an extension of the header does not fit")
        found.append((code, data[at + 8 : at + size]))
        at += size
    return found
