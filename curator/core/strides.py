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
_size = 0


def listen(listener: Listener | None) -> None:
    """Let somebody hear (bytes done, bytes in all) of the large file that this process works on; None for nobody."""
    global _listener
    _listener = listener


@contextlib.contextmanager
def over(size: int) -> Iterator[None]:
    """Work on a file of so many bytes while the block runs."""
    global _size
    _size = size if size >= LARGE and _listener is not None else 0
    try:
        yield
    finally:
        _size = 0


def at(stream: BinaryIO) -> None:
    """Say that the work on the file has come to where its stream stands."""
    if _size and _listener is not None:
        _listener(min(stream.tell(), _size), _size)
