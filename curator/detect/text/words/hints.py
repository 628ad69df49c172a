"""Which plain strings a text may hold, told by its words: most rules are passed over without a look at the text.

A rule that cannot hold without one of some strings declares them here. The letters of such a string stand within one
word of any text that has it, so each word shows once and for all which of them it may be part of. A hint never says no
where a string stands; whether one stands is then asked of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count

#: Hints are bits above those of vocabulary.py.
_NUMBERS = count(50)
#: Called when a rule is declared: what is remembered of words is out of date then.
FORGET: list[Callable[[], None]] = []
#: All declared, for the tests.
DECLARED: list[Marks] = []
#: Flags of a text of whose words nothing is known: every mark may stand in it.
ANY = -1
#: The bit of each mark, in small letters; rules that ask for the same mark share it.
_BITS: dict[str, int] = {}
#: By the first three letters of those that stand together: all of them, whether they begin and end a word, and the bit.
_BY_START: dict[str, list[tuple[str, bool, bool, int]]] = {}
#: By two letters with which a word begins or ends.
_SHORT: dict[str, list[tuple[bool, bool, int]]] = {}
#: By a whole word: the bits of the sets that it is in.
_WHOLE: dict[str, int] = {}
#: So many answers to what some bits ask for are remembered.
_MOST_ANSWERS = 1000


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

    __slots__ = ("_shown", "bits", "marks")

    def __init__(self, *marks: str) -> None:
        """Declare the strings."""
        self.marks = marks
        self.bits = 0
        self._shown: dict[int, tuple[str, ...]] = {}
        for mark, (core, first, last) in [(mark, _core(mark)) for mark in marks]:
            bit = _BITS.get(mark.lower())
            if bit is None:
                bit = _BITS[mark.lower()] = 1 << next(_NUMBERS)
                if len(core) > 2:
                    _BY_START.setdefault(core[:3], []).append((core, first, last, bit))
                else:
                    _SHORT.setdefault(core, []).append((first, last, bit))
            self.bits |= bit
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
        hit = flags & self.bits
        if not hit:
            return False
        for mark in self._shown.get(hit) or self._of(hit):  # noqa: SIM110 - any() over a generator takes three times as long
            if mark in text:
                return True
        return False

    def _of(self, hit: int) -> tuple[str, ...]:
        """Return the strings that some bits stand for."""
        found = tuple(mark for mark in self.marks if _BITS[mark.lower()] & hit)
        if len(self._shown) < _MOST_ANSWERS:
            self._shown[hit] = found
        return found


class Words(frozenset[str]):
    """Words in small letters of which a text must have one for a rule to hold.

    Other than a mark's, their bit tells surely: it is set when a text has one of them, and only then.

    Attributes
    ----------
    bit
        Where it stands in ``Spots.flags``.
    """

    bit: int

    def __new__(cls, words: Iterable[str]) -> Words:
        """Declare the words."""
        made = super().__new__(cls, words)
        made.bit = 1 << next(_NUMBERS)
        for word in made:
            _WHOLE[word] = _WHOLE.get(word, 0) | made.bit
        for forget in FORGET:
            forget()
        return made


def _core(mark: str) -> tuple[str, bool, bool]:
    """Return the longest run of letters of a string, in small letters, and whether a sign stands on either side."""
    low = mark.lower()
    if any(sign >= "\u0250" and not "\u2000" <= sign <= "\u206f" for sign in low):
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
    """Return which marks a word in small letters may be part of, and in which sets it is: bits for ``Spots.flags``."""
    bits, size = _WHOLE.get(low, 0), len(low)
    for at in range(size - 2):
        listed = _BY_START.get(low[at : at + 3])
        if listed is not None:
            for core, first, last, bit in listed:
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
