"""Rows laid aside on disk while a command runs, so that memory does not grow with what is worked on.

A small number of rows stays in memory; more go to a temporary file that has no name, sealed (AES-256-GCM) by a key that
this process drew and nobody else ever has: nothing is left of them however the program ends, and nothing that was put
there by another hand is read.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import pickle
import tempfile
import weakref
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Generic, TypeVar

from curator.core.files import translated

Row = TypeVar("Row")
#: Rows that are packed together, bytes that stay in memory, and rows that are sorted at a time.
BLOCK, IN_MEMORY, SORTED = 256, 1 << 20, 1 << 14
_NONCE = 12


@cache
def _seal() -> Any:
    """Return the seal of this process."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(os.urandom(32))


class Heap:
    """Objects laid aside one by one, each given back by its number.

    Parameters
    ----------
    in_memory
        Bytes up to which no file is made.
    small
        Compress what is laid aside. For what is read once, and gone then, it takes more time than it is worth.
    """

    def __init__(self, in_memory: int = IN_MEMORY, *, small: bool = True) -> None:
        self._small = small
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 - it lives as long as this
        weakref.finalize(self, self._file.close)
        self._ends = array("Q")
        self._name = os.urandom(8)

    def __len__(self) -> int:
        return len(self._ends)

    def put(self, thing: Any) -> int:
        """Lay an object aside and return its number.

        Raises
        ------
        CheckError
            SYS-001 when the disk is full, SYS-002 when it cannot be written.
        """
        nonce = os.urandom(_NONCE)
        packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        if self._small:
            packed = zlib.compress(packed, 1)
        data = nonce + _seal().encrypt(nonce, packed, self._place(len(self._ends)))
        end = self._ends[-1] if self._ends else 0
        with translated():
            self._file.seek(end)
            self._file.write(data)
        self._ends.append(end + len(data))
        return len(self._ends) - 1

    def _place(self, number: int) -> bytes:
        """Return what a block is bound to: this heap, and its number."""
        return self._name + number.to_bytes(8, "big")

    def get(self, number: int) -> Any:
        """Return the object of a number (errors as :meth:`put`)."""
        start = self._ends[number - 1] if number else 0
        with translated():
            self._file.seek(start)
            data = self._file.read(self._ends[number] - start)
        packed = _seal().decrypt(data[:_NONCE], data[_NONCE:], self._place(number))
        return pickle.loads(zlib.decompress(packed) if self._small else packed)  # noqa: S301 - what this process sealed


class Rows(Generic[Row]):
    """Rows laid aside in order, and given in that order as often as asked, also by several readers at once.

    Parameters
    ----------
    rows
        The first ones.
    block
        Rows that are packed, and given back, together.
    small
        As of a heap.
    """

    def __init__(self, rows: Iterable[Row] = (), block: int = BLOCK, *, small: bool = True) -> None:
        self._heap = Heap(small=small)
        self._block = block
        self._last: list[Row] = []
        self.extend(rows)

    def __len__(self) -> int:
        return len(self._heap) * self._block + len(self._last)

    def append(self, row: Row) -> None:
        """Put a row behind the last one (errors as :meth:`Heap.put`)."""
        self._last.append(row)
        if len(self._last) == self._block:
            self._heap.put(self._last)
            self._last = []

    def extend(self, rows: Iterable[Row]) -> None:
        """Put rows behind the last one."""
        left = iter(rows)
        while more := list(islice(left, self._block - len(self._last))):
            self._last += more
            if len(self._last) == self._block:
                self._heap.put(self._last)
                self._last = []

    def __iter__(self) -> Iterator[Row]:
        for number in range(len(self._heap)):
            yield from self._heap.get(number)
        yield from self._last


class Table(Generic[Row]):
    """Rows laid aside under names, which have to come sorted, and found again by name or by number."""

    def __init__(self) -> None:
        self._heap = Heap()
        self._firsts: list[str] = []
        self._last: list[tuple[str, Row]] = []
        self._held: tuple[int, list[tuple[str, Row]]] = (-1, [])
        self._newest = ""

    def __len__(self) -> int:
        return len(self._heap) * BLOCK + len(self._last)

    def append(self, name: str, row: Row) -> None:
        """Put a row behind the last one (errors as :meth:`Heap.put`).

        Raises
        ------
        ValueError
            When its name does not come behind the last one's.
        """
        if len(self) and name <= self._newest:
            raise ValueError("rows of a table come sorted by their names, each name once")
        if not self._last:
            self._firsts.append(name)
        self._last.append((name, row))
        self._newest = name
        if len(self._last) == BLOCK:
            self._heap.put(self._last)
            self._last = []

    def __iter__(self) -> Iterator[tuple[str, Row]]:
        for number in range(len(self._firsts)):
            yield from self._block(number, keep=False)

    def __contains__(self, name: str) -> bool:
        return self.number(name) is not None

    def at(self, number: int) -> tuple[str, Row]:
        """Return a row with its name, by its number from 0."""
        block, within = divmod(number, BLOCK)
        return self._block(block)[within]

    def get(self, name: str) -> Row | None:
        """Return the row of a name, None where there is none."""
        number = self.number(name)
        return None if number is None else self.at(number)[1]

    def number(self, name: str) -> int | None:
        """Return the number of the row of a name, None where there is none."""
        block = bisect_right(self._firsts, name) - 1
        if block < 0:
            return None
        rows = self._block(block)
        within = bisect_right(rows, name, key=itemgetter(0)) - 1
        return block * BLOCK + within if rows[within][0] == name else None

    def _block(self, number: int, *, keep: bool = True) -> list[tuple[str, Row]]:
        if number == len(self._heap):
            return self._last
        if self._held[0] == number:
            return self._held[1]
        found: list[tuple[str, Row]] = self._heap.get(number)
        if keep:
            self._held = (number, found)
        return found


class Sorter(Generic[Row]):
    """Rows taken in any order and given back sorted, equal ones in the order in which they came.

    Parameters
    ----------
    key
        What they are sorted by.
    most
        Rows that are sorted at a time, in memory.
    """

    def __init__(self, key: Callable[[Row], Any], most: int = SORTED) -> None:
        self._key = key
        self._most = most
        self._runs: list[Rows[Row]] = []
        self._last: list[Row] = []

    def append(self, row: Row) -> None:
        """Take a row (errors as :meth:`Heap.put`)."""
        self.extend((row,))

    def extend(self, rows: Iterable[Row]) -> None:
        """Take rows."""
        left = iter(rows)
        while more := list(islice(left, self._most - len(self._last))):
            self._last += more
            if len(self._last) == self._most:
                self._last.sort(key=self._key)
                self._runs.append(Rows(self._last, small=False))
                self._last = []

    def __iter__(self) -> Iterator[Row]:
        self._last.sort(key=self._key)
        if not self._runs:
            yield from self._last
            return
        yield from heapq.merge(*self._runs, self._last, key=self._key)


def table_of(rows: Iterable[tuple[str, Row]]) -> Table[Row]:
    """Return a table of rows that come in any order; of those of one name the last counts."""
    sorter: Sorter[tuple[str, Row]] = Sorter(itemgetter(0))
    for one in rows:
        sorter.append(one)
    made: Table[Row] = Table()
    for _, group in groupby(sorter, key=itemgetter(0)):
        *_, last = group
        made.append(*last)
    return made


class Paths:
    """A set of paths, of each of which a digest is held."""

    def __init__(self) -> None:
        self._held: set[bytes] = set()

    def add(self, path: str) -> None:
        """Take a path."""
        self._held.add(_digest(path))

    def __contains__(self, path: str) -> bool:
        return _digest(path) in self._held


def _digest(path: str) -> bytes:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).digest()[:16]
