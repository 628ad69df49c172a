"""The data set as a tree of encoded elements: values stay the bytes they are, only sequences are opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from curator.formats.dicom.encoding import CONTENT
from curator.formats.dicom.ranged import Ranged
from curator.formats.dicom.repeats import Repeats
from curator.formats.dicom.structure import Node, Structure
from curator.formats.dicom.walk import parse

__all__ = ["REPEATS", "Node", "Tree", "read_tree"]

#: What is written anew in every object, or decides about all others: no stretch of a source reaches across.
_APART = (
    *(0x00080005, 0x00080016, 0x00080018, 0x00100010, 0x00100020, 0x00120062, 0x00120063, 0x00120064),
    *(0x0020000D, 0x0020000E, 0x00280303, CONTENT),
)
#: Sequences and stretches of elements that this process has met in sources.
REPEATS = Repeats(_APART)


@dataclass(frozen=True)
class Tree:
    """A file's data set as nodes, in the order of the bytes, with the structure that was walked."""

    structure: Structure
    nodes: list[Node] = field(repr=False)


def read_tree(data: bytes | memoryview | Ranged, repeats: Repeats | None = None) -> Tree:
    """Walk a file's structure and open its data set. Parameters as :func:`curator.formats.dicom.walk.parse`.

    Raises
    ------
    ItemError
        DCM-001 to DCM-019 from the structure walk.
    """
    return Tree(*parse(data, repeats))
