"""What pass 1 found in the texts of a delivery, so that pass 2 need not search them by rules once more.

One sealed document a shard of the harvest, gone once the delivery is scrubbed. It holds digests and places, no text. It
counts only for the very detector that made it; without it pass 2 finds the same by itself.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from curator.scrub.delivery.state import Shelf
    from curator.scrub.treatment import Treatment

FOLDER = "met"


@cache
def _installed() -> str:
    """Return a digest over name, size and time of each file of text detection: a changed one may find otherwise."""
    import curator.detect
    import curator.identifiers

    told = []
    for package in (curator.detect, curator.identifiers):
        root = Path(package.__path__[0])
        for folder, _, names in os.walk(root):
            for name in names:
                if not name.endswith(".pyc"):
                    state = os.stat(f"{folder}/{name}")
                    told.append((os.path.relpath(f"{folder}/{name}", root), state.st_size, state.st_mtime_ns))
    return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()


def _by(treatment: Treatment) -> str:
    """Return what stands for the detector that a treatment asks, empty when that cannot be told."""
    if treatment.added:
        return ""  # another's code may have changed
    return f"{_installed()}/{treatment.policy.facilities}"


def keep(shelf: Shelf, shard: int, found: dict[str, Any], treatment: Treatment) -> None:
    """Seal what was found in the files of a shard, by their keyed names."""
    kept = {source: document for source, document in found.items() if document is not None}
    by = _by(treatment) if kept else ""
    if by:
        shelf.put(f"{FOLDER}/{shard:08d}", {"by": by, "sources": kept})


def know(shelf: Shelf, shard: int | None, source: str, treatment: Treatment) -> None:
    """Tell a treatment what was found in the texts of a file."""
    treatment.met.clear()
    if shard is None or not (by := _by(treatment)):
        return
    document = _document(shelf, shard)
    if document is not None and document["by"] == by and source in document["sources"]:
        treatment.met.take(document["sources"][source])


@lru_cache(maxsize=2)
def _document(shelf: Shelf, shard: int) -> Any:
    return shelf.get(f"{FOLDER}/{shard:08d}")
