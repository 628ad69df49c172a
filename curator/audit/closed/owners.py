"""About whom files are, by their bytes: twenty bytes a file, to be handed to every worker."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from curator.core.spill import Sorter

#: Bytes of a digest that are kept: enough that nobody can make two files that are taken for one.
_KEPT = 16


class Owners:
    """The running numbers of the persons whom files are about.

    Parameters
    ----------
    files
        (SHA-256 in hex, running numbers), in any order; of files with the same bytes all persons count.
    """

    def __init__(self, files: Iterable[tuple[str, frozenset[int]]]) -> None:
        numbers: dict[frozenset[int], int] = {}
        sorter: Sorter[tuple[bytes, int]] = Sorter(itemgetter(0))
        self._sets: list[frozenset[int]] = []
        for sha256, persons in files:
            sorter.append((bytes.fromhex(sha256)[:_KEPT], self._number(numbers, persons)))
        made, which = bytearray(), array("I")
        for digest, rows in groupby(sorter, key=itemgetter(0)):
            some = {number for _, number in rows}
            if len(some) > 1:
                some = {self._number(numbers, frozenset().union(*(self._sets[one] for one in some)))}
            made += digest
            which.append(*some)
        self._digests, self._which = bytes(made), which

    def _number(self, numbers: dict[frozenset[int], int], persons: frozenset[int]) -> int:
        if persons not in numbers:
            numbers[persons] = len(self._sets)
            self._sets.append(persons)
        return numbers[persons]

    def of(self, sha256: str) -> frozenset[int]:
        """Return the persons whom a file of this digest is about; nobody where there is no such file."""
        wanted = bytes.fromhex(sha256)[:_KEPT]
        at = bisect_left(range(len(self._which)), wanted, key=self._digest)
        found = at < len(self._which) and self._digest(at) == wanted
        return self._sets[self._which[at]] if found else frozenset()

    def _digest(self, at: int) -> bytes:
        return self._digests[at * _KEPT : (at + 1) * _KEPT]
