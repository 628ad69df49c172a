"""The walk over the encoded elements of a DICOM file, before any other parser sees it.

Every declared length is held against what is really left, nesting and counts are bounded, and time grows linearly with
the file. It decides what the file's elements are and where the data set ends; the reader behind it gets exactly those
bytes. It must never decode a value, and never pass what it could not follow to the last byte.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Set

from curator.core.errors import ItemError
from curator.formats.dicom.encoding import (
    BIG,
    CONTENT,
    ITEM,
    ITEM_END,
    LITTLE,
    LONG_VR,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_ITEMS,
    PIXEL_DATA,
    PIXEL_TAGS,
    SEQUENCE_END,
    SHORT_VR,
    TRAILING_PADDING,
    UNDEFINED,
    VR_TEXT,
    is_letters,
)
from curator.formats.dicom.opening import Opening, open_file
from curator.formats.dicom.ranged import CHUNK, Ranged
from curator.formats.dicom.repeats import LONGEST, Repeats, ended
from curator.formats.dicom.stretches import Met, Stretch
from curator.formats.dicom.structure import Node, Repeated, Structure
from curator.formats.dicom.tables import sequence_tags

__all__ = ["Node", "Structure", "check_structure", "parse"]

_ENDLESS = frozenset({"DCM-005", "DCM-006"})  # never forgiven inside a value that merely looks like a sequence
#: Bytes that are read at once of a file that is not loaded, and of them those that a header may need.
_WINDOW, _AHEAD = 1 << 14, 16
#: A longer value is not copied out of the file: its node refers to the file's bytes.
_COPIED = 1 << 16
#: Value representations whose values may be items; None stands for implicit VR.
_OPEN = frozenset({None, "SQ", "UN"})
_SHORT_TEXT = {vr: VR_TEXT[vr] for vr in SHORT_VR}
#: Tags from here on are looked at one by one: pixel data, padding, delimiters.
_LATE = 0x7FE00008
_NONE: frozenset[int] = frozenset()
#: A node without its fields.
_bare: Callable[[type[Node]], Node] = object.__new__


class _Walker:
    """Walks one data set and makes a node of each element."""

    def __init__(self, opening: Opening, repeats: Repeats | None, unwanted: Set[bytes]) -> None:
        self.source = opening.buffer
        self.data: bytes | memoryview = b""  # what is at hand: the bytes from base on, good for headers before ready
        self.base, self.ready = 0, -1
        if not isinstance(self.source, Ranged):
            whole = self.source.obj
            # Slices of bytes are cheaper than those of a view.
            self.data = whole if isinstance(whole, bytes) and len(whole) == len(self.source) else self.source
            self.ready = sys.maxsize
        self.order = LITTLE if opening.little else BIG
        # Only whole files in little endian: there a node's value is bytes of its own.
        self.repeats = repeats if type(self.data) is bytes and self.order is LITTLE and self.ready > 0 else None
        self.unwanted = unwanted
        self.passed: list[int] = []  # unwanted tags of the data set's own level
        self.placed = 0  # content sequences
        self.sequences = sequence_tags()
        self.opaque: set[int] = set()
        self.room = MAX_ELEMENTS
        self.items = self.depth = self.unordered = self.padding = 0
        self.end = len(self.source)
        self.has_pixels = self.encapsulated = self.native = self.past_pixels = False
        self.early = -1  # elements before the pixels
        self.stretches: list[tuple[int, Stretch]] = []
        self.nodes = self._elements(opening.meta.end, self.end, self.end, opening.explicit, 0)[0]
        tags = [node.tag for node in self.nodes]
        self.top_tags = frozenset(tags + self.passed)
        late = self.early if self.past_pixels else len(tags)
        self.late_tags = frozenset(tags[late:]) - frozenset(tags[:late])

    def _fault(self, end: int) -> ItemError:
        return ItemError("DCM-007" if end > len(self.source) else "DCM-008")

    def _window(self, at: int) -> tuple[bytes | memoryview, int, int]:
        """Have the bytes from a place on at hand."""
        if isinstance(self.source, Ranged):
            self.data, self.base = self.source.at(at, _WINDOW), at
            self.ready = at + len(self.data) - _AHEAD
        return self.data, self.base, self.ready

    def _elements(self, at: int, end: int | None, limit: int, explicit: bool, depth: int) -> tuple[list[Node], int]:
        """Read the elements of a data set inside ``depth`` sequences, up to ``end``, without one up to its delimiter.

        No byte from ``limit`` on belongs to it. Returns the nodes and the place behind them.
        """
        data, base, ready = self.data, self.base, self.ready
        order, late = self.order, self.past_pixels
        short, plain, long = order.short.unpack_from, order.plain.unpack_from, order.long.unpack_from
        texts, room, last = _SHORT_TEXT, self.room, -1
        nodes: list[Node] = []
        passed = self.passed
        add, new, bare, unwanted = nodes.append, Node, _bare, self.unwanted
        # Bytes at hand begin at 0; in any other encoding, and in ranges, each element is looked at in full.
        quick = explicit and order is LITTLE and ready == sys.maxsize
        stretches = self.repeats.stretches if self.repeats is not None and quick and not depth else None
        starts = stretches.starts if stretches is not None else _NONE
        met: list[Met] = []
        learns = stretches is not None and stretches.begin()
        while at != end:
            if quick and (value := at + 8) <= limit:
                # Most elements: a short VR, a group that can follow, a value that ends in time. Others go on below.
                group, element, vr, length = short(data, at)
                tag, name, after = group << 16 | element, texts.get(vr), value + length
                if tag in starts and (stretch := self._stretch(at, len(nodes), last, room)) is not None:
                    if learns:
                        met.append((at, len(nodes), len(passed), stretch))
                    nodes += stretch.nodes
                    passed += stretch.passed
                    room -= stretch.elements
                    last = stretch.last
                    at += len(stretch.data)
                    continue
                if learns:
                    met.append((at, len(nodes), len(passed), None))
                if name is not None and last < tag < _LATE and group & 0xFF and after <= limit and room:
                    room -= 1
                    last = tag
                    if unwanted and data[at : value - 2] in unwanted:
                        if not depth:
                            passed.append(tag)
                        at = after
                        continue
                    node = bare(new)  # a call of the class would take half of the time of all this
                    node.tag, node.vr, node.value, node.items = tag, name, data[value:after], None
                    node.fragments, node.at = False, at
                    add(node)
                    at = after
                    continue
            if at > ready or at < base:
                data, base, ready = self._window(at)
            here = at - base
            if not depth and (late or not data[here]) and self._ends_here(at, last, explicit):
                self.end = at
                break
            value = at + 8
            if value > limit:
                raise self._fault(value)
            name = None
            if explicit:
                group, element, vr, length = short(data, here)
                name = texts.get(vr)
                if name is None:
                    if vr in LONG_VR:
                        value = at + 12
                        if value > limit:
                            raise self._fault(value)
                        length = long(data, here + 8)[0]
                        name = VR_TEXT[vr]
                    else:
                        if b"AA" <= vr <= b"ZZ":
                            raise ItemError("DCM-003")
                        length = long(data, here + 4)[
                            0
                        ]  # this one element is written in implicit VR, as pydicom decides
            else:
                group, element, length = plain(data, here)
            tag = group << 16 | element
            if not last < tag < _LATE or not group:
                if not group:
                    raise ItemError("DCM-012")
                if group == 0xFFFE:
                    if tag == ITEM_END and depth and (end is None or end == value):
                        at = value
                        break
                    raise ItemError("DCM-004")
                if tag <= last:
                    self.unordered += 1
            room -= 1
            if room < 0:
                raise ItemError("DCM-006", limit=MAX_ELEMENTS)
            last = tag
            after = value + length
            if after > limit and length != UNDEFINED:
                raise self._fault(after)
            if tag >= _LATE and not depth:
                self._note(tag, name, length, len(nodes))
                late = self.past_pixels or tag == TRAILING_PADDING
            if name in _OPEN or length == UNDEFINED:
                items = None
                self.room = room
                if length == UNDEFINED:
                    if name is None and not group & 1 and tag not in self.sequences and tag not in PIXEL_TAGS:
                        raise ItemError("DCM-009")  # nothing says whether to read items or fragments
                    if name not in _OPEN or (name is None and tag in PIXEL_TAGS):
                        after = self._fragments(value, limit)
                        add(new(tag, name, self.source[value : after - 8], None, True, at))
                        at = after
                        continue
                    items, after = self._repeated(tag, value, None, limit, explicit, depth + 1)
                elif length:
                    if name == "SQ" or tag in self.sequences:
                        items = self._repeated(tag, value, after, after, explicit, depth + 1)[0]
                    elif tag not in PIXEL_TAGS and data[value - base : value - base + 4] == order.item:
                        items = self._maybe(value, after, explicit, depth + 1)
                elif name == "SQ":
                    items = []
                room = self.room
                data, base, ready = self.data, self.base, self.ready
                if items is not None:
                    add(new(tag, name, b"", items, False, at))
                    at = after
                    continue
            if length >= _COPIED:
                add(new(tag, name, self.source[value:after], None, False, at))
            elif after > ready or value < base:
                add(new(tag, name, bytes(self.source[value:after]), None, False, at))
            else:
                add(new(tag, name, data[value - base : after - base], None, False, at))
            at = after
        self.room = room
        if met and not self.unordered:
            assert stretches is not None
            assert type(data) is bytes
            met.append((at, len(nodes), len(passed), None))
            stretches.learn(data, met, nodes, passed)
        elif stretches is not None:
            inside = sum(len(stretch.nodes) + len(stretch.passed) for _, stretch in self.stretches)
            stretches.skip(len(nodes) + len(passed), inside)
        return nodes, at

    def _stretch(self, at: int, before: int, last: int, room: int) -> Stretch | None:
        """Return the stretch that stands at a place of the data set's own level, and take note of it."""
        assert self.repeats is not None
        assert type(self.data) is bytes
        found = self.repeats.stretches.find(self.data, at, last)
        if found is None or found.elements > room or found.items > MAX_ITEMS - self.items:
            return None
        self.items += found.items
        self.depth = max(self.depth, found.depth)
        self.stretches.append((before, found))
        return found

    def _maybe(self, at: int, end: int, explicit: bool, depth: int) -> list[list[Node]] | None:
        """Read a value that looks like a sequence; None if it is only plain bytes after all."""
        before = self.room, self.items, self.unordered
        try:
            return self._sequence(at, end, end, explicit, depth)[0]
        except ItemError as error:
            if error.code in _ENDLESS:
                raise
        self.room, self.items, self.unordered = before
        self.opaque.add(at)
        return None

    def _repeated(
        self, tag: int, at: int, end: int | None, limit: int, explicit: bool, depth: int
    ) -> tuple[list[list[Node]], int]:
        """Return the items of a sequence that was met before, or read them."""
        repeats, data = self.repeats, self.data
        if tag == CONTENT:
            self.placed += 1
        if repeats is None or type(data) is not bytes or tag == CONTENT or not repeats.may_have(tag):
            return self._sequence(at, end, limit, explicit, depth)
        key = ended(data, at) if end is None else data[at:end] if end - at <= LONGEST else b""
        after = at + len(key)
        if not key:
            return self._sequence(at, end, limit, explicit, depth)
        found = repeats.find(tag, key, explicit, end is None)
        if (
            found is not None
            and after <= limit
            and found.elements <= self.room
            and found.held <= MAX_ITEMS - self.items
            and depth + found.depth <= MAX_DEPTH
        ):
            self.room -= found.elements
            self.items += found.held
            self.unordered += found.unordered
            self.depth = max(self.depth, depth + found.depth)
            return found, after
        room, count, unordered, deepest = self.room, self.items, self.unordered, self.depth
        apart = self.placed, len(self.opaque)
        self.depth = depth
        try:
            items, stop = self._sequence(at, end, limit, explicit, depth)
            if stop == after and apart == (self.placed, len(self.opaque)):
                items = Repeated(items)
                items.elements, items.held = room - self.room, self.items - count
                items.unordered, items.depth = self.unordered - unordered, self.depth - depth
                repeats.keep(key, items, explicit, end is None)
        finally:
            self.depth = max(self.depth, deepest)
        return items, stop

    def _sequence(
        self, at: int, end: int | None, limit: int, explicit: bool, depth: int
    ) -> tuple[list[list[Node]], int]:
        """Read the items of a sequence up to ``end``, without one up to its delimiter."""
        if depth > MAX_DEPTH:
            raise ItemError("DCM-005", limit=MAX_DEPTH)
        self.depth = max(self.depth, depth)
        plain = self.order.plain.unpack_from
        items: list[list[Node]] = []
        while at != end:
            if at + 8 > limit:
                raise self._fault(at + 8)
            if at > self.ready or at < self.base:
                self._window(at)
            data, here = self.data, at - self.base
            group, element, length = plain(data, here)
            tag = group << 16 | element
            at += 8
            if tag == SEQUENCE_END and (end is None or end == at):
                break
            if tag != ITEM:
                raise ItemError("DCM-004")
            stop = None if length == UNDEFINED else at + length
            if stop is not None and stop > limit:
                raise self._fault(stop)
            self.items += 1
            if self.items > MAX_ITEMS:
                raise ItemError("DCM-006", limit=MAX_ITEMS)
            # An item may be implicit VR inside explicit VR, never the other way (PS3.5 section 6.2.2; as pydicom).
            inner = explicit and is_letters(bytes(data[here + 12 : here + 14]))
            nodes, at = self._elements(at, stop, limit if stop is None else stop, inner, depth)
            items.append(nodes)
        return items, at

    def _count_item(self) -> None:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise ItemError("DCM-006", limit=MAX_ITEMS)

    def _fragments(self, at: int, limit: int) -> int:
        """Pass over the fragments of an encapsulated value (PS3.5 section A.4) and return where they end."""
        plain = self.order.plain.unpack_from
        while True:
            if at + 8 > limit:
                raise self._fault(at + 8)
            if at > self.ready or at < self.base:
                self._window(at)
            group, element, length = plain(self.data, at - self.base)
            at += 8
            tag = group << 16 | element
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM or length == UNDEFINED:
                raise ItemError("DCM-009")
            at += length
            if at > limit:
                raise self._fault(at)
            self._count_item()

    def _note(self, tag: int, vr: str | None, length: int, before: int) -> None:
        """Remember what a late tag of the data set's own level says about the whole."""
        if tag in PIXEL_TAGS:
            if vr == "SQ" or (vr == "UN" and length == UNDEFINED):
                raise ItemError("DCM-009")  # pixels cannot be a sequence
            self.early = self.early if self.past_pixels else before
            self.past_pixels = True
            self.has_pixels = self.has_pixels or length > 0
            self.encapsulated = self.encapsulated or length == UNDEFINED
            self.native = self.native or (tag == PIXEL_DATA and 0 < length < UNDEFINED)
        elif tag == TRAILING_PADDING:
            self.padding = length

    def _ends_here(self, at: int, last: int, explicit: bool) -> bool:
        """Say whether the data set is over though bytes are left: padding, or something that is no element of it.

        Behind the pixel data only a greater tag with a sound header is an element; before them anything that cannot be
        read is damage, except a rest of zeros.
        """
        data, here, rest = self.data, at - self.base, len(self.source) - at
        if last == TRAILING_PADDING:
            return True
        if last >= 0 and not data[here] and not data[here + min(1, rest - 1)] and self._zeros(at):
            return True
        if not self.past_pixels:
            return False
        if rest < 8:
            return True
        if explicit:
            group, element, vr, _ = self.order.short.unpack_from(data, here)
            sound = vr in LONG_VR or vr in SHORT_VR
        else:
            group, element, _ = self.order.plain.unpack_from(data, here)
            sound = group in (0x7FE0, 0xFFFA, 0xFFFC) or bool(group & 1)
        return not sound or group == 0xFFFE or (group << 16 | element) <= last

    def _zeros(self, at: int) -> bool:
        return all(
            not bytes(self.source[step : step + CHUNK]).strip(b"\0") for step in range(at, len(self.source), CHUNK)
        )


def parse(
    data: bytes | memoryview | Ranged, repeats: Repeats | None = None, unwanted: Set[bytes] = frozenset()
) -> tuple[Structure, list[Node]]:
    """Walk a whole DICOM file, say how it is built and open its data set.

    Parameters
    ----------
    data
        The whole file, at hand or to be read in ranges.
    repeats
        Sequences that were met before, to take their nodes from and to add to: nodes that others have too, which nobody
        may change, and whose places in the file say nothing.
    unwanted
        Headers, the first six bytes of them, of elements that are followed but not handed on. ``top_tags`` has them,
        ``late_tags`` has not, and the sequences of ``repeats`` lack them too.

    Returns
    -------
    structure : Structure
        Every element has been followed to its end.
    nodes : list of Node
        The elements of the data set's own level in the order of the bytes; sequences have theirs in ``items``. Values
        of 64 KiB and more are views or ranges of the file, not copies.

    Raises
    ------
    ItemError
        DCM-001 to DCM-019: what keeps the file from being understood whole.
    """
    opening = open_file(data)
    walker = _Walker(opening, repeats, unwanted)
    syntax, meta = opening.syntax, opening.meta
    if not walker.top_tags:
        raise ItemError("DCM-013")
    if (walker.encapsulated and not syntax.encapsulated) or (walker.native and syntax.encapsulated):
        raise ItemError("DCM-014")
    structure = Structure(
        transfer_syntax=syntax.uid,
        guessed=opening.guessed,
        explicit=opening.explicit,
        little=opening.little,
        deflated=syntax.deflated,
        encapsulated=walker.encapsulated,
        has_preamble=opening.has_preamble,
        has_meta=meta.end > meta.start,
        meta_explicit=meta.explicit,
        meta_length_ok=meta.length_ok,
        has_pixels=walker.has_pixels,
        elements=MAX_ELEMENTS - walker.room,
        items=walker.items,
        depth=walker.depth,
        unordered=walker.unordered,
        trailing=len(opening.buffer) - walker.end + opening.after,
        padding=walker.padding,
        meta_start=meta.start,
        meta_end=meta.end,
        end=walker.end,
        meta_sop_class=meta.uid(0x0002),
        meta_sop_instance=meta.uid(0x0003).strip("?"),
        buffer=opening.buffer,
        top_tags=walker.top_tags,
        late_tags=walker.late_tags,
        opaque=frozenset(walker.opaque),
        stretches=walker.stretches,
    )
    return structure, walker.nodes


def check_structure(data: bytes | memoryview | Ranged) -> Structure:
    """Walk a whole DICOM file and say how it is built. Parameters and errors as :func:`parse`."""
    return parse(data)[0]
