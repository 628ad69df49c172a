"""Cleaning a text of any length in windows that overlap, so that memory stays flat and nothing on a seam is missed.

Each window is searched whole; the next one begins before its end, at a paragraph's end where there is one. What either
of two neighbors finds in the part that both saw goes. A cut never lies inside of what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from curator.scrub.text.view import Change, merged

#: Characters of a window, and how far two windows look beyond a cut, each way.
SIZE = 1 << 19
LAP = 4096
_PARAGRAPH = re.compile(r"\r?\n[ \t]*\r?\n")
_BLANK = re.compile(r"\s")


class Placed(Protocol):
    """What stands at ``[start, end)`` of a window."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """The place behind it."""
        ...


def windows(pieces: Iterator[str], size: int, lap: int) -> Iterator[tuple[str, bool, Callable[[int], None]]]:
    """Yield (window, last, cut): the caller says with ``cut`` where the next one begins; it must be beyond 0."""
    buffer, at, last = "", 0, False

    def cut(where: int) -> None:
        nonlocal at
        at = where

    while True:
        parts, have = [buffer], len(buffer)
        while have < size + 2 * lap and not last:
            piece = next(pieces, None)
            if piece is None:
                last = True
            else:
                parts.append(piece)
                have += len(piece)
        buffer = "".join(parts)
        del parts
        window, rest = buffer[: size + 2 * lap], buffer[size + 2 * lap :]
        ended = last and not rest
        at = len(window)
        yield window, ended, cut
        if ended:
            return
        buffer = window[at:] + rest


def cleaned(
    pieces: Iterator[str],
    search: Callable[[str], list[Change]],
    *,
    size: int = SIZE,
    lap: int = LAP,
) -> Iterator[tuple[str, list[Change]]]:
    """Clean a text piece by piece.

    Parameters
    ----------
    pieces
        The text, cut anywhere.
    search
        Says what becomes of one window: changes in order that do not overlap.
    size
        Characters of a window.
    lap
        How far a window looks beyond a cut. Nothing longer than this is promised to be seen whole.

    Yields
    ------
    tuple
        A part of the clean text, and the changes in it by their places in the whole text. Each character of it lies in
        one change at most.
    """
    pending: list[Change] = []
    before = 0
    for window, last, cut in windows(pieces, size, lap):
        # What reaches the end of a window may go on behind it; the next one sees it whole, unless it began long before.
        ends, late = len(window), len(window) - lap
        found = merged([*pending, *(one for one in search(window) if last or one.end < ends or one.start < late)])
        where = len(window) if last else cut_at(window, len(window) - 2 * lap, found)
        part, here = _written(window[:where], found, where)
        yield part, [replace(one, start=before + one.start, end=before + min(one.end, where)) for one in here]
        before += where
        # What lies over the cut has been answered for: its rest goes without a second stand-in.
        pending = [
            replace(
                one,
                start=max(0, one.start - where),
                end=one.end - where,
                new=one.new if one.start >= where else "",
            )
            for one in found
            if one.end > where
        ]
        cut(where)


def _written(part: str, found: list[Change], where: int) -> tuple[str, list[Change]]:
    out: list[str] = []
    here: list[Change] = []
    at = 0
    for one in found:
        if one.start >= where:
            break
        out += (part[at : one.start], one.new)
        at = one.end
        here.append(one)
    out.append(part[at:])
    return "".join(out), here


def cut_at(window: str, most: int, found: Iterable[Placed]) -> int:
    """Choose where a window ends for good: a paragraph's end, a line's, a blank, else anywhere; never in a change."""
    least = max(1, most - most // 4)
    where = 0
    for form in (_PARAGRAPH, None, _BLANK):
        if form is None:
            where = window.rfind("\n", least, most) + 1
        else:
            start = least if form is _PARAGRAPH else max(least, most - 8192)
            for match in form.finditer(window, start, most):
                where = match.end()
        if where:
            break
    where = where or most
    for one in found:
        if one.start < where < one.end:
            return one.start if one.start > 0 else where
    return where
