"""Work on single files: listing them with their digests, and looking into them with a probe, in worker processes.

A file that cannot be read, changed meanwhile, or stopped the probe gives a code in place of a result, never nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from itertools import tee
from pathlib import Path
from typing import Any, BinaryIO

from curator.audit.kinds import HEAD, kind_of
from curator.audit.model import File, Probe
from curator.core.errors import CuratorError, ItemError
from curator.core.hashing import CHUNK
from curator.core.types import Shard
from curator.engine.protocol import Engine, Row, Task
from curator.intake.shards import cut
from curator.release.tree import open_file

#: Fewer files than this are done in this process: workers take longer to start.
FEW = 24
MOST_ITEMS = 128
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file's bytes are, and the marks by which a change is seen: device, inode, size, two times."""

    local: str
    marks: tuple[int, ...] = ()


def marks_of(stream: BinaryIO) -> tuple[int, ...]:
    """Return the marks of an open file."""
    found = os.fstat(stream.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def open_place(place: Place) -> BufferedReader:
    """Open a file that was listed; no link is followed.

    Raises
    ------
    ItemError
        AUD-004 when it cannot be read any more, AUD-005 when it is not the file that was listed.
    """
    try:
        handle = open_file(Path(place.local))
    except CuratorError:
        handle = None
    if handle is None:
        raise ItemError("AUD-004")
    stream = os.fdopen(handle, "rb")
    if place.marks and marks_of(stream) != place.marks:
        stream.close()
        raise ItemError("AUD-005")
    return stream


class Listing:
    """The task that reads files once: size, SHA-256, kind, marks."""

    def open(self) -> None:
        """Nothing to prepare."""

    def item(self, item: tuple[str, str]) -> Row:
        """List one file, given as (path, local path)."""
        path, local = item
        digest = hashlib.sha256()
        try:
            with open_place(Place(local)) as stream:
                marks = marks_of(stream)
                head = stream.read(HEAD)
                digest.update(head)
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                if marks_of(stream) != marks:
                    raise ItemError("AUD-005")
        except OSError:
            raise ItemError("AUD-004") from None
        size = marks[2]
        kind = kind_of(head, size)
        return {"path": path, "local": local, "size": size, "sha256": digest.hexdigest(), "kind": kind, "marks": marks}

    def failed(self, item: tuple[str, str], code: str) -> Row:
        """Return the row of a file that could not be listed."""
        return {"path": item[0], "code": code}

    def store(self, shard: Shard, rows: list[Row]) -> list[Row]:  # noqa: ARG002 - the task's own signature
        """Hand the rows back."""
        return rows


class Looking:
    """The task that looks into files with a probe.

    Parameters
    ----------
    probe
        What looks.
    """

    def __init__(self, probe: Probe) -> None:
        self.probe = probe

    def open(self) -> None:
        """Let the probe prepare."""
        prepare = getattr(self.probe, "prepare", None)
        if prepare is not None:
            prepare()

    def item(self, item: tuple[File, Place]) -> Row:
        """Look into one file, given with its place."""
        file, place = item
        try:
            with open_place(place) as stream:
                found = self.probe.look(file, stream)
                if stream.closed or marks_of(stream) != place.marks:
                    raise ItemError("AUD-005")
        except CuratorError as error:
            return self.failed(item, error.code)
        except OSError:
            return self.failed(item, "AUD-004")
        # As it comes back from the cache, so that a second audit says the same.
        return {"sha256": file.sha256, "found": json.loads(json.dumps(found, allow_nan=False))}

    def failed(self, item: tuple[File, Place], code: str) -> Row:
        """Return the row of a file that could not be looked at whole."""
        return {"sha256": item[0].sha256, "code": code}

    def store(self, shard: Shard, rows: list[Row]) -> list[Row]:  # noqa: ARG002 - the task's own signature
        """Hand the rows back."""
        return rows


@dataclass(frozen=True)
class Load:
    """How much work there is: items in all, and the bytes of the largest."""

    total: int
    largest: int


def run(
    task: Task,
    items: Iterable[tuple[Any, int]],
    load: Load,
    engine: Engine | None,
    take: Callable[[Row], None],
    advance: Callable[[int], None],
) -> None:
    """Run a task over items, in worker processes where there are many; items are taken as they are needed.

    Parameters
    ----------
    task, items
        What to do with what; each item with its bytes.
    load
        How many items there are.
    engine
        The workers; None does all in this process.
    take
        Called with each row, in any order.
    advance
        Called with the number of items done.
    """
    if engine is None or load.total < FEW:
        task.open()
        for item, _ in items:
            take(_one(task, item))
            advance(1)
        return

    def commit(_shard: Shard, rows: list[Row]) -> None:
        for row in rows:
            take(row)

    engine.run(task, _shards(items), commit=commit, advance=advance, largest=load.largest)


def _shards(items: Iterable[tuple[Any, int]]) -> Iterator[Shard]:
    """Cut items with their sizes into shards, none of which is made before it is asked for."""
    one, two = tee(items)
    yield from cut((item for item, _ in one), (size for _, size in two), most_items=MOST_ITEMS, most_bytes=MOST_BYTES)


def _one(task: Task, item: Any) -> Row:
    try:
        return task.item(item)
    except ItemError as error:
        return task.failed(item, error.code)
    except CuratorError:
        raise
    except Exception:  # noqa: BLE001 - what a library raises may quote the file; the code says that it was not looked at
        return task.failed(item, ItemError("AUD-009").code)


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder, and no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def look_made(probe: Probe, file: File, data: bytes) -> Row:
    """Look with a prepared probe into a file that stands nowhere on disk, in this process."""
    try:
        found = probe.look(file, io.BytesIO(data))
        return {"sha256": file.sha256, "found": json.loads(json.dumps(found, allow_nan=False))}
    except CuratorError as error:
        return {"sha256": file.sha256, "code": error.code}
    except OSError:
        return {"sha256": file.sha256, "code": ItemError("AUD-004").code}
    except Exception:  # noqa: BLE001 - what a library raises may quote the file; the code says that it was not looked at
        return {"sha256": file.sha256, "code": ItemError("AUD-009").code}
