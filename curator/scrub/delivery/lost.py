"""Clean files that are not there any more, or of another size than the journal says: noticed by every scrub.

Existence and size cost a look at the folder's entry; whether the bytes are the same is for the audit, which reads them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from typing import Any

from curator.core.types import Outcome
from curator.project import journal
from curator.project.paths import Project
from curator.scrub.delivery.choose import plan_names
from curator.scrub.delivery.state import Shelf


def lost(project: Project, deliveries: Collection[int]) -> set[tuple[int, str]]:
    """Return the clean files of some deliveries that are missing or of another size, as (delivery, source)."""
    if not deliveries:
        return set()
    root = f"{project.root}/"
    return {
        (row["delivery"], row["source"])
        for row in journal.all_rows(project, ["outcome", "path", "bytes"])
        if row["delivery"] in deliveries and row["outcome"] == Outcome.SCRUBBED and not _stands(root, row)
    }


def _stands(root: str, row: dict[str, Any]) -> bool:
    try:
        found = os.lstat(root + row["path"])
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == row["bytes"]


def planned_again(shelf: Shelf, sources: Collection[str]) -> list[dict[str, Any]]:
    """Return the plan's latest row for each of some sources, in the order of the first plan."""
    found: dict[str, dict[str, Any]] = {}
    for name, numbers in plan_names(shelf) if sources else ():
        for number in numbers:
            found.update((row["source"], row) for row in shelf.need(f"{name}/{number:08d}") if row["source"] in sources)
    return list(found.values())
