"""Closing the gaps where identifiers were: no dangling word, no empty bracket, no double separator, no joined words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from curator.detect.text.lists.lexicon import fold
from curator.scrub.dicom.descriptors_terms import cues

#: Stands for what was taken out; no text that fits a VR has it.
HOLE = "\0"
_MARKS = r" ,;:.^_=/|&#*+~'’\"\-"
_BRACKETS = re.compile(rf"[(\[{{<][{_MARKS}\0]*[)\]}}>]")
_HOLES = re.compile(rf"(?<![{_MARKS}\0])[{_MARKS}]*(?:\0[{_MARKS}]*)+")
_OPENED = re.compile(rf"([(\[{{])[{_MARKS}]*\0[{_MARKS}]*|(?<![{_MARKS}])[{_MARKS}]*\0[{_MARKS}]*([)\]}}])")
_WORD_BACK = re.compile(rf"([^\W\d_](?:[\w./'-]*[\w#])?)([{_MARKS}(]*)$")
_WORD_AHEAD = re.compile(r"[ ,._-]*([^\W\d_]+)(?![\w])")
_SAME = re.compile(r"[^\S\n]{2,}")
_ORDER = "^;|/,_- ."
#: Words, and projections with a slash in them: A/P.
_ONLY = re.compile(r"[A-Z]/[A-Z](?![^\W_])|[^\W_]+")
#: Without contrast: C- and I-, alone.
_NO_CONTRAST = re.compile(r"[ _(][CI]-(?=[ )]|$)")
_MOST_LABELS = 4
#: How far back a label is looked for.
_REACH = 80


@cache
def _dangling() -> frozenset[str]:
    return cues()["dangling"]


def tidy(text: str) -> str:
    """Return a text without the places where something was taken out.

    Parameters
    ----------
    text
        With :data:`HOLE` in each of them. Lines stay lines.
    """
    return "\n".join(_line(line) if HOLE in line else line for line in text.split("\n")).strip("\n")


def _line(line: str) -> str:
    line = _cut_labels(line if line.isascii() else _unmarked(line))
    before = None
    while before != line:
        before = line
        line = _BRACKETS.sub(lambda found: HOLE if HOLE in found[0] else found[0], line)
        line = (
            _OPENED.sub(lambda found: found[1] or f"\1{found[2]}", line) if re.search(r"[(\[{]|[)\]}]", line) else line
        )
    line = line.replace("\1", "")
    ends = len(line)
    underscored = "_" in line and " " not in line.strip(f"{HOLE} ")

    def unsigned(at: int) -> bool:
        return _NO_CONTRAST.match(line, max(0, at - 2)) is not None

    def close(found: re.Match[str]) -> str:
        if found.start() == 0:
            return ""
        if found.end() == ends:
            return "+" if found[0][0] == "+" else "-" if unsigned(found.start()) else ""  # CT CHEST I+, CT HEAD C-
        marks = {mark for mark in found[0] if mark in _ORDER}
        left, right = line[found.start() - 1], line[found.end()]
        best = next((mark for mark in _ORDER if mark in marks), "_" if underscored else " ")
        if left in "([{" or right in ")]}":
            return ""
        if best in ",;":
            return f"{best} " if " " in found[0] else best
        if best in "/|-" and " " in found[0]:
            return " " if best == "-" and "- " not in found[0] else f" {best} "
        return " " if best == "." else best

    line = _HOLES.sub(close, line)
    line = _balanced(line)
    line = _SAME.sub(" ", line)
    sign = "-" if _NO_CONTRAST.match(line, max(0, len(line) - 3)) else ""
    line = line.strip(" ,;:^_=/|&-") + sign
    return line if any(mark.isalnum() for mark in line) and not _only_labels(line) else ""


def _unmarked(line: str) -> str:
    """Drop marks whose letter is gone: vowels of Thai, points of Hebrew."""
    made: list[str] = []
    for mark in line:
        if not (made and made[-1] == HOLE and unicodedata.category(mark)[0] == "M"):
            made.append(mark)
    return "".join(made)


def _balanced(line: str) -> str:
    """Drop brackets that lost their other half."""
    for one, other in ("()", "[]", "{}"):
        if line.count(one) != line.count(other):
            line = line.replace(one, " ").replace(other, " ")
    return line


def _cut_labels(line: str) -> str:
    """Cut words that only led to what is gone, and degrees and units behind it."""
    parts = line.split(HOLE)
    for at in range(len(parts) - 1):
        for _ in range(_MOST_LABELS):
            tail = max(0, len(parts[at]) - _REACH)
            found = _WORD_BACK.search(parts[at], tail)
            if found is None or not _leads(found[1]):
                break
            parts[at] = parts[at][: found.start()]
    for at in range(1, len(parts)):
        for _ in range(2):
            found = _WORD_AHEAD.match(parts[at])
            if found is None or fold(found[1]) not in cues()["trailing"]:
                break
            parts[at] = parts[at][found.end() :]
    return HOLE.join(parts)


def _leads(word: str) -> bool:
    """Say whether a word, or each of several with marks between them, only leads to a value.

    A large W is "with contrast" more often than with somebody, and a relative stays one without a name.
    """
    if word == "W" or fold(word) in cues()["relation"]:
        return False
    low = fold(word).strip(".#")
    if low.replace(".", "").replace("/", "") in _dangling() or low in _dangling():
        return True
    pieces = [piece for piece in re.split(r"[-_./']", low) if piece]
    return len(pieces) > 1 and all(piece in _dangling() for piece in pieces) and "_" not in word


def _only_labels(line: str) -> bool:
    words = [fold(word) for word in _ONLY.findall(line)]
    return all(word in _dangling() or (len(word) == 1 and not word.isdigit()) for word in words)
