"""About whom files are, by a digest: twenty bytes a file, to be handed to every worker."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter

from curator.audit.closed.packed import Groups
from curator.core.spill import Sorter

#: Bytes of a digest that are kept: enough that nobody can make two files that are taken for one.
KEPT = 16


class Owners:
    """The running numbers of the persons whom files are about.

    Parameters
    ----------
    files
        (SHA-256 in hex, running numbers), in any order; of files with the same bytes all persons count.
    key
        What is kept of a file's digest: :data:`KEPT` bytes.
    """

    def __init__(
        self,
        files: Iterable[tuple[str, frozenset[int]]],
        key: Callable[[str], bytes] = lambda sha256: bytes.fromhex(sha256)[:KEPT],
    ) -> None:
        self._groups = Groups()
        sorter: Sorter[tuple[bytes, int]] = Sorter(itemgetter(0))
        for name, persons in files:
            sorter.append((key(name), self._number(persons)))
        made, which = bytearray(), array("i")
        for digest, rows in groupby(sorter, key=itemgetter(0)):
            some = {number for _, number in rows}
            if len(some) > 1:
                some = {self._number(frozenset().union(*map(self._set, some)))}
            made += digest
            which.append(*some)
        self._groups.close()
        self._digests, self._which = bytes(made), which

    def _number(self, persons: frozenset[int]) -> int:
        """Return one person's number, or a set's as one below 0."""
        return min(persons) if len(persons) == 1 else ~self._groups.number(sorted(persons))

    def _set(self, number: int) -> frozenset[int]:
        return frozenset({number} if number >= 0 else self._groups.of(~number))

    def of(self, sha256: str) -> frozenset[int]:
        """Return the persons whom a file of this digest is about; nobody where there is no such file."""
        return self.at(bytes.fromhex(sha256)[:KEPT]) or frozenset()

    def at(self, wanted: bytes) -> frozenset[int] | None:
        """Return the persons of what is kept of a digest, None where it is none of the files'."""
        at = bisect_left(range(len(self._which)), wanted, key=self._digest)
        found = at < len(self._which) and self._digest(at) == wanted
        return self._set(self._which[at]) if found else None

    def _digest(self, at: int) -> bytes:
        return self._digests[at * KEPT : (at + 1) * KEPT]
