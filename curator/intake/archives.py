"""Archives in a source folder: their members are listed and read as if they were files, never unpacked to the disk.

zip, tar, gzip, bzip2 and xz, nested to a bounded depth. A member's path below the source is the archive's path, a NUL
and the member's name: a NUL stands in no path, so the two cannot be confused. What would unpack to far more than it
should is refused as a whole before it is read. No name of a member may reach an error.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from curator.core.errors import ItemError
from curator.intake.sniff import Kind, sniff
from curator.intake.tars import tar_parts
from curator.intake.unpack import BROKEN, unpacker
from curator.intake.zips import zip_layout

#: Between an archive's path and its member's name.
SEPARATOR = b"\0"
MOST_LEVELS = 3
MOST_MEMBERS = 200_000
#: Unpacked bytes of one archive, and how many times its own size it may unpack to once it is large.
MOST_UNPACKED = 64 << 30
MOST_RATIO = 250
LARGE = 64 << 20
HEAD_BYTES = 8192
_CHUNK = 1 << 20
_MAGIC = (
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (257, b"ustar", "tar"),
)
#: Stands in the place of a member's name for what is left of an archive that cannot be read whole. No name is like it.
_REST = SEPARATOR + b"rest"
_OFFICE = {"xl/workbook.xml": "excel", "xl/workbook.bin": "office", "word/document.xml": "office"}


@dataclass(frozen=True)
class Member:
    """One file in an archive.

    Parameters
    ----------
    name
        Its name, as bytes that :class:`Archive` finds it by.
    size
        Its unpacked bytes.
    code
        Why it cannot be taken, or None.
    """

    name: bytes
    size: int
    code: str | None


def kind_of(head: bytes) -> str | None:
    """Say which kind of archive begins with some bytes (the first 512 suffice); None for what is none."""
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    return None


def office_kind(stream: BinaryIO) -> str | None:
    """Say whether a zip is an office document: ``excel`` for a workbook, ``office`` for another, None for neither.

    One with bytes that belong to none of its parts, such as an archive before it, is none: its reader would pass over
    them.
    """
    try:
        with zipfile.ZipFile(stream) as opened:
            kind = _office_of(set(opened.namelist()))
            return None if kind is None or zip_layout(stream, opened).unlisted else kind
    except BROKEN:
        return None


def _office_of(names: set[str]) -> str | None:
    for name, kind in _OFFICE.items():
        if name in names:
            return kind
    return "office" if "[Content_Types].xml" in names or "mimetype" in names else None


def members(stream: BinaryIO, kind: str, size: int) -> list[Member]:
    """List the files of an archive, in its own order.

    Parameters
    ----------
    stream
        The archive, seekable.
    kind
        As :func:`kind_of` says.
    size
        Its bytes.

    Raises
    ------
    ItemError
        ARC-001 when it would unpack to too much, ARC-007 when it is damaged.
    """
    try:
        if kind == "zip":
            return _zipped(stream, size)
        if kind == "tar" or _holds_tar(stream, kind):
            return _tarred(stream, kind, size)
        return [Member(b"content", _unpacked_size(stream, kind, size), None)]
    except BROKEN:
        raise ItemError("ARC-007") from None


class Archive:
    """An archive held open, so that many members are read without finding each anew.

    Parameters
    ----------
    stream
        The archive, seekable; it must stay open as long as this is used.

    Raises
    ------
    ItemError
        ARC-007 when it is damaged.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        stream.seek(0)
        kind = kind_of(stream.read(512))
        stream.seek(0)
        self._zip: zipfile.ZipFile | None = None
        self._tars: dict[bytes, tuple[int, int]] | None = None
        self._kind = kind or ""
        try:
            if kind == "zip":
                self._zip = zipfile.ZipFile(stream)
                infos = reversed(self._zip.infolist())  # of two members with one name the first counts
                self._infos = {_zip_name(info): info for info in infos}
            elif kind == "tar" or (kind is not None and _holds_tar(stream, kind)):
                self._unpacked = stream if kind == "tar" else unpacker(stream, kind)
                self._tars = {}
                for part in tar_parts(self._unpacked):
                    if part.kind == "file":
                        self._tars.setdefault(part.name, (part.start, part.size))
            elif kind is None:
                raise ItemError("ARC-007")
        except BROKEN:
            raise ItemError("ARC-007") from None

    def _start(self, name: bytes, most: int) -> bytes:
        """Return the first bytes of a member, at most so many."""
        if self._tars is not None:
            start, size = self._tars[name]
            self._unpacked.seek(start)
            return self._unpacked.read(min(size, most))
        if self._zip is None:
            with unpacker(self._stream, self._kind) as opened:
                return opened.read(most)
        # The library stops at the size that a table says; asked for one more, it tells a member that holds more.
        info = copy.copy(self._infos[name])
        info.file_size += 1
        with self._zip.open(info) as member:
            return member.read(most)

    def head(self, name: bytes) -> bytes:
        """Return the first bytes of a member.

        Raises
        ------
        ItemError
            ARC-007 when they cannot be read.
        """
        try:
            return self._start(name, HEAD_BYTES)
        except BROKEN:
            raise ItemError("ARC-007") from None

    def read(self, name: bytes, size: int) -> BinaryIO:
        """Return a member's bytes as a stream in memory.

        Raises
        ------
        ItemError
            ARC-007 when it cannot be read whole, or is not of the size that was listed.
        """
        try:
            data = self._start(name, size + 1)
        except BROKEN:
            raise ItemError("ARC-007") from None
        if len(data) != size:
            raise ItemError("ARC-007")
        return io.BytesIO(data)

    def size(self, name: bytes) -> int:
        """Return the unpacked bytes of a member, as the archive says."""
        if self._zip is not None and name in self._infos:
            return self._infos[name].file_size
        if self._tars is not None and name in self._tars:
            return self._tars[name][1]
        return _unpacked_size(self._stream, self._kind, MOST_UNPACKED)


def _zip_name(info: zipfile.ZipInfo) -> bytes:
    return info.filename.encode("utf-8", "surrogateescape")


def _zipped(stream: BinaryIO, size: int) -> list[Member]:
    found: list[Member] = []
    seen = {_REST}
    with zipfile.ZipFile(stream) as opened:
        infos = [info for info in opened.infolist() if not info.is_dir()]
        _bounded(len(infos), sum(info.file_size for info in infos), size)
        layout = zip_layout(stream, opened)
    if layout.overlap or sum(info.compress_size for info in infos) > size:
        raise ItemError("ARC-001", reason="its members overlap")
    for part in layout.parts:
        if part.folder and part.code is None:
            continue
        name = _zip_name(part.info)
        found.append(_member(name, part.info.file_size, part.code, seen, len(found)))
    if layout.unlisted:
        found.append(Member(_REST, layout.unlisted, "ARC-007"))
    return found


def _member(name: bytes, size: int, code: str | None, seen: set[bytes], number: int) -> Member:
    """Return a member by its name, by one of its own where the archive holds the name already or it leads out."""
    code = _unsafe(name) or code
    if name in seen:
        code = "ARC-005"
        name = name + SEPARATOR + str(number).encode()
    seen.add(name)
    return Member(name, size, code)


def _tarred(stream: BinaryIO, kind: str, size: int) -> list[Member]:
    found: list[Member] = []
    seen = {_REST}
    if kind != "tar":
        _unpacked_size(stream, kind, size)
    unpacked = 0
    for part in tar_parts(stream if kind == "tar" else unpacker(stream, kind)):
        if part.kind == "rest":
            found.append(Member(_REST, part.size, "ARC-007"))
        elif part.kind != "folder":
            unpacked += part.size
            _bounded(len(found) + 1, unpacked, size if kind != "tar" else max(size, unpacked))
            made = _member(part.name, part.size, None if part.kind == "file" else "ARC-006", seen, len(found))
            found.append(made if made.code is None else Member(made.name, 0, made.code))
    return found


def _unsafe(name: bytes) -> str | None:
    parts = name.replace(b"\\", b"/").split(b"/")
    outside = name.startswith((b"/", b"\\")) or b".." in parts or name[1:2] == b":" or SEPARATOR in name or not name
    return "ARC-003" if outside else None


def _bounded(count: int, unpacked: int, size: int) -> None:
    if count > MOST_MEMBERS:
        raise ItemError("ARC-001", reason="too many members")
    if unpacked > MOST_UNPACKED or (unpacked > LARGE and unpacked > MOST_RATIO * max(size, 1)):
        raise ItemError("ARC-001", reason="too large when unpacked")


def _holds_tar(stream: BinaryIO, kind: str) -> bool:
    with unpacker(stream, kind) as opened:
        head = opened.read(512)
    return kind_of(head) == "tar"


def _unpacked_size(stream: BinaryIO, kind: str, size: int) -> int:
    total = 0
    with unpacker(stream, kind) as opened:
        while data := opened.read(_CHUNK):
            total += len(data)
            _bounded(1, total, size)
    return total


def listed(stream: BinaryIO, relative: bytes, size: int, level: int = 0) -> Iterator[tuple[bytes, int, str | None]]:
    """Yield (path below the source, size, code) of what an archive holds, archives inside of it included.

    Parameters
    ----------
    stream
        A file that :func:`expands` said yes to.
    relative
        Its path below the source.
    size
        Its bytes.
    level
        How many archives it lies in.
    """
    if level >= MOST_LEVELS:
        yield relative, size, "ARC-008"
        return
    try:
        stream.seek(0)
        kind = kind_of(stream.read(512))
        stream.seek(0)
        if kind is None:
            raise ItemError("ARC-002")
        found = members(stream, kind, size)
        archive = Archive(stream)
    except ItemError as error:
        yield relative, size, error.code
        return
    if not found:
        yield relative, size, "ARC-009"
    for member in found:
        path = relative + SEPARATOR + member.name
        if member.code is not None or not member.size:
            yield path, member.size, member.code
            continue
        try:
            inner: BinaryIO | None = None
            head = archive.head(member.name)
            if kind_of(head) is not None and expands(head, partial(archive.read, member.name, member.size)):
                inner = archive.read(member.name, member.size)
        except ItemError as error:
            yield path, member.size, error.code
            continue
        if inner is None:
            yield path, member.size, None
        else:
            yield from listed(inner, path, member.size, level + 1)


def expands(head: bytes, opened: Callable[[], BinaryIO]) -> bool:
    """Say whether a file is an archive whose members count: no compressed volume and no office document.

    Parameters
    ----------
    head
        Its first bytes.
    opened
        Returns its stream; only called for a zip.
    """
    kind = kind_of(head)
    if kind is None or sniff(head, 1 << 30) is not Kind.ARCHIVE:
        return False
    return kind != "zip" or office_kind(opened()) is None


def inside(archive: Archive, names: list[bytes], size: int) -> BinaryIO:
    """Return the stream of a member of an archive, or of archives in it.

    Parameters
    ----------
    archive
        The outermost.
    names
        The names of the members, outermost first.
    size
        The unpacked bytes of the innermost.

    Raises
    ------
    ItemError
        ARC-007 when it cannot be read whole.
    """
    for name in names[:-1]:
        archive = Archive(archive.read(name, archive.size(name)))
    return archive.read(names[-1], size)
