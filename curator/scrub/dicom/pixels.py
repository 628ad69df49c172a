"""What must be true of pixel data before their bytes are handed on as they are.

Bytes that no picture element accounts for, and metadata blocks inside compressed frames, are places where identifiers
travel unseen. (Overlays in unused bits are a matter of the pixel risk.) It must never change a byte of the pixel data.
"""

from __future__ import annotations

from curator.core.errors import ItemError
from curator.formats.dicom.ranged import Piece, spread
from curator.formats.dicom.walk import Structure
from curator.scrub.dicom.streams import Picture, check_frames
from curator.scrub.dicom.tree import Node

PIXEL_TAGS = frozenset({0x7FE00010, 0x7FE00008, 0x7FE00009})
_FLOATS = {0x7FE00008: 32, 0x7FE00009: 64}
_PIXEL_DATA, _OFFSETS, _LENGTHS = 0x7FE00010, 0x7FE00001, 0x7FE00002
_ROWS, _COLUMNS, _SAMPLES, _ALLOCATED = 0x00280010, 0x00280011, 0x00280002, 0x00280100
_FRAMES, _PHOTOMETRIC = 0x00280008, 0x00280004
#: One unsigned short each: of samples, planes, rows, columns, and bits allocated, stored, highest; and the sign.
_SHORTS = (_SAMPLES, 0x00280006, _ROWS, _COLUMNS, _ALLOCATED, 0x00280101, 0x00280102, 0x00280103)


def check_pixels(structure: Structure, top: dict[int, Node], *, accepted: bool = False) -> None:
    """Check the pixel data of an object.

    Parameters
    ----------
    structure
        The walk of the file.
    top
        Elements of the data set's own level.
    accepted
        True when a signed record says that this file's pixels have been checked.

    Raises
    ------
    ItemError
        DCM-047 for bytes beyond the picture, or without one; DCM-048 for a metadata block inside a compressed frame;
        DCM-049 for frames that are not followed, such as video, without a signed record.
    """
    for tag in _SHORTS:
        node = top.get(tag)
        if node is not None and (node.items is not None or len(node.value) not in {0, 2}):
            raise ItemError("DCM-047")
    tables = [top.get(tag) for tag in (_OFFSETS, _LENGTHS)]
    pixels = top.get(_PIXEL_DATA)
    if (pixels is None or not pixels.fragments) and any(node is not None for node in tables):
        raise ItemError("DCM-047")
    for tag in sorted(PIXEL_TAGS & top.keys()):
        if top[tag].items is not None or (top[tag].fragments and tag != _PIXEL_DATA):
            raise ItemError("DCM-047")
        if top[tag].fragments:
            check_frames(top[tag].value, _picture(structure, top, accepted), *map(_table, tables))
        else:
            _check_native(structure, top, tag)


def _table(node: Node | None) -> Piece | None:
    if node is not None and (node.items is not None or node.fragments):
        raise ItemError("DCM-047")
    return None if node is None else node.value


def _picture(structure: Structure, top: dict[int, Node], accepted: bool) -> Picture:
    rows, columns, allocated = (_number(structure, top.get(tag)) for tag in (_ROWS, _COLUMNS, _ALLOCATED))
    frames = _frame_count(top)
    if frames is None:
        raise ItemError("DCM-047")
    return Picture(
        syntax=structure.transfer_syntax,
        frames=frames,
        pixels=(rows or 0) * (columns or 0),
        samples=_number(structure, top.get(_SAMPLES)) or 1,
        allocated=allocated or 8,
        accepted=accepted,
    )


def _check_native(structure: Structure, top: dict[int, Node], tag: int) -> None:
    value = top[tag].value
    expected = _expected(structure, top, _FLOATS.get(tag))
    rest = value[expected:] if expected is not None else value
    if len(rest) > 1 and any(any(part) for part in spread(rest)):
        raise ItemError("DCM-047")


def _number(structure: Structure, node: Node | None) -> int | None:
    if node is None or node.items is not None or len(node.value) != 2:
        return None
    return int.from_bytes(bytes(node.value), "little" if structure.little else "big")


def _frame_count(top: dict[int, Node]) -> int | None:
    """Return the number of frames, 1 when none is stated, None when it cannot be read."""
    node = top.get(_FRAMES)
    text = b"" if node is None else bytes(node.value).strip(b"\0 ")
    if not text:
        return 1
    return max(1, int(text)) if text.isdigit() and len(text) <= 9 else None


def _expected(structure: Structure, top: dict[int, Node], width: int | None = None) -> int | None:
    """Return the length in bytes of the picture that the header describes, or None when it describes none."""
    rows, columns, allocated = (_number(structure, top.get(tag)) for tag in (_ROWS, _COLUMNS, _ALLOCATED))
    samples = _number(structure, top.get(_SAMPLES)) or 1
    allocated = width or allocated
    frames = _frame_count(top)
    if not rows or not columns or not allocated or frames is None:
        return None
    bits = rows * columns * samples * allocated * frames
    photometric = bytes(top[_PHOTOMETRIC].value).strip(b"\0 ") if _PHOTOMETRIC in top else b""
    if photometric == b"YBR_FULL_422":
        bits = max(bits * 2 // 3, 8)
    return (bits + 7) // 8
