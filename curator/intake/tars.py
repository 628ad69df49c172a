"""The members of a tar, and whatever in it is no member, so that nothing of it is lost without a word.

The standard library reads a tar until something is no header, and takes that for its end: a header with one bit changed
hides all that follows. So its readers are asked for one member after the other, and where they stop is looked at here:
an end is two blocks of zeros with nothing but zeros behind them. A further tar behind the first one is read on, as
``tar --ignore-zeros`` does; anything else is told as a rest that nobody can read.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from curator.intake.unpack import BROKEN

_BLOCK = 512
_CHUNK = 1 << 20
#: From here on a size does not fit into eleven octal digits.
_ROOM = 8 << 30
#: Bytes that the headers before one member may take: long names and extended headers are loaded whole.
_MOST_HEADER = 1 << 20


@dataclass(frozen=True)
class TarPart:
    """One part of a tar: a member, or the rest that is none.

    Parameters
    ----------
    name
        The member's name.
    start, size
        Where its bytes lie in the unpacked tar, and how many.
    kind
        ``file``, ``folder``, ``other`` (a link, a device, a sparse file) or ``rest``.
    """

    name: bytes
    start: int
    size: int
    kind: str


class _Headers:
    """A stream as the standard library's reader sees it: no header of any size is loaded."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = _MOST_HEADER
        self.last = b""

    def renew(self) -> None:
        self._left = _MOST_HEADER

    def read(self, size: int = -1) -> bytes:
        self._left -= size
        if size < 0 or self._left < 0:
            raise tarfile.ReadError("header too long")
        self.last = self._stream.read(size)
        return self.last

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def tar_parts(stream: BinaryIO) -> Iterator[TarPart]:
    """Yield the parts of a tar, in its own order; a rest comes last, and only where there is one.

    Parameters
    ----------
    stream
        The tar, unpacked, from its start; seekable.

    Raises
    ------
    Exception
        One of :data:`curator.intake.unpack.BROKEN` when not even the first header can be read.
    """
    at = 0
    while True:
        segment = _Segment(stream, at)
        try:
            yield from segment.members()
        except BROKEN:
            if not segment.end:
                raise
            yield _rest(stream, segment.end)
            return
        behind = _behind_zeros(stream, segment.end)
        if behind is None:
            return
        # Without a single block of zeros before it, what stands there was meant for a header and is damaged.
        if behind == segment.end or not _is_header(stream, behind):
            yield _rest(stream, segment.end)
            return
        at = behind


class _Segment:
    """The members from one place on to where the standard library stops."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self._stream = stream
        self.end = start

    def members(self) -> Iterator[TarPart]:
        """Yield the members; ``end`` is where the last one that was read whole ends."""
        self._stream.seek(self.end)
        headers = _Headers(self._stream)
        opened = tarfile.TarFile(
            fileobj=cast("BinaryIO", headers), mode="r", encoding="utf-8", errors="surrogateescape"
        )
        while True:
            headers.renew()
            info = opened.next()
            if info is None:
                return
            opened.members.clear()  # type: ignore[attr-defined]  # they would all be kept
            end = opened.offset
            sound = _kind(info) != "file" or _is_sound(info, headers.last, end)
            if end <= self.end or not sound or not _reaches(self._stream, end):
                raise tarfile.ReadError("a member does not end where it should")
            yield TarPart(_name(info), info.offset_data, info.size, _kind(info))
            self.end = end


def _name(info: tarfile.TarInfo) -> bytes:
    return info.name.encode("utf-8", "surrogateescape")


def _kind(info: tarfile.TarInfo) -> str:
    if info.isdir():
        return "folder"
    return "file" if info.isreg() and not info.issparse() else "other"


def _is_sound(info: tarfile.TarInfo, header: bytes, end: int) -> bool:
    """Say whether a file's size is the one of its own header, and leads to where the next header is looked for.

    An extended header may give a size where the own header has no room for it, and only there.
    """
    own = tarfile.nti(header[124:136])  # type: ignore[attr-defined]
    same = own == info.size or (info.size >= _ROOM and "size" in info.pax_headers)
    return same and info.offset_data + -(-info.size // _BLOCK) * _BLOCK == end


def _reaches(stream: BinaryIO, end: int) -> bool:
    stream.seek(end - 1)
    return bool(stream.read(1))


def _behind_zeros(stream: BinaryIO, at: int) -> int | None:
    """Return where the first block begins that does not hold zeros alone; None where the tar ends as it should.

    A tar that breaks off before its two blocks of zeros are complete is told as if something stood there.
    """
    stream.seek(at)
    here = at
    while data := stream.read(_CHUNK):
        marks = len(data) - len(data.lstrip(b"\0"))
        if marks < len(data):
            return at + (here + marks - at) // _BLOCK * _BLOCK
        here += len(data)
    return None if here - at >= 2 * _BLOCK else at


def _is_header(stream: BinaryIO, at: int) -> bool:
    stream.seek(at)
    try:
        tarfile.TarInfo.frombuf(stream.read(_BLOCK), "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def _rest(stream: BinaryIO, at: int) -> TarPart:
    stream.seek(at)
    size = 0
    while data := stream.read(_CHUNK):
        size += len(data)
    return TarPart(b"", at, size, "rest")
