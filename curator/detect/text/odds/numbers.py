"""The signs of a number or code that no rule has found: its form, and the words before and behind it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from curator.detect.text.odds.tokens import NOTHING
from curator.detect.text.odds.view import View

#: Signs of the number itself; names of the table's columns.
OWN = ("form", "short form", "size", "letters", "digits")
#: Signs of what stands beside it, which settle some.
BESIDE = ("left1", "right1", "right2", "right+form", "right+short", "left+form", "left+right")
#: Signs of the words before it, which settle most others; a name that stands again shares its weights.
WORDS = ("word", "word2", "words", "word+form", "word+short", "near", "near", "near", "near", "near")
#: Signs of all else around it.
FURTHER = ("left2", "left3", "right3", "found before", "found after", "line", "line2", "at start")
AROUND = (*BESIDE, *WORDS, *FURTHER)
#: From the first digit of a run without these marks to its end: the work stays linear in the text.
_CHUNK = re.compile(r"\d[^\s,;()\[\]\"'<>|]*+")
_APART = frozenset(" \n\t,;()[]\"'<>|")
_LETTERS = re.compile(r"[A-Za-z]{0,4}")
_WORD = re.compile(r"[^\W\d_]+")
#: Of a long code, so much is looked at; so many tokens before it.
_LONGEST, _BACK = 24, 12


def chunks(view: View) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs without spaces that hold a digit: start, end, and the numbers of its first and last token."""
    text = view.text
    for match in _CHUNK.finditer(text):
        start = match.start()
        end = start + len(match[0].rstrip(".:!?"))
        while start and text[start - 1] not in _APART and not text[start - 1].isspace():
            start -= 1
        first = bisect_left(view.starts, start)
        if start < end and first < len(view.starts) and view.starts[first] == start:
            yield start, end, first, bisect_left(view.starts, end) - 1


def _forms(code: str) -> tuple[str, str]:
    """Return a code with 9, A and a for its digits and letters, and the same with repeats left out."""
    marks = [
        "9" if mark.isdigit() else "A" if mark.isupper() else "a" if mark.islower() else mark
        for mark in code[:_LONGEST]
    ]
    return "".join(marks), "".join(mark for at, mark in enumerate(marks) if not at or marks[at - 1] != mark)


def own(code: str) -> tuple[object, ...]:
    """Return the signs of a code itself, in the order of ``OWN``."""
    form, short = _forms(code)
    prefix = _LETTERS.match(code)
    return form, short, str(min(len(code), 14)), prefix[0] if prefix else "", str(sum(map(str.isdigit, code)))


class Code(NamedTuple):
    """A code in a text: where it begins, the numbers of its first and last token, and its two forms."""

    start: int
    first: int
    last: int
    form: object
    short: object


def beside(view: View, code: Code) -> tuple[object, ...]:
    """Return the signs of ``BESIDE`` of a code."""
    _, first, last, form, short = code
    left, right = _low(view, first - 1), _low(view, last + 1)
    return left, right, _low(view, last + 2), (right, form), (right, short), (left, form), (left, right)


def words(view: View, code: Code) -> tuple[object, ...]:
    """Return the signs of ``WORDS`` of a code."""
    _, first, _, form, short = code
    near = [token.low for token in view.tokens[max(0, first - _BACK) : first] if token.own][::-1]
    near += [""] * (5 - len(near))
    return near[0], near[1], (near[0], near[1]), (near[0], form), (near[0], short), *near[:5]


def further(view: View, code: Code) -> tuple[object, ...]:
    """Return the signs of ``FURTHER`` of a code."""
    start, first, last, *_ = code
    found, size = view.found, len(view.tokens)

    def seen(number: int) -> str:
        return found[number] if 0 <= number < size else ""

    begins = view.line_start(start)
    line = [word.lower() for word in _WORD.findall(view.text[begins : min(start, begins + 40)])[:2]]
    line += [""] * (2 - len(line))
    return (
        _low(view, first - 2), _low(view, first - 3), _low(view, last + 3),
        (seen(first - 1), seen(first - 2), seen(first - 3)), (seen(last + 1), seen(last + 2)),
        line[0], (line[0], line[1]), "1" if start == begins else "0",
    )  # fmt: skip


def _low(view: View, number: int) -> str:
    return view.tokens[number].low if 0 <= number < len(view.tokens) else NOTHING


def around(view: View, code: Code) -> tuple[object, ...]:
    """Return the signs of where a code stands, in the order of ``AROUND``.

    Parameters
    ----------
    view
        The text.
    code
        The code, where it begins in code points.
    """
    return beside(view, code) + words(view, code) + further(view, code)
