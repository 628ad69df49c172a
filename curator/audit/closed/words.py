"""Words of plain bytes: the letters and digits alone, where each word begins and ends, and where it stood.

With numpy all of it is made by arrays, a block at a time so that each stays in the processor's cache; without, in
plain Python. Both give the same.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Any

#: Numbers that are made at once, and bytes that are narrowed at once.
BLOCK, _BYTES = 1 << 15, 1 << 17
#: The bit that bytes beyond ASCII have; the one that ASCII's small letters and digits have and capitals have not.
_HIGH, _SMALL = 0x80, 0x20
#: Zeros behind the last byte of which a number of eight bytes is made.
_EIGHT = 8
_RUN = re.compile(b"\1+")


def eights(padded: bytes, count: int) -> Any:
    """Return the numbers of eight bytes at every place."""
    import numpy as np

    return np.ndarray((count,), dtype="<u8", buffer=padded, strides=(1,))


def narrowed_by_arrays(plain: bytes) -> tuple[bytes, Any]:
    """Return letters and digits of plain bytes in lower case, and which bytes they are.

    Parameters
    ----------
    plain
        Plain bytes: what is kept of them is ASCII's letters and digits, and every byte beyond ASCII.

    Returns
    -------
    tuple
        The letters and digits; an array of booleans with one more before and behind the bytes' own.
    """
    import numpy as np

    marks = np.zeros(len(plain) + 2, dtype=np.bool_)
    narrow = np.empty(len(plain), dtype=np.uint8)
    codes = np.frombuffer(plain, dtype=np.uint8)
    wide = not plain.isascii()
    count = 0
    for at in range(0, len(plain), _BYTES):
        some = codes[at : at + _BYTES]
        # Arithmetic on whole vectors is several times as fast as a table: this bit is set in small letters and digits.
        low = some | ((~some & np.uint8(_HIGH)) >> np.uint8(2) if wide else np.uint8(_SMALL))
        kept = marks[at + 1 : at + 1 + len(low)]
        np.less(low - np.uint8(ord("a")), np.uint8(26), out=kept)
        kept |= some - np.uint8(ord("0")) < np.uint8(10)
        if wide:
            kept |= some >= np.uint8(_HIGH)
        # Which bytes stay cannot be foretold: an array of their places is taken sooner than each is asked about.
        where = np.flatnonzero(kept)
        low.take(where, out=narrow[count : count + len(where)], mode="clip")
        count += len(where)
    return narrow[:count].tobytes(), marks


class Words:
    """Where words begin and end in folded bytes, and where they stood in the plain ones.

    Attributes
    ----------
    starts, places
        For each word the place of its first byte in the folded and in the plain bytes, ascending.
    sizes
        For each word its bytes.
    ends
        For each place from 0 to the number of folded bytes: 1 where a word ends before it. Without numpy only.
    small
        The sizes as bytes, 255 for all that are larger. With numpy only.
    heads
        For each word the folded bytes from its first on, as a number of eight bytes. With numpy only.
    halves
        The same as two numbers of four bytes.
    digits
        Whether a word begins with a digit.
    """

    def __init__(self, plain: bytes, folded: bytes, kept: bytes, *, fast: bool, marks: Any = None) -> None:
        """``kept`` maps each byte value to 1 when it is a letter or digit, else 0; ``marks`` are made with numpy."""
        self.places: Any
        self.starts: Any
        self.sizes: Any
        self.small: Any
        self._folded = folded
        self._fast = fast
        mask = b"\0" + plain.translate(kept) + b"\0" if marks is None else b""
        if fast:
            import numpy as np

            if marks is None:
                marks = np.frombuffer(mask, dtype=np.int8)
            edges = np.flatnonzero(marks[1:] != marks[:-1])
            self.places = edges[::2]
            self.sizes = edges[1::2] - self.places
            self.starts = np.cumsum(self.sizes)
            self.starts -= self.sizes
            self.small = self.sizes.astype(np.uint8)
            if len(edges) and self.sizes.max() > 0xFF:
                self.small[self.sizes > 0xFF] = 0xFF
            return
        self.places, self.starts, self.sizes = array("q"), array("q"), array("q")
        at = 0
        for match in _RUN.finditer(mask):
            self.places.append(match.start() - 1)
            self.starts.append(at)
            self.sizes.append(match.end() - match.start())
            at += match.end() - match.start()

    @cached_property
    def ends(self) -> bytes:
        """Make the ends."""
        made = bytearray(len(self._folded) + 1)
        for start, size in zip(self.starts, self.sizes, strict=True):
            made[start + size] = 1
        return bytes(made)

    @cached_property
    def heads(self) -> Any:
        """Make the heads."""
        import numpy as np

        # Taken from numbers that lie apart, a block at a time: gathering those that overlap takes numpy longer.
        every = eights(self._folded + bytes(_EIGHT), len(self._folded) + 1)
        made = np.empty(len(self.starts), dtype="<u8")
        firsts = range(0, len(every), BLOCK)
        borders = [*np.searchsorted(self.starts, firsts).tolist(), len(made)]
        for at, start, end in zip(firsts, borders, borders[1:], strict=False):
            apart = np.ascontiguousarray(every[at : at + BLOCK])
            made[start:end] = apart.take(self.starts[start:end] - at, mode="clip")
        return made

    @cached_property
    def halves(self) -> tuple[Any, Any]:
        """Make the heads as two numbers of four bytes."""
        fours = self.heads.astype("<u8", copy=False).view("<u4")
        return fours[::2].copy(), fours[1::2].copy()

    @cached_property
    def digits(self) -> Any:
        """Make of each word whether it begins with a digit. With numpy only."""
        import numpy as np

        return self.halves[0].astype(np.uint8) - np.uint8(ord("0")) < np.uint8(10)

    @cached_property
    def _fewer(self) -> tuple[bool, Any]:
        """Make the numbers of the words that begin with a digit, or of the others, of whichever there are fewer."""
        import numpy as np

        digits = bool(2 * np.count_nonzero(self.digits) <= len(self.digits))
        return digits, np.flatnonzero(self.digits if digits else ~self.digits)

    def of_kinds(self, kinds: frozenset[bool]) -> Any:
        """Return the numbers of words that begin with a digit (True) or not (False); None for all or most of them."""
        fewer, some = self._fewer
        if not kinds:
            return some[:0]
        return some if kinds == {fewer} else None

    def spans(self, places: Sequence[int], sizes: Sequence[int]) -> list[tuple[int, int]]:
        """Return where folded bytes stood in the plain ones: each first, and behind the last.

        Parameters
        ----------
        places, sizes
            Of each run of folded bytes the first place, and how many they are.
        """
        if not self._fast:
            return [self._span(at, size) for at, size in zip(places, sizes, strict=True)]
        import numpy as np

        begun, ended = np.array(places), np.array(places) + np.array(sizes)
        first = self.starts.searchsorted(begun, side="right") - 1
        last = self.starts.searchsorted(ended - 1, side="right") - 1
        begun += self.places[first] - self.starts[first]
        ended += self.places[last] - self.starts[last]
        return list(zip(begun.tolist(), ended.tolist(), strict=True))

    def _span(self, at: int, size: int) -> tuple[int, int]:
        first = bisect_right(self.starts, at) - 1
        last = bisect_right(self.starts, at + size - 1) - 1
        start = int(self.places[first]) + at - int(self.starts[first])
        return start, int(self.places[last]) + at + size - int(self.starts[last])
