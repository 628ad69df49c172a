"""From characters with places to the lines that a reader reads, and the orders in which they may be read.

A line is cut into chunks at wide gaps. Chunks are read along the line, down a column, and behind what may be their
label; what breaks at a hyphen or is set with spaces between its letters is read joined as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from curator.core.errors import ItemError
from curator.scrub.document import characters
from curator.scrub.document.gridded import tell
from curator.scrub.document.marks import Mark
from curator.scrub.document.weave import ASIDE, Leaf, Weave
from curator.scrub.things import Cell, is_plain

#: Parts of the size: a gap that is a blank, one that parts chunks, how far marks of one line may lie apart.
_BLANK = 0.18
_PART = 1.6
_SAME_LINE = 0.4
#: The same for where one string ends and the next goes on: less than the narrowest letter.
_NEXT = 0.12
#: How far below another, in sizes, a line may stand and still go on with it.
_BELOW = 3.0
LABEL = 40
#: How often text may lie over other text at one height.
MOST_LAYERS = 100
_NAMELIKE = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]+[^\W\d_][^\W\d_.'’-]*){0,2}[.,]?")
#: Rows of marks that are there to be written on, or that lead the eye.
_LEADER = re.compile(r"_(?:\s*_){2,}|\.(?:\s*\.){4,}")
_SPACED = re.compile(r"(?:(?<=\s)|^)(?:[^\W_]\s){3,}[^\W_](?=\s|$)")


@dataclass(eq=False)
class Chunk:
    """Text that stands together on a line. Places are along and across the line's own direction, in points."""

    leaf: Leaf = field(repr=False)
    start: float
    end: float
    across: float
    size: float
    angle: int
    bold: bool
    mono: bool
    room: float = 0.0

    @property
    def text(self) -> str:
        """Its text as it is now."""
        return self.leaf.text


Line = list[Chunk]


@dataclass(frozen=True)
class _Run:
    """Marks that were set one after the other on one baseline, with their places along and across it."""

    marks: tuple[tuple[float, Mark], ...] = field(repr=False)
    across: float
    end: float
    size: float

    @property
    def start(self) -> float:
        return self.marks[0][0]

    @property
    def text(self) -> str:
        return "".join(mark.text for _, mark in self.marks)

    @property
    def slip(self) -> float:
        """How far a second print of it may lie off, less than to its next letter."""
        return min(0.25 * self.size, 0.5 * (self.end - self.start))


def lines(marks: Iterable[Mark]) -> list[Line]:
    """Return the lines of a page from top to bottom, one direction of writing after the other.

    Rows of underscores and dots that are there to be written on are left out, so that what is written on them is read
    by itself.
    """
    turned: dict[int, list[tuple[float, float, Mark]]] = {}
    for mark in marks:
        turn = math.radians(mark.angle)
        along = mark.x * math.cos(turn) + mark.y * math.sin(turn)
        across = -mark.x * math.sin(turn) + mark.y * math.cos(turn)
        turned.setdefault(mark.angle, []).append((along, across, mark))
    found: list[Line] = []
    for angle in sorted(turned):
        for row in _rows([part for run in _runs(turned[angle]) for part in _unled(run)]):
            found += [line for layer in _layers(row) if (line := [one for one in _chunks(layer) if one.text])]
    return found


def _runs(placed: list[tuple[float, float, Mark]]) -> Iterator[_Run]:
    """Gather the marks of a string, and of those that go on just where it ended."""
    run: list[tuple[float, Mark]] = []
    base = end = size = 0.0
    for along, across, mark in placed:
        gap = along - end
        if run and mark.order == run[-1][1].order:
            on = gap <= _PART * size and along >= run[-1][0] - 0.01
        else:
            on = abs(across - base) <= _SAME_LINE * max(size, mark.size) and abs(gap) <= _NEXT * size
        if run and not on:
            yield _Run(tuple(run), base, end, size)
            run = []
        if not run:
            base, size = across, 0.0
        run.append((along, mark))
        base = across if mark.size > size else base
        end, size = along + mark.advance, max(size, mark.size, 1.0)
    if run:
        yield _Run(tuple(run), base, end, size)


def _unled(run: _Run) -> Iterator[_Run]:
    """Yield a run without its leaders."""
    if not _LEADER.search(run.text):
        yield run
        return
    part: list[tuple[float, Mark]] = []
    at = 0
    led = {place for match in _LEADER.finditer(run.text) for place in range(*match.span())}
    for along, mark in run.marks:
        if at in led:
            if part:
                yield _Run(tuple(part), run.across, part[-1][0] + part[-1][1].advance, run.size)
            part = []
        else:
            part.append((along, mark))
        at += len(mark.text)
    if part:
        yield _Run(tuple(part), run.across, part[-1][0] + part[-1][1].advance, run.size)


def _rows(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Gather runs whose baselines lie close together: the larger ones carry the smaller."""
    rows: list[tuple[float, float, list[_Run]]] = []
    for run in sorted(runs, key=lambda one: (-one.across, one.start)):
        if rows and rows[-1][0] - run.across <= _SAME_LINE * max(rows[-1][1], run.size):
            base, size, row = rows[-1]
            row.append(run)
            if run.size > size:
                rows[-1] = (run.across if run.size > 1.3 * size else base, run.size, row)
        else:
            rows.append((run.across, run.size, [run]))
    for _, _, row in rows:
        yield sorted(row, key=lambda one: (one.start, one.marks[0][1].order))


def _layers(row: list[_Run]) -> list[list[_Run]]:
    """Part runs that lie over each other, so that none is read into another; a second print of the same goes.

    Raises
    ------
    ItemError
        PDF-003 for more text over text than any page has.
    """
    layers: list[list[_Run]] = []
    for run in row:
        twice = any(
            one.text == run.text and abs(one.start - run.start) < run.slip for layer in layers for one in layer[-2:]
        )
        if twice and run.text.strip():
            continue
        free = next((layer for layer in layers if run.start - layer[-1].end > -0.35 * run.size), None)
        if free is None:
            layers.append([run])
            if len(layers) > MOST_LAYERS:
                raise ItemError("PDF-003")
        else:
            free.append(run)
    return layers


def _chunks(layer: list[_Run]) -> Iterator[Chunk]:
    pieces: list[str] = []
    group: list[tuple[float, float, Mark]] = []
    end = 0.0
    for run in layer:
        for along, mark in run.marks:
            size = max(mark.size, 1.0)
            gap = along - end
            if group and gap > _PART * size:
                yield _chunk(pieces, group, end)
                pieces, group = [], []
            elif group and gap > _BLANK * size and not pieces[-1].isspace() and not mark.text.isspace():
                pieces.append(" ")
            pieces.append(mark.text)
            group.append((along, run.across, mark))
            end = along + mark.advance
    if group:
        yield _chunk(pieces, group, end)


def _chunk(pieces: list[str], group: list[tuple[float, float, Mark]], end: float) -> Chunk:
    text = characters.normal("".join(pieces))
    size = max(mark.size for _, _, mark in group)
    across = next(across for _, across, mark in group if mark.size == size)
    bold = sum(mark.bold for _, _, mark in group) * 2 > len(group)
    mono = sum(mark.mono for _, _, mark in group) * 2 > len(group)
    leaf = Leaf(" ".join(text.split()), "page/text")
    return Chunk(leaf, group[0][0], end, across, size, group[0][2].angle, bold, mono)


def weave(weaver: Weave, page: list[Line]) -> None:
    """Add a page to the text that is searched, in every order that it may be read in."""
    tell(page)
    before: Line | None = None
    for line in page:
        apart = before is not None and abs(before[0].across - line[0].across) > 2.2 * line[0].size
        weaver.mark("\n\n" if apart or before is None else "\n")
        for at, chunk in enumerate(line):
            weaver.mark("  " if at else "")
            weaver.add(chunk.leaf)
        before = line
    weaver.mark("\n\n\n")
    for line in page:
        _sidewise(weaver, line)
        for chunk in line:
            _spaced(weaver, chunk)
    among = {id(chunk) for line in page if len(line) > 1 for chunk in line}
    for column in _columns(page):
        _column(weaver, column, among)


def _label(text: str) -> str:
    bare = text.rstrip(" :")
    return bare if 1 < len(bare) <= LABEL and not any(mark.isdigit() for mark in bare) else ""


def _is_thing(chunk: Chunk) -> bool:
    """Say whether a chunk is a thing of medicine for certain, so that no label beside it tells of it."""
    return chunk.leaf.cell is Cell.THING and is_plain(chunk.text)


def _sidewise(weaver: Weave, line: Line) -> None:
    run: Line = []
    for at, chunk in enumerate(line):
        label = _label(line[at - 1].text) if at else ""
        thing = _is_thing(chunk)
        if label and not thing:
            weaver.mark(f"\n\n\n{ASIDE}{label}: ")
            weaver.add(chunk.leaf)
        if not thing and _NAMELIKE.fullmatch(chunk.text[: LABEL + 1]) and len(run) < 4:
            run.append(chunk)
            continue
        _joined(weaver, run)
        run = []
    _joined(weaver, run)


def _joined(weaver: Weave, run: Line) -> None:
    if len(run) < 2:
        return
    for mark in (" ", ", "):
        weaver.mark("\n\n\n")
        for at, chunk in enumerate(run):
            weaver.mark("" if not at else " " if run[at - 1].text.endswith(",") else mark)
            weaver.add(chunk.leaf)


def _spaced(weaver: Weave, chunk: Chunk) -> None:
    """Read letters with blanks between them as words, among the words around them."""
    matches = list(_SPACED.finditer(chunk.text))
    if not matches:
        return
    weaver.mark("\n\n\n")
    done = 0
    for match in matches:
        weaver.add(chunk.leaf, done, match.start())
        for at in range(match.start(), match.end()):
            if not chunk.text[at].isspace():
                weaver.add(chunk.leaf, at, at + 1)
        done = match.end()
    weaver.add(chunk.leaf, done)


def _columns(page: list[Line]) -> Iterator[Line]:
    """Yield chunks that stand under each other."""
    waiting: list[Line] = []
    for line in page:
        still: list[Line] = []
        for column in waiting:
            last = column[-1]
            if last.angle == line[0].angle and last.across - line[0].across <= _BELOW * last.size:
                still.append(column)
            elif len(column) > 1:
                yield column
        waiting = still
        for chunk in line:
            above = next((one for one in waiting if abs(one[-1].start - chunk.start) < 1.5 * chunk.size), None)
            if above is not None and above[-1].across > chunk.across:
                above.append(chunk)
            else:
                waiting.append([chunk])
    yield from (column for column in waiting if len(column) > 1)


def _column(weaver: Weave, column: Line, among: set[int]) -> None:
    """Add a column: as a text where its lines hold more than it, and what its lines say of each other."""
    if any(id(chunk) in among for chunk in column):
        weaver.mark("\n\n\n")
        for chunk in column:
            weaver.add(chunk.leaf)
            weaver.mark("\n")
    for run in _stacked(column):
        weaver.mark("\n\n\n")
        for chunk in run:
            weaver.add(chunk.leaf)
    for above, below in pairwise(column):
        label = _label(above.text)
        if (
            not _is_thing(below)
            and label
            and (above.text.istitle() or above.text.isupper() or above.text.endswith(":"))
        ):
            weaver.mark(f"\n\n\n{ASIDE}{label}: ")
            weaver.add(below.leaf)
        if above.text.endswith("-") and below.text[:1].islower():
            weaver.mark("\n\n\n")
            weaver.add(above.leaf, 0, len(above.text) - 1)
            weaver.add(below.leaf)


def _stacked(column: Line) -> Iterator[Line]:
    """Yield letters that stand under each other one by one, as they are read: as a word."""
    run: Line = []
    for chunk in column:
        if len(chunk.text) == 1 and chunk.text.isalnum():
            run.append(chunk)
            continue
        if len(run) > 3:
            yield run
        run = []
    if len(run) > 3:
        yield run
