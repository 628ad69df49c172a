"""The walk over the encoded elements of a DICOM file, before any other parser sees it.

Every declared length is held against what is really left, nesting and counts are bounded, nothing is copied, and time
grows linearly with the file. It decides what the file's elements are and where the data set ends; the reader behind it
gets exactly those bytes. It must never decode a value, and never pass what it could not follow to the last byte.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from curator.core.errors import ItemError
from curator.formats.dicom.encoding import (
    BIG,
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
from curator.formats.dicom.opening import open_file
from curator.formats.dicom.structure import Element, Steps, Structure
from curator.formats.dicom.tables import sequence_tags

__all__ = ["Element", "Structure", "check_structure", "elements"]

_ENDLESS = frozenset({"DCM-005", "DCM-006"})  # never forgiven inside a value that merely looks like a sequence
_CHUNK = 1 << 16


class _Level:
    """One open data set (``items`` None) or sequence (``items`` counts its items) on the walker's stack."""

    __slots__ = ("counts", "end", "explicit", "index", "last", "limit", "path", "start", "tag", "trial")

    def __init__(self, start: int, end: int | None, limit: int, explicit: bool, path: Steps, tag: int = 0) -> None:
        self.start = start
        self.end = end  # None: undefined length
        self.limit = limit  # no byte from here on belongs to this level
        self.explicit = explicit
        self.path = path
        self.tag = tag  # of a sequence; 0 for a data set
        self.index = -1
        self.last = -1
        self.trial = False  # a sequence only by its looks
        self.counts = (0, 0, 0)


class _Walker:
    """Walks one data set. ``opaque`` are value offsets known not to be sequences though they look like one."""

    def __init__(
        self, view: memoryview, start: int, explicit: bool, little: bool, opaque: frozenset[int] = frozenset()
    ) -> None:
        self.view = view
        self.order = LITTLE if little else BIG
        self.opaque = set(opaque)
        self.elements = self.items = self.depth = self.unordered = self.padding = 0
        self.end = len(self.view)
        self.has_pixels = self.encapsulated = self.native = self.past_pixels = False
        self.top_tags: set[int] = set()
        self.late_tags: set[int] = set()
        self.at = start
        self.stack = [_Level(start, self.end, self.end, explicit, ())]

    def run(self) -> Iterator[Element]:
        """Yield every element, at every depth, in the order of the bytes; raise what is wrong with them."""
        while self.stack:
            try:
                if self.stack[-1].tag:
                    self._item()
                else:
                    yield from self._elements()
            except ItemError as error:
                self._forgive(error)

    def _fault(self, end: int) -> ItemError:
        return ItemError("DCM-007" if end > len(self.view) else "DCM-008")

    def _forgive(self, error: ItemError) -> None:
        """Take a value that only looked like a sequence as plain bytes after all; raise the error if there is none."""
        while self.stack and not self.stack[-1].trial:
            self.stack.pop()
        if not self.stack or error.code in _ENDLESS:
            raise error
        level = self.stack.pop()
        self.elements, self.items, self.unordered = level.counts
        self.opaque.add(level.start)
        assert level.end is not None
        self.at = level.end

    def _item(self) -> None:
        """Open the next item of a sequence, or close the sequence."""
        level = self.stack[-1]
        at = self.at
        if at == level.end:
            self.stack.pop()
            return
        if at + 8 > level.limit:
            raise self._fault(at + 8)
        group, element, length = self.order.plain.unpack_from(self.view, at)
        tag = group << 16 | element
        at += 8
        if tag == SEQUENCE_END and (level.end is None or level.end == at):
            self.stack.pop()
        elif tag == ITEM:
            end = None if length == UNDEFINED else at + length
            if end is not None and end > level.limit:
                raise self._fault(end)
            self.items += 1
            if self.items > MAX_ITEMS:
                raise ItemError("DCM-006", limit=MAX_ITEMS)
            level.index += 1
            # An item may be implicit VR inside explicit VR, never the other way (PS3.5 section 6.2.2; as pydicom).
            explicit = level.explicit and is_letters(bytes(self.view[at + 4 : at + 6]))
            path = (*level.path, (level.tag, level.index))
            self.stack.append(_Level(at, end, level.limit if end is None else end, explicit, path))
        else:
            raise ItemError("DCM-004")
        self.at = at

    def _elements(self) -> Iterator[Element]:
        """Yield the elements of the open data set until it ends or a sequence opens."""
        level = self.stack[-1]
        view, limit, explicit, path = self.view, level.limit, level.explicit, level.path
        short, plain, long = self.order.short.unpack_from, self.order.plain.unpack_from, self.order.long.unpack_from
        top = len(self.stack) == 1
        sequences = sequence_tags()
        at = self.at
        while True:
            if at == level.end:
                self.stack.pop()
                self.at = at
                return
            if (
                top
                and (self.past_pixels or level.last == TRAILING_PADDING or not view[at])
                and self._ends_here(at, level)
            ):
                self.end = at
                self.stack.pop()
                return
            if at + 8 > limit:
                raise self._fault(at + 8)
            vr: bytes | None = None
            value = at + 8
            if explicit:
                group, element, vr, length = short(view, at)
                if vr in LONG_VR:
                    if at + 12 > limit:
                        raise self._fault(at + 12)
                    length, value = long(view, at + 8)[0], at + 12
                elif vr not in SHORT_VR:
                    if b"AA" <= vr <= b"ZZ":
                        raise ItemError("DCM-003")
                    vr = None  # this one element is written in implicit VR; as pydicom decides
                    length = long(view, at + 4)[0]
            else:
                group, element, length = plain(view, at)
            tag = group << 16 | element
            if not group:
                raise ItemError("DCM-012")
            if group == 0xFFFE:
                if tag == ITEM_END and not top and (level.end is None or level.end == value):
                    self.stack.pop()
                    self.at = value
                    return
                raise ItemError("DCM-004")
            self.elements += 1
            if self.elements > MAX_ELEMENTS:
                raise ItemError("DCM-006", limit=MAX_ELEMENTS)
            if tag <= level.last:
                self.unordered += 1
            level.last = tag
            if length != UNDEFINED and value + length > limit:
                raise self._fault(value + length)
            if top:
                self._note(tag, vr, length)
            yield Element(path, tag, None if vr is None else VR_TEXT[vr], at, value, length)
            if length == UNDEFINED:
                if vr is None and not group & 1 and tag not in sequences and tag not in PIXEL_TAGS:
                    raise ItemError("DCM-009")  # nothing says whether to read items or fragments
                if vr in {b"SQ", b"UN"} or (vr is None and tag not in PIXEL_TAGS):
                    self._open(tag, value, None, limit, explicit, path)
                    return
                at = self._fragments(value, limit)
                continue
            at = value + length
            if not length or not (vr is None or vr in {b"SQ", b"UN"}):
                continue
            sure = vr == b"SQ" or tag in sequences
            if not sure and (tag in PIXEL_TAGS or value in self.opaque or view[value : value + 4] != self.order.item):
                continue
            self._open(tag, value, at, at, explicit, path, trial=not sure)
            return

    def _note(self, tag: int, vr: bytes | None, length: int) -> None:
        """Remember what a tag of the data set's own level says about the whole."""
        if tag in PIXEL_TAGS:
            if vr == b"SQ" or (vr == b"UN" and length == UNDEFINED):
                raise ItemError("DCM-009")  # pixels cannot be a sequence
            self.past_pixels = True
            self.has_pixels = self.has_pixels or length > 0
            self.encapsulated = self.encapsulated or length == UNDEFINED
            self.native = self.native or (tag == PIXEL_DATA and 0 < length < UNDEFINED)
        elif tag == TRAILING_PADDING:
            self.padding = length
        if self.past_pixels and tag not in self.top_tags:
            self.late_tags.add(tag)
        self.top_tags.add(tag)

    def _open(
        self, tag: int, value: int, end: int | None, limit: int, explicit: bool, path: Steps, trial: bool = False
    ) -> None:
        level = _Level(value, end, limit, explicit, path, tag)
        level.trial = trial
        level.counts = (self.elements, self.items, self.unordered)
        self.stack.append(level)
        depth = len(self.stack) // 2  # data sets and sequences take turns on the stack
        if depth > MAX_DEPTH:
            raise ItemError("DCM-005", limit=MAX_DEPTH)
        self.depth = max(self.depth, depth)
        self.at = value

    def _fragments(self, at: int, limit: int) -> int:
        """Pass over the fragments of an encapsulated value (PS3.5 section A.4) and return where they end."""
        plain, view = self.order.plain.unpack_from, self.view
        while True:
            if at + 8 > limit:
                raise self._fault(at + 8)
            group, element, length = plain(view, at)
            at += 8
            tag = group << 16 | element
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM or length == UNDEFINED:
                raise ItemError("DCM-009")
            at += length
            if at > limit:
                raise self._fault(at)
            self.items += 1
            if self.items > MAX_ITEMS:
                raise ItemError("DCM-006", limit=MAX_ITEMS)

    def _ends_here(self, at: int, level: _Level) -> bool:
        """Say whether the data set is over though bytes are left: padding, or something that is no element of it.

        Behind the pixel data only a greater tag with a sound header is an element; before them anything that cannot be
        read is damage, except a rest of zeros.
        """
        rest = level.limit - at
        last = level.last
        if last == TRAILING_PADDING:
            return True
        if last >= 0 and not self.view[at] and not self.view[at + min(1, rest - 1)] and self._zeros(at):
            return True
        if not self.past_pixels:
            return False
        if rest < 8:
            return True
        if level.explicit:
            group, element, vr, _ = self.order.short.unpack_from(self.view, at)
            sound = vr in LONG_VR or vr in SHORT_VR
        else:
            group, element, _ = self.order.plain.unpack_from(self.view, at)
            sound = group in (0x7FE0, 0xFFFA, 0xFFFC) or bool(group & 1)
        return not sound or group == 0xFFFE or (group << 16 | element) <= last

    def _zeros(self, at: int) -> bool:
        return all(
            not bytes(chunk).strip(b"\0")
            for chunk in (self.view[step : step + _CHUNK] for step in range(at, len(self.view), _CHUNK))
        )


def check_structure(data: bytes | memoryview) -> Structure:
    """Walk a whole DICOM file and say how it is built.

    Parameters
    ----------
    data
        The whole file. Nothing of it is copied, unless its data set is deflated.

    Returns
    -------
    Structure
        Every element has been followed to its end.

    Raises
    ------
    ItemError
        DCM-001 to DCM-019: what keeps the file from being understood whole.
    """
    opening = open_file(data)
    walker = _Walker(opening.buffer, opening.meta.end, opening.explicit, opening.little)
    deque(walker.run(), maxlen=0)
    syntax, meta = opening.syntax, opening.meta
    if not walker.top_tags:
        raise ItemError("DCM-013")
    if (walker.encapsulated and not syntax.encapsulated) or (walker.native and syntax.encapsulated):
        raise ItemError("DCM-014")
    return Structure(
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
        elements=walker.elements,
        items=walker.items,
        depth=walker.depth,
        unordered=walker.unordered,
        trailing=len(opening.buffer) - walker.end + opening.after,
        padding=walker.padding,
        meta_start=meta.start,
        meta_end=meta.end,
        end=walker.end,
        meta_sop_class=meta.uid(0x0002),
        buffer=opening.buffer,
        top_tags=frozenset(walker.top_tags),
        late_tags=frozenset(walker.late_tags),
        opaque=frozenset(walker.opaque),
    )


def elements(data: bytes | memoryview, structure: Structure | None = None) -> Iterator[Element]:
    """Yield every element of the data set at every depth, in the order of the bytes.

    A sequence is yielded before its items' elements. The file meta information is not part of it.

    Parameters
    ----------
    data
        The whole file.
    structure
        What :func:`check_structure` returned for it, if that was called before.

    Raises
    ------
    ItemError
        As :func:`check_structure`, before the first element is yielded.
    """
    known = structure or check_structure(data)
    yield from _Walker(known.buffer, known.meta_end, known.explicit, known.little, known.opaque).run()
