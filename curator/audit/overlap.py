"""What stands in more than one split: groups of patients that belong together, held against the assignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from curator.audit.model import Finding


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
