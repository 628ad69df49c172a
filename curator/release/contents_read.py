"""Reading a package's lists within bounds, and holding them against what the manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curator.core.errors import IntegrityError
from curator.release.tree import content_of

MAX_DOCUMENT = 16 << 20
MAX_LINE = 1 << 16


def read(folder: Path, name: str, limit: int = MAX_DOCUMENT) -> bytes:
    """Return a document of the package (REL-020 when it is missing or longer than the limit)."""
    data = content_of(folder / name, limit)
    if data is None:
        raise IntegrityError("REL-020", name=name)
    return data


def lines(folder: Path, name: str, limit: int) -> Iterator[bytes]:
    """Yield the lines of a file without their line break, none longer than the limit (REL-029)."""
    with (folder / name).open("rb") as stream:
        while raw := stream.readline(limit + 2):
            if not raw.endswith(b"\n"):
                raise IntegrityError("REL-029", name=name, why="a line is too long or has no end")
            yield raw[:-1]


def stated(entry: dict[str, Any], digest: str, count: int, path: str) -> None:
    """Hold a list's digest and count against the manifest's entry (REL-028)."""
    if entry != {"path": path, "sha256": digest, "count": count}:
        raise IntegrityError("REL-028", what=f"{path} is not what the manifest says")
