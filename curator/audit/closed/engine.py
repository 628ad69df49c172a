"""Many byte strings searched at once: a filter over windows of seven bytes, then the few survivors compared.

Windows are taken at every second place, and each string is known by the windows at its first and its second byte, so
none is missed. The filter is a bit table over hashes, asked with numpy where it is installed; without it a dictionary
is asked in plain Python. Both give the same places. Short strings are asked for only where a word begins.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

#: Strings that are sought anywhere have at least as many bytes.
LEAST = 8
#: Bytes of a window, and the places from one window to the next.
_WINDOW, _STEP = LEAST - 1, 2
_BITS = 24
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
            for size, some in self._short.items():
                self._make(size, some)

    def _make(self, size: int, firsts: Iterable[bytes]) -> None:
        import numpy as np

        numbers = np.array([int.from_bytes(one, "little") for one in firsts], dtype=np.uint64)
        table = np.zeros(1 << (_BITS - 3), dtype=np.uint8)
        if len(numbers):
            numbers *= np.uint64(_FACTOR_OF_SEVEN if size > _WINDOW else _FACTOR)
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
            yield from ((np.flatnonzero(kept.view(np.bool_)) + first) * _STEP).tolist()

    def short(self, data: bytes, starts: Sequence[int], ends: Any) -> Iterator[tuple[int, bytes]]:
        """Yield (place, string) for each short string that stands between a word's start and a word's end.

        Parameters
        ----------
        data
            The bytes.
        starts
            Places at which a word begins, ascending; an array where numpy is used.
        ends
            For each place from 0 to ``len(data)`` 1 where a word may end before it, else 0.
        """
        for size in self.sizes:
            known = self._short[size]
            for at in self._short_places(data, starts, ends, size):
                one = data[at : at + size]
                if one in known:
                    yield at, one

    def _short_places(self, data: bytes, starts: Any, ends: Any, size: int) -> Iterable[int]:
        last = len(data) - size
        if not self.fast:
            return [at for at in starts if at <= last and ends[at + size]]
        import numpy as np

        some = starts[: int(np.searchsorted(starts, last, side="right"))]
        some = some[ends[some + size] != 0]
        if not len(some):
            return ()
        padded = data + bytes(LEAST)
        windows = np.ndarray((len(data),), dtype="<u8", buffer=padded, strides=(1,))[some]
        windows &= np.uint64((1 << (8 * size)) - 1)
        where = windows * np.uint64(_FACTOR)
        where >>= np.uint64(64 - _BITS)
        kept = self._tables[size][(where >> np.uint64(3)).view(np.int64)] & _bit(where)
        found: list[int] = some[kept != 0].tolist()
        return found


def _bit(where: Any) -> Any:
    import numpy as np

    return np.left_shift(np.uint8(1), (where & np.uint64(7)).astype(np.uint8))


class Words:
    """Where words begin and end in folded bytes, by where their bytes stood.

    Attributes
    ----------
    where
        For each folded byte its place in the plain bytes.
    starts
        Places of folded bytes at which a word begins.
    ends
        For each place from 0 to the number of folded bytes: 1 where a word ends before it.
    """

    __slots__ = ("ends", "starts", "where")

    def __init__(self, plain: bytes, kept: bytes, *, fast: bool) -> None:
        """``kept`` maps each byte value to 1 when it is a letter or digit, else 0."""
        self.where: Any
        self.starts: Any
        self.ends: Any
        if fast:
            import numpy as np

            mask = np.frombuffer(plain.translate(kept), dtype=np.uint8)
            self.where = np.flatnonzero(mask)
            first = np.ones(len(self.where) + 1, dtype=np.uint8)
            if len(self.where) > 1:
                first[1:-1] = np.diff(self.where) != 1
            self.ends = first
            self.starts = np.flatnonzero(first[:-1])
            return
        self.where = array("q", (at for at, mark in enumerate(plain.translate(kept)) if mark))
        marks = bytearray(b"\1" * (len(self.where) + 1))
        for at in range(1, len(self.where)):
            marks[at] = self.where[at] - self.where[at - 1] != 1
        self.ends = bytes(marks)
        self.starts = [at for at in range(len(self.where)) if marks[at]]
