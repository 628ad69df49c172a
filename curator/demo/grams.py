"""Which byte strings can stand in a heap of bytes at all: asked of all of them at once, before each is looked for.

Only rules out: of what it lets through the search looks for every one itself. Nothing that stands there is ruled out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_SIZE = 4
_BITS = 22
_MIX = 2_654_435_761


class Grams:
    """Byte strings to be looked for, by the four bytes at the beginning and at the end of each.

    Parameters
    ----------
    needles
        What is looked for; strings of fewer than four bytes are never ruled out.
    """

    def __init__(self, needles: Sequence[bytes]) -> None:
        import numpy as np

        self._needles = needles
        long = [number for number, one in enumerate(needles) if len(one) >= _SIZE]
        self._long = np.array(long, dtype=np.int64)
        self._short = [number for number, one in enumerate(needles) if len(one) < _SIZE]
        self._first = _hashes(b"".join(needles[number][:_SIZE] for number in long))[::_SIZE]
        self._last = _hashes(b"".join(needles[number][-_SIZE:] for number in long))[::_SIZE]

    def standing(self, heap: bytes) -> Iterator[int]:
        """Yield the places of the strings that stand in the heap."""
        import numpy as np

        there = np.zeros(1 << _BITS, dtype=bool)
        there[_hashes(heap)] = True
        maybe = self._long[there[self._first] & there[self._last]]
        yield from (number for number in (*self._short, *maybe.tolist()) if self._needles[number] in heap)


def _hashes(data: bytes) -> np.ndarray[Any, Any]:
    """Return a number for each four bytes that stand next to each other, in their order."""
    import numpy as np

    if len(data) < _SIZE:
        return np.zeros(0, dtype=np.uint32)
    one = np.frombuffer(data, dtype=np.uint8).astype(np.uint32)
    whole = one[:-3] | one[1:-2] << 8 | one[2:-1] << 16 | one[3:] << 24
    return (whole * np.uint32(_MIX)) >> np.uint32(32 - _BITS)
