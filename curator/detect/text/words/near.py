"""The parts of a long text in which something can stand that has one of some marks: the rest need not be searched."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Shorter texts are searched whole.
LONG = 1 << 13
#: How far a part reaches before a mark and behind it.
_BEFORE, _BEHIND = 240, 240


def near(text: str, marks: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield ``[start, end)`` of the parts around marks, in order and apart; all of a short text.

    Parameters
    ----------
    text
        The text.
    marks
        What everything that is looked for holds, no farther than 240 characters from its beginning and its end.
    """
    if len(text) < LONG:
        yield 0, len(text)
        return
    start = end = -1
    for match in marks.finditer(text):
        if match.start() - _BEFORE > end:
            if end >= 0:
                yield start, min(end, len(text))
            start = max(0, match.start() - _BEFORE)
        end = match.end() + _BEHIND
    if end >= 0:
        yield start, min(end, len(text))
