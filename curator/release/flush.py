"""Bringing a whole tree to the disk before it gets its name: each file and folder, or the file system at once.

Of many small files, asking for each costs more than writing it. Linux flushes a file system by one call (syncfs(2)),
which waits for all data and entries as fsync(2) does for one. It is asked only where it is known to say what failed:
from Linux 5.8 on, through a handle that was opened before the first byte was written, and on file systems that keep
their bytes on this machine. Anywhere else each file and folder is flushed. An error is never passed over.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from curator.core.files import translated

#: Threads that wait for the disk.
SYNCERS = 16
#: Files that one of them flushes at a time: to hand over a single one costs more than to flush it.
AT_ONCE = 32
#: So many files are flushed by one call.
MANY = 1000
#: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs (statfs(2)).
_LOCAL = frozenset({0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994})
#: Linux tells errors of writing to a later syncfs(2) from this release on.
_SINCE = (5, 8)
_STATFS_BYTES = 1024


@cache
def _system() -> Any:
    """Return the C library where its syncfs may be relied on, else None."""
    if not sys.platform.startswith("linux") or sys.maxsize < 1 << 32:
        return None
    try:
        release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
        library = ctypes.CDLL(None, use_errno=True)
        there = all(hasattr(library, name) for name in ("syncfs", "fstatfs"))
    except (ValueError, OSError, AttributeError):
        return None
    return library if there and release >= _SINCE else None


def _is_local(handle: int) -> bool:
    library = _system()
    if library is None:
        return False
    room = ctypes.create_string_buffer(_STATFS_BYTES)
    if library.fstatfs(ctypes.c_int(handle), room) != 0:
        return False
    return int.from_bytes(room.raw[:8], sys.byteorder) in _LOCAL


class Disk:
    """Where a tree is being written.

    Parameters
    ----------
    handle
        Of its folder, opened before anything was written in it.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._whole = _is_local(handle)

    def sync(self, folder: Path, count: int) -> None:
        """Flush every file and folder of a tree.

        Parameters
        ----------
        folder
            The tree.
        count
            About how many files it has.

        Raises
        ------
        CheckError
            SYS-001, SYS-002: something did not come to the disk.
        """
        if self._whole and count >= MANY:
            with translated():
                self._at_once()
        else:
            sync_tree(folder)

    def _at_once(self) -> None:
        if _system().syncfs(ctypes.c_int(self._handle)) != 0:
            raise OSError(ctypes.get_errno() or errno.EIO, "")


def sync_tree(folder: Path) -> None:
    """Flush every file and folder of a tree, one by one; many at a time, since a disk takes them together."""
    paths: list[str] = []
    folders: list[str] = []
    with translated(), ThreadPoolExecutor(SYNCERS) as pool:
        for base, _, names in os.walk(folder):
            folders.append(base)
            paths.extend(os.path.join(base, name) for name in names)
        for many in (paths, folders):  # folders last: their entries are of files that are on the disk
            for _ in pool.map(_sync_all, [many[at : at + AT_ONCE] for at in range(0, len(many), AT_ONCE)]):
                pass


@contextlib.contextmanager
def writing_in(folder: Path) -> Iterator[Disk]:
    """Give the disk of a folder, in which nothing was written yet."""
    with translated():
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Disk(handle)
    finally:
        os.close(handle)


def _sync_all(paths: list[str]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
