"""The voxels of a volume, slice by slice, little-endian, out of whatever they are packed in.

It reads exactly what the header promises: too little, too much, or a checksum that is wrong breaks off with a code. One
slice stands in memory at a time.
"""

from __future__ import annotations

import array
import bz2
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from curator.core.errors import UsageError
from curator.formats.volume.model import WIDTHS, Volume

GZIP = b"\x1f\x8b"
_LETTERS = {
    "uint8": "B",
    "int8": "b",
    "uint16": "H",
    "int16": "h",
    "uint32": "I",
    "int32": "i",
    "uint64": "Q",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}
_CHUNK = 1 << 20
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, OSError)


@contextmanager
def opened(path: Path, gzipped: bool) -> Iterator[IO[bytes]]:
    """Open a file, and inflate it when it is one whole gzip stream and may be one.

    Raises
    ------
    UsageError
        IMP-002 when it cannot be opened.
    """
    try:
        plain = path.open("rb")
    except OSError:
        raise UsageError("IMP-002") from None
    with plain:
        packed = gzipped and plain.read(2) == GZIP
        plain.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=plain) as stream:
                yield stream  # type: ignore[misc]
        else:
            yield plain


def take(stream: Any, count: int) -> bytes:
    """Read up to ``count`` bytes (IMP-003 when the packing is broken)."""
    found = bytearray()
    try:
        while len(found) < count:
            piece = stream.read(min(_CHUNK, count - len(found)))
            if not piece:
                break
            found += piece
    except _BROKEN:
        raise UsageError("IMP-003", reason="its compression is broken or ends too early") from None
    return bytes(found)


class _Bzip2:
    """Inflates a stream from where it stands."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.engine = bz2.BZ2Decompressor()

    def read(self, count: int) -> bytes:
        while not self.engine.eof:
            piece = self.stream.read(_CHUNK) if self.engine.needs_input else b""
            if not piece and self.engine.needs_input:
                raise EOFError
            found = self.engine.decompress(piece, count)
            if found:
                return found
        return b""


class _Words:
    """Turns numbers written as text into little-endian bytes."""

    def __init__(self, stream: Any, kind: str) -> None:
        self.stream = stream
        self.letter = _LETTERS[kind]
        self.whole = kind[0] in "ui"
        self.rest = b""
        self.ready = b""
        self.done = False

    def read(self, count: int) -> bytes:
        while len(self.ready) < count and not self.done:
            piece = self.stream.read(_CHUNK)
            self.done = not piece
            text = (self.rest + piece).replace(b",", b" ")
            words = text.split()
            self.rest = words.pop() if piece and words and not text[-1:].isspace() else b""
            if max(map(len, words), default=0) > 64 or len(self.rest) > 64:
                raise UsageError("IMP-003", reason="a voxel is not a number of its type")
            try:
                made = array.array(self.letter, [int(word) if self.whole else float(word) for word in words])
            except (ValueError, OverflowError):
                raise UsageError("IMP-003", reason="a voxel is not a number of its type") from None
            self.ready += made.tobytes()
        found, self.ready = self.ready[:count], self.ready[count:]
        return found


class _Hex:
    """Turns pairs of hexadecimal digits into bytes."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.odd = b""

    def read(self, count: int) -> bytes:
        while True:
            piece = self.stream.read(2 * count)
            text = self.odd + b"".join(piece.split())
            even = len(text) - len(text) % 2
            self.odd = text[even:]
            try:
                found = bytes.fromhex(text[:even].decode("ascii"))
            except ValueError:
                raise UsageError("IMP-003", reason="a voxel is not a hexadecimal number") from None
            if found or not piece:
                return found


def _unpacked(stream: Any, volume: Volume) -> Any:
    if volume.packing == "gzip":
        return gzip.GzipFile(fileobj=stream)
    if volume.packing == "bzip2":
        return _Bzip2(stream)
    if volume.packing == "ascii":
        return _Words(stream, volume.kind)
    return _Hex(stream) if volume.packing == "hex" else stream


def slices(path: Path, volume: Volume) -> Iterator[bytes]:
    """Yield each slice of each time, little-endian, layers side by side as they stand.

    Parameters
    ----------
    path
        The file with the voxels.
    volume
        Its header; ``start`` bytes are passed over first.

    Raises
    ------
    UsageError
        IMP-002 when it cannot be opened; IMP-003 when it is broken, ends too early, or goes on behind the last slice.
    """
    width = WIDTHS[volume.kind]
    length = volume.slice_values * width
    with opened(path, volume.gzipped) as stream:
        if len(take(stream, volume.start)) < volume.start:
            raise UsageError("IMP-003", reason="it ends within the header")
        source = _unpacked(stream, volume)
        for _ in range(volume.size[2] * volume.times):
            piece = take(source, length)
            if len(piece) < length:
                raise UsageError("IMP-003", reason="it ends before its last slice")
            yield swapped(piece, volume.kind) if volume.big and width > 1 and volume.packing != "ascii" else piece
        if take(source, 1).strip(b"\n\r "):
            raise UsageError("IMP-003", reason="it goes on behind its last slice")


def swapped(piece: bytes, kind: str) -> bytes:
    """Turn the bytes of each voxel around."""
    made = array.array(_LETTERS[kind], piece)
    made.byteswap()
    return made.tobytes()


def layer(piece: bytes, kind: str, number: int, layers: int) -> bytes:
    """Return one of the values that stand side by side at each voxel."""
    return piece if layers == 1 else array.array(_LETTERS[kind], piece)[number::layers].tobytes()
