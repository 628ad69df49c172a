"""Reading one source file whole, and proving that it is the file that was inventoried."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from curator.core.errors import CheckError, ItemError
from curator.intake.archives import SEPARATOR, Archive, inside

HEAD_BYTES = 8192
#: The largest file that is read, and the largest that may have to be loaded whole.
MOST_BYTES, LOADED_MOST = 65536 << 20, 2048 << 20


def _opened(source: Path, relative: bytes) -> tuple[int, os.stat_result]:
    """Return an open file, and what the system says of it."""
    # Not following a link and not blocking on a pipe: the entry may have been replaced since it was listed.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(os.path.join(os.fsencode(source), relative), flags)
    except FileNotFoundError:
        raise CheckError("SRC-006", count=1) from None
    except OSError:
        raise ItemError("SRC-005") from None
    info = os.fstat(handle)
    if not stat.S_ISREG(info.st_mode):
        os.close(handle)
        raise CheckError("SRC-006", count=1)
    return handle, info


def _unchanged(info: os.stat_result, size: int, modified: int) -> None:
    if (info.st_size, info.st_mtime_ns) != (size, modified):
        raise CheckError("SRC-006", count=1)


@contextlib.contextmanager
def opened_source(
    source: Path, relative: bytes, *, size: int, modified: int, most: int = MOST_BYTES
) -> Iterator[BinaryIO]:
    """Open a source file, or a member of an archive, and prove before and after that it is the one inventoried.

    Parameters
    ----------
    source, relative
        The folder, and the path below it; what stands behind a NUL is a member of an archive.
    size, modified
        What the inventory says: bytes, and nanoseconds since 1970 (of the outermost archive for a member).
    most
        The largest size in bytes that is read; members of archives are loaded, and never larger than 2 GiB.

    Raises
    ------
    ItemError
        SRC-005 when it cannot be read, SRC-013 when it is too large, ARC-007 for a damaged member.
    CheckError
        SRC-006 when it is not the file that was inventoried, or changed while it was read.
    """
    outer, *names = relative.split(SEPARATOR)
    if names:
        most = min(most, LOADED_MOST)
        if size > most:
            raise ItemError("SRC-013", limit=most >> 20)
        yield inside(_archive(source, outer, modified), names, size)
        return
    with (
        opened_handle(source, relative, size=size, modified=modified, most=most) as handle,
        os.fdopen(handle, "rb", closefd=False) as stream,
    ):
        yield stream


def is_member(relative: bytes) -> bool:
    """Say whether a path leads into an archive."""
    return SEPARATOR in relative


@contextlib.contextmanager
def opened_handle(source: Path, relative: bytes, *, size: int, modified: int, most: int = MOST_BYTES) -> Iterator[int]:
    """Open a source file that is no member of an archive, at its start. As :func:`opened_source`, but for a handle.

    Yields
    ------
    int
        A file descriptor, closed at the end.
    """
    if size > most:
        raise ItemError("SRC-013", limit=most >> 20)
    handle, info = _opened(source, relative)
    try:
        _unchanged(info, size, modified)
        try:
            yield handle
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise ItemError("SRC-005") from None
        _unchanged(os.fstat(handle), size, modified)
    finally:
        os.close(handle)


def read_on(handle: int, least: int, more: int = 0) -> bytes:
    """Return at least so many of the bytes that follow in an open file, and at most so many more; less at its end."""
    found = os.read(handle, least + more)
    if len(found) >= least or not found:
        return found
    parts, left = [found], least - len(found)
    while left > 0 and (part := os.read(handle, left + more)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


#: The archive that this process has open, since shards of one archive follow each other: its key, it, its handle.
_open_archive: tuple[tuple[Path, bytes, int], Archive, int] | None = None


def _archive(source: Path, outer: bytes, modified: int) -> Archive:
    """Return an archive held open in this process."""
    global _open_archive
    key = (source, outer, modified)
    if _open_archive is not None:
        if _open_archive[0] == key:
            return _open_archive[1]
        os.close(_open_archive[2])
        _open_archive = None
    handle, info = _opened(source, outer)
    try:
        if info.st_mtime_ns != modified:
            raise CheckError("SRC-006", count=1)
        archive = Archive(os.fdopen(handle, "rb", closefd=False))
    except BaseException:
        os.close(handle)
        raise
    _open_archive = (key, archive, handle)
    return archive


def read_head(source: Path, relative: bytes, *, size: int = 0, modified: int = 0) -> bytes:
    """Return the first bytes of a source file.

    Parameters
    ----------
    source, relative
        The folder, and the path below it.
    size, modified
        What the inventory says; needed for a member of an archive.

    Raises
    ------
    ItemError
        SRC-005 when it cannot be read.
    CheckError
        SRC-006 when it is gone or no regular file any more.
    """
    outer, *names = relative.split(SEPARATOR)
    if names:
        archive = _archive(source, outer, modified)
        return archive.head(names[0])[:HEAD_BYTES] if len(names) == 1 else inside(archive, names, size).read(HEAD_BYTES)
    handle, _ = _opened(source, relative)
    try:
        return os.read(handle, HEAD_BYTES)
    except OSError:
        raise ItemError("SRC-005") from None
    finally:
        os.close(handle)


def read_source(source: Path, relative: bytes, *, size: int, modified: int, most: int = LOADED_MOST) -> bytes:
    """Return a source file's bytes. Parameters and errors as :func:`opened_source`."""
    with opened_source(source, relative, size=size, modified=modified, most=most) as stream:
        try:
            data = stream.read(size + 1)
        except OSError:
            raise ItemError("SRC-005") from None
        if len(data) != size:
            raise CheckError("SRC-006", count=1)
        return data
