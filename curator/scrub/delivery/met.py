"""What pass 1 found in the texts of a delivery, so that pass 2 need not search them by rules once more.

One sealed document a shard of the harvest, and parts of their own for a file with very many texts; gone once the
delivery is scrubbed. They hold digests and places, no text. They count only for the very detector that made them;
without them pass 2 finds the same by itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
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


class Aside:
    """Takes what is full of what was found in one file, as parts of their own, in the order in which it was met.

    Attributes
    ----------
    parts
        How many there are.
    """

    def __init__(self, shelf: Shelf, source: str) -> None:
        self._shelf, self._source = shelf, source
        self.parts = 0

    def __call__(self, document: dict[str, Any]) -> None:
        """Seal the next part."""
        self._shelf.put(_part(self._source, self.parts), document)
        self.parts += 1


def _part(source: str, number: int) -> str:
    return f"{FOLDER}/{source}-{number:06d}"


def counts(treatment: Treatment) -> bool:
    """Say whether what the detectors of a treatment find is worth keeping: another's may find otherwise tomorrow."""
    return not treatment.added


def keep(shelf: Shelf, shard: int, found: dict[str, Any], treatment: Treatment) -> None:
    """Seal what was found in the files of a shard: by their keyed names the last part and how many stand before it."""
    kept = {source: told for source, told in found.items() if told is not None and told[0] is not None}
    by = _by(treatment) if kept else ""
    if by:
        shelf.put(f"{FOLDER}/{shard:08d}", {"by": by, "sources": kept})


def know(shelf: Shelf, shard: int | None, source: str, treatment: Treatment) -> None:
    """Tell a treatment what was found in the texts of a file."""
    treatment.met.clear()
    if shard is None or not (by := _by(treatment)):
        return
    document = _document(shelf, shard)
    if document is None or document["by"] != by or source not in document["sources"]:
        return
    last, parts = document["sources"][source]
    if not parts:
        treatment.met.take(last)
        return
    listed = _listed(shelf, source, parts, last)
    first = next(listed, None)
    if first is not None:
        treatment.met.take(first, listed)


def _listed(shelf: Shelf, source: str, parts: int, last: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parts of a file in their order; one that is not there is left out, and its texts are searched."""
    for number in range(parts):
        document = shelf.get(_part(source, number))
        if document is not None:
            yield document
    yield last


def forget(shelf: Shelf) -> None:
    """Remove what was found: the delivery is scrubbed."""
    _document.cache_clear()
    shelf.wipe(FOLDER)


@lru_cache(maxsize=2)
def _document(shelf: Shelf, shard: int) -> Any:
    return shelf.get(f"{FOLDER}/{shard:08d}")
