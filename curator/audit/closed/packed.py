"""Folded strings with their rules and owners, packed: some thirty bytes a string, found by bisection.

A string is known by the number that its first eight bytes make, which for strings of less than eight bytes is all of
it, and by its tail. Rows are sorted by that; a row is one rule and category of a string with whoever owns it, and rows
of one string follow each other. numpy is asked where there is any, and never needed. What is packed may identify
people: it must never be printed or raised.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

from curator.audit.closed.engine import LEAST, has_numpy
from curator.audit.closed.rules import Form, Rule

#: Marks a row behind which another one of the same string stands.
_MORE = 1 << 15
#: A row's rule and category, by its number, and whether the string is somebody's alone.
_ALONE = 1 << 14
#: Strings of one beginning from which on their tails are bisected and not gone through.
_MANY = 8


class Groups:
    """Sets of running numbers, four bytes a number; each set is held once."""

    def __init__(self) -> None:
        self._members = array("I")
        self._starts = array("I", [0])
        self._known: dict[bytes, int] = {}

    def __getstate__(self) -> tuple[array[int], array[int]]:
        """Leave out what only finds a set that is held already."""
        return self._members, self._starts

    def __setstate__(self, state: tuple[array[int], array[int]]) -> None:
        self._members, self._starts = state
        self._known = {}

    def number(self, numbers: Iterable[int]) -> int:
        """Return the number of a set, which is held from now on."""
        made = array("I", numbers)
        key = _digest(made.tobytes())
        if key not in self._known:
            self._known[key] = len(self._starts) - 1
            self._members.extend(made)
            self._starts.append(len(self._members))
        return self._known[key]

    def close(self) -> None:
        """Forget what is needed while sets are added."""
        self._known.clear()

    def of(self, number: int) -> array[int]:
        """Return a set's numbers, ascending."""
        return self._members[self._starts[number] : self._starts[number + 1]]

    def meets(self, number: int, own: Collection[int]) -> bool:
        """Say whether any of some numbers is in a set."""
        start, end = self._starts[number], self._starts[number + 1]
        if len(own) > end - start:
            return any(one in own for one in self.of(number))
        for one in own:
            at = bisect_left(self._members, one, start, end)
            if at < end and self._members[at] == one:
                return True
        return False

    def meeting(self, own: Any) -> Any:
        """Return the sets that any of some numbers, an array, is in. With numpy only."""
        import numpy as np

        where = np.flatnonzero(np.isin(np.frombuffer(self._members, np.uint32), own))
        return np.unique(np.searchsorted(np.frombuffer(self._starts, np.uint32), where, side="right")) - 1


def _digest(data: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(data).digest()[:16]


class _Bucket:
    """Rows that were gathered, in the order in which they came."""

    __slots__ = ("ends", "heads", "kinds", "owners", "tails")

    def __init__(self) -> None:
        self.heads, self.ends, self.tails = array("Q"), array("I"), bytearray()
        self.kinds, self.owners = array("H"), array("i")

    def tail(self, at: int) -> bytes:
        return bytes(self.tails[self.ends[at - 1] if at else 0 : self.ends[at]])

    def sorted(self) -> Iterator[tuple[int, bytes, int, int]]:
        """Yield (head, tail, kind, owner) of each row, equal ones once."""
        if has_numpy():
            import numpy as np

            order: Any = np.argsort(np.frombuffer(self.heads, np.uint64), kind="stable").astype("<u4")
        else:
            order = sorted(range(len(self.heads)), key=self.heads.__getitem__)
        at, total = 0, len(order)
        while at < total:
            head, end = self.heads[order[at]], at + 1
            while end < total and self.heads[order[end]] == head:
                end += 1
            some = {(self.tail(row), self.kinds[row], self.owners[row]) for row in map(int, order[at:end])}
            for tail, kind, owner in sorted(some):
                yield head, tail, kind, owner
            at = end


class Gathered:
    """Strings taken in any order, before they are packed.

    Parameters
    ----------
    groups
        Where the owners of a string are held that several have.
    """

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        #: By the last byte of the heads, so that one part after the other is sorted and given up.
        self._buckets: dict[int, _Bucket] = {}
        self._table: dict[tuple[Rule, str], int] = {}

    def add(self, text: bytes, rule: Rule, category: str, owner: int, *, alone: bool = False) -> None:
        """Take a string of one person's. ``alone`` as :class:`~curator.audit.closed.rules.Spelling` says."""
        if not text:
            return  # nothing is left of it that could be sought
        first = text[:LEAST]
        kind = self._table.setdefault((rule, category), len(self._table))
        bucket = self._buckets.setdefault(first[7] + LEAST if len(first) == LEAST else len(first), _Bucket())
        bucket.heads.append(int.from_bytes(first, "little"))
        bucket.tails += text[LEAST:]
        bucket.ends.append(len(bucket.tails))
        bucket.kinds.append(kind | _ALONE if alone else kind)
        bucket.owners.append(owner)

    def packed(self) -> Texts:
        """Pack them; what was gathered is gone."""
        made = Texts(self.groups, [*self._table])
        for key in sorted(self._buckets):
            bucket = self._buckets.pop(key)
            for (head, tail), rows in groupby(bucket.sorted(), key=lambda row: row[:2]):
                made.put(head, tail, [(kind, owner) for _, _, kind, owner in rows])
        made.close()
        return made


class Texts:
    """Packed strings. Made by :class:`Gathered`, or :meth:`plain`.

    Parameters
    ----------
    groups
        The sets of owners.
    kinds
        (rule, category) of each kind.
    """

    def __init__(self, groups: Groups, kinds: list[tuple[Rule, str]]) -> None:
        self.groups = groups
        self.forms = {
            at | mark: Form(rule, category, bool(mark))
            for at, (rule, category) in enumerate(kinds)
            for mark in (0, _ALONE)
        }
        #: Of each row the number of the first eight bytes, ascending; where its tail ends; its kind; its owner, or a
        #: set of them as one below 0.
        self.heads, self.kinds, self.owners = array("Q"), array("H"), array("i")
        self._ends, self._tails, self._longest = array("I"), bytearray(), 0
        #: Rows of strings of less than :data:`LEAST` bytes, which come first; distinct strings.
        self.short = self.count = 0

    @classmethod
    def plain(cls, strings: Iterable[bytes]) -> Texts:
        """Return strings that are nobody's."""
        made = Gathered(Groups())
        for one in strings:
            made.add(one, Rule.LETTERS, "", 0)
        return made.packed()

    def put(self, head: int, tail: bytes, rows: list[tuple[int, int]]) -> None:
        """Put a string behind the last one, with (kind, owner) of each who has it."""
        self._longest = max(self._longest, len(tail))
        owners: dict[int, set[int]] = {}
        alone: set[int] = set()
        for kind, owner in rows:
            owners.setdefault(kind & ~_ALONE, set()).add(owner)
            alone |= {kind & ~_ALONE} if kind & _ALONE else set()
        for left, kind in zip(range(len(owners) - 1, -1, -1), sorted(owners), strict=True):
            some = owners[kind]
            self._tails += tail
            self._ends.append(len(self._tails))
            self.heads.append(head)
            self.kinds.append(kind | (_ALONE if kind in alone else 0) | (_MORE if left else 0))
            self.owners.append(min(some) if len(some) == 1 else ~self.groups.number(sorted(some)))
        self.count += 1

    def close(self) -> None:
        """Count what is short."""
        self.short = bisect_left(self.heads, 1 << 8 * (LEAST - 1))

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[bytes]:
        return (self.text(row) for row in self.firsts())

    def firsts(self) -> Iterator[int]:
        """Yield the first row of each string."""
        more = 0
        for row, kind in enumerate(self.kinds):
            if not more:
                yield row
            more = kind & _MORE

    def text(self, row: int) -> bytes:
        """Return the string of a row."""
        return self.heads[row].to_bytes(LEAST, "little").rstrip(b"\0") + self._tail(row)

    def _tail(self, row: int) -> bytes:
        return bytes(self._tails[self._ends[row - 1] if row else 0 : self._ends[row]])

    def size(self, row: int) -> int:
        """Return how many bytes the string of a row has."""
        tail = self._ends[row] - (self._ends[row - 1] if row else 0)
        return tail + LEAST if row >= self.short else (self.heads[row].bit_length() + 7) // 8

    def find(self, text: bytes) -> int:
        """Return the first row of a string, -1 where it is none of them."""
        head = int.from_bytes(text[:LEAST], "little")
        start = bisect_left(self.heads, head)
        if len(text) > LEAST:
            end = bisect_right(self.heads, head, start)
            start = bisect_left(range(end), text[LEAST:], start, key=self._tail)
        there = start < len(self.heads) and self.heads[start] == head and self._tail(start) == text[LEAST:]
        return start if there else -1

    def beginning(self, data: bytes, at: int, start: int, end: int) -> Iterator[int]:
        """Yield the first row of each string that stands at a place, of rows of one head that stands there.

        Parameters
        ----------
        data, at
            The folded bytes, and the place.
        start, end
            The rows.
        """
        if end - start <= _MANY:
            more = 0
            for row in range(start, end):
                if not more and data.startswith(self._tail(row), at + LEAST):
                    yield row
                more = self.kinds[row] & _MORE
            return
        # What begins like the data and is not above them: the last such tail, or one that it begins with.
        rest = data[at + LEAST : at + LEAST + self._longest]
        while True:
            found = bisect_right(range(end), rest, start, key=self._tail) - 1
            if found < start:
                return
            tail = self._tail(found)
            if rest.startswith(tail):
                yield bisect_left(range(found), tail, start, key=self._tail)
                if not tail:
                    return
                rest = tail[:-1]
            else:
                rest = rest[: next(n for n, (one, other) in enumerate(zip(tail, rest, strict=False)) if one != other)]

    def asked(self, row: int, own: Collection[int]) -> Iterator[tuple[Form, bool]]:
        """Yield the forms of a string that can be a hit in a text about some persons, and whether it is theirs.

        Parameters
        ----------
        row
            The string's first row.
        own
            The persons' running numbers.
        """
        while True:
            kind, owner = self.kinds[row], self.owners[row]
            mine = owner in own if owner >= 0 else self.groups.meets(~owner, own)
            form = self.forms[kind & ~_MORE]
            if mine or form.everybody:
                yield form, mine
            if not kind & _MORE:
                return
            row += 1

    def items(self) -> Iterator[tuple[bytes, list[tuple[Form, frozenset[int]]]]]:
        """Yield each string with its forms and their owners."""
        rows = [*self.firsts(), len(self.heads)]
        for start, end in pairwise(rows):
            yield (
                self.text(start),
                [(self.forms[self.kinds[at] & ~_MORE], self._owners_of(at)) for at in range(start, end)],
            )

    def _owners_of(self, row: int) -> frozenset[int]:
        owner = self.owners[row]
        return frozenset({owner} if owner >= 0 else self.groups.of(~owner))

    def shorts_of_everybody(self) -> Any:
        """Return the rows of short strings that are a hit in everybody's texts. With numpy only."""
        import numpy as np

        return np.flatnonzero(np.frombuffer(self.kinds, np.uint16)[: self.short] & np.uint16(_ALONE))

    def shorts_of(self, own: Collection[int]) -> Any:
        """Return the rows of short strings that some persons own. With numpy only."""
        import numpy as np

        mine = np.fromiter(own, np.int32, len(own))
        wanted = np.concatenate([mine, ~self.groups.meeting(mine).astype(np.int32)])
        return np.flatnonzero(np.isin(np.frombuffer(self.owners, np.int32)[: self.short], wanted))
