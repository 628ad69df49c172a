"""Cleaning a text of any length in windows that overlap, so that memory stays flat and nothing on a seam is missed.

Each window is searched whole; the next one begins before its end, at a paragraph's end where there is one. What either
of two neighbors finds in the part that both saw goes. A cut never lies inside of what was found.
"""

from __future__ import annotations

import contextlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol, TypeVar

from curator.engine import hands
from curator.scrub.text.view import Change, merged

Found = TypeVar("Found")

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


class _Windows:
    """The windows of a text that comes in pieces, by places in the whole; some are made before those before are left.

    Attributes
    ----------
    at
        Where the next window begins of which nothing was made yet.
    ahead
        The windows that were made and not left: where each begins, it, and whether it is the last.
    """

    def __init__(self, pieces: Iterator[str], size: int, lap: int) -> None:
        self._pieces: Iterator[str] | None = pieces
        self._size, self._lap = size, lap
        self._held, self._from = "", 0
        self._failure: Exception | None = None
        self.at = 0
        self.ahead: deque[tuple[int, str, bool]] = deque()

    def parts(self) -> Iterator[str]:
        """Yield windows. Where one is left is known when none is ahead; else it is taken to be where most cuts are."""
        self.ahead.clear()
        last = False
        while not last:
            window, last = self._window(self.at)
            start = self.at
            self.ahead.append((start, window, last))
            yield window
            if self.ahead:
                self.at = start + cut_at(window, len(window) - 2 * self._lap, ())

    def _window(self, at: int) -> tuple[str, bool]:
        """Return the characters from a place on, and whether fewer were left than a window has.

        Raises
        ------
        Exception
            What reading raises, each time that more would have to be read: a text that broke off has no last window.
        """
        size = self._size + 2 * self._lap
        parts, have = [self._held], self._from + len(self._held) - at
        while have < size and self._pieces is not None:
            if self._failure is not None:
                raise self._failure
            try:
                piece = next(self._pieces, None)
            except Exception as error:
                self._failure = error
                raise
            if piece is None:
                self._pieces = None
            else:
                parts.append(piece)
                have += len(piece)
        self._held = "".join(parts)
        start = at - self._from
        return self._held[start : start + size], have < size

    def leave(self, at: int) -> bool:
        """Let go of what stands before a place, and say whether what was made begins there, if anything was."""
        self._held, self._from = self._held[at - self._from :], at
        if self.ahead and self.ahead[0][0] == at:
            return True
        well = not self.ahead
        self.at = at
        return well


def searched(
    pieces: Iterator[str], search: Callable[[str], Found], *, size: int, lap: int
) -> Iterator[tuple[str, bool, Found, Callable[[int], None]]]:
    """Yield the windows of a text with what a search says of each.

    Where processes stand idle, later windows are searched while an earlier one is: they begin where a cut is made
    unless something lies across it. Where it is made elsewhere, the search begins anew from there.

    Parameters
    ----------
    pieces
        The text, cut anywhere.
    search
        What is asked of a window; see :func:`curator.engine.hands.spread`.
    size
        Characters of a window besides its laps.
    lap
        How far a window looks beyond a cut, each way.

    Yields
    ------
    tuple
        The window, whether it is the last one, what the search says, and what the caller tells where in it the next
        one begins: beyond 0, at its end when not told.
    """
    windows, last = _Windows(pieces, size, lap), False
    while not last:
        with contextlib.closing(hands.spread(windows.parts(), search)) as results:
            for found in results:
                start, window, last = windows.ahead.popleft()
                where = [len(window)]
                yield window, last, found, where.append
                if not windows.leave(start + where[-1]):
                    break


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
    for window, last, changes, cut in searched(pieces, search, size=size, lap=lap):
        # What reaches the end of a window may go on behind it; the next one sees it whole, unless it began long before.
        ends, late = len(window), len(window) - lap
        found = merged([*pending, *(one for one in changes if last or one.end < ends or one.start < late)])
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
