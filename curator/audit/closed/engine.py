"""Many byte strings searched at once: a filter over windows of seven bytes, then the few survivors compared.

Windows are taken at every second place, and each string is known by the windows at its first and its second byte, so
none is missed. The filter is a bit table over hashes, asked with numpy where it is installed; without it a dictionary
is asked in plain Python. Both give the same places. Short strings are asked for only where a word begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

from curator.audit.closed.words import BLOCK, Words, eights

#: Strings that are sought anywhere have at least as many bytes.
LEAST = 8
#: Bytes of a window, and the places from one window to the next.
_WINDOW, _STEP = LEAST - 1, 2
#: Bits of a hash: of a window, of a string's first eight bytes, of a short string, of the beginning of one.
_BITS, _FIRST_BITS, _SHORT_BITS, _HEAD_BITS = 22, 22, 20, 19
#: Lengths of short strings, from and to, that are asked about together: words are chosen by the first bytes of the
#: shortest of them. Up to three bytes, by the first two.
_SPANS = ((4, 5), (6, LEAST - 1))
_TOO_SHORT = 3
#: Up to so many strings, few words begin as one of them does: then all lengths are asked about at once.
_FEW, _WHOLE_SPAN = 4000, (4, LEAST - 1)
#: An odd number whose product with a window spreads over the high bits (2**64 divided by the golden ratio).
_FACTOR = 0x9E3779B97F4A7C15
#: Another one, by which the survivors are asked again.
_OTHER_FACTOR = 0xC2B2AE3D27D4EB4F
#: The same for the first four and for the next four of eight bytes.
_FACTOR_OF_LOW, _FACTOR_OF_HIGH = 0x9E3779B1, 0x85EBCA77
#: Bytes that the arrays of one chunk take together, at most.
_KEPT_MEMORY = 24 << 20


def has_numpy() -> bool:
    """Say whether numpy is installed."""
    return find_spec("numpy") is not None


class Patterns:
    """Byte strings made ready for searching.

    Parameters
    ----------
    strings
        Strings of :data:`LEAST` bytes or more, which are found anywhere; shorter ones are passed over.
    fast
        Use numpy; by default, when it is installed.
    """

    def __init__(self, strings: Iterable[bytes], *, fast: bool | None = None) -> None:
        self._strings = frozenset(one for one in strings if len(one) >= LEAST)
        #: Window to (how far into a string it stands, bytes of the string); with numpy, first eight bytes to the same.
        self._long: dict[bytes, frozenset[tuple[int, int]]] = {}
        self.fast = has_numpy() if fast is None else fast
        self._size = LEAST if self.fast else _WINDOW
        # Few sets of places and lengths stand for all windows: a set each would be most of the filter's memory.
        known: dict[frozenset[tuple[int, int]], frozenset[tuple[int, int]]] = {}
        for one in self._strings:
            for shift in range(1 if self.fast else _STEP):
                window = one[shift : shift + self._size]
                some = self._long.get(window, frozenset())
                if (shift, len(one)) not in some:
                    some = some | {(shift, len(one))}
                    self._long[window] = known.setdefault(some, some)
        if self.fast:
            # An allocator that has seen so large a block come and go keeps the memory of smaller ones for the next.
            bytes(_KEPT_MEMORY)
            windows = {one[shift : shift + _WINDOW] for one in self._long for shift in range(_STEP)}
            self._windows = _bit_table(_hashes(windows, _WINDOW), _BITS)
            firsts = _numbers(self._long)
            self._firsts = {
                factor: _bit_table(_high_half(firsts, factor), _FIRST_BITS) for factor in (_FACTOR, _OTHER_FACTOR)
            }

    def find(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (place, string) for each long string wherever it stands, in no order."""
        known, size, strings = self._long, self._size, self._strings
        if not known or len(data) < LEAST:
            return
        for at in self._asked(data) if self.fast else range(0, len(data) - _WINDOW + 1, _STEP):
            for shift, length in known.get(data[at : at + size], ()):
                if at < shift:
                    continue
                one = data[at - shift : at - shift + length]
                if length == size or one in strings:  # of eight bytes nothing is left to compare
                    yield at - shift, one

    def _asked(self, data: bytes) -> list[int]:
        """Return the places where the first eight bytes of a string may stand: all where they do, and few others."""
        import numpy as np

        padded = data + bytes(LEAST)
        found = []
        for first in range(0, 2 * _STEP, _STEP):
            # Numbers of four bytes side by side, from either place on, make all arithmetic one of whole vectors.
            fours = np.frombuffer(padded, dtype="<u4", count=(len(padded) - first) // 4, offset=first)
            for at in range(0, len(fours) - 1, BLOCK):
                some = fours[at : at + BLOCK + 1]
                kept = _bits_of(self._windows, _hash(some[:-1], some[1:], _WINDOW), _BITS)
                found.append((np.flatnonzero(kept) + at) * 4 + first)
        windows = np.concatenate(found)
        places = np.concatenate([windows - shift for shift in range(_STEP)])
        places = places[(places >= 0) & (places <= len(data) - LEAST)]
        heads = eights(padded, len(data) + 1)[places]
        # Asked by two hashes that know nothing of each other, hardly a place is left where no string begins.
        for factor, table in self._firsts.items():
            kept = np.flatnonzero(_bits_of(table, _high_half(heads, factor), _FIRST_BITS))
            places, heads = places[kept], heads[kept]
        left: list[int] = places.tolist()
        return left


class Shorts:
    """Strings of less than :data:`LEAST` bytes made ready: they are found from a word's start to a word's end.

    Parameters
    ----------
    strings
        Strings of one byte or more; longer ones are passed over.
    base
        Others that are sought too.
    fast
        Use numpy; by default, when it is installed.
    """

    spans: tuple[tuple[int, int], ...]
    sizes: tuple[int, ...]
    table: Any
    pairs: Any
    heads: dict[tuple[int, int], Any]
    kinds: dict[tuple[int, int], frozenset[bool]]

    def __init__(self, strings: Iterable[bytes], *, base: Shorts | None = None, fast: bool | None = None) -> None:
        #: The strings, without the base's, and tables over the hashes of both.
        self.strings = frozenset(one for one in strings if 0 < len(one) < LEAST)
        self._base = base
        self.fast = has_numpy() if fast is None else fast
        #: Lengths of the strings.
        self.sizes = tuple(sorted({*map(len, self.strings), *(base.sizes if base else ())}))
        if self.fast:
            few = len(base.strings if base else self.strings) < _FEW
            self.spans = base.spans if base else (_WHOLE_SPAN,) if few else _SPANS
            numbers = _numbers(self.strings)
            self.table = base.table if base else None
            for factor in (_FACTOR, _OTHER_FACTOR):
                self.table = _bit_table(_high_half(numbers, factor), _SHORT_BITS, self.table)
            self.pairs = _pairs((one for one in self.strings if len(one) <= _TOO_SHORT), base and base.pairs)
            self.heads = {
                (least, most): _bit_table(
                    _hashes({one[:least] for one in self.strings if least <= len(one) <= most}, least),
                    _HEAD_BITS,
                    base and base.heads[least, most],
                )
                for least, most in self.spans
            }
            #: Whether strings of such lengths begin with a digit, and whether with something else.
            self.kinds = {
                (least, most): frozenset(one[:1].isdigit() for one in self.strings if least <= len(one) <= most).union(
                    base.kinds[least, most] if base else ()
                )
                for least, most in ((1, _TOO_SHORT), *self.spans)
            }

    def __contains__(self, one: bytes) -> bool:
        """Say whether a string is among them, those of the base aside."""
        return one in self.strings

    def find(self, data: bytes, words: Words) -> Iterator[tuple[int, bytes]]:
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
            if one in self.strings or (self._base is not None and one in self._base):
                yield at, one

    def _short_places(self, data: bytes, words: Words) -> Iterator[tuple[int, int]]:
        starts = words.starts
        if not self.sizes or not len(starts):
            return
        if not self.fast:
            ends = words.ends
            yield from (
                (size, at) for at in starts for size in self.sizes if at + size <= len(data) and ends[at + size]
            )
            return
        import numpy as np

        low, high = words.halves
        for (least, most), kinds in self.kinds.items():
            some = words.of_kinds(kinds)
            low_of, high_of = (low, high) if some is None else (low[some], high[some])
            found = []
            for at in range(0, len(low_of), BLOCK):
                first = low_of[at : at + BLOCK]
                if least == 1:
                    kept = self.pairs.take(first.astype(np.uint16), mode="clip")
                else:
                    kept = _bits_of(self.heads[least, most], _hash(first, high_of[at : at + BLOCK], least), _HEAD_BITS)
                found.append(np.flatnonzero(kept) + at)
            if found:
                begun = np.concatenate(found)
                begun = begun if some is None else some[begun]
                yield from self._joined(begun[words.small[begun] <= most], words, least, most)

    def _joined(self, first: Any, words: Words, least: int, most: int) -> Iterable[tuple[int, int]]:
        """Return (size, place) where one word, or several from it on, of so many bytes may be a short string."""
        import numpy as np

        begun, sizes = [], []
        behind, size = 1, words.sizes[first]
        while len(first):
            large = np.flatnonzero(size >= least)
            begun.append(first[large])
            sizes.append(size[large])
            if first[-1] + behind == len(words.sizes):  # behind the last word there is none
                first, size = first[:-1], size[:-1]
            size = size + words.sizes[first + behind]
            on = np.flatnonzero(size <= most)
            first, size = first[on], size[on]
            behind += 1
        if not begun:
            return ()
        first, size = np.concatenate(begun), np.concatenate(sizes)
        masks = np.array([(1 << (8 * size)) - 1 for size in range(most + 1)], dtype=np.uint64)
        asked = words.heads[first] & masks[size]
        for factor in (_FACTOR, _OTHER_FACTOR):
            kept = np.flatnonzero(_bits_of(self.table, _high_half(asked, factor), _SHORT_BITS))
            first, size, asked = first[kept], size[kept], asked[kept]
        return zip(size.tolist(), words.starts[first].tolist(), strict=True)


def _hash(low: Any, high: Any, size: int) -> Any:
    """Return hashes of the first four to eight bytes of some, given as two numbers of four bytes."""
    import numpy as np

    made = low * np.uint32(_FACTOR_OF_LOW)
    if size > 4:
        # Bytes behind the last one are shifted out of the product.
        made += high * np.uint32(_FACTOR_OF_HIGH << 8 * (8 - size) & 0xFFFFFFFF)
    return made


def _hashes(strings: Iterable[bytes], size: int) -> Any:
    import numpy as np

    halves = np.frombuffer(b"".join(one.ljust(8, b"\0") for one in strings), dtype="<u4").reshape(-1, 2)
    return _hash(halves[:, 0], halves[:, 1], size)


def _numbers(strings: Iterable[bytes]) -> Any:
    """Return strings of up to eight bytes as numbers."""
    import numpy as np

    return np.frombuffer(b"".join(one.ljust(8, b"\0") for one in strings), dtype="<u8")


def _high_half(numbers: Any, factor: int) -> Any:
    """Return hashes of numbers of eight bytes: the high half of the product."""
    import numpy as np

    return (numbers * np.uint64(factor) >> np.uint64(32)).astype(np.uint32)


def _bit_table(hashes: Any, bits: int, base: Any = None) -> Any:
    """Return a table of bits over the high bits of hashes: a byte each would not stay in a busy processor's cache."""
    import numpy as np

    where = hashes >> np.uint32(32 - bits)
    table = np.zeros(1 << (bits - 3), dtype=np.uint8) if base is None else base.copy()
    bit = np.left_shift(np.uint8(1), (where & np.uint32(7)).astype(np.uint8))
    np.bitwise_or.at(table, (where >> np.uint32(3)).astype(np.int64), bit)
    return table


def _bits_of(table: Any, hashes: Any, bits: int) -> Any:
    """Say for each hash whether its bit is set."""
    import numpy as np

    kept = table.take((hashes >> np.uint32(32 - bits + 3)).astype(np.int64), mode="clip")
    kept >>= (hashes >> np.uint32(32 - bits)).astype(np.uint8) & np.uint8(7)
    kept &= np.uint8(1)
    return kept.view(np.bool_)


def _pairs(strings: Iterable[bytes], base: Any = None) -> Any:
    """Return a table over two bytes as one number: whether a string begins so."""
    import numpy as np

    table = np.zeros(1 << 16, dtype=np.bool_) if base is None else base.copy()
    for one in strings:
        table[one[0] | one[1] << 8 if len(one) > 1 else slice(one[0], None, 256)] = True
    return table
