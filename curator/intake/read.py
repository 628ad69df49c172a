"""Reading one source file whole, and proving that it is the file that was inventoried."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from curator.core.errors import CheckError, ItemError

HEAD_BYTES = 8192
MOST_BYTES = 2048 << 20
_CHUNK = 8 << 20


def _opened(source: Path, relative: bytes) -> int:
    # Not following a link and not blocking on a pipe: the entry may have been replaced since it was listed.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(os.path.join(os.fsencode(source), relative), flags)
    except FileNotFoundError:
        raise CheckError("SRC-006", count=1) from None
    except OSError:
        raise ItemError("SRC-005") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise CheckError("SRC-006", count=1)
    return handle


def _unchanged(handle: int, size: int, modified: int) -> None:
    info = os.fstat(handle)
    if (info.st_size, info.st_mtime_ns) != (size, modified):
        raise CheckError("SRC-006", count=1)


def read_head(source: Path, relative: bytes) -> bytes:
    """Return the first bytes of a source file.

    Raises
    ------
    ItemError
        SRC-005 when it cannot be read.
    CheckError
        SRC-006 when it is gone or no regular file any more.
    """
    handle = _opened(source, relative)
    try:
        return os.read(handle, HEAD_BYTES)
    except OSError:
        raise ItemError("SRC-005") from None
    finally:
        os.close(handle)


def read_source(source: Path, relative: bytes, *, size: int, modified: int, most: int = MOST_BYTES) -> bytes:
    """Return a source file's bytes.

    Parameters
    ----------
    source, relative
        The folder, and the path below it.
    size, modified
        What the inventory says: bytes, and nanoseconds since 1970.
    most
        The largest size in bytes that is read.

    Raises
    ------
    ItemError
        SRC-005 when it cannot be read, SRC-013 when it is too large.
    CheckError
        SRC-006 when it is not the file that was inventoried, or changed while it was read.
    """
    if size > most:
        raise ItemError("SRC-013", limit=most >> 20)
    handle = _opened(source, relative)
    try:
        _unchanged(handle, size, modified)
        data = os.read(handle, size + 1)
        while len(data) < size:  # the kernel hands out at most 2 GiB a call
            more = os.read(handle, min(size - len(data), _CHUNK))
            if not more:
                raise CheckError("SRC-006", count=1)
            data += more
        if len(data) != size:
            raise CheckError("SRC-006", count=1)
        _unchanged(handle, size, modified)
    except OSError:
        raise ItemError("SRC-005") from None
    finally:
        os.close(handle)
    return data
