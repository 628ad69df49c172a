"""Where the parts of a text came from while it is taken out of markup, cleaned, and written anew.

A trace is a list of segments that together are the new text; each says which range of the old one it stands for, and
whether it is that range letter by letter. What a trace cannot tell letter by letter it tells as one segment, never
wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Edit = tuple[int, int, int, int]
_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"[&<>]")


@dataclass(frozen=True)
class Segment:
    """A part of a new text.

    Parameters
    ----------
    text
        What it is now.
    start, end
        The range of the old text that it stands for.
    same
        True when it is that range, letter by letter.
    """

    text: str = field(repr=False)
    start: int
    end: int
    same: bool


def segments(old: str, edits: Sequence[Edit], new: str) -> list[Segment]:
    """Return the trace of a text that came of another by edits, as :class:`curator.scrub.text.moves.Moved` has them."""
    out: list[Segment] = []
    at = 0
    for start, end, new_start, new_end in edits:
        out += (Segment(old[at:start], at, start, True), Segment(new[new_start:new_end], start, end, False))
        at = end
    out.append(Segment(old[at:], at, len(old), True))
    return [one for one in out if one.text or one.start < one.end]


def split(trace: Sequence[Segment], form: re.Pattern[str], instead: dict[str, str] | str) -> Iterator[Segment]:
    """Yield a trace in which something else stands for what a form matches: by its text, or one text for all."""

    def other(found: str) -> str:
        return instead if isinstance(instead, str) else instead[found]

    for one in trace:
        if not one.same:
            yield Segment(form.sub(lambda match: other(match[0]), one.text), one.start, one.end, False)
            continue
        at = 0
        for match in form.finditer(one.text):
            yield Segment(one.text[at : match.start()], one.start + at, one.start + match.start(), True)
            new = other(match[0])
            yield Segment(new, one.start + match.start(), one.start + match.end(), new == match[0])
            at = match.end()
        yield Segment(one.text[at:], one.start + at, one.end, True)


def one_line(trace: Sequence[Segment]) -> list[Segment]:
    """Return a trace with one blank for every run of blanks, and none at its ends."""
    text = "".join(one.text for one in trace)
    wanted = " ".join(text.split())
    if wanted == text:
        return list(trace)
    out = list(split(trace, _BLANKS, " "))
    for number in (0, -1):
        while out and not out[number].text.strip():
            out.pop(number)
    return whole(out, wanted, trace)


def escaped(trace: Sequence[Segment], escapes: dict[str, str]) -> list[Segment]:
    """Return a trace with the marks of markup written as references."""
    return list(split(trace, _MARKS, escapes))


def whole(trace: list[Segment], wanted: str, before: Sequence[Segment]) -> list[Segment]:
    """Return a trace if it is the text that is wanted, else one segment that stands for all."""
    if "".join(one.text for one in trace) == wanted:
        return trace
    return [Segment(wanted, before[0].start, before[-1].end, False)] if before else []


class Written:
    """The edits of a file that is written anew, from the segments of it whose origin is known, in their order.

    What lies between two of them in the old file became what lies between them in the new one.

    Parameters
    ----------
    most
        Edits that are kept; with more there are none.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._edits: list[Edit] = []
        self._old = self._new = 0

    def add(self, start: int, end: int, new_start: int, new_end: int, *, same: bool) -> None:
        """Take the next segment: a range of the old file and where it stands in the new one."""
        self._between(start, new_start)
        if not same:
            self._put((start, end, new_start, new_end))
        self._old, self._new = end, new_end

    def made(self, old: int, new: int) -> list[Edit] | None:
        """Return the edits for files of so many code points; None when there were too many."""
        self._between(old, new)
        return self._edits if len(self._edits) <= self._most else None

    def _between(self, start: int, new_start: int) -> None:
        if start < self._old or new_start < self._new:
            raise ValueError("segments stand in their order")
        if start > self._old or new_start > self._new:
            self._put((self._old, start, self._new, new_start))

    def _put(self, edit: Edit) -> None:
        if len(self._edits) <= self._most:
            self._edits.append(edit)
