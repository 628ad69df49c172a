"""The same notes as systems and people hand them on: cut into lines, set in, in letters of one case, in other marks.

No word changes but in its case or by marks that no reader sees; what is marked is marked where it stands then.
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
    gold = tuple(
        (starts[start], starts[end - 1] + len(pieces[end - 1]), category, kind)
        for start, end, category, kind in note.gold
    )
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


def _each(marks: dict[str, str]) -> Callable[[Note], Note]:
    """Return what writes some marks as others."""
    return lambda note: _mapped(note, note.text, lambda _, mark: marks.get(mark, mark))


def _justified(note: Note) -> Note:
    """Cut into lines that all but the last of a paragraph are filled up with blanks between words, as printers did."""
    text, more = cut(note.text), set[int]()
    at = 0
    for line, whole in zip(text.split("\n"), _filled(text, note.text), strict=True):
        gaps = [place for place, mark in enumerate(line) if mark == " "]
        lacks = WIDTH - len(line)
        if whole and len(gaps) > lacks > 0:
            step = len(gaps) / lacks
            more.update(at + gaps[int(number * step)] for number in range(lacks))
        at += len(line) + 1
    return _mapped(note, text, lambda place, mark: "  " if place in more else mark)


def _filled(text: str, uncut: str) -> Iterator[bool]:
    """Yield for each line of a text that was cut whether the next one belongs to it."""
    at = 0
    for line in text.split("\n"):
        at += len(line) + 1
        yield uncut[at - 1 : at] == " "


def _hyphenated(note: Note) -> Note:
    """Cut into lines, and the first word of each third one between two of its letters."""
    text = cut(note.text)
    breaks = [at for at, _ in enumerate(text) if text[at] == "\n" and note.text[at] == " "]
    moved: dict[int, str] = {}
    for at in breaks[::3]:
        word = re.match(r"[^\W\d_]{6,}", text[at + 1 :])
        if word:
            moved[at] = " "
            moved[at + 3] = f"{text[at + 3]}-\n"
    return _mapped(note, text, lambda place, mark: moved.get(place, mark))


def _ligatures(note: Note) -> Note:
    text = note.text

    def made(at: int, mark: str) -> str:
        if mark in "il" and text[at - 1 : at] == "f":
            return ""
        return {"fi": "\ufb01", "fl": "\ufb02"}.get(text[at : at + 2], mark)

    return _mapped(note, text, made)


def _touching(note: Note) -> Note:
    """Leave out the blank behind the end of a sentence."""
    text = note.text
    return _mapped(
        note,
        text,
        lambda at, mark: "" if mark == " " and text[at - 1 : at] == "." and text[at + 1 : at + 2] != " " else mark,
    )


def _hidden(note: Note) -> Note:
    """Put marks that no reader sees into words: where a word may break, and where nothing stands."""
    text = note.text

    def made(at: int, mark: str) -> str:
        if mark.isalpha() and text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha() and at % _EACH == 0:
            return f"{mark}\u00ad"
        return f"{mark}\u200b" if mark == " " and at % _EACH == 1 else mark

    return _mapped(note, text, made)


LAYOUTS: dict[str, Callable[[Note], Note]] = {
    "plain": _plain,
    "wrapped": _wrapped,
    "set-in": _set_in,
    "crlf": _crlf,
    "unbroken": _unbroken,
    "capitals": _capitals,
    "small": _small,
    "flat": _each({"\n": " "}),
    "escaped": _each({"\n": "\\n", "\t": "\\t"}),
    "breaks": _each({"\n": "<br>"}),
    "entities": _each({"&": "&amp;", "'": "&#39;", '"': "&quot;", "<": "&lt;", ">": "&gt;"}),
    "printed": _each({"-": "\u2013", "'": "\u2019", '"': "\u201d"}),
    "wide": _each({chr(0x30 + figure): chr(0xFF10 + figure) for figure in range(10)}),
    "doubled": _each({" ": "  "}),
    "touching": _touching,
    "justified": _justified,
    "hyphenated": _hyphenated,
    "ligatures": _ligatures,
    "hidden": _hidden,
}


def laid_out(notes: Iterable[Note], layout: str) -> Iterator[Note]:
    """Yield notes in a layout: one of :data:`LAYOUTS`."""
    return map(LAYOUTS[layout], notes)
