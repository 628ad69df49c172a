"""One process at a time, per project and purpose. The lock goes with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from curator.core.errors import UsageError
from curator.core.files import make_folder, translated
from curator.project.paths import Project


@contextmanager
def held(project: Project, name: str) -> Iterator[None]:
    """Hold an exclusive lock.

    Parameters
    ----------
    project
        The project.
    name
        What for, such as ``scrub``; a plain word.

    Raises
    ------
    UsageError
        PRJ-004 when another process holds it.
    """
    make_folder(project.runs)
    with translated():
        handle = os.open(project.runs / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError("PRJ-004", name=name) from None
        yield
    finally:
        os.close(handle)
