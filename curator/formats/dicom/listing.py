"""The elements of a file one after the other, with their places, as the structure walk found them."""

from __future__ import annotations

from collections.abc import Iterator

from curator.formats.dicom.encoding import BIG, LITTLE, SHORT_VR, Order
from curator.formats.dicom.ranged import Ranged
from curator.formats.dicom.structure import Element, Node, Steps
from curator.formats.dicom.walk import parse

__all__ = ["Element", "elements"]


def elements(data: bytes | memoryview) -> Iterator[Element]:
    """Yield every element of the data set at every depth, in the order of the bytes.

    A sequence is yielded before its items' elements. The file meta information is not part of it.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    ItemError
        As :func:`parse`, before the first element is yielded.
    """
    structure, nodes = parse(data)
    yield from _flat(nodes, (), LITTLE if structure.little else BIG, structure.buffer)


def _flat(nodes: list[Node], path: Steps, order: Order, buffer: memoryview | Ranged) -> Iterator[Element]:
    for node in nodes:
        value = node.at + (8 if node.vr is None or node.vr.encode("ascii") in SHORT_VR else 12)
        if node.vr is None or value > node.at + 8:
            length = order.long.unpack(bytes(buffer[value - 4 : value]))[0]
        else:
            length = order.short.unpack(bytes(buffer[node.at : value]))[3]
        yield Element(path, node.tag, node.vr, node.at, value, length)
        for index, item in enumerate(node.items or ()):
            yield from _flat(item, (*path, (node.tag, index)), order, buffer)
