"""The list of what leaves: sorted by path, laid aside in blocks, so that memory does not grow with the files."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from curator.audit.model import File
from curator.audit.work import Place
from curator.core.spill import BLOCK, Heap, Sorter

Entry = tuple[File, Place | None]


class Listed:
    """Files with their places; those that stand in no file of their own have none.

    Parameters
    ----------
    entries
        In any order; of those with one path the last counts.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        sorter: Sorter[Entry] = Sorter(_path)
        for one in entries:
            sorter.append(one)
        self._files, self._places = Heap(), Heap()
        #: The first path of each block.
        self._firsts: list[str] = []
        self._count = 0
        self._last: tuple[int, list[File]] | None = None
        held: list[Entry] = []
        for one in _single(sorter):
            held.append(one)
            if len(held) == BLOCK:
                self._put(held)
                held = []
        if held:
            self._put(held)

    def _put(self, held: list[Entry]) -> None:
        self._files.put([(file.path, file.size, bytes.fromhex(file.sha256), file.kind) for file, _ in held])
        self._places.put([None if place is None else (place.local, place.marks) for _, place in held])
        self._firsts.append(held[0][0].path)
        self._count += len(held)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[File]:
        for number in range(len(self._firsts)):
            yield from self._block(number)

    def entries(self) -> Iterator[Entry]:
        """Yield each file with its place, sorted by path."""
        for number in range(len(self._firsts)):
            yield from zip(self._block(number), self._places_of(number), strict=True)

    def find(self, path: str) -> Entry | None:
        """Return the file at a path, with its place; None where there is none."""
        number = bisect_right(self._firsts, path) - 1
        if number < 0:
            return None
        if self._last is None or self._last[0] != number:
            self._last = (number, self._block(number))
        files = self._last[1]
        at = bisect_right(files, path, key=lambda one: one.path) - 1
        return (files[at], self._places_of(number)[at]) if files[at].path == path else None

    def _block(self, number: int) -> list[File]:
        return [File(path, size, digest.hex(), kind) for path, size, digest, kind in self._files.get(number)]

    def _places_of(self, number: int) -> list[Place | None]:
        return [None if one is None else Place(*one) for one in self._places.get(number)]


def _path(one: Entry) -> str:
    return one[0].path


def _single(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the last of each path's entries, given one behind the other."""
    before: Entry | None = None
    for one in entries:
        if before is not None and before[0].path != one[0].path:
            yield before
        before = one
    if before is not None:
        yield before


class Marks:
    """A bit for each file, by its number in the list."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        """Set a file's bit."""
        at = number >> 3
        if at >= len(self._bits):
            self._bits.extend(bytes(max(at + 1 - len(self._bits), len(self._bits))))
        self._bits[at] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        at = number >> 3
        return at < len(self._bits) and bool(self._bits[at] >> (number & 7) & 1)

    def __len__(self) -> int:
        return int.from_bytes(self._bits, "little").bit_count()

    def without(self, others: Marks) -> int:
        """Count the bits that are set here and not there."""
        return (int.from_bytes(self._bits, "little") & ~int.from_bytes(others._bits, "little")).bit_count()
