"""Text that lies in pieces: read as one text, searched once, and every edit carried back to the pieces.

A reader joins what markup or positions take apart, so a name may begin in one piece and end in the next. A piece may
be read in more than one order (a row, a column, behind its label): what is found in any of them goes. A part of a
piece that any finding covers must never stay.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from curator.identifiers.categories import Category
from curator.scrub.medium import Person
from curator.scrub.things import Cell, is_chance
from curator.scrub.treatment import Treatment

_SPACED = re.compile(r"[^\W_](?:\s+[^\W_]){3,}")
#: Stands before a label that is put before a piece for the search: so far from a line's begin nobody speaks in a chat.
ASIDE = "    "
_PARTS = re.compile(r"\s+|\S+")


@dataclass(eq=False)
class Leaf:
    """One piece of text.

    ``place`` is the program's own word for where it stands; ``cell`` says what it is a cell of, where that
    is told (:mod:`curator.scrub.things`).
    """

    text: str = field(repr=False)
    place: str = ""
    edits: int = 0
    cell: Cell = Cell.ANY


@dataclass(frozen=True)
class _Segment:
    """``[start, end)`` of the joined text is ``[low, high)`` of a leaf; of the same length unless it is a blank."""

    start: int
    end: int
    leaf: Leaf
    low: int
    high: int

    def cut(self, start: int, end: int) -> tuple[Leaf, int, int]:
        """Return what of the leaf a range of the joined text covers."""
        if self.end - self.start != self.high - self.low:
            return self.leaf, self.low, self.high
        low = self.low + max(start, self.start) - self.start
        return self.leaf, low, self.low + min(end, self.end) - self.start


class Weave:
    """Joins leaves to one text and brings what becomes of it back to them.

    A leaf may be added more than once, in whole or in part. What is only :meth:`mark`-ed stands between the leaves for
    the search and is written nowhere.
    """

    def __init__(self) -> None:
        self._text: list[str] = []
        self._segments: list[_Segment] = []
        self._size = 0

    @property
    def text(self) -> str:
        """The joined text."""
        return "".join(self._text)

    @property
    def size(self) -> int:
        """Its length in code points."""
        return self._size

    def mark(self, text: str) -> None:
        """Add words or marks that belong to no leaf."""
        self._text.append(text)
        self._size += len(text)

    def add(self, leaf: Leaf, low: int = 0, high: int | None = None, *, folds: bool = True) -> None:
        """Add a leaf, or ``[low, high)`` of it.

        Parameters
        ----------
        leaf
            The piece.
        low, high
            The part of it; all of it by default.
        folds
            Whether a run of white space reads as one blank, as in rendered markup.
        """
        high = len(leaf.text) if high is None else high
        if not folds:
            self._segment(leaf.text[low:high], leaf, low, high)
            return
        for part in _PARTS.finditer(leaf.text, low, high):
            blank = part[0].isspace()
            if blank and (not self._text or self._text[-1][-1:].isspace()):
                continue
            self._segment(" " if blank else part[0], leaf, part.start(), part.end())

    def _segment(self, text: str, leaf: Leaf, low: int, high: int) -> None:
        if text:
            self._segments.append(_Segment(self._size, self._size + len(text), leaf, low, high))
            self._text.append(text)
            self._size += len(text)

    def _pieces(self, starts: list[int], start: int, end: int) -> list[tuple[Leaf, int, int]]:
        """Return the parts of leaves under a range, in the order of the text, neighbors of one leaf joined."""
        found: list[tuple[Leaf, int, int]] = []
        for at in range(max(0, bisect_right(starts, start) - 1), len(self._segments)):
            segment = self._segments[at]
            if segment.start >= end:
                break
            if segment.end <= start:
                continue
            leaf, low, high = segment.cut(start, end)
            if found and found[-1][0] is leaf and found[-1][2] <= low:
                found[-1] = (leaf, found[-1][1], high)
            else:
                found.append((leaf, low, high))
        return found

    def clean(self, treatment: Treatment, person: Person | None) -> None:
        """Search the joined text and rewrite every leaf; each counts its edits.

        Raises
        ------
        ItemError
            TXT-006 or TXT-008 when a detector fails: no leaf may be written then.
        """
        starts = [segment.start for segment in self._segments]
        text = self.text
        cleaned = treatment.prose(text, person)
        found: list[tuple[int, int, str, list[tuple[Leaf, int, int]]]] = []
        for edit in cleaned.edits:
            pieces = [
                (leaf, low, high)
                for leaf, low, high in self._pieces(starts, edit.start, edit.end)
                if not is_chance(leaf.text[low:high], edit.rule, leaf.cell)
            ]
            if pieces:
                size = sum(high - low for _, low, high in pieces)
                new = cleaned.text[edit.new_start : edit.new_end]
                if edit.category is Category.NAME and _SPACED.fullmatch(text, edit.start, edit.end):
                    # A stand-in word by word would take single letters for initials and leave some.
                    new = treatment.name("".join(text[edit.start : edit.end].split()), person)
                found.append((-size, edit.start, new, pieces))
        changes: dict[int, _Changes] = {}
        # The widest finding first: what another order of reading saw of the same words lies within it.
        for _, _, new, pieces in sorted(found, key=lambda one: one[:2]):
            stand_ins = _shared(new, [leaf.text[low:high] for leaf, low, high in pieces])
            for (leaf, low, high), part in zip(pieces, stand_ins, strict=True):
                changes.setdefault(id(leaf), _Changes(leaf)).cover(low, high, part)
        for change in changes.values():
            change.write()


def _shared(new: str, old: list[str]) -> list[str]:
    """Share a stand-in out among the pieces of a value: word by word where it has as many, else all to the first."""
    words = new.split()
    if len(old) < 2:
        return [new]
    if len(words) != sum(len(one.split()) for one in old):
        return [" ".join(words), *[""] * (len(old) - 1)]
    out = []
    for one in old:
        size = len(one.split())
        part = " ".join(words[:size])
        out.append(part if one.rstrip().endswith(",") else part.rstrip(","))
        words = words[size:]
    return out


class _Changes:
    """What becomes of one leaf: ranges that never overlap, each with what takes its place."""

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf
        self._ranges: list[tuple[int, int, str]] = []

    def cover(self, low: int, high: int, new: str) -> None:
        """Take a range out; what an earlier one left of it goes without a stand-in."""
        free = list(self._free(low, high))
        whole = free == [(low, high)]
        for start, end in free:
            insort(self._ranges, (start, end, new if whole else ""))

    def _free(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        at = low
        for number in range(max(0, bisect_right(self._ranges, (low, low, "")) - 1), len(self._ranges)):
            start, end, _ = self._ranges[number]
            if start >= high:
                break
            if end <= at:
                continue
            if start > at:
                yield at, start
            at = max(at, end)
        if at < high:
            yield at, high

    def write(self) -> None:
        """Write the leaf anew."""
        out: list[str] = []
        at = 0
        for start, end, new in self._ranges:
            out += (self._leaf.text[at:start], new)
            at = end
        out.append(self._leaf.text[at:])
        self._leaf.text = "".join(out)
        self._leaf.edits += len(self._ranges)
