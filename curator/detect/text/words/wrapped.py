"""Prose that a system cut into lines of one width is read as if each paragraph were one line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from curator.identifiers.findings import Finding

#: So wide are the lines of such a text at least and at most; those of a paragraph alone at least.
NARROW, WIDE, PARAGRAPH = 40, 100, 60
#: So many letters a line that was cut may be short of the widest one: no word that stayed whole is longer.
_LONGEST_WORD = 24
#: A line of a table or of values between commas, and one that ends with a sentence or a label.
_APART = re.compile(r"[ ]{2}|\t|\||[:;!?]$|[.!?][\"')]$|,\S+?,\S+?,\S+?,\S")
#: A full stop that shortens a word, behind which the line goes on.
_SHORTENED = re.compile(r"\b(?:[A-Z]|Drs?|Mrs?|Ms|Ste?|Mt|Ft|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$")
#: What begins a line of its own: a blank, a bullet, a number, a label.
_BEGINS = re.compile(r"[ \t]|[-*•·>#|_=~\[]|\(?\d{1,2}[.)][ ]|\(?[a-zA-Z][.)][ ]|[A-Za-z][A-Za-z /&'-]{0,30}:")


#: The end of a line before a day, and the month that stands before it: January and 15, 2021 below it.
_BEFORE_DAY = re.compile(
    r"\n(?=(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d\b|[,;)])|(?:1[3-9]|2\d|3[01])\.(?!\d))"
)
_MONTH = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)$")


def unwrapped(text: str) -> str:
    """Return a text with a blank for each line break that only the width of the lines made.

    A line was cut by its width when the next word would have gone beyond the widest one, of the text or, where that
    has longer lines as well, of the paragraph. Where a sentence ends with the line nothing is lost by leaving the
    break. Each letter stays at its place.

    Parameters
    ----------
    text
        A text.
    """
    if "\n" not in text or "\r" in text:
        return text
    text = _BEFORE_DAY.sub(_within_date, text)
    lines = text.split("\n")
    sizes = [len(line) for line in lines]
    width = max(sizes)
    if width < NARROW:
        return text
    whole = width <= WIDE
    joined, count, stop = 0, len(lines), 0
    for at in range(count - 1):
        if not whole and at >= stop:
            stop = at + 1
            while stop < count and lines[stop]:
                stop += 1
            width = max(sizes[at:stop])
        if (whole or PARAGRAPH <= width <= WIDE) and _is_cut(lines[at], lines[at + 1], width):
            lines[at] += " "
            joined += 1
        else:
            lines[at] += "\n"
    # One line alone of a narrow text may as well be the longest of a list.
    return "".join(lines) if joined > (whole and width < PARAGRAPH) else text


def returned(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings as they stand in a text whose lines end in two marks, from where they stand without the first.

    Parameters
    ----------
    text
        The text, in which lines end in a carriage return and a line feed.
    found
        What was found in it without the carriage returns before line feeds.
    """
    ends = [match.start() - at for at, match in enumerate(re.finditer("\r\n", text))]
    for one in found:
        yield replace(one, start=one.start + bisect_left(ends, one.start), end=one.end + bisect_left(ends, one.end))


def _within_date(end: re.Match[str]) -> str:
    """Return a blank for the end of a line behind the name of a month, any other end as it is."""
    return " " if _MONTH.search(end.string, max(0, end.start() - 10), end.start()) else "\n"


def _is_cut(line: str, following: str, width: int) -> bool:
    """Say whether the width of a line, and nothing else, ends it."""
    if len(line) + _LONGEST_WORD < width or not following or _APART.search(line) or _BEGINS.match(following):
        return False
    if line.endswith(".") and not _SHORTENED.search(line):
        return False
    return len(line.rstrip(" ")) + 1 + len(following.split(" ", 1)[0]) > width
