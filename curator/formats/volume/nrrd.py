"""Headers of NRRD files (teem.sourceforge.net/nrrd/format.html, NRRD0001 to NRRD0005).

Lines of ``field: description`` and ``key:=value`` up to an empty one. What the format knows and this reader does not is
refused by name, never skipped. It must never open a file, nor follow a name to another folder.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from curator.core.errors import UsageError
from curator.formats.volume.model import WIDTHS, Volume
from curator.formats.volume.nifti import MOST_AXIS, MOST_SLICE

MAGIC = re.compile(rb"NRRD000[1-5]\r?\n")
MOST_HEADER = 1 << 22
#: Section 5 of the format, "type": the words of one type.
_KINDS = {
    "int8": ("signed char", "int8", "int8_t"),
    "uint8": ("uchar", "unsigned char", "uint8", "uint8_t"),
    "int16": ("short", "short int", "signed short", "signed short int", "int16", "int16_t"),
    "uint16": ("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
    "int32": ("int", "signed int", "int32", "int32_t"),
    "uint32": ("uint", "unsigned int", "uint32", "uint32_t"),
    "int64": (
        "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t",
    ),
    "uint64": ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"),
    "float32": ("float",),
    "float64": ("double",),
}  # fmt: skip
_WORDS = {word: kind for kind, words in _KINDS.items() for word in words}
_PACKINGS = {
    "raw": "raw",
    "gz": "gzip",
    "gzip": "gzip",
    "bz2": "bzip2",
    "bzip2": "bzip2",
    "txt": "ascii",
    "text": "ascii",
    "ascii": "ascii",
    "hex": "hex",
}
#: Axes along which values stand side by side at one voxel (section 5, "kinds").
_SPATIAL = frozenset({"domain", "space"})
_VECTOR = re.compile(r"\(([^()]*)\)|none", re.IGNORECASE)


def is_nrrd(head: bytes) -> bool:
    """Say whether bytes are the beginning of an NRRD header."""
    return MAGIC.match(head) is not None


def read_header(head: bytes) -> Volume:
    """Read a header.

    Parameters
    ----------
    head
        The beginning of the file, at least the header: at most :data:`MOST_HEADER` bytes count.

    Returns
    -------
    Volume
        ``geometry`` holds ``space``, ``space directions``, ``space origin`` and ``spacings`` as they stand, ``said``
        the keys and values.

    Raises
    ------
    UsageError
        IMP-001 when it is no NRRD header, IMP-003 when it contradicts itself, IMP-041 for what is not read.
    """
    opening = MAGIC.match(head)
    if opening is None:
        raise UsageError("IMP-001", format="NRRD")
    fields, pairs, start = _lines(head, opening.end())
    kind = _WORDS.get(_need(fields, "type").lower())
    packing = _PACKINGS.get(_need(fields, "encoding").lower())
    if kind is None or packing is None:
        raise UsageError("IMP-041", what="a type of voxel or an encoding of another kind")
    sizes = [_whole(word) for word in _need(fields, "sizes").split()]
    if _whole(_need(fields, "dimension")) != len(sizes):
        raise UsageError("IMP-003", reason="the number of axes is not that of their sizes")
    big = _big(fields, kind, packing)
    for skip in ("line skip", "byte skip"):
        if _whole(fields.get(skip, "0")):
            raise UsageError("IMP-041", what="skipped bytes or lines")
    layers, size, times = _axes(sizes, fields.get("kinds", "").lower().split())
    if size[0] * size[1] * layers * WIDTHS[kind] > MOST_SLICE:
        raise UsageError("IMP-041", what="slices of more than 256 MiB")
    named = ("space", "space dimension", "space directions", "space origin", "spacings", "thicknesses", "centerings")
    return Volume(
        size=size,
        kind=kind,
        big=big,
        times=times,
        layers=layers,
        start=start,
        packing=packing,
        beside=_beside(fields),
        geometry={name: fields[name] for name in named if name in fields},
        said={
            **pairs,
            **{name: text for name, text in fields.items() if name in ("content", "measurement frame", "labels")},
        },
    )


def _lines(head: bytes, at: int) -> tuple[dict[str, str], dict[str, str], int]:
    fields: dict[str, str] = {}
    pairs: dict[str, str] = {}
    while True:
        end = head.find(b"\n", at)
        if end < 0 and at < len(head) < MOST_HEADER:
            end = len(head)  # a detached header may end without an empty line
        if end < 0 and at >= len(head) and len(head) < MOST_HEADER:
            return fields, pairs, len(head)
        if end < 0:
            raise UsageError("IMP-003", reason="the header does not end")
        raw, at = head[at:end].rstrip(b"\r"), end + 1
        if not raw:
            return fields, pairs, at
        if raw[:1] == b"#":
            continue
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise UsageError("IMP-003", reason="a line of the header is not text") from None
        key, mark, value = line.partition(":=")
        field, colon, description = line.partition(": ")
        if colon and (not mark or len(field) < len(key)):
            name, table, value = field.strip().lower(), fields, description.strip()
            name = {"datafile": "data file", "lineskip": "line skip", "byteskip": "byte skip"}.get(name, name)
        elif mark:
            name, table = key, pairs
        else:
            raise UsageError("IMP-003", reason="a line of the header is neither a field nor a key")
        if name in table:
            raise UsageError("IMP-003", reason="a field of the header stands twice")
        table[name] = value


def _need(fields: dict[str, str], name: str) -> str:
    if name not in fields:
        raise UsageError("IMP-003", reason="the header lacks its type, dimension, sizes or encoding")
    return fields[name]


def _whole(word: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,12}", word):
        raise UsageError("IMP-003", reason="a number of the header is not a whole number")
    return int(word)


def _big(fields: dict[str, str], kind: str, packing: str) -> bool:
    endian = fields.get("endian", "").lower()
    if endian not in ("", "little", "big") or (not endian and WIDTHS[kind] > 1 and packing != "ascii"):
        raise UsageError("IMP-003", reason="the header does not say the order of bytes")
    return endian == "big"


def _axes(sizes: list[int], kinds: list[str]) -> tuple[int, tuple[int, int, int], int]:
    """Return layers, size and times: three axes are a volume, two a slice, a fourth before or behind is a list."""
    if not 2 <= len(sizes) <= 4 or any(not 1 <= length <= MOST_AXIS for length in sizes):
        raise UsageError("IMP-041", what="another number of axes than two to four")
    layers = times = 1
    if len(sizes) == 4:
        if len(kinds) == 4 and kinds[0] not in _SPATIAL:
            layers, sizes = sizes[0], sizes[1:]
        elif len(kinds) == 4 and kinds[3] not in _SPATIAL:
            times, sizes = sizes[3], sizes[:3]
        else:
            raise UsageError("IMP-041", what="four axes of which none is said to be a list")
    elif kinds and (len(kinds) != len(sizes) or any(kind not in _SPATIAL for kind in kinds)):
        raise UsageError("IMP-041", what="an axis that is not one of space")
    return layers, (sizes[0], sizes[1], sizes[2] if len(sizes) == 3 else 1), times


def _beside(fields: dict[str, str]) -> str | None:
    name = fields.get("data file")
    if name is None:
        return None
    plain = name.removeprefix("./")
    if not plain or plain.upper().startswith("LIST") or re.search(r"[/\\%\0]", plain) or plain in (".", ".."):
        raise UsageError("IMP-041", what="voxels in several files or in another folder")
    return plain


def vectors(text: str) -> list[list[Decimal] | None]:
    """Return the vectors of a description such as ``none (1,0,0) (0,1,0)``.

    Raises
    ------
    UsageError
        IMP-003 when it is not made of such vectors.
    """
    found: list[list[Decimal] | None] = []
    if _VECTOR.sub("", text).strip():
        raise UsageError("IMP-003", reason="a vector of the header cannot be read")
    for match in _VECTOR.finditer(text):
        try:
            found.append(None if match[1] is None else [Decimal(word.strip()) for word in match[1].split(",")])
        except InvalidOperation:
            raise UsageError("IMP-003", reason="a vector of the header cannot be read") from None
    return found


def plain_geometry(volume: Volume) -> dict[str, Any]:
    """Return the geometry with its vectors as numbers."""
    made: dict[str, Any] = dict(volume.geometry)
    for name in ("space directions", "space origin"):
        if name in made:
            made[name] = vectors(made[name])
    return made
