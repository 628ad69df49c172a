"""Walking a source folder: every entry once, in one order, links not followed, nothing changed.

Paths are bytes, since a file name need not be valid in any encoding, and are never shown.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import UsageError
from curator.intake.archives import HEAD_BYTES, expands, kind_of, listed


@dataclass(frozen=True)
class Found:
    """One entry of a source folder that is no folder (or a folder that cannot be listed).

    Parameters
    ----------
    relative
        Path below the source, as the operating system's bytes. An identifier: for the vault only.
    size
        Bytes.
    modified
        Modification time in nanoseconds since 1970.
    code
        Why it cannot be taken (SRC-004, SRC-005, SRC-007), or None for a regular file.
    """

    relative: bytes = field(repr=False)
    size: int
    modified: int
    code: str | None


def source_folder(path: Path) -> Path:
    """Return a source folder's real path.

    Raises
    ------
    UsageError
        SRC-001 when it is no folder that can be listed.
    """
    try:
        real = path.resolve(strict=True)
        with os.scandir(real):
            pass
    except (OSError, RuntimeError):
        raise UsageError("SRC-001") from None
    return real


def expanded(source: Path) -> Iterator[Found]:
    """Yield every entry below a folder with the members of archives in the place of the archives.

    An archive that cannot be opened, or would unpack to too much, is one entry with its reason. Parameters and order
    as :func:`walk`; members follow in the order of their archive.
    """
    for found in walk(source):
        if found.code is not None or not found.size:
            yield found
            continue
        yield from _members(source, found)


def _members(source: Path, found: Found) -> Iterator[Found]:
    try:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(os.path.join(os.fsencode(source), found.relative), flags)
    except OSError:
        yield found  # whoever reads it next says what is wrong
        return
    with os.fdopen(handle, "rb") as stream:
        try:
            head = stream.read(HEAD_BYTES)
        except OSError:
            yield found
            return
        if kind_of(head) is None or not expands(head, lambda: stream):
            yield found
            return
        for path, size, code in listed(stream, found.relative, found.size):
            yield Found(path, size, found.modified, code)


def walk(source: Path) -> Iterator[Found]:
    """Yield every entry below a folder, in the order of the bytes of its path.

    Parameters
    ----------
    source
        A real folder.

    Yields
    ------
    Found
        Regular files with ``code`` None; links, special files and what cannot be read with their reason.
    """
    yield from _below(os.fsencode(source), b"")


def _below(base: bytes, relative: bytes) -> Iterator[Found]:
    # An explicit stack: the depth of a hostile tree must not be the depth of this program's recursion.
    stack: list[bytes] = [relative]
    while stack:
        at = stack.pop()
        full = os.path.join(base, at) if at else base
        try:
            info = os.lstat(full)
        except OSError:
            yield Found(at, 0, 0, "SRC-005")
            continue
        if at and stat.S_ISLNK(info.st_mode):
            yield Found(at, 0, info.st_mtime_ns, "SRC-004")
        elif stat.S_ISDIR(info.st_mode):
            try:
                names = os.listdir(full)
            except OSError:
                yield Found(at, 0, info.st_mtime_ns, "SRC-005")
                continue
            stack.extend(sorted((at + b"/" + name if at else name for name in names), reverse=True))
        elif stat.S_ISREG(info.st_mode):
            yield Found(at, info.st_size, info.st_mtime_ns, None)
        else:
            yield Found(at, 0, info.st_mtime_ns, "SRC-007")
