"""Tables on a page: which chunks stand below heads that tell of things of medicine, and hold one or when it was.

A table begins with a line of heads, all of them known, and ends where a line leaves its columns or lies far below.
Heads that are set close to each other stand in one chunk: where each begins is reckoned from its letters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from curator.scrub.things import Cell, heads, held, is_head, is_short, tells_somebody

if TYPE_CHECKING:
    from curator.scrub.document.layout import Chunk, Line

#: How far below another, in sizes, a row of a table may stand; how far left of its head a cell may begin.
_BELOW = 4.0
_LEFT = 1.0
#: One head, or one word of it: Performed By stays together.
_HEAD = re.compile(r"\S+(?:[ ](?i:by|at)\b)?")


def tell(page: list[Line]) -> None:
    """Tell the leaves of a page that are cells of such tables what they hold."""
    columns: list[Cell] = []
    starts: list[float] = []
    above: Line = []
    for line in page:
        texts, places = _heads(line) if len(line) > 1 else ([], [])
        if texts and is_head(texts):
            columns, starts = heads(texts), places
            for chunk in line if any(columns) else ():
                chunk.leaf.cell = Cell.THING
        elif starts and not _goes_on(starts[-1], above, line):
            starts = []
        elif starts and not tells_somebody(line[0].text):
            for chunk in line:
                what = columns[max(0, bisect_right(starts, chunk.start + _LEFT * chunk.size) - 1)]
                if what and is_short(chunk.text):
                    chunk.leaf.cell = held(what, chunk.text, line[0].text)
        above = line


def _heads(line: Line) -> tuple[list[str], list[float]]:
    """Return the heads of a line, word by word, and where each begins."""
    texts, places = [], []
    for chunk in line:
        for match in _HEAD.finditer(chunk.text):
            texts.append(match[0])
            places.append(chunk.start + (chunk.end - chunk.start) * match.start() / len(chunk.text))
    return texts, places


def _goes_on(last: float, above: Line, line: Line) -> bool:
    """Say whether a line is the next row: near, in the same direction, and no paragraph below the whole table."""
    first = line[0]
    near = first.angle == above[0].angle and above[0].across - first.across <= _BELOW * first.size
    return near and (first.end < last or len(line) > 1) and _fits(line[0], above[0])


def _fits(one: Chunk, above: Chunk) -> bool:
    """Say whether a row begins no further left than the one above it."""
    return one.start > above.start - _LEFT * one.size
