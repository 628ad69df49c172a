"""Compressed streams, unpacked as they are read, to their very end.

The standard library passes over whatever stands behind a bzip2 or xz stream when it is not another one: a second stream
with one bit changed would be lost without a word. Here nothing but zeros may stand behind a stream.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 16
#: Whatever the standard library's readers raise for bytes that are not what they should be.
BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    LookupError, RuntimeError, OverflowError, TypeError, AttributeError,
)  # fmt: skip


class _Streams(io.RawIOBase):
    """One or more bzip2 or xz streams, one behind the other, as the bytes that they unpack to."""

    def __init__(self, packed: BinaryIO, kind: str) -> None:
        self._packed = packed
        self._kind = kind
        self._begin()

    def _begin(self) -> None:
        self._packed.seek(0)
        self._at = 0
        self._ahead = b""
        self._one: bz2.BZ2Decompressor | lzma.LZMADecompressor | None = self._fresh()

    def _fresh(self) -> bz2.BZ2Decompressor | lzma.LZMADecompressor:
        return bz2.BZ2Decompressor() if self._kind == "bzip2" else lzma.LZMADecompressor(lzma.FORMAT_XZ)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer).cast("B") as view:
            data = self._more(len(view))
            view[: len(data)] = data
        return len(data)

    def _more(self, most: int) -> bytes:
        """Return some of the bytes that follow, at most so many; none at the end."""
        while self._one is not None:
            if self._one.eof:
                self._next_stream()
                continue
            packed = self._ahead
            self._ahead = b""
            if not packed and self._one.needs_input:
                packed = self._packed.read(_CHUNK)
                if not packed:
                    raise EOFError("the stream breaks off")
            data = self._one.decompress(packed, most)
            if data:
                self._at += len(data)
                return data
        return b""

    def _next_stream(self) -> None:
        """Go on to the stream behind the one that ended, or to the end behind zeros."""
        found = self._one.unused_data if self._one is not None else b""
        while not (found := found.lstrip(b"\0")):
            found = self._packed.read(_CHUNK)
            if not found:
                self._one = None
                return
        self._ahead = found
        self._one = self._fresh()

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence != 0:
            raise ValueError("only from the start")
        if offset < self._at:
            self._begin()
        while self._at < offset and self._more(min(offset - self._at, _CHUNK)):
            pass
        return self._at


def unpacker(stream: BinaryIO, kind: str) -> BinaryIO:
    """Return what a gzip, bzip2 or xz stream unpacks to, as a stream from its start.

    Parameters
    ----------
    stream
        The packed one, seekable.
    kind
        ``gzip``, ``bzip2`` or ``xz``.
    """
    stream.seek(0)
    if kind == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    return cast("BinaryIO", io.BufferedReader(_Streams(stream, kind), _CHUNK))
