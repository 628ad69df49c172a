"""A text as it is read: prose that a system cut into lines of one width as if each paragraph were one line.

Lines that are set in, or quoted with a mark at the head of each, are joined without what stands before their words.
Lines that end in two marks are read as if they ended in one, and blanks that do not break as blanks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from curator.detect.text.words.parted import parted
from curator.identifiers.findings import Finding

#: So wide are the lines of such a text at least and at most; those of a paragraph alone at least.
NARROW, WIDE, PARAGRAPH = 40, 100, 60
#: So many letters a line that was cut may be short of the widest one: no word that stayed whole is longer.
_LONGEST_WORD = 24
#: What stands before the words of a line that is set in or quoted, and so many characters of it at most.
_HEAD = re.compile(r"[ ]*(?:>[ ]?){0,4}[ ]*")
_DEEPEST = 40
#: A line of a table, and one that ends with a sentence or a label.
_APART = re.compile(r"\t|\||[:;!?]$|[.!?][\"')]$")
#: Columns, or values between commas: two such lines are rows. Two blanks behind a sentence are a typist's habit.
_COLUMNS = re.compile(r"(?<![.?!])[ ]{2}|,\S+?,\S+?,\S+?,\S")
#: A full stop that shortens a word, behind which the line goes on.
_SHORTENED = re.compile(r"\b(?:[A-Z]|Drs?|Mrs?|Ms|Ste?|Mt|Ft|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$")
#: What begins a line of its own: a bullet, a number, a label.
_BEGINS = re.compile(r"[\t*•·>#|_=~\[-]|\(?\d{1,2}[.)][ ]|\(?[a-zA-Z][.)][ ]|[A-Za-z][A-Za-z /&'-]{0,30}:")
#: Blanks that do not break, and those of printers.
_ANY_BLANK = re.compile("[\u00a0\u202f\u2000-\u200a]")
_BLANKS = dict.fromkeys([0xA0, 0x202F, *range(0x2000, 0x200B)], " ")
#: The end of a line before a day, and the month that stands before it: January and 15, 2021 below it.
_BEFORE_DAY = re.compile(
    r"\n(?=(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d\b|[,;)])|(?:1[3-9]|2\d|3[01])\.(?!\d))"
)
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)$"
)


@dataclass(frozen=True)
class Reading:
    """A text as it is read.

    Attributes
    ----------
    text
        What is read.
    places
        Before which of its places something of the text is left out, in order.
    left_out
        How many characters are left out up to and with each of these; less than none where one was put in.
    """

    text: str = field(repr=False)
    places: Sequence[int] = ()
    left_out: Sequence[int] = ()

    def returned(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what was found in what is read as it stands in the text."""
        return self._returned(found) if self.places else iter(found)

    def _returned(self, found: Iterable[Finding]) -> Iterator[Finding]:
        for one in found:
            first, last = bisect_right(self.places, one.start), bisect_left(self.places, one.end)
            start = one.start + (self.left_out[first - 1] if first else 0)
            yield replace(one, start=start, end=one.end + (self.left_out[last - 1] if last else 0))


def ended(text: str) -> Reading:
    """Read a text whose lines end in a carriage return and a line feed without the first."""
    places = [match.start() - at for at, match in enumerate(re.finditer("\r\n", text))]
    return Reading(text.replace("\r\n", "\n"), places, range(1, len(places) + 1))


def unwrapped(text: str) -> Reading:
    """Read a text with a blank for each line break that only the width of the lines made.

    A line was cut by its width when the next word would have gone beyond the widest one, of the text or, where that
    has longer lines as well, of the paragraph. Where a sentence ends with the line nothing is lost by leaving the
    break.

    Parameters
    ----------
    text
        A text.
    """
    if not text.isascii() and _ANY_BLANK.search(text):
        text = text.translate(_BLANKS)
    if "\n" not in text or "\r" in text:
        return Reading(text)
    text = _BEFORE_DAY.sub(_within_date, text)
    lines = text.split("\n")
    sizes = [len(line) for line in lines]
    width = max(sizes)
    narrow = width < NARROW
    if narrow and "-\n" not in text:
        return Reading(text)
    whole = width <= WIDE
    read, places, heads = [lines[0]], [], []
    joined, made, stop, surely = 0, sizes[0] + 1, 0, False
    for at in range(len(lines) - 1):
        if not whole and at >= stop:
            stop = at + 1
            while stop < len(lines) and lines[stop]:
                stop += 1
            width = max(sizes[at:stop])
        following = lines[at + 1]
        if lines[at][-1:] == "-" and (apart := parted(lines[at], following, _head(following))) is not None:
            # The break goes, and the hyphen where a word had none.
            before, surely = _head(following), True
            if apart:
                read[-1] = read[-1][:-1]
            made -= 1 + apart
            places.append(made)
            heads.append(1 + apart + before)
            read.append(following[before:])
            made += sizes[at + 1] - before + 1
            continue
        fits = not narrow and (whole or PARAGRAPH <= width <= WIDE)
        head = _cut(lines[at], following, width) if fits else None
        if head is None:
            read += ("\n", following)
            made += sizes[at + 1] + 1
            continue
        joined += 1
        if head:
            places.append(made)
            heads.append(head)
        read += (" ", following[head:])
        made += sizes[at + 1] - head + 1
    # One line alone of a narrow text may as well be the longest of a list.
    if not surely and joined <= (whole and width < PARAGRAPH):
        return Reading(text)
    return Reading("".join(read), places, list(accumulate(heads)))


def _within_date(end: re.Match[str]) -> str:
    """Return a blank for the end of a line behind the name of a month, any other end as it is."""
    return " " if _MONTH.search(end.string, max(0, end.start() - 10), end.start()) else "\n"


def _cut(line: str, following: str, width: int) -> int | None:
    """Return how much stands before the words of the line behind one that its width, and nothing else, ends."""
    if len(line) + _LONGEST_WORD < width or not following:
        return None
    head, line_head = _head(following), _head(line)
    if head > _DEEPEST or following[:head].count(">") != line[:line_head].count(">"):
        return None
    if head == len(following) or _BEGINS.match(following, head) or _APART.search(line, line_head):
        return None
    if _COLUMNS.search(line, line_head) and _COLUMNS.search(following, head):
        return None
    if line.endswith(".") and not _SHORTENED.search(line):
        return None
    first = following.find(" ", head)
    word = (len(following) if first < 0 else first) - head
    return head if len(line.rstrip(" ")) + 1 + word > width else None


def _head(line: str) -> int:
    """Return where the words of a line begin."""
    if line[:1] not in {" ", ">"}:
        return 0
    match = _HEAD.match(line)
    return match.end() if match else 0
