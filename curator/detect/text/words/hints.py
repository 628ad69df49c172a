"""Which plain strings a text may hold, told by its words: most rules are passed over without a look at the text.

A rule that cannot hold without one of some strings declares them here. The letters of such a string stand within one
word of any text that has it, so each word shows once and for all which of them it may be part of. A hint never says no
where a string stands; whether one stands is then asked of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: Hints are bits above those of vocabulary.py.
_SHIFT = 50
#: Called when a rule is declared: what is remembered of words is out of date then.
FORGET: list[Callable[[], None]] = []
#: All declared, for the tests.
DECLARED: list[Marks] = []
#: Flags of a text of whose words nothing is known: every mark may stand in it.
ANY = -1
#: By the first three letters of those that stand together: all of them, whether they begin and end a word, and the bit.
_BY_START: dict[str, list[tuple[str, bool, bool, int]]] = {}
#: By two letters with which a word begins or ends.
_SHORT: dict[str, list[tuple[bool, bool, int]]] = {}


class Marks:
    """Strings of which a text must have one for a rule to hold.

    Parameters
    ----------
    marks
        The strings, as they stand in a text or in its small letters.

    Raises
    ------
    ValueError
        For a string without three letters side by side, or two that begin or end a word: it tells too little. And for
        one beyond the Latin script.
    """

    __slots__ = ("bit", "marks")

    def __init__(self, *marks: str) -> None:
        """Declare the strings."""
        self.marks = marks
        self.bit = 1 << (_SHIFT + len(DECLARED))
        for core, first, last in [_core(mark) for mark in marks]:
            if len(core) > 2:
                _BY_START.setdefault(core[:3], []).append((core, first, last, self.bit))
            else:
                _SHORT.setdefault(core, []).append((first, last, self.bit))
        DECLARED.append(self)
        for forget in FORGET:
            forget()

    def held(self, text: str, flags: int) -> bool:
        """Say whether a text has one of the strings.

        Parameters
        ----------
        text
            The text, or the same in small letters.
        flags
            What its words show (``Spots.flags``).
        """
        if not flags & self.bit:
            return False
        for mark in self.marks:  # noqa: SIM110 - any() over a generator takes three times as long
            if mark in text:
                return True
        return False


def _core(mark: str) -> tuple[str, bool, bool]:
    """Return the longest run of letters of a string, in small letters, and whether a sign stands on either side."""
    low = mark.lower()
    if any(sign >= "\u0250" for sign in low):
        raise ValueError("a mark beyond the Latin script")
    runs = "".join(sign if sign.isalnum() and not sign.isdecimal() else " " for sign in low)
    core = max(runs.split(), key=len, default="")
    if len(core) < 2:
        raise ValueError("a mark without two letters")
    at = runs.index(core)
    first, last = at > 0, at + len(core) < len(runs)
    if len(core) < 3 and not (first or last):
        raise ValueError("a mark of two letters within words")
    return core, first, last


def hints_of(low: str) -> int:
    """Return which marks a word in small letters may be part of, as bits for ``Spots.flags``."""
    bits, size = 0, len(low)
    if not _BY_START.keys().isdisjoint(map(_JOINED, zip(low, low[1:], low[2:], strict=False))):
        for at in range(size - 2):
            for core, first, last, bit in _BY_START.get(low[at : at + 3], ()):
                if low.startswith(core, at) and not (first and at) and not (last and at + len(core) < size):
                    bits |= bit
    if low[:2] in _SHORT:
        for first, last, bit in _SHORT[low[:2]]:
            if first and (not last or size == 2):
                bits |= bit
    if low[-2:] in _SHORT:
        for first, last, bit in _SHORT[low[-2:]]:
            if last and (not first or size == 2):
                bits |= bit
    return bits


_JOINED = "".join


def at_lines(form: str) -> Callable[[str], Iterator[re.Match[str]]]:
    """Return what finds a pattern at the beginnings of lines.

    A search for a line's end skips from one to the next, the one for a line's beginning asks at each letter.

    Parameters
    ----------
    form
        The pattern; it matches no end of a line.
    """
    first, later = re.compile(form), re.compile(f"\n{form}")

    def found(text: str) -> Iterator[re.Match[str]]:
        match = first.match(text)
        if match:
            yield match
        if "\n" in text:
            yield from later.finditer(text)

    return found
