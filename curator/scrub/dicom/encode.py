"""Writing a tree of elements as a DICOM file: the same tree gives the same bytes, on any machine.

Items and sequences get defined lengths, group lengths are left out, the preamble is zeros, nothing follows the data
set. A deflated data set is written in stored blocks, since compressors differ between machines.
"""

from __future__ import annotations

import array
from struct import Struct

from curator.formats.dicom.encoding import BIG, ITEM, LITTLE, LONG_VR, SEQUENCE_END, UNDEFINED, Order
from curator.scrub.dicom.tree import Node

#: Fixed UID of this implementation (PS3.7 D.3.3.2), made once, of no machine.
IMPLEMENTATION_UID = "2.25.231787888827834596606231548430861934380"

_LONG = {vr.decode("ascii") for vr in LONG_VR}
_UNIT = {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4,
         "FD": 8, "OD": 8, "OV": 8, "SV": 8, "UV": 8}  # fmt: skip
_CODE = {2: "H", 4: "I", 8: "Q"}
_PAD = {"UI": b"\0", "OB": b"\0", "UN": b"\0", "OW": b"\0"}
_LEN32 = Struct("<L")


def unit_of(vr: str) -> int:
    """Return the size in bytes of one number of a VR, 1 for text and bytes."""
    return _UNIT.get(vr, 1)


def swapped(value: bytes | memoryview, vr: str) -> bytes:
    """Return numbers in the other byte order."""
    size = unit_of(vr)
    if size == 1:
        return bytes(value)
    numbers = array.array(_CODE[size], bytes(value))
    numbers.byteswap()
    return numbers.tobytes()


def encode_nodes(nodes: list[Node], *, explicit: bool, little: bool) -> list[bytes | memoryview]:
    """Encode a data set.

    Parameters
    ----------
    nodes
        Elements with their VR; values in the byte order that is written. Written in the order of their tags.
    explicit, little
        The encoding.

    Returns
    -------
    list
        Pieces to be joined.
    """
    out: list[bytes | memoryview] = []
    _write(nodes, explicit, LITTLE if little else BIG, out)
    return out


def _write(nodes: list[Node], explicit: bool, order: Order, out: list[bytes | memoryview]) -> int:
    """Append a data set's pieces and return their length in bytes."""
    total = 0
    plain, short, long = order.plain.pack, order.short.pack, order.long.pack
    for node in sorted(nodes, key=_tag_of):
        group, element, vr = node.tag >> 16, node.tag & 0xFFFF, node.vr or "UN"
        value: bytes | memoryview = node.value
        pieces: list[bytes | memoryview] = []
        tail = b""
        if node.items is not None:
            length = 0
            for item in node.items:
                at = len(pieces)
                pieces.append(b"")
                inner = _write(item, explicit, order, pieces)
                pieces[at] = plain(ITEM >> 16, ITEM & 0xFFFF, inner)
                length += 8 + inner
            size = length
            vr = "SQ"
        else:
            size = length = len(value)
            if node.fragments:
                length = UNDEFINED
                tail = plain(SEQUENCE_END >> 16, SEQUENCE_END & 0xFFFF, 0)
                size += 8
            elif length & 1:
                tail = _PAD.get(vr, b" ")
                length += 1
                size += 1
            pieces.append(value)
        if explicit and vr not in _LONG and length > 0xFFFE:
            vr = "UN"  # PS3.5 section 6.2.2, note 1
        if not explicit:
            head = plain(group, element, length)
        elif vr in _LONG:
            head = short(group, element, vr.encode("ascii"), 0) + long(length)
        else:
            head = short(group, element, vr.encode("ascii"), length)
        out.append(head)
        out.extend(pieces)
        if tail:
            out.append(tail)
        total += len(head) + size
    return total


def _tag_of(node: Node) -> int:
    return node.tag


def file_meta(sop_class: str, sop_instance: str, transfer_syntax: str, version: str) -> bytes:
    """Encode a file meta information made of nothing but its arguments (PS3.10 section 7.1)."""
    nodes = [
        Node(0x00020001, "OB", b"\x00\x01"),
        Node(0x00020002, "UI", sop_class.encode("ascii")),
        Node(0x00020003, "UI", sop_instance.encode("ascii")),
        Node(0x00020010, "UI", transfer_syntax.encode("ascii")),
        Node(0x00020012, "UI", IMPLEMENTATION_UID.encode("ascii")),
        Node(0x00020013, "SH", version.encode("ascii")),
    ]
    body = b"".join(encode_nodes(nodes, explicit=True, little=True))
    length = b"".join(encode_nodes([Node(0x00020000, "UL", _LEN32.pack(len(body)))], explicit=True, little=True))
    return bytes(128) + b"DICM" + length + body


def stored(data: bytes) -> bytes:
    """Return data as a raw deflate stream of stored blocks (RFC 1951, 3.2.4), of an even length (PS3.5 A.5).

    A last empty block makes an odd stream even: a padding byte would be a byte behind the data set.
    """
    blocks = [data[at : at + 0xFFFF] for at in range(0, len(data), 0xFFFF)]
    if (len(data) + 5 * len(blocks)) & 1 or not blocks:
        blocks.append(b"")
    out = []
    for number, block in enumerate(blocks, 1):
        length = len(block)
        out.append(
            bytes([number == len(blocks)]) + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little")
        )
        out.append(block)
    return b"".join(out)
