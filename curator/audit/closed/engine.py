"""Many byte strings searched at once: a filter over windows of seven bytes, then the few survivors compared.

Windows are taken at every second place, and each string is known by the windows at its first and its second byte, so
none is missed. The filter is a bit table over hashes, asked with numpy where it is installed; without it a dictionary
is asked in plain Python. Both give the same places. Short strings are asked for only where a word begins.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

#: Strings that are sought anywhere have at least as many bytes.
LEAST = 8
#: Bytes of a window, and the places from one window to the next.
_WINDOW, _STEP = LEAST - 1, 2
_BITS, _FIRST_BITS, _SHORT_BITS = 24, 22, 20
#: An odd number whose product with a window spreads over the high bits (2**64 divided by the golden ratio).
_FACTOR = 0x9E3779B97F4A7C15
#: The same for numbers of eight bytes of which the highest is none of the window's: the product drops it.
_FACTOR_OF_SEVEN = (_FACTOR << 8) & 0xFFFFFFFFFFFFFFFF
#: Windows that are asked about at once, so that the arrays stay in the processor's cache.
_BLOCK = 1 << 15


def has_numpy() -> bool:
    """Say whether numpy is installed."""
    return find_spec("numpy") is not None


class Patterns:
    """Byte strings made ready for searching.

    Parameters
    ----------
    strings
        Strings of one byte or more; each of :data:`LEAST` bytes or more is found anywhere, a shorter one only at the
        places that :meth:`short` is asked about.
    fast
        Use numpy; by default, when it is installed.
    """

    def __init__(self, strings: Iterable[bytes], *, fast: bool | None = None) -> None:
        #: Window to (how far into the string it stands, string).
        self._long: dict[bytes, list[tuple[int, bytes]]] = {}
        self._short: dict[int, set[bytes]] = {}
        for one in sorted(set(strings)):
            if len(one) >= LEAST:
                for shift in range(_STEP):
                    self._long.setdefault(one[shift : shift + _WINDOW], []).append((shift, one))
            elif one:
                self._short.setdefault(len(one), set()).add(one)
        self.fast = has_numpy() if fast is None else fast
        self._tables: dict[int, Any] = {}
        if self.fast:
            self._make(_WINDOW + 1, self._long)
            self._firsts = _table({one[:LEAST] for some in self._long.values() for _, one in some}, _FIRST_BITS)
            for size, some in self._short.items():
                self._make(size, some)

    def _make(self, size: int, firsts: Iterable[bytes]) -> None:
        import numpy as np

        if size <= _WINDOW:
            self._tables[size] = _table(firsts, _SHORT_BITS)
            return
        numbers = np.array([int.from_bytes(one, "little") for one in firsts], dtype=np.uint64)
        table = np.zeros(1 << (_BITS - 3), dtype=np.uint8)
        numbers *= np.uint64(_FACTOR_OF_SEVEN)
        where = numbers >> np.uint64(64 - _BITS)
        np.bitwise_or.at(table, (where >> np.uint64(3)).view(np.int64), _bit(where))
        self._tables[size] = table

    @property
    def sizes(self) -> tuple[int, ...]:
        """Lengths of the short strings."""
        return tuple(sorted(self._short))

    def find(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (place, string) for each long string wherever it stands, in no order."""
        known = self._long
        if not known or len(data) < LEAST:
            return
        for at in self._asked(data) if self.fast else range(0, len(data) - _WINDOW + 1, _STEP):
            for shift, one in known.get(data[at : at + _WINDOW], ()):
                if at >= shift and data.startswith(one, at - shift):
                    yield at - shift, one

    def _asked(self, data: bytes) -> Iterator[int]:
        import numpy as np

        table = self._tables[_WINDOW + 1]
        factor, down = np.uint64(_FACTOR_OF_SEVEN), np.uint64(64 - _BITS)
        three, seven, one = np.uint64(3), np.uint64(7), np.uint8(1)
        padded = data + b"\0"  # a window is read with the byte behind it
        count = (len(data) - _WINDOW) // _STEP + 1
        for first in range(0, count, _BLOCK):
            size = min(_BLOCK, count - first)
            where = np.ndarray((size,), dtype="<u8", buffer=padded, offset=first * _STEP, strides=(_STEP,)) * factor
            where >>= down
            kept = table.take((where >> three).view(np.int64))
            kept >>= (where & seven).astype(np.uint8)
            kept &= one
            survivors = (np.flatnonzero(kept.view(np.bool_)) + first) * _STEP
            yield from survivors[self._begins(survivors, padded)].tolist()

    def _begins(self, places: Any, padded: bytes) -> Any:
        """Say of places whether the first eight bytes of a string may stand there or one byte before."""
        import numpy as np

        last = len(padded) - LEAST
        every = np.ndarray((last + 1,), dtype="<u8", buffer=padded, strides=(1,))
        kept = np.zeros(len(places), dtype=np.bool_)
        for shift in range(_STEP):
            where = every[np.clip(places - shift, 0, last)] * np.uint64(_FACTOR)
            where >>= np.uint64(64 - _FIRST_BITS)
            kept |= self._firsts[where.view(np.int64)]
        return kept

    def short(self, data: bytes, words: Words) -> Iterator[tuple[int, bytes]]:
        """Yield (place, string) for each short string that stands between a word's start and a word's end.

        Parameters
        ----------
        data
            The bytes.
        words
            Their words.
        """
        for size, at in self._short_places(data, words):
            one = data[at : at + size]
            if one in self._short[size]:
                yield at, one

    def _short_places(self, data: bytes, words: Words) -> Iterator[tuple[int, int]]:
        ends, starts = words.ends, words.starts
        if not self.fast:
            yield from (
                (size, at) for at in starts for size in self.sizes if at + size <= len(data) and ends[at + size]
            )
            return
        import numpy as np

        if not len(starts):
            return
        padded = data + bytes(LEAST)
        every = np.ndarray((len(data),), dtype="<u8", buffer=padded, strides=(1,))[starts]
        for size in self.sizes:
            last = int(np.searchsorted(starts, len(data) - size, side="right"))
            fits = np.flatnonzero(ends[starts[:last] + size])
            where = every[fits] & np.uint64((1 << (8 * size)) - 1)
            where *= np.uint64(_FACTOR)
            where >>= np.uint64(64 - _SHORT_BITS)
            yield from ((size, at) for at in starts[fits[self._tables[size][where.view(np.int64)]]].tolist())


def _table(strings: Iterable[bytes], bits: int) -> Any:
    """Return a table over hashes of strings of up to eight bytes."""
    import numpy as np

    numbers = np.array([int.from_bytes(one, "little") for one in strings], dtype=np.uint64) * np.uint64(_FACTOR)
    table = np.zeros(1 << bits, dtype=np.bool_)
    table[(numbers >> np.uint64(64 - bits)).view(np.int64)] = True
    return table


def _bit(where: Any) -> Any:
    import numpy as np

    return np.left_shift(np.uint8(1), (where & np.uint64(7)).astype(np.uint8))


class Words:
    """Where words begin and end in folded bytes, and where they stood in the plain ones.

    Attributes
    ----------
    starts, places
        For each word the place of its first byte in the folded and in the plain bytes, ascending.
    sizes
        For each word its bytes.
    ends
        For each place from 0 to the number of folded bytes: 1 where a word ends before it.
    """

    __slots__ = ("ends", "places", "sizes", "starts")

    def __init__(self, plain: bytes, kept: bytes, *, fast: bool) -> None:
        """``kept`` maps each byte value to 1 when it is a letter or digit, else 0."""
        self.places: Any
        self.starts: Any
        self.sizes: Any
        self.ends: Any
        mask = b"\0" + plain.translate(kept) + b"\0"
        if fast:
            import numpy as np

            marks = np.frombuffer(mask, dtype=np.int8)
            edges = np.flatnonzero(marks[1:] != marks[:-1])
            self.places, stops = edges[::2], edges[1::2]
            self.sizes = stops - self.places
            after = np.cumsum(self.sizes)
            self.starts = after - self.sizes
            self.ends = np.zeros(int(after[-1]) + 1 if len(after) else 1, dtype=np.bool_)
            self.ends[after] = True
            return
        self.places, self.starts, self.sizes = array("q"), array("q"), array("q")
        at = 0
        for match in _RUN.finditer(mask):
            self.places.append(match.start() - 1)
            self.starts.append(at)
            self.sizes.append(match.end() - match.start())
            at += match.end() - match.start()
        ends = bytearray(at + 1)
        for start, size in zip(self.starts, self.sizes, strict=True):
            ends[start + size] = 1
        self.ends = bytes(ends)

    def span(self, at: int, size: int) -> tuple[int, int]:
        """Return where folded bytes from a place on stood in the plain ones: first, and behind the last."""
        first = bisect_right(self.starts, at) - 1
        last = bisect_right(self.starts, at + size - 1) - 1
        start = int(self.places[first]) + at - int(self.starts[first])
        return start, int(self.places[last]) + at + size - int(self.starts[last])


_RUN = re.compile(b"\1+")
