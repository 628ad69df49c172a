"""What a structure walk hands on: the elements with their places, and what the file as a whole is like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from curator.formats.dicom.ranged import Piece, Ranged

if TYPE_CHECKING:
    from curator.formats.dicom.stretches import Stretch

#: Answers about one sequence that are remembered.
_MOST_ANSWERS = 8

#: Sequence tag and item index (from 0) of each level above an element.
Steps = tuple[tuple[int, int], ...]


class Element(NamedTuple):
    """One encoded element.

    ``offset`` and ``value`` are positions of its header and its value in ``Structure.buffer``; ``length`` is the length
    as declared, 0xFFFFFFFF for undefined; ``vr`` is None where the encoding does not say it.
    """

    path: Steps
    tag: int
    vr: str | None
    offset: int
    value: int
    length: int


class Node:
    """One element as a part of a tree: a value, fragments (``fragments`` true, with item headers), or items.

    ``value`` holds the bytes as encoded, ``at`` where the element's header stands in ``Structure.buffer``, -1 for an
    element that comes from no file.
    """

    __slots__ = ("at", "fragments", "items", "tag", "value", "vr")

    def __init__(
        self,
        tag: int,
        vr: str | None,
        value: Piece = b"",
        items: list[list[Node]] | None = None,
        fragments: bool = False,
        at: int = -1,
    ) -> None:
        self.tag = tag
        self.vr = vr
        self.value = value
        self.items = items
        self.fragments = fragments
        self.at = at


class Repeated(list[list[Node]]):
    """The items of a sequence that may be met again; nobody changes them.

    Attributes
    ----------
    elements, held, unordered, depth
        What the walk counts: elements and items at all depths, elements out of order, sequences inside one another.
    answers
        What was found out about it, by whatever it was asked for. Bounded by :meth:`keep`.
    """

    elements = held = unordered = depth = 0  # of a class without a call of its own for each that is made
    answers: Mapping[Any, Any] = MappingProxyType({})

    def keep(self, key: Any, answer: Any) -> None:
        """Remember an answer."""
        self.answers = {**(self.answers if len(self.answers) < _MOST_ANSWERS else {}), key: answer}


@dataclass(slots=True)  # freezing would take a third of the time of a short header's walk
class Structure:
    """What a walk found; nobody changes it. Holds the file's bytes by reference; its printed form holds none of them.

    Parameters
    ----------
    transfer_syntax
        UID as declared, or as guessed when nothing declares it (``guessed``).
    explicit, little, deflated
        The encoding found, which for ``explicit`` may contradict the declaration.
    encapsulated
        The top-level Pixel Data are in fragments (PS3.5 A.4).
    has_preamble, has_meta, meta_length_ok
        The 128 bytes and DICM are there; group 0002 is there; its group length is true.
    has_pixels
        The data set itself holds Pixel Data, Float Pixel Data or Double Float Pixel Data with a value.
    elements, items, depth
        Elements at all levels, items at all levels, deepest nesting of sequences.
    unordered
        Elements whose tag is not greater than the one before: out of order or repeated. Tolerated.
    trailing
        Bytes of the file behind the data set.
    padding
        Bytes in (FFFC,FFFC) Data Set Trailing Padding.
    meta_sop_class, meta_sop_instance
        (0002,0002) and (0002,0003), as written.
    meta_start, meta_end, end
        The file meta information and the data set stand at ``buffer[meta_start:meta_end]``, ``buffer[meta_end:end]``.
    buffer
        The file, with a deflated data set inflated.
    stretches
        Those elements of the data set's own level that were met before, each with its place among the nodes.
    top_tags, late_tags
        Every tag of the data set's own level; those of them that stand only behind the first pixel data.
    """

    transfer_syntax: str
    guessed: bool
    explicit: bool
    little: bool
    deflated: bool
    encapsulated: bool
    has_preamble: bool
    has_meta: bool
    meta_explicit: bool
    meta_length_ok: bool
    has_pixels: bool
    elements: int
    items: int
    depth: int
    unordered: int
    trailing: int
    padding: int
    meta_start: int
    meta_end: int
    end: int
    meta_sop_class: str = field(repr=False)
    meta_sop_instance: str = field(repr=False)
    buffer: memoryview | Ranged = field(repr=False, compare=False)
    top_tags: frozenset[int] = field(repr=False)
    late_tags: frozenset[int] = field(repr=False)
    opaque: frozenset[int] = field(repr=False)
    stretches: list[tuple[int, Stretch]] = field(repr=False, compare=False)
