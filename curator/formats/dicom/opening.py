"""The opening of a DICOM file: preamble, file meta information, transfer syntax, inflation.

Finds where the data set stands and how it is encoded, in time and memory bounded by the file's size. Reads no value of
the data set.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from curator.core.errors import ItemError
from curator.formats.dicom.encoding import BIG, LITTLE, LONG_VR, SHORT_VR, UNDEFINED, is_letters
from curator.formats.dicom.ranged import Ranged
from curator.formats.dicom.tables import TransferSyntax, transfer_syntaxes

PREFIX_END = 132
MEBIBYTE = 1 << 20
#: A deflated data set may grow to 200 times its size, at least to 64 MiB, at most to 2 GiB.
INFLATE_RATIO, INFLATE_LEAST, INFLATE_MOST = 200, 64 * MEBIBYTE, 2048 * MEBIBYTE
#: In a file that is not loaded, the file meta information ends within its first bytes.
HEAD = 4 * MEBIBYTE

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"

_LENGTH, _CLASS, _INSTANCE, _SYNTAX = 0x0000, 0x0002, 0x0003, 0x0010
_LONGEST_UID = 64


@dataclass(slots=True)
class Meta:
    """The file meta information (PS3.10 section 7.1): where it stands, and the few values that decide the reading."""

    start: int
    end: int
    explicit: bool
    length_ok: bool
    values: dict[int, bytes] = field(repr=False)

    def uid(self, element: int) -> str:
        """Return the UID of an element of group 0002 without its padding, "" if it is absent or not ASCII."""
        raw = self.values.get(element, b"").strip(b"\0 ")
        return raw.decode("ascii") if raw.isascii() else "?"


@dataclass(slots=True)
class Opening:
    """Where the data set stands and how it is encoded.

    ``buffer`` is the file, or, for a deflated file, its opening with the inflated data set behind it; ``after`` counts
    the file's bytes behind a deflate stream.
    """

    meta: Meta
    syntax: TransferSyntax
    explicit: bool
    little: bool
    has_preamble: bool
    guessed: bool
    buffer: memoryview | Ranged = field(repr=False)
    after: int


def _is_deflated(values: dict[int, bytes]) -> bool:
    syntax = transfer_syntaxes().get(values.get(_SYNTAX, b"").strip(b"\0 ").decode("latin-1"))
    return syntax is not None and syntax.deflated


def _walk_meta(view: bytes | memoryview, start: int, size: int) -> Meta:
    at = start
    long, short = LITTLE.long.unpack_from, LITTLE.short.unpack_from
    explicit = is_letters(bytes(view[start + 4 : start + 6]))
    values: dict[int, bytes] = {}
    declared = -1
    while at + 8 <= size and bytes(view[at : at + 2]) == b"\2\0":
        if at == declared and _is_deflated(values):
            break  # what follows is no element, though its first bytes look like group 0002
        if at + 16 > len(view) < size:
            raise ItemError("DCM-002")
        _, element, vr, length = short(view, at)
        value = at + 8
        if not explicit:
            length = long(view, at + 4)[0]
        elif vr in LONG_VR:
            if at + 12 > size:
                raise ItemError("DCM-007")
            length, value = long(view, at + 8)[0], at + 12
        elif vr not in SHORT_VR:
            raise ItemError("DCM-002")
        if length == UNDEFINED:
            raise ItemError("DCM-002")
        at = value + length
        if at > size:
            raise ItemError("DCM-007")
        if element == _INSTANCE and length <= _LONGEST_UID:
            values.setdefault(element, bytes(view[value:at]))
        elif element in (_LENGTH, _CLASS, _SYNTAX):
            if element in values or length > 256:
                raise ItemError("DCM-002")
            values[element] = bytes(view[value:at])
            if element == _LENGTH and length == 4:
                declared = at + LITTLE.long.unpack(values[element])[0]
    if 0 < size - at < 8 and at > start:
        raise ItemError("DCM-007")
    if at + 16 > len(view) < size:
        raise ItemError("DCM-002")
    return Meta(start, at, explicit, declared == at, values)


def _guess(view: memoryview, start: int, size: int, any_group: bool) -> str:
    """Guess the transfer syntax of a data set that nothing declares, from its first element's header."""
    first_le, _, vr, _ = LITTLE.short.unpack_from(view, start)
    first_be = BIG.short.unpack_from(view, start)[0]
    if vr in SHORT_VR or vr in LONG_VR:
        if first_le == 8 or (any_group and first_le < first_be):
            return EXPLICIT_LITTLE
        if first_be == 8 or (any_group and first_be < first_le):
            return EXPLICIT_BIG
    elif first_le == 8 or any_group:
        length = LITTLE.long.unpack_from(view, start + 4)[0]
        if length == UNDEFINED or start + 8 + length <= size:
            return IMPLICIT_LITTLE
        if any_group:
            raise ItemError("DCM-007")
    raise ItemError("DCM-001")


def _inflate(view: memoryview, start: int) -> tuple[memoryview, int]:
    packed = view[start:]
    limit = max(INFLATE_LEAST, min(INFLATE_MOST, INFLATE_RATIO * len(packed)))
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = engine.decompress(packed, limit + 1)
    except zlib.error:
        raise ItemError("DCM-010") from None
    if len(plain) > limit:
        raise ItemError("DCM-011", limit=limit)
    if not engine.eof:
        raise ItemError("DCM-007")
    return memoryview(bytes(view[:start]) + plain), len(engine.unused_data)


def open_file(data: bytes | memoryview | Ranged) -> Opening:
    """Find the data set of a DICOM file.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    Opening
        The data set begins at ``meta.end`` of ``buffer``.

    Raises
    ------
    ItemError
        DCM-001, -002, -007, -010 to -013, -018, -019.
    """
    size = len(data) if isinstance(data, Ranged) else memoryview(data).nbytes
    view = memoryview(data.at(0, HEAD) if isinstance(data, Ranged) else data).cast("B")
    has_preamble = bytes(view[128:PREFIX_END]) == b"DICM"
    start = PREFIX_END if has_preamble else 0
    if not has_preamble and (size < 8 or bytes(view[:4]) == b"\x02\x00\x00\x02"):
        raise ItemError("DCM-001")
    meta = _walk_meta(data if isinstance(data, bytes) else view, start, size)  # slices of bytes are cheaper
    if not has_preamble and meta.end > start and not ({_LENGTH, _SYNTAX} & meta.values.keys()):
        raise ItemError("DCM-001")
    rest = size - meta.end
    if rest < 8 and not (rest and _SYNTAX in meta.values):
        raise ItemError("DCM-013")
    uid = meta.uid(_SYNTAX)
    guessed = not uid
    if guessed:
        uid = _guess(view, meta.end, size, any_group=has_preamble or meta.end > start)
    syntax = transfer_syntaxes().get(uid)
    if syntax is None:
        raise ItemError("DCM-019")
    if not syntax.carried:
        raise ItemError("DCM-018")
    after = 0
    buffer: memoryview | Ranged = data if isinstance(data, Ranged) else view
    if syntax.deflated:
        if isinstance(data, Ranged) and size > INFLATE_MOST:
            raise ItemError("DCM-011", limit=INFLATE_MOST)
        view, after = _inflate(memoryview(bytes(data)) if isinstance(data, Ranged) else view, meta.end)
        buffer = view
    if len(buffer) - meta.end < 8:
        raise ItemError("DCM-013")
    first = view[meta.end : meta.end + 6]
    if bytes(first[:2]) == b"\0\0":
        raise ItemError("DCM-012")
    # The first element says by its VR what the data set is really written in, whatever was declared (as pydicom).
    explicit = is_letters(bytes(first[4:6]))
    return Opening(meta, syntax, explicit, syntax.little, has_preamble, guessed, buffer, after)
