"""The members of a zip, and the bytes of it that belong to none, so that nothing of it is lost without a word.

A zip is read by the table at its end. What the table does not list is passed over by every reader: a whole zip before
another one, a member whose row is missing, bytes between members. So each byte is accounted for here: by the table, by
a member whose own header says what its row says, or by zeros. What is left belongs to nothing that can be read.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_WIDE_END, _WIDE_LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_LOCATOR_BYTES = 20
_UNKNOWN = 0xFFFFFFFF
_CHUNK = 1 << 20
#: Methods that are read: stored, deflated, bzip2, LZMA.
_STORED, _DEFLATED = 0, 8
_METHODS = frozenset({_STORED, _DEFLATED, 12, 14})
#: What a method may need to say that there is nothing.
_NOTHING = 64


@dataclass(frozen=True)
class ZipPart:
    """A member of a zip.

    Parameters
    ----------
    info
        As the standard library tells it.
    code
        Why it cannot be taken, or None.
    folder
        Whether it is a folder, and as such holds nothing.
    """

    info: zipfile.ZipInfo
    code: str | None
    folder: bool


@dataclass(frozen=True)
class ZipLayout:
    """What a zip is made of.

    Parameters
    ----------
    parts
        Its members, in the order of its table.
    overlap
        Whether members share bytes.
    unlisted
        How many bytes, zeros left out of account, belong to nothing that its table lists.
    """

    parts: list[ZipPart]
    overlap: bool
    unlisted: int


def zip_layout(stream: BinaryIO, opened: zipfile.ZipFile) -> ZipLayout:
    """Account for every byte of a zip.

    Parameters
    ----------
    stream
        The zip, seekable.
    opened
        The same, opened.
    """
    at, unlisted, overlap = 0, 0, False
    codes: dict[int, str | None] = {}
    infos = opened.infolist()
    for number, info in sorted(enumerate(infos), key=lambda one: one[1].header_offset):
        end, code = _proven(stream, info)
        overlap = overlap or info.header_offset < at
        unlisted += _bytes_of_nothing(stream, at, info.header_offset)
        codes[number], at = code, max(at, end)
    overlap = overlap or at > opened.start_dir
    unlisted += _bytes_of_nothing(stream, at, opened.start_dir) + _behind_table(stream, opened, len(infos))
    parts = [ZipPart(info, codes[number], info.is_dir()) for number, info in enumerate(infos)]
    return ZipLayout(parts, overlap, unlisted)


def _proven(stream: BinaryIO, info: zipfile.ZipInfo) -> tuple[int, str | None]:
    """Return where a member ends, and why it cannot be taken: its own header must say what its row says."""
    stream.seek(info.header_offset)
    raw = stream.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or raw[:4] != b"PK\x03\x04":
        return info.header_offset, "ARC-007"
    _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = _LOCAL.unpack(raw)
    name = stream.read(name_bytes)
    start = info.header_offset + _LOCAL.size + name_bytes + extra_bytes
    end = start + info.compress_size
    said = [(crc, info.CRC), (packed, info.compress_size), (size, info.file_size)]
    if flags & 8:
        # The numbers stand behind the data; the header holds zeros, or already what they will be.
        said = [one for one in said if one[0]]
        behind = _descriptor(stream, end, info)
        same = behind > 0 or len(said) == 3 or not info.file_size
        end += behind
    else:
        same = True
    # 2^32 - 1 stands for a number that the extra field holds.
    same = same and all(here in {there, _UNKNOWN} for here, there in said)
    same = same and method == info.compress_type and name == _raw_name(info) and not (flags ^ info.flag_bits) & 1
    return end, _code(stream, info, start) if same else "ARC-007"


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")


def _code(stream: BinaryIO, info: zipfile.ZipInfo, start: int) -> str | None:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "ARC-006"
    if info.flag_bits & 1 or info.compress_type not in _METHODS:
        return "ARC-004"
    # What is said to be a folder or empty is not read by anybody, so it must hold nothing.
    if info.is_dir() or not info.file_size:
        return None if _holds_nothing(stream, info, start) else "ARC-007"
    return None


def _holds_nothing(stream: BinaryIO, info: zipfile.ZipInfo, start: int) -> bool:
    if info.file_size or info.CRC or info.compress_size > (_NOTHING if info.compress_type else 0):
        return False
    if info.compress_type != _DEFLATED:
        return True
    stream.seek(start)
    try:
        return not zlib.decompressobj(-15).decompress(stream.read(info.compress_size), 1)
    except zlib.error:
        return False


def _descriptor(stream: BinaryIO, at: int, info: zipfile.ZipInfo) -> int:
    """Return how many bytes the numbers behind a member's data take; 0 when they are not there or say another thing."""
    stream.seek(at)
    found = stream.read(24)
    for sizes in ("<LLL", "<LQQ"):
        try:
            said = struct.pack(sizes, info.CRC, info.compress_size, info.file_size)
        except struct.error:  # larger than four bytes hold
            continue
        for numbers in (b"PK\x07\x08" + said, said):
            if found.startswith(numbers):
                return len(numbers)
    return 0


def _behind_table(stream: BinaryIO, opened: zipfile.ZipFile, count: int) -> int:
    """Return how many bytes from the table on belong to nothing; a table of another length than it says counts too."""
    table = sum(46 + len(_raw_name(one)) + len(one.extra) + len(one.comment) for one in opened.infolist())
    at = opened.start_dir + table
    stream.seek(at)
    wide = stream.read(12)
    if wide[:4] == _WIDE_END:
        at += 12 + struct.unpack("<Q", wide[4:12])[0]
        stream.seek(at)
        if stream.read(4) == _WIDE_LOCATOR:
            at += _LOCATOR_BYTES
    stream.seek(at)
    raw = stream.read(_END.size)
    if len(raw) < _END.size or raw[:4] != b"PK\x05\x06":
        return max(1, _bytes_of_nothing(stream, at, stream.seek(0, 2)))
    _, _, _, _, total, _, _, comment = _END.unpack(raw)
    missing = int(total not in {count & 0xFFFF, 0xFFFF})
    behind = at + _END.size + comment
    last = stream.seek(0, 2)
    return missing + int(behind > last) + _bytes_of_nothing(stream, behind, last)


def _bytes_of_nothing(stream: BinaryIO, start: int, end: int) -> int:
    """Return the bytes between two places, 0 when there are none or they are zeros alone."""
    stream.seek(start)
    left = end - start
    while left > 0 and (data := stream.read(min(left, _CHUNK))):
        left -= len(data)
        if data.strip(b"\0"):
            return end - start
    return 0
