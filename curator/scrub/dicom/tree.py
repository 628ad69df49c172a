"""The data set as a tree of encoded elements: values stay the bytes they are, only sequences are opened.

Built from bytes that the structure walk has followed to the end, and held against the counts of that walk, so the two
can never see different files. It must never decode a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from curator.core.errors import ItemError
from curator.formats.dicom.encoding import (
    BIG,
    ITEM,
    ITEM_END,
    LITTLE,
    LONG_VR,
    PIXEL_TAGS,
    SEQUENCE_END,
    SHORT_VR,
    UNDEFINED,
    VR_TEXT,
    is_letters,
)
from curator.formats.dicom.tables import sequence_tags
from curator.formats.dicom.walk import Structure, check_structure


class Node:
    """One element: a value (bytes as encoded), fragments (``fragments`` true, bytes with item headers), or items."""

    __slots__ = ("fragments", "items", "tag", "value", "vr")

    def __init__(
        self,
        tag: int,
        vr: str | None,
        value: bytes | memoryview = b"",
        items: list[list[Node]] | None = None,
        fragments: bool = False,
    ) -> None:
        self.tag = tag
        self.vr = vr
        self.value = value
        self.items = items
        self.fragments = fragments


@dataclass(frozen=True)
class Tree:
    """A file's data set as nodes, in the order of the bytes, with the structure that was walked."""

    structure: Structure
    nodes: list[Node] = field(repr=False)


def read_tree(data: bytes | memoryview) -> Tree:
    """Walk a file's structure and open its data set.

    Raises
    ------
    ItemError
        DCM-001 to DCM-029 from the structure walk; DCM-045 when this reading counts otherwise than the walk did.
    """
    structure = check_structure(data)
    reader = _Reader(structure)
    try:
        nodes = reader.elements(structure.meta_end, structure.end, structure.explicit, structure.end)[0]
    except (IndexError, ValueError, TypeError, RecursionError):
        raise ItemError("DCM-045") from None
    except Exception as error:
        if isinstance(error, ItemError):
            raise
        raise ItemError("DCM-045") from None
    if reader.count != structure.elements or reader.items != structure.items:
        raise ItemError("DCM-045")
    return Tree(structure, nodes)


class _Reader:
    def __init__(self, structure: Structure) -> None:
        self.view = structure.buffer
        self.order = LITTLE if structure.little else BIG
        self.opaque = structure.opaque
        self.count = self.items = 0

    def elements(self, at: int, end: int | None, explicit: bool, limit: int) -> tuple[list[Node], int]:
        """Read the elements of one data set; without an end, up to its item delimiter."""
        view, sequences, opaque = self.view, sequence_tags(), self.opaque
        short, plain, long = self.order.short.unpack_from, self.order.plain.unpack_from, self.order.long.unpack_from
        item_mark = self.order.item
        nodes: list[Node] = []
        while at != end:
            vr: bytes | None = None
            value = at + 8
            if value > limit:
                raise ItemError("DCM-045")
            if explicit:
                group, element, vr, length = short(view, at)
                if vr in LONG_VR:
                    length, value = long(view, at + 8)[0], at + 12
                elif vr not in SHORT_VR:
                    vr = None
                    length = long(view, at + 4)[0]
            else:
                group, element, length = plain(view, at)
            tag = group << 16 | element
            if tag == ITEM_END and end is None:
                return nodes, value
            self.count += 1
            name = None if vr is None else VR_TEXT[vr]
            if length == UNDEFINED:
                if name in {"SQ", "UN"} or (name is None and tag not in PIXEL_TAGS):
                    items, at = self.sequence(value, None, limit, explicit)
                    nodes.append(Node(tag, name, items=items))
                else:
                    at = self.fragments(value, limit)
                    nodes.append(Node(tag, name, view[value : at - 8], fragments=True))
                continue
            at = value + length
            if at > limit:
                raise ItemError("DCM-045")
            if (
                length
                and (name is None or name in {"SQ", "UN"})
                and (
                    name == "SQ"
                    or tag in sequences
                    or (tag not in PIXEL_TAGS and value not in opaque and view[value : value + 4] == item_mark)
                )
            ):
                items, at = self.sequence(value, at, at, explicit)
                nodes.append(Node(tag, name, items=items))
            elif not length and name == "SQ":
                nodes.append(Node(tag, name, items=[]))
            else:
                nodes.append(Node(tag, name, view[value:at]))
        return nodes, at

    def sequence(self, at: int, end: int | None, limit: int, explicit: bool) -> tuple[list[list[Node]], int]:
        """Read the items of a sequence; without an end, up to its delimiter."""
        view, plain = self.view, self.order.plain.unpack_from
        items: list[list[Node]] = []
        while at != end:
            if at + 8 > limit:
                raise ItemError("DCM-045")
            group, element, length = plain(view, at)
            mark = group << 16 | element
            at += 8
            if mark == SEQUENCE_END and (end is None or end == at):
                break
            if mark != ITEM:
                raise ItemError("DCM-045")
            self.items += 1
            stop = None if length == UNDEFINED else at + length
            inner = explicit and is_letters(bytes(view[at + 4 : at + 6]))
            nodes, at = self.elements(at, stop, inner, limit if stop is None else stop)
            items.append(nodes)
        return items, at

    def fragments(self, at: int, limit: int) -> int:
        """Return where the fragments of an encapsulated value end, behind their delimiter."""
        view, plain = self.view, self.order.plain.unpack_from
        while True:
            if at + 8 > limit:
                raise ItemError("DCM-045")
            group, element, length = plain(view, at)
            at += 8
            if group << 16 | element == SEQUENCE_END:
                return at
            self.items += 1
            at += length
