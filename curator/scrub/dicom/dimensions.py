"""Dimensions of multi-frame objects that a private attribute tells apart: they go whole, where that attribute goes.

Left as it was, an item of the Dimension Index Sequence would lose its pointer, which it has to have (PS3.3 section
C.7.6.17), while each frame kept an index that nothing explains. Nodes of the source are never changed.
"""

from __future__ import annotations

from collections.abc import Callable

from curator.scrub.dicom.tree import Node

SEQUENCE = 0x00209222
_POINTERS = frozenset({0x00209165, 0x00209167})
_FRAMES, _CONTENT, _VALUES = 0x52009230, 0x00209111, 0x00209157
#: Bytes of one index (VR UL).
_INDEX = 4


def without_private(nodes: list[Node], stays: Callable[[Node], bool]) -> list[Node]:
    """Return a data set without the dimensions whose pointers may not stay, and without their indices in each frame.

    Parameters
    ----------
    nodes
        The elements of the top level.
    stays
        Says of a pointer (VR AT) whether the attribute that it names stays.

    Returns
    -------
    list of Node
        The very list when nothing goes. With the last dimension the sequence and the indices go.
    """
    sequence = next((node for node in nodes if node.tag == SEQUENCE), None)
    items = sequence.items if sequence is not None else None
    if not items:
        return nodes
    kept = [at for at, item in enumerate(items) if all(stays(node) for node in item if node.tag in _POINTERS)]
    if len(kept) == len(items):
        return nodes
    left = [items[at] for at in kept]

    def frame(node: Node) -> Node | None:
        value = node.value
        if node.tag != _VALUES or node.items is not None or len(value) != _INDEX * len(items):
            return node
        data = bytes(value)
        indices = b"".join(data[_INDEX * at : _INDEX * at + _INDEX] for at in kept)
        return Node(node.tag, node.vr, indices) if kept else None

    made = []
    for node in nodes:
        if node.tag == SEQUENCE:
            if left:
                made.append(Node(node.tag, node.vr, items=left))
        elif node.tag == _FRAMES and node.items:
            made.append(_each(node, lambda one: _each(one, frame) if one.tag == _CONTENT else one))
        else:
            made.append(node)
    return made


def _each(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return a sequence whose items hold changed elements; of one without items, itself."""
    if not node.items:
        return node
    items = [[new for one in item if (new := change(one)) is not None] for item in node.items]
    return Node(node.tag, node.vr, items=items)
