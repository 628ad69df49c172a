"""What a DICOM header says, every element of it as text: private ones, UN, nested ones, numbers, in its character set.

Uses the structure walk, which pydicom's reader shares nothing with but the character sets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from curator.core.errors import ItemError
from curator.formats.dicom.encoding import PIXEL_TAGS
from curator.formats.dicom.ranged import Ranged
from curator.formats.dicom.structure import Node
from curator.formats.dicom.walk import Structure, parse

_CHARACTER_SET = 0x00080005
_TEXT = frozenset(part.decode() for part in b"AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split())
#: Behind these a value's character set begins anew (PS3.5 section 6.1.2.5.3).
_DELIMITERS = {0x5C, 0x5E, 0x3D, 0x0D, 0x0A, 0x09, 0x0C}
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
#: Values of numbers of one element that are read as text, and bytes of a value of any kind that are taken for text.
_MOST_NUMBERS, _MOST_VALUE = 256, 1 << 24


def texts(data: bytes | Ranged) -> tuple[Structure, int, Iterator[str], Iterator[bytes]]:
    """Read a DICOM file.

    Returns
    -------
    structure : Structure
        How the file is built.
    pixels : int
        Where the pixels begin in the structure's bytes, or their end.
    texts : iterator of str
        Each value of text or of numbers; one that is not plain ASCII in each way in which it can be read.
    values : iterator of bytes
        Each value of another kind, but for pixels: it may hold anything, a whole document.

    Raises
    ------
    ItemError
        DCM-001 to DCM-019 when the file cannot be followed to its end.
    """
    structure, nodes = parse(data)
    pixels = min((node.at for node in nodes if node.tag in PIXEL_TAGS), default=len(structure.buffer))
    return structure, pixels, _texts(nodes, structure.little, ()), _values(nodes)


def _texts(nodes: list[Node], little: bool, terms: tuple[str, ...]) -> Iterator[str]:
    for node in nodes:
        if node.tag == _CHARACTER_SET and node.items is None:
            terms = tuple(part.strip(" \0") for part in bytes(node.value[:256]).decode("latin-1").split("\\"))
    for node in nodes:
        if node.items is not None:
            for item in node.items:
                yield from _texts(item, little, terms)
        elif node.tag not in PIXEL_TAGS and not node.fragments:
            yield from _value(node, little, terms)


def _value(node: Node, little: bool, terms: tuple[str, ...]) -> Iterator[str]:
    value = _bytes(node)
    if node.vr in _NUMBERS:
        letter = _NUMBERS[node.vr]
        count = min(len(value) // struct.calcsize(letter), _MOST_NUMBERS)
        order = "<" if little else ">"
        yield " ; ".join(map(str, struct.unpack_from(f"{order}{count}{letter}", value)))
    elif node.vr in _TEXT or (node.vr in {None, "UN"} and len(value) <= 1 << 16):
        yield from readings(value, terms)


def readings(value: bytes, terms: tuple[str, ...]) -> Iterator[str]:
    """Yield a value in each way in which a reader may take it; ASCII has one."""
    if value.isascii() and b"\x1b" not in value:
        yield value.decode("ascii")
        return
    seen = set()
    for text in (_declared(value, terms), _strict(value, "utf-8"), value.decode("latin-1")):
        if text is not None and text not in seen:
            seen.add(text)
            yield text


def _declared(value: bytes, terms: tuple[str, ...]) -> str | None:
    from curator.formats.dicom.read import guarded, quiet_pydicom

    if not any(terms):
        return None
    quiet_pydicom()
    try:
        with guarded():
            from pydicom.charset import convert_encodings, decode_bytes

            return str(decode_bytes(value, convert_encodings(list(terms)), _DELIMITERS))
    except ItemError:
        return None  # the other readings stand in for it, and the raw bytes are searched as well


def _strict(value: bytes, encoding: str) -> str | None:
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return None


def _bytes(node: Node) -> bytes:
    if len(node.value) > _MOST_VALUE and node.vr in _TEXT:
        raise ItemError("AUP-003")
    return bytes(node.value) if len(node.value) <= _MOST_VALUE else b""


def _values(nodes: list[Node]) -> Iterator[bytes]:
    for node in nodes:
        if node.items is not None:
            for item in node.items:
                yield from _values(item)
        elif node.tag not in PIXEL_TAGS and node.vr not in _TEXT and node.vr not in _NUMBERS and len(node.value) > 16:
            if len(node.value) > 1 << 30:
                raise ItemError("AUP-003")
            yield bytes(node.value)
