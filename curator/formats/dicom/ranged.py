"""Bytes that are read when they are asked for: of an open file, or of pieces that were never joined.

A file of gigabytes is walked and written through these, so that only headers and one piece at a time stand in memory.
Read by ``pread`` and not mapped: a file that shrinks meanwhile, or a device that fails, is an error and no signal.
"""

from __future__ import annotations

import contextlib
import errno
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from curator.core.errors import CheckError, ItemError

CHUNK = 1 << 20
#: Files longer than this are not loaded.
LOADED_MOST = 32 << 20


class Ranged:
    """A range of bytes somewhere.

    Parameters
    ----------
    read
        Returns the bytes at a place, as many as asked for.
    start, stop
        Where the range begins and ends there.
    """

    __slots__ = ("_read", "_start", "_stop")

    def __init__(self, read: Callable[[int, int], bytes], start: int, stop: int) -> None:
        self._read = read
        self._start = start
        self._stop = stop

    def __len__(self) -> int:
        return self._stop - self._start

    def __getitem__(self, part: slice) -> Ranged:
        start, stop, step = part.indices(len(self))
        if step != 1:
            raise ValueError("a range has no steps")
        return Ranged(self._read, self._start + start, self._start + max(start, stop))

    def __bytes__(self) -> bytes:
        return self._read(self._start, len(self))

    def at(self, place: int, size: int) -> bytes:
        """Return up to ``size`` bytes from a place of the range on."""
        begin = self._start + place
        return self._read(begin, max(0, min(size, self._stop - begin)))

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces of 1 MiB."""
        for at in range(0, len(self), CHUNK):
            yield self.at(at, CHUNK)


#: A value, or a piece of a file, as it is at hand.
Piece = bytes | memoryview | Ranged


def file_range(handle: int, size: int) -> Ranged:
    """Return the bytes of an open file.

    Parameters
    ----------
    handle
        A file descriptor, which must stay open.
    size
        The bytes that the file has.

    Raises
    ------
    ItemError
        SRC-005 when the device fails, at any later reading.
    CheckError
        SRC-006 when the file has become shorter, at any later reading.
    """

    def read(at: int, count: int) -> bytes:
        found = []
        while count:
            try:
                piece = os.pread(handle, min(count, 1 << 30), at)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                raise ItemError("SRC-005") from None
            if not piece:
                raise CheckError("SRC-006", count=1)
            found.append(piece)
            at, count = at + len(piece), count - len(piece)
        return found[0] if len(found) == 1 else b"".join(found)

    return Ranged(read, 0, size)


def piece_range(pieces: Sequence[Piece]) -> Ranged:
    """Return pieces as if they were joined."""
    begins = [0, *accumulate(map(len, pieces))]

    def read(at: int, count: int) -> bytes:
        found = []
        index = bisect_right(begins, at) - 1
        while count:
            piece, place = pieces[index], at - begins[index]
            part = piece.at(place, count) if isinstance(piece, Ranged) else bytes(piece[place : place + count])
            found.append(part)
            at, count, index = at + len(part), count - len(part), index + 1
        return b"".join(found)

    return Ranged(read, 0, begins[-1])


def spread(piece: Piece) -> Iterator[bytes | memoryview]:
    """Yield a piece in parts that may stand in memory."""
    if isinstance(piece, Ranged):
        yield from piece.chunks()
    else:
        yield piece


def joined(pieces: Sequence[Piece]) -> bytes:
    """Return pieces as one, for what is known to be short."""
    with contextlib.suppress(TypeError):  # which is raised when some piece has to be read
        return b"".join(pieces)  # type: ignore[arg-type]
    return b"".join(bytes(piece) if isinstance(piece, Ranged) else piece for piece in pieces)


def coalesced(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join neighboring short pieces, so that few are left; long ones stay as they are, uncopied."""
    if sum(map(len, pieces)) <= LOADED_MOST:
        return (joined(pieces),)
    found: list[Piece] = []
    short: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Ranged) or len(piece) > CHUNK:
            found += [joined(short), piece]
            short = []
        else:
            short.append(piece)
    found.append(joined(short))
    return tuple(piece for piece in found if len(piece))
