"""Writing a tree of elements as a DICOM file: the same tree gives the same bytes, on any machine.

Items and sequences get defined lengths, group lengths are left out, the preamble is zeros, nothing follows the data
set. A deflated data set is written in stored blocks, since compressors differ between machines.
"""

from __future__ import annotations

import array
from functools import lru_cache
from operator import attrgetter
from struct import Struct

from curator.formats.dicom.encoding import BIG, ITEM, LITTLE, LONG_VR, SEQUENCE_END, SHORT_VR, UNDEFINED, Order
from curator.formats.dicom.ranged import Piece, joined
from curator.scrub.dicom.tree import Node

#: Fixed UID of this implementation (PS3.7 D.3.3.2), made once, of no machine.
IMPLEMENTATION_UID = "2.25.231787888827834596606231548430861934380"

_SHORT = {vr.decode("ascii"): vr for vr in SHORT_VR}
_LONG = {vr.decode("ascii"): vr for vr in LONG_VR}
#: The longest even value of a 16-bit length.
_MOST_SHORT = 0xFFFE
_tag = attrgetter("tag")
_UNIT = {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4,
         "FD": 8, "OD": 8, "OV": 8, "SV": 8, "UV": 8}  # fmt: skip
_CODE = {2: "H", 4: "I", 8: "Q"}
_PAD = {"UI": b"\0", "OB": b"\0", "UN": b"\0", "OW": b"\0"}
_LEN32 = Struct("<L")
#: The preamble and the prefix behind it.
_OPENING = bytes(128) + b"DICM"


class Settled(list[list[Node]]):
    """Clean items that many objects have: encoded once for each encoding. Nobody changes them once they are encoded."""

    __slots__ = ("encoded",)

    def __init__(self, items: list[list[Node]]) -> None:
        super().__init__(items)
        self.encoded: dict[tuple[bool, bool], bytes] = {}


class Encoded(Node):
    """Elements of the data set's own level that were encoded before; no other element's tag lies among theirs."""

    __slots__ = ()

    @classmethod
    def of(cls, nodes: list[Node], *, explicit: bool, little: bool) -> Encoded:
        """Encode neighboring elements."""
        return cls(nodes[0].tag, None, joined(encode_nodes(nodes, explicit=explicit, little=little)), [])


def unit_of(vr: str) -> int:
    """Return the size in bytes of one number of a VR, 1 for text and bytes."""
    return _UNIT.get(vr, 1)


def swapped(value: Piece, vr: str) -> bytes:
    """Return numbers in the other byte order."""
    size = unit_of(vr)
    if size == 1:
        return bytes(value)
    numbers = array.array(_CODE[size], bytes(value))
    numbers.byteswap()
    return numbers.tobytes()


def encode_nodes(nodes: list[Node], *, explicit: bool, little: bool) -> list[Piece]:
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
    out: list[Piece] = []
    _write(nodes, explicit, LITTLE if little else BIG, out)
    return out


def _write(nodes: list[Node], explicit: bool, order: Order, out: list[Piece]) -> int:
    """Append a data set's pieces and return their length in bytes."""
    total = 0
    plain, short, long = order.plain.pack, order.short.pack, order.long.pack
    add, codes = out.append, _SHORT
    for node in sorted(nodes, key=_tag):
        tag, vr = node.tag, node.vr or "UN"
        if node.items is None and not node.fragments:
            value = node.value
            length = len(value)
            odd = length & 1
            length += odd
            if not explicit:
                add(plain(tag >> 16, tag & 0xFFFF, length))
                total += 8 + length
            elif vr in codes and length <= _MOST_SHORT:
                add(short(tag >> 16, tag & 0xFFFF, codes[vr], length))
                total += 8 + length
            else:  # PS3.5 section 6.2.2, note 1: a value too long for its VR is written as UN
                add(short(tag >> 16, tag & 0xFFFF, _LONG.get(vr, b"UN"), 0) + long(length))
                total += 12 + length
            add(value)
            if odd:
                add(_PAD.get(vr, b" "))
            continue
        if isinstance(node, Encoded):
            add(node.value)
            total += len(node.value)
            continue
        at = len(out)
        add(b"")
        if isinstance(node.items, Settled):
            vr = "SQ"
            body = node.items.encoded.get((explicit, order is LITTLE))
            if body is None:
                body = node.items.encoded[explicit, order is LITTLE] = _encoded_items(node.items, explicit, order)
            add(body)
            size = length = len(body)
        elif node.items is not None:
            length = size = 0
            vr = "SQ"
            for item in node.items:
                begin = len(out)
                add(b"")
                inner = _write(item, explicit, order, out)
                out[begin] = plain(ITEM >> 16, ITEM & 0xFFFF, inner)
                length += 8 + inner
            size = length
        else:
            add(node.value)
            add(plain(SEQUENCE_END >> 16, SEQUENCE_END & 0xFFFF, 0))
            size, length = len(node.value) + 8, UNDEFINED
        if not explicit:
            head = plain(tag >> 16, tag & 0xFFFF, length)
        else:
            head = short(tag >> 16, tag & 0xFFFF, _LONG.get(vr, b"UN"), 0) + long(length)
        out[at] = head
        total += len(head) + size
    return total


def _encoded_items(items: list[list[Node]], explicit: bool, order: Order) -> bytes:
    """Encode the items of a sequence."""
    out: list[Piece] = []
    for item in items:
        begin = len(out)
        out.append(b"")
        out[begin] = order.plain.pack(ITEM >> 16, ITEM & 0xFFFF, _write(item, explicit, order, out))
    return joined(out)


def file_meta(sop_class: str, sop_instance: str, transfer_syntax: str, version: str) -> bytes:
    """Encode a file meta information made of nothing but its arguments (PS3.10 section 7.1)."""
    before, after = _meta_around(sop_class, transfer_syntax, version)
    value = sop_instance.encode("ascii")
    value += bytes(len(value) & 1)
    body = before + LITTLE.short.pack(0x0002, 0x0003, b"UI", len(value)) + value + after
    return _OPENING + LITTLE.short.pack(0x0002, 0x0000, b"UL", _LEN32.size) + _LEN32.pack(len(body)) + body


@lru_cache(maxsize=64)
def _meta_around(sop_class: str, transfer_syntax: str, version: str) -> tuple[bytes, bytes]:
    """Encode what stands before and behind the SOP Instance UID."""
    before = [Node(0x00020001, "OB", b"\x00\x01"), Node(0x00020002, "UI", sop_class.encode("ascii"))]
    after = [
        Node(0x00020010, "UI", transfer_syntax.encode("ascii")),
        Node(0x00020012, "UI", IMPLEMENTATION_UID.encode("ascii")),
        Node(0x00020013, "SH", version.encode("ascii")),
    ]
    return _encoded(before), _encoded(after)


def _encoded(nodes: list[Node]) -> bytes:
    return joined(encode_nodes(nodes, explicit=True, little=True))


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
