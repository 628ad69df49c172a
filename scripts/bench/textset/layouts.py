"""The same notes as systems and people hand them on: cut into lines of one width, set in, in letters of one case.

No word changes but in its case; what is marked is marked where it stands then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from textset.make import Note

WIDTH = 72
#: Every so many-th blank does not break.
_EACH = 5


def cut(text: str, width: int = WIDTH) -> str:
    """Put a line break in the place of a blank wherever a line is longer."""
    return "\n".join(re.sub(rf"(.{{1,{width}}})[ ](?=\S)(?!$)", _cut(width), line) for line in text.split("\n"))


def _cut(width: int) -> Callable[[re.Match[str]], str]:
    def one(match: re.Match[str]) -> str:
        left = len(match.string) - match.start()
        return f"{match[1]}\n" if left > width else match[0]

    return one


def _mapped(note: Note, text: str, made: Callable[[int, str], str]) -> Note:
    """Write each character as something else, and move what is marked."""
    pieces = [made(at, mark) for at, mark in enumerate(text)]
    starts, size = [], 0
    for piece in pieces:
        starts.append(size)
        size += len(piece)
    gold = tuple((starts[start], starts[end - 1] + 1, category, kind) for start, end, category, kind in note.gold)
    return replace(note, text="".join(pieces), gold=gold)


def _plain(note: Note) -> Note:
    return note


def _wrapped(note: Note) -> Note:
    return replace(note, text=cut(note.text))


def _set_in(note: Note) -> Note:
    return _mapped(note, cut(note.text), lambda _, mark: "\n    " if mark == "\n" else mark)


def _crlf(note: Note) -> Note:
    return _mapped(note, cut(note.text), lambda _, mark: "\r\n" if mark == "\n" else mark)


def _unbroken(note: Note) -> Note:
    return _mapped(note, note.text, lambda at, mark: "\u00a0" if mark == " " and at % _EACH == 0 else mark)


def _capitals(note: Note) -> Note:
    return _mapped(note, note.text, lambda _, mark: mark.upper() if len(mark.upper()) == 1 else mark)


def _small(note: Note) -> Note:
    return _mapped(note, note.text, lambda _, mark: mark.lower() if len(mark.lower()) == 1 else mark)


LAYOUTS: dict[str, Callable[[Note], Note]] = {
    "plain": _plain,
    "wrapped": _wrapped,
    "set-in": _set_in,
    "crlf": _crlf,
    "unbroken": _unbroken,
    "capitals": _capitals,
    "small": _small,
}


def laid_out(notes: Iterable[Note], layout: str) -> Iterator[Note]:
    """Yield notes in a layout: one of :data:`LAYOUTS`."""
    return map(LAYOUTS[layout], notes)
