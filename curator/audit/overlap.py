"""What stands in more than one split: groups of patients that belong together, held against the assignments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from curator.audit.model import Finding
from curator.core.spill import Sorter


class Shared:
    """Who shares what: patients by anything that several may have, such as a digest.

    Groups of one patient are counted and not kept.
    """

    def __init__(self) -> None:
        self._rows: Sorter[tuple[str, str, int, str]] = Sorter(itemgetter(0, 1))
        self._count = 0

    def add(self, what: str, key: str, name: str) -> None:
        """Say what a patient has, in the program's own words and by a key."""
        self._rows.append((what, key, self._count, name))
        self._count += 1

    def groups(self) -> tuple[list[tuple[str, set[str]]], Counter[str]]:
        """Return what several patients share, in the order in which it came, and how many keys there are of each."""
        found: list[tuple[int, str, set[str]]] = []
        counts: Counter[str] = Counter()
        for (what, _), rows in groupby(self._rows, key=itemgetter(0, 1)):
            counts[what] += 1
            first, names = -1, set[str]()
            for _, _, place, name in rows:
                first = place if first < 0 else first
                names.add(name)
            if len(names) > 1:
                found.append((first, what, names))
        return [(what, names) for _, what, names in sorted(found, key=itemgetter(0))], counts


def overlaps(groups: Iterable[tuple[str, Iterable[str]]], of: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each group of patients whose splits differ.

    Parameters
    ----------
    groups
        What they share, in the program's own words, and the patients.
    of
        Patient to split; who is in none cannot be in two.
    """
    for what, names in groups:
        there = sorted(name for name in set(names) if name in of)
        splits = sorted({of[name] for name in there})
        if len(splits) > 1:
            told = " and ".join(splits)
            yield Finding(f"patient {' '.join(there[:4])}", f"in {told}: {what}", len(there))
