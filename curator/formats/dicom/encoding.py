"""How PS3.5 writes an element's header: value representations, byte orders, delimiters, limits. Facts only."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

#: Value representations whose explicit header has a 32-bit length (PS3.5 section 7.1.2, Table 7.1-1).
LONG_VR = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
#: Those whose explicit header has a 16-bit length (Table 7.1-2).
SHORT_VR = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
VR_TEXT = {vr: vr.decode("ascii") for vr in LONG_VR | SHORT_VR}

UNDEFINED = 0xFFFFFFFF
ITEM = 0xFFFEE000
ITEM_END = 0xFFFEE00D
SEQUENCE_END = 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
#: Pixel Data, Float Pixel Data, Double Float Pixel Data.
PIXEL_TAGS = frozenset({0x7FE00010, 0x7FE00008, 0x7FE00009})
TRAILING_PADDING = 0xFFFCFFFC
#: Content Sequence: its items are told apart by their place.
CONTENT = 0x0040A730

#: No registered information object nests deeper than about ten levels.
MAX_DEPTH = 64
MAX_ELEMENTS = 5_000_000
MAX_ITEMS = 1_000_000


class Order(NamedTuple):
    """Header layouts of one byte order.

    ``plain`` is group, element, 32-bit length (implicit VR, items); ``short`` is group, element, VR, 16-bit length;
    ``long`` is a 32-bit length alone; ``item`` is the four bytes of the item tag.
    """

    plain: Struct
    short: Struct
    long: Struct
    item: bytes


LITTLE = Order(Struct("<HHL"), Struct("<HH2sH"), Struct("<L"), b"\xfe\xff\x00\xe0")
BIG = Order(Struct(">HHL"), Struct(">HH2sH"), Struct(">L"), b"\xff\xfe\xe0\x00")


_HEADER = Struct("<HH2s")


def header(tag: int, vr: str) -> bytes:
    """Return the first six bytes of an element's header in explicit VR little endian."""
    return _HEADER.pack(tag >> 16, tag & 0xFFFF, vr.encode("ascii"))


def is_letters(pair: bytes) -> bool:
    """Say whether two bytes are capital letters, as those of a VR are: explicit VR if so, implicit VR otherwise."""
    return len(pair) == 2 and pair.isalpha() and pair.isupper()  # of bytes, ASCII letters alone
