"""What must be true of pixel data before their bytes are handed on as they are.

Bytes that no picture element accounts for, and metadata blocks inside compressed frames, are places where identifiers
travel unseen. (Overlays in unused bits are a matter of the pixel risk.) It must never change a byte of the pixel data.
"""

from __future__ import annotations

from curator.core.errors import ItemError
from curator.formats.dicom.walk import Structure
from curator.scrub.dicom.streams import has_metadata
from curator.scrub.dicom.tree import Node

PIXEL_TAGS = frozenset({0x7FE00010, 0x7FE00008, 0x7FE00009})
_ROWS, _COLUMNS, _SAMPLES, _ALLOCATED = 0x00280010, 0x00280011, 0x00280002, 0x00280100
_FRAMES, _PHOTOMETRIC = 0x00280008, 0x00280004


def check_pixels(structure: Structure, top: dict[int, Node]) -> None:
    """Check the pixel data of an object.

    Parameters
    ----------
    structure
        The walk of the file.
    top
        Elements of the data set's own level.

    Raises
    ------
    ItemError
        DCM-047 for bytes beyond the picture, or without one; DCM-048 for a metadata block inside a compressed frame.
    """
    for pixels in (top[tag] for tag in PIXEL_TAGS if tag in top):
        if pixels.fragments:
            if has_metadata(pixels.value):
                raise ItemError("DCM-048")
            continue
        expected = _expected(structure, top)
        rest = pixels.value[expected:] if expected is not None else pixels.value
        if len(rest) > 1 and any(rest):
            raise ItemError("DCM-047")


def _number(structure: Structure, node: Node | None) -> int | None:
    if node is None or node.items is not None or len(node.value) < 2:
        return None
    return int.from_bytes(node.value[:2], "little" if structure.little else "big")


def _expected(structure: Structure, top: dict[int, Node]) -> int | None:
    """Return the length in bytes of the picture that the header describes, or None when it describes none."""
    rows, columns, allocated = (_number(structure, top.get(tag)) for tag in (_ROWS, _COLUMNS, _ALLOCATED))
    samples = _number(structure, top.get(_SAMPLES)) or 1
    if not rows or not columns or not allocated:
        return None
    frames = 1
    if (node := top.get(_FRAMES)) is not None:
        text = bytes(node.value).strip(b"\0 ")
        if text:
            if not text.isdigit() or len(text) > 9:
                return None
            frames = max(1, int(text))
    bits = rows * columns * samples * allocated * frames
    photometric = bytes(top[_PHOTOMETRIC].value).strip(b"\0 ") if _PHOTOMETRIC in top else b""
    if photometric == b"YBR_FULL_422":
        bits = max(bits * 2 // 3, 8)
    return (bits + 7) // 8
