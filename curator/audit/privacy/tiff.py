"""The directories of a TIFF file: attributes that tell of somebody, and how far the file goes by its own account."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from curator.core.errors import ItemError

TELLING = {
    0x8769: "Exif",
    0x8825: "GPS",
    0x83BB: "IPTC",
    0x02BC: "XMP",
    0x010E: "a description",
    0x013B: "an artist",
    0x8298: "a copyright",
    0x0132: "a date",
    0x013C: "a host",
}
#: Bytes of a value by type (TIFF 6.0, section 2; BigTIFF).
_WIDTHS = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8)
#: Attributes whose values are places of further directories, and pairs of those that say where data lie and how many.
_DIRECTORIES = frozenset({0x014A, 0x8769, 0x8825, 0xA005})
_DATA = ((0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202), (0x0120, 0x0121))
_MOST_DIRECTORIES, _MOST_VALUES = 100_000, 10_000_000


class Directories:
    """What the directories of a file say.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    ItemError
        AUP-002 when a directory is not whole.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
        self._wide = data[2:4] in {b"+\0", b"\0+"}
        #: Attributes of :data:`TELLING` that are there.
        self.found: Counter[str] = Counter()
        #: First byte behind everything that a directory names.
        self.end = 16 if self._wide else 8
        waiting = [self._number(8, 8) if self._wide else self._number(4, 4)]
        seen: set[int] = set()
        while waiting:
            at = waiting.pop()
            if not at:
                continue
            if at in seen or len(seen) > _MOST_DIRECTORIES:
                raise ItemError("AUP-002")
            seen.add(at)
            waiting += self._directory(at)

    def _number(self, at: int, width: int) -> int:
        if at < 0 or at + width > len(self._data):
            raise ItemError("AUP-002")
        return int.from_bytes(self._data[at : at + width], self._order)

    def _directory(self, at: int) -> list[int]:
        """Read one directory and return the places of the next ones."""
        width, count_size, entry_size = (8, 8, 20) if self._wide else (4, 2, 12)
        count = self._number(at, count_size)
        at += count_size
        if at + count * entry_size + width > len(self._data):
            raise ItemError("AUP-002")
        named: dict[int, list[int]] = {}
        further: list[int] = []
        for entry in range(at, at + count * entry_size, entry_size):
            tag = self._number(entry, 2)
            if tag in TELLING:
                self.found[TELLING[tag]] += 1
            values = self._values(entry, width, numbers=tag in _DIRECTORIES or any(tag in pair for pair in _DATA))
            if tag in _DIRECTORIES:
                further += values
            named[tag] = values
        for places, sizes in _DATA:
            for place, size in zip(named.get(places, ()), named.get(sizes, ()), strict=False):
                self.end = max(self.end, place + size)
        at += count * entry_size
        self.end = max(self.end, at + width)
        return [*further, self._number(at, width)]

    def _values(self, entry: int, width: int, *, numbers: bool) -> list[int]:
        kind, count = self._number(entry + 2, 2), self._number(entry + 4, width)
        one = _WIDTHS[kind] if kind < len(_WIDTHS) else 0
        at = entry + 4 + width
        if one * count > width:
            at = self._number(at, width)
            self.end = max(self.end, at + one * count)
        if not numbers or not one:
            return []
        if count > _MOST_VALUES:
            raise ItemError("AUP-002")
        return [self._number(at + number * one, one) for number in range(count)]
