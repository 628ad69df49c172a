"""How far the work within one large file is: said where it is done, heard by whoever listens in this process.

Numbers of bytes alone, never what they are. Where nobody listens, and in a small file, saying it does nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

#: Bytes from which on a file is large: smaller ones are done before anybody would ask.
LARGE = 4 << 20

Listener = Callable[[int, int], None]
_listener: Listener | None = None
_size = _done = 0
_looking = False


def listen(listener: Listener | None) -> None:
    """Let somebody hear (bytes done, bytes in all) of the large file that this process works on; None for nobody."""
    global _listener
    _listener = listener


@contextlib.contextmanager
def over(size: int) -> Iterator[None]:
    """Work on a file of so many bytes while the block runs."""
    global _size, _done
    _size, _done = size if size >= LARGE and _listener is not None else 0, 0
    try:
        yield
    finally:
        _size = 0


def large() -> bool:
    """Say whether the file that this process works on is a large one that somebody asks after."""
    return _size > 0


def at(stream: BinaryIO) -> None:
    """Say that the work on the file has come to where its stream stands."""
    if _size and _listener is not None:
        _told(_listener, min(stream.tell(), _size))


def part(done: int, of: int) -> None:
    """Say that so many of the parts of a file are done that is read whole: records, rows, entries."""
    if _size and _listener is not None and of > 0:
        _told(_listener, _size * min(done, of) // of)


def _told(listener: Listener, done: int) -> None:
    global _done
    _done = _done if _looking else done
    listener(_done, _size)


@contextlib.contextmanager
def looking() -> Iterator[None]:
    """Look through a part of the file before the work on it: it goes on, and no more of it is done."""
    global _looking
    _looking = True
    try:
        yield
    finally:
        _looking = False
