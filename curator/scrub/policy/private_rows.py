"""Rows of tables of private attributes, as a policy holds them and a package states them.

A private attribute is named by its creator, its group and the low byte of its element number, since the block that it
stands in is another one in every file (PS3.5 section 7.8.1). It must never see a value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from curator.core.canonical import canonical_bytes

#: Creator (as :func:`creator_key` gives it; empty for a public attribute), group, and the low byte of a private
#: element number or the whole of a public one.
Step = tuple[str, int, int]
#: The sequences above an attribute, from the top.
Steps = tuple[Step, ...]


@lru_cache(maxsize=1024)
def creator_key(text: str) -> str:
    """Return a creator as creators are compared: without case, without any white space; punctuation counts."""
    return "".join(text.replace("\0", " ").split()).casefold()


@dataclass(frozen=True)
class PrivateRow:
    """What a table says about one attribute.

    Parameters
    ----------
    creator
        As the table spells it; empty for a public attribute inside of a private sequence.
    group, element
        The group; the low byte of the element number (the whole element number for a public attribute).
    vr
        Value representations in which it may stay. Empty on a row that keeps: numbers only, by the VR of the file.
    keep
        False when it goes whatever its VR is.
    denied
        Value representations in which it goes.
    vm
        How many values it may have: least and most; None for no bound.
    above
        The sequences that it has to stand in; empty for anywhere.
    """

    creator: str
    group: int
    element: int
    vr: tuple[str, ...]
    keep: bool
    denied: tuple[str, ...] = ()
    vm: tuple[int, int | None] = (0, None)
    above: Steps = ()

    @property
    def step(self) -> Step:
        """How the attribute is looked up."""
        return creator_key(self.creator), self.group, self.element


class PrivateTable:
    """Rows by attribute. Of two rows for the same attribute and place the later one counts.

    Parameters
    ----------
    rows
        The rows.
    """

    def __init__(self, rows: Iterable[PrivateRow]) -> None:
        self._rows: dict[Step, dict[Steps, PrivateRow]] = {}
        for row in rows:
            self._rows.setdefault(row.step, {})[row.above] = row
        #: Tags of public attributes that it names, inside of private sequences.
        self.public = frozenset(group << 16 | element for creator, group, element in self._rows if not creator)

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values())

    def rows(self) -> list[PrivateRow]:
        """Return all rows in the order of their attributes."""
        return [self._rows[step][above] for step in sorted(self._rows) for above in sorted(self._rows[step])]

    def find(self, creator: str, tag: int, above: Steps | None = None) -> PrivateRow | None:
        """Return the row of an attribute.

        Parameters
        ----------
        creator
            The creator of its block; empty for a public attribute.
        tag
            Group and element as one number, in whatever block the file has put it.
        above
            The sequences that it stands in; None when that is not known: then no row that names a place lets it stay,
            and each that names a place where it goes takes it out.

        Returns
        -------
        PrivateRow or None
            The row for this place before that for any place; None when there is none.
        """
        group, element = tag >> 16, tag & 0xFFFF
        rows = self._rows.get((creator_key(creator), group, element & 0xFF if group & 1 else element))
        if rows is None:
            return None
        if above is not None:
            return rows.get(above) or rows.get(())
        here = rows.get(())
        if here is None or any(not row.keep for row in rows.values()):
            return None
        return replace(here, denied=tuple(sorted({vr for row in rows.values() for vr in row.denied})))

    def with_rows(self, other: PrivateTable) -> PrivateTable:
        """Return a table of these rows and another's, which count where both speak of an attribute."""
        return PrivateTable([*self.rows(), *other.rows()])

    def decisions(self) -> list[list[Any]]:
        """Return every decision as plain values, in one order: what a policy's digest is taken over."""
        return [
            [
                [list(step) for step in row.above],
                *row.step,
                sorted(row.vr),
                row.keep,
                sorted(row.denied),
                list(row.vm),
            ]
            for row in self.rows()
        ]

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the canonical bytes of the decisions."""
        return hashlib.sha256(canonical_bytes({"private": self.decisions()})).hexdigest()


def rows_of(decisions: Iterable[list[Any]]) -> tuple[PrivateRow, ...]:
    """Read what :meth:`PrivateTable.decisions` gave; creators come back as they are compared.

    Raises
    ------
    ValueError, TypeError
        When it is none.
    """
    return tuple(
        PrivateRow(
            creator=str(creator),
            group=int(group),
            element=int(element),
            vr=tuple(map(str, vr)),
            keep=keep is True,
            denied=tuple(map(str, denied)),
            vm=(int(least), None if most is None else int(most)),
            above=tuple((str(owner), int(number), int(low)) for owner, number, low in above),
        )
        for above, creator, group, element, vr, keep, denied, (least, most) in decisions
    )
