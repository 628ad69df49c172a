"""The DICOM files that ship with pydicom, and small builders of hostile bytes."""

from __future__ import annotations

import struct
from pathlib import Path

import pydicom

DATA = Path(pydicom.__file__).parent / "data"
SQ = 0xFFFFFFFF


def shipped() -> list[Path]:
    """Every file below pydicom's data folder, in order."""
    return sorted(path for path in DATA.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})


def explicit(tag: int, vr: bytes, value: bytes = b"", length: int | None = None) -> bytes:
    """One element in explicit VR little endian."""
    size = len(value) if length is None else length
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    if vr in {b"OB", b"OW", b"SQ", b"UN", b"UT"}:
        return head + struct.pack("<HL", 0, size) + value
    return head + struct.pack("<H", size) + value


def implicit(tag: int, value: bytes = b"", length: int | None = None) -> bytes:
    """One element in implicit VR little endian; also an item or a delimiter."""
    return struct.pack("<HHL", tag >> 16, tag & 0xFFFF, len(value) if length is None else length) + value


def item(content: bytes = b"", *, undefined: bool = False) -> bytes:
    """One item."""
    if undefined:
        return implicit(0xFFFEE000, length=SQ) + content + implicit(0xFFFEE00D)
    return implicit(0xFFFEE000, content)


def sequence_end() -> bytes:
    """The sequence delimiter."""
    return implicit(0xFFFEE0DD)


def file_of(body: bytes, uid: bytes = b"1.2.840.10008.1.2.1") -> bytes:
    """A PS3.10 file around an encoded data set."""
    uid += b"\0" * (len(uid) % 2)
    meta = explicit(0x00020010, b"UI", uid)
    return bytes(128) + b"DICM" + explicit(0x00020000, b"UL", struct.pack("<L", len(meta))) + meta + body


UID = explicit(0x00080016, b"UI", b"1.2.840.10008.5.1.4.1.1.2\0")
IMPLICIT = b"1.2.840.10008.1.2"
