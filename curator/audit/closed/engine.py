"""Many byte strings searched at once: a filter over windows of seven bytes, then the few survivors compared.

Windows are taken at every second place, and each string is known by the windows at its first and its second byte, so
none is missed. The filter is a bit table over hashes, asked with numpy where it is installed; without it a dictionary
is asked in plain Python. Both give the same places. Short strings are asked for only where a word begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from curator.audit.closed.words import BLOCK, Words, eights

if TYPE_CHECKING:
    from curator.audit.closed.packed import Texts

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
    texts
        The strings: those of :data:`LEAST` bytes or more are found anywhere, shorter ones are passed over.
    fast
        Use numpy; by default, when it is installed.
    """

    def __init__(self, texts: Texts, *, fast: bool | None = None) -> None:
        self._texts = texts
        self.fast = has_numpy() if fast is None else fast
        if not self.fast:
            self._long = _windows(texts)
            return
        import numpy as np

        # An allocator that has seen so large a block come and go keeps the memory of smaller ones for the next.
        bytes(_KEPT_MEMORY)
        self._heads = np.frombuffer(texts.heads, np.uint64)[texts.short :]
        self._windows = np.zeros(1 << (_BITS - 3), np.uint8)
        self._firsts = {factor: np.zeros(1 << (_FIRST_BITS - 3), np.uint8) for factor in (_FACTOR, _OTHER_FACTOR)}
        for at in range(0, len(self._heads), BLOCK):
            heads = self._heads[at : at + BLOCK]
            for shift in range(_STEP):
                _set_bits(self._windows, _hash(*_halves(heads >> np.uint64(8 * shift)), _WINDOW), _BITS)
            for factor, table in self._firsts.items():
                _set_bits(table, _high_half(heads, factor), _FIRST_BITS)

    def find(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield (place, the string's first row) for each long string wherever it stands, in no order."""
        if len(data) < LEAST or self._texts.short == len(self._texts.heads):
            return
        if self.fast:
            for at, start, end in self._asked(data):
                for row in self._texts.beginning(data, at, start, end):
                    yield at, row
            return
        known = self._long
        for at in range(0, len(data) - _WINDOW + 1, _STEP):
            for shift, length in known.get(data[at : at + _WINDOW], ()):
                start = at - shift
                if start < 0 or start + length > len(data):
                    continue
                row = self._texts.find(data[start : start + length])
                if row >= 0:
                    yield start, row

    def _asked(self, data: bytes) -> Iterable[tuple[int, int, int]]:
        """Return (place, from, to) where the first eight bytes of strings stand, whose rows go from one to another."""
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
        start = self._heads.searchsorted(heads)
        there = np.flatnonzero(self._heads.take(start, mode="clip") == heads)
        places, heads, start = places[there], heads[there], start[there]
        rows = start + self._texts.short, self._heads.searchsorted(heads, side="right") + self._texts.short
        return zip(places.tolist(), rows[0].tolist(), rows[1].tolist(), strict=True)


def _windows(texts: Texts) -> dict[bytes, frozenset[tuple[int, int]]]:
    """Return windows of long strings to (how far into a string each stands, bytes of the string)."""
    made: dict[bytes, frozenset[tuple[int, int]]] = {}
    # Few sets of places and lengths stand for all windows: a set each would be most of the filter's memory.
    known: dict[frozenset[tuple[int, int]], frozenset[tuple[int, int]]] = {}
    for one in texts:
        for shift in range(_STEP) if len(one) >= LEAST else ():
            window = one[shift : shift + _WINDOW]
            some = made.get(window, frozenset())
            if (shift, len(one)) not in some:
                some = some | {(shift, len(one))}
                made[window] = known.setdefault(some, some)
    return made


class Shorts:
    """Strings of less than :data:`LEAST` bytes made ready: they are found from a word's start to a word's end.

    Parameters
    ----------
    texts
        All strings; longer ones are passed over.
    rows
        Rows of those that are sought, an array, with numpy only; by default all. Others may be found too.
    base
        More that are sought.
    fast
        Use numpy; by default, when it is installed.
    """

    spans: tuple[tuple[int, int], ...]
    sizes: tuple[int, ...]
    count: int
    table: Any
    pairs: Any
    heads: dict[tuple[int, int], Any]
    kinds: dict[tuple[int, int], frozenset[bool]]

    def __init__(self, texts: Texts, rows: Any = None, *, base: Shorts | None = None, fast: bool | None = None) -> None:
        self._texts = texts
        self.fast = has_numpy() if fast is None else fast
        if not self.fast:
            self._strings = {text: row for row in texts.firsts() if len(text := texts.text(row)) < LEAST}
            #: Lengths of the strings.
            self.sizes = tuple(sorted({*map(len, self._strings)}))
            return
        import numpy as np

        self._numbers = np.frombuffer(texts.heads, np.uint64)[: texts.short]
        numbers = self._numbers if rows is None else self._numbers[rows]
        few = (len(numbers) if base is None else base.count) < _FEW
        self.count = len(numbers)
        self.spans = base.spans if base else (_WHOLE_SPAN,) if few else _SPANS
        sizes = np.searchsorted(np.uint64(1) << np.arange(0, 8 * LEAST, 8, dtype=np.uint64), numbers, side="right")
        self.sizes = tuple(sorted({*np.unique(sizes).tolist(), *(base.sizes if base else ())}))
        self.table = base.table.copy() if base else np.zeros(1 << (_SHORT_BITS - 3), np.uint8)
        for factor in (_FACTOR, _OTHER_FACTOR):
            _set_bits(self.table, _high_half(numbers, factor), _SHORT_BITS)
        self.pairs = base.pairs.copy() if base else np.zeros(1 << 16, np.bool_)
        # Two bytes as one number: whether a string begins so.
        self.pairs[numbers[(sizes == 2) | (sizes == _TOO_SHORT)].astype(np.uint16)] = True
        for one in np.unique(numbers[sizes == 1]).tolist():
            self.pairs[one::256] = True
        digit = numbers.astype(np.uint8) - np.uint8(ord("0")) < np.uint8(10)
        self.heads, self.kinds = {}, {}
        for span in ((1, _TOO_SHORT), *self.spans):
            least, most = span
            some = np.flatnonzero((sizes >= least) & (sizes <= most))
            #: Whether strings of such lengths begin with a digit, and whether with something else.
            self.kinds[span] = frozenset(np.unique(digit[some]).tolist()).union(base.kinds[span] if base else ())
            if span in self.spans:
                self.heads[span] = base.heads[span].copy() if base else np.zeros(1 << (_HEAD_BITS - 3), np.uint8)
                _set_bits(self.heads[span], _hash(*_halves(numbers[some]), least), _HEAD_BITS)

    def find(self, data: bytes, words: Words) -> Iterator[tuple[int, int]]:
        """Yield (place, first row) for each short string that stands between a word's start and a word's end.

        Parameters
        ----------
        data
            The bytes.
        words
            Their words.
        """
        if not self.sizes or not len(words.starts):
            return
        if self.fast:
            yield from self._by_arrays(words)
            return
        ends, known = words.ends, self._strings
        for at in words.starts:
            for size in self.sizes:
                if at + size <= len(data) and ends[at + size] and (row := known.get(data[at : at + size], -1)) >= 0:
                    yield at, row

    def _by_arrays(self, words: Words) -> Iterator[tuple[int, int]]:
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
        """Return (place, first row) where one word, or several from it on, of so many bytes are a short string."""
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
        rows = self._numbers.searchsorted(asked)
        there = np.flatnonzero(self._numbers.take(rows, mode="clip") == asked)
        return zip(words.starts[first[there]].tolist(), rows[there].tolist(), strict=True)


def _hash(low: Any, high: Any, size: int) -> Any:
    """Return hashes of the first four to eight bytes of some, given as two numbers of four bytes."""
    import numpy as np

    made = low * np.uint32(_FACTOR_OF_LOW)
    if size > 4:
        # Bytes behind the last one are shifted out of the product.
        made += high * np.uint32(_FACTOR_OF_HIGH << 8 * (8 - size) & 0xFFFFFFFF)
    return made


def _halves(numbers: Any) -> tuple[Any, Any]:
    """Return numbers of eight bytes as two of four bytes, the low ones first."""
    import numpy as np

    return numbers.astype(np.uint32), (numbers >> np.uint64(32)).astype(np.uint32)


def _high_half(numbers: Any, factor: int) -> Any:
    """Return hashes of numbers of eight bytes: the high half of the product."""
    import numpy as np

    return (numbers * np.uint64(factor) >> np.uint64(32)).astype(np.uint32)


def _set_bits(table: Any, hashes: Any, bits: int) -> None:
    """Set bits by the high bits of hashes: a table of a byte each would not stay in a busy processor's cache."""
    import numpy as np

    where = hashes >> np.uint32(32 - bits)
    bit = np.left_shift(np.uint8(1), (where & np.uint32(7)).astype(np.uint8))
    np.bitwise_or.at(table, (where >> np.uint32(3)).astype(np.int64), bit)


def _bits_of(table: Any, hashes: Any, bits: int) -> Any:
    """Say for each hash whether its bit is set."""
    import numpy as np

    kept = table.take((hashes >> np.uint32(32 - bits + 3)).astype(np.int64), mode="clip")
    kept >>= (hashes >> np.uint32(32 - bits)).astype(np.uint8) & np.uint8(7)
    kept &= np.uint8(1)
    return kept.view(np.bool_)
