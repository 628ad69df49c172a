"""Remove what records said from the ledger's parts; may be killed at any instant and run again.

A note in the ledger's folder names the parts that are about to be replaced. It is there only while a removal runs, or
after one was killed; no part is removed that a commit still names.
"""

from __future__ import annotations

import re
from pathlib import Path

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import sync_folder, translated, write_whole
from curator.core.parts import Commit, PartLog
from curator.provenance.ledger import Ledger, before_of
from curator.provenance.rows import REPEATING, chunks, without

_NOTE = "removing.json"
_PART = re.compile(r"[0-9a-f]{64}")


def _noted(ledger: Path) -> set[str]:
    """Return the names of parts that a removal, maybe a killed one, was about to replace."""
    try:
        data = (ledger / _NOTE).read_bytes()
    except FileNotFoundError:
        return set()
    except OSError:
        raise IntegrityError("LED-114") from None
    try:
        names = strict_loads(data)
    except UsageError:
        names = None
    if not isinstance(names, list) or not all(isinstance(one, str) and _PART.fullmatch(one) for one in names):
        raise IntegrityError("LED-114")
    return set(names)


def _note(ledger: Path, parts: set[str]) -> None:
    names = parts | _noted(ledger)
    if names:
        write_whole(ledger / _NOTE, canonical_bytes(sorted(names)))


def _sweep(ledger: Ledger) -> None:
    """Remove the parts that were replaced: they hold what was to go."""
    gone = _noted(ledger.folder)
    if not gone:
        return
    named = {name for commit, _, _ in ledger.commits() for name in commit.parts}
    parts = ledger.folder / "parts"
    with translated():
        for name in sorted(gone - named):
            (parts / f"{name}.parquet").unlink(missing_ok=True)
        sync_folder(parts)
        (ledger.folder / _NOTE).unlink(missing_ok=True)
        sync_folder(ledger.folder)


def remove(ledger: Ledger, wanted: set[int]) -> int:
    """Remove what some records said; :meth:`curator.provenance.ledger.Ledger.remove` says the rest.

    Parameters
    ----------
    ledger
        The ledger.
    wanted
        Indices of records.

    Returns
    -------
    int
        How many were removed now.

    Raises
    ------
    UsageError
        LED-019 when there is no such record.
    IntegrityError
        LED-114 when what an earlier removal noted cannot be read.
    """
    if wanted and not 0 < min(wanted) <= max(wanted) < ledger.size():
        raise UsageError("LED-019")
    held = [(one, first, number) for one, first, number in ledger.commits() if _meets(wanted, first, number)]
    # What will go is written down before: a part that no commit names may be one that is just being appended.
    _note(ledger.folder, {name for one, _, _ in held for name in one.parts})
    count = 0
    for commit, first, number in held:
        count += _remove(ledger, commit, first, number, wanted & set(range(first, first + number)))
    _sweep(ledger)
    return count


def _remove(ledger: Ledger, commit: Commit, first: int, number: int, wanted: set[int]) -> int:
    rows, leaves = ledger.rows(commit.parts[0], first, number), {}
    for chunk in chunks(rows, first, before_of(commit)):
        for at, leaf in enumerate(chunk.leaves):
            if chunk.first + at in wanted and at not in chunk.purged:
                leaves[chunk.first + at - first] = leaf
    if leaves:
        part = PartLog(ledger.folder).write_part(without(rows, leaves), REPEATING)
        data = canonical_bytes({**commit.doc, "parts": [part]})
        write_whole(ledger.folder / "commits" / f"{commit.number:08d}.json", data)
    return len(leaves)


def _meets(wanted: set[int], first: int, number: int) -> bool:
    return not wanted.isdisjoint(range(first, first + number))
