"""Writing files whole or not at all.

A reader sees either the old bytes or the new ones: data go to a temporary name beside the target, are flushed to the
disk, and get their name in one step. A temporary name holds nothing but randomness.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from curator.core.errors import CheckError

TEMP_PREFIX = ".curator-tmp-"
#: What says that nothing of that name stands there, and no more.
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP}
#: What some errors of the system mean, for who does not know its words.
_MEANT = {
    errno.EROFS: "EROFS: it is mounted for reading only",
    errno.EACCES: "EACCES: it may not be done by this user",
    errno.EPERM: "EPERM: it may not be done by this user",
}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class translated:  # noqa: N801 - it is used as a word of the language
    """Turn an OSError of the enclosed block into a CheckError that names no path.

    A class, since it stands around each of many small files, and a generator takes ten times as long.

    Raises
    ------
    CheckError
        SYS-001 when the disk is full, SYS-002 otherwise.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say of an OSError what it means."""
        if not isinstance(error, OSError):
            return
        if error.errno in _FULL:
            raise CheckError("SYS-001") from None
        number = error.errno or 0
        raise CheckError("SYS-002", reason=_MEANT.get(number, errno.errorcode.get(number, "unknown"))) from None


def unwritable(folder: Path) -> str | None:
    """Return why nothing can be written into a folder, or into the one above it that there is; None where it can.

    Writes a file and removes it again: permissions alone do not say it, on a file system that is mounted for reading.

    Parameters
    ----------
    folder
        The folder, which may be lacking as yet.

    Returns
    -------
    str or None
        The name of the system's error, such as ``EROFS``.
    """
    try:
        there = next(one for one in (folder, *folder.absolute().parents) if os.path.lexists(one))
        temp = there / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
        os.close(os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.unlink(temp)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "unknown")
    return None


def sync_folder(folder: Path | str) -> None:
    """Flush a folder's entries to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_temp(folder: str, data: bytes | memoryview, mode: int) -> str:
    temp = os.path.join(folder, f"{TEMP_PREFIX}{secrets.token_hex(8)}")
    handle = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temp)
        raise
    return temp


def _is_folder(path: str) -> bool:
    """Say whether a folder stands there; what cannot be looked at is an error, not an answer."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        return False


def make_folder(folder: Path | str, mode: int = 0o777, *, flush: bool = True) -> None:
    """Create a folder with its parents and flush the entries.

    Parameters
    ----------
    folder
        The folder to make. It may be there already.
    mode
        Permission bits of the last folder, before the umask.
    flush
        Flush the entries of folders that are made. A caller that makes many may do that once for all with
        :func:`sync_folders`, before it says so.

    Raises
    ------
    CheckError
        SYS-001, SYS-002 as :func:`write_whole`; SYS-002 also when something else than a folder stands there.
    """
    with translated():
        missing = []
        at = last = os.fspath(folder)
        if not flush:  # it is asked for since it is thought to be missing
            with contextlib.suppress(FileNotFoundError, FileExistsError):
                os.mkdir(last, mode)
                return
        while not _is_folder(at):
            missing.append(at)
            at = os.path.dirname(at) or os.curdir
        for step in reversed(missing):
            try:
                os.mkdir(step, mode if step == last else 0o777)
            except FileExistsError:
                if not _is_folder(step):
                    raise
            if flush:
                sync_folder(os.path.dirname(step) or os.curdir)


def sync_folders(root: Path | str, folders: Iterable[str]) -> None:
    """Flush the entries of folders and of all above them, up to and without a root.

    Parameters
    ----------
    root
        Where they stand; its own entries are not flushed.
    folders
        Paths below it, parted by slashes.
    """
    whole: set[str] = set()
    for folder in folders:
        at = folder
        while at and at not in whole:
            whole.add(at)
            at = at.rpartition("/")[0]
    for folder in sorted(whole, reverse=True):
        sync_folder(f"{root}/{folder}")


def write_whole(path: Path | str, data: bytes | memoryview, mode: int = 0o666, *, flush_folder: bool = True) -> None:
    """Write a file so that it is seen whole or not at all, replacing what stood there.

    Parameters
    ----------
    path
        The file's final name; its folder must exist.
    data
        The bytes.
    mode
        Permission bits, before the umask.
    flush_folder
        Flush the folder's entry too. A caller that writes many files may do that once for all, before it says so.

    Raises
    ------
    CheckError
        SYS-001 when the disk is full, SYS-002 for other refusals of the operating system.
    """
    with translated():
        folder = os.path.dirname(path) or os.curdir
        temp = _write_temp(folder, data, mode)
        try:
            os.rename(temp, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temp)
            raise
        if flush_folder:
            sync_folder(folder)


def put_if_absent(path: Path, data: bytes | memoryview, mode: int = 0o666) -> bool:
    """Write a file whole, only if nothing has its name yet.

    Parameters
    ----------
    path
        The file's final name; its folder must exist.
    data
        The bytes.
    mode
        Permission bits, before the umask.

    Returns
    -------
    bool
        True if this call put it there, False if something stood there already (and still stands, unchanged).

    Raises
    ------
    CheckError
        SYS-001, SYS-002 as :func:`write_whole`; SYS-003 when the file system has no hard links.
    """
    with translated():
        temp = _write_temp(os.fspath(path.parent), data, mode)
        try:
            os.link(temp, path)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
                raise CheckError("SYS-003") from None
            raise
        finally:
            with contextlib.suppress(OSError):
                os.unlink(temp)
        sync_folder(path.parent)
    return True


def sweep_temps(folder: Path) -> int:
    """Remove the temporary files that a killed process left below a folder, and say how many there were.

    Only call it while holding the lock that keeps other writers out of the folder.
    """
    count = 0
    for base, _, names in os.walk(folder):
        for name in names:
            if name.startswith(TEMP_PREFIX):
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(base, name))
                    count += 1
    return count


@contextlib.contextmanager
def writing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Write a file in pieces so that it is seen whole or not at all, replacing what stood there.

    The block gets a binary stream. When it ends well, the bytes are flushed and get their name; the folder's entry is
    left for the caller to flush, once for many files. When it raises, nothing is left.

    Parameters
    ----------
    path
        The file's final name; its folder must exist.
    mode
        Permission bits, before the umask.

    Raises
    ------
    CheckError
        SYS-001 when the disk is full, SYS-002 for other refusals of the operating system.
    """
    temp = path.parent / f"{TEMP_PREFIX}{secrets.token_hex(8)}"
    try:
        with translated():
            handle = os.open(temp, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
            with os.fdopen(handle, "w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.rename(temp, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temp.unlink()
        raise
