"""Who uses a vault: locks that go with the process, however it ends.

``use.lock``: everybody who opened the vault shares it; what gives the vault another master key needs it alone.
``write.lock``: shared for the moment of each write; a backup holds it alone while it links the files of one instant.
Nothing here reads or writes a document.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from curator.core.errors import UsageError
from curator.core.files import translated

USE = "use.lock"
WRITE = "write.lock"
BACKUP = "backup.lock"


class Hold:
    """A lock on a file, held until :meth:`release`, or until nothing refers to it, or until the process ends.

    Parameters
    ----------
    path
        The lock's file; its folder must exist.
    """

    def __init__(self, path: Path) -> None:
        with translated():
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.release = weakref.finalize(self, os.close, self._handle)

    def take(self, *, alone: bool) -> Hold:
        """Take the lock with others or alone, or change from one to the other, without waiting.

        Raises
        ------
        UsageError
            VLT-030 when somebody else's hold forbids it.
        """
        try:
            fcntl.flock(self._handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError("VLT-030") from None
        return self


@contextmanager
def _waited(path: Path, how: int) -> Iterator[None]:
    with translated():
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def write_allowed(folder: Path) -> AbstractContextManager[None]:
    """Return a context in which a document below a folder of the vault may be written or removed; waits its turn."""
    return _waited(folder / WRITE, fcntl.LOCK_SH)


def writers_paused(folder: Path) -> AbstractContextManager[None]:
    """Return a context in which nobody writes a document below a folder of the vault. Keep it short."""
    return _waited(folder / WRITE, fcntl.LOCK_EX)
