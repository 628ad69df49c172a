"""DICOM files built byte by byte, not by the library that the product reads with, and a way through both passes."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable

from curator.scrub.dicom import Rewritten, Subject
from curator.scrub.dicom.harvest import harvest
from curator.scrub.dicom.rewrite import rewrite
from curator.scrub.policy import load_policy

SECRET = b"QZSECRET"
ROOT = b"1.2.826.0.1.3680043.8.498."
EXPLICIT, IMPLICIT = b"1.2.840.10008.1.2.1", b"1.2.840.10008.1.2"
DEFLATED, BASELINE = b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.4.50"
CT = b"1.2.840.10008.5.1.4.1.1.2"
UNDEFINED = 0xFFFFFFFF
_LONG = {"OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UC", "UR", "UT", "SV", "UV"}

Values = dict[int, tuple[str, bytes]]


def element(tag: int, vr: str, value: bytes, *, implicit: bool = False, length: int | None = None) -> bytes:
    """One encoded element, little endian; an odd value is padded unless a length is declared."""
    if length is None:
        value += (b"\0" if vr in {"UI", "OB", "UN"} else b" ") * (len(value) % 2)
        length = len(value)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack("<L", length) + value
    if vr in _LONG:
        return head + vr.encode() + b"\0\0" + struct.pack("<L", length) + value
    return head + vr.encode() + struct.pack("<H", length) + value


def item(body: bytes, *, undefined: bool = False) -> bytes:
    """One item of a sequence, or one fragment."""
    if undefined:
        return struct.pack("<HHL", 0xFFFE, 0xE000, UNDEFINED) + body + struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(body)) + body


def delimiter() -> bytes:
    """The end of a sequence of undefined length."""
    return struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def usual() -> Values:
    """A CT image of the chest, 2 x 2 pixels, of one made-up person."""
    return {
        0x00080005: ("CS", b"ISO_IR 100"),
        0x00080008: ("CS", b"ORIGINAL\\PRIMARY\\AXIAL"),
        0x00080016: ("UI", CT),
        0x00080018: ("UI", ROOT + b"1"),
        0x00080020: ("DA", b"20190302"),
        0x00080030: ("TM", b"101112"),
        0x00080060: ("CS", b"CT"),
        0x00100010: ("PN", b"Smith^Johnathan"),
        0x00100020: ("LO", b"MRN-123456"),
        0x00100030: ("DA", b"19610405"),
        0x00100040: ("CS", b"M"),
        0x00180015: ("CS", b"CHEST"),
        0x0020000D: ("UI", ROOT + b"2"),
        0x0020000E: ("UI", ROOT + b"3"),
        0x00280002: ("US", b"\1\0"),
        0x00280004: ("CS", b"MONOCHROME2"),
        0x00280010: ("US", b"\2\0"),
        0x00280011: ("US", b"\2\0"),
        0x00280100: ("US", b"\x10\0"),
        0x00280101: ("US", b"\x10\0"),
        0x00280102: ("US", b"\x0f\0"),
        0x00280103: ("US", b"\0\0"),
        0x7FE00010: ("OW", b"\1\0\2\0\3\0\4\0"),
    }


def file_of(
    values: Values | None = None,
    *,
    without: Iterable[int] = (),
    extra: bytes = b"",
    tail: bytes = b"",
    syntax: bytes = EXPLICIT,
    fragments: list[bytes] | None = None,
    preamble: bytes = bytes(128),
    meta_extra: bytes = b"",
) -> bytes:
    """The usual file with changes: ``extra`` are encoded elements in front of the pixel data, ``tail`` bytes behind."""
    changed = {**usual(), **(values or {})}
    kept = {tag: pair for tag, pair in changed.items() if tag not in set(without)}
    if fragments is not None:
        kept.pop(0x7FE00010, None)
    implicit = syntax == IMPLICIT
    parts = {tag: element(tag, vr, value, implicit=implicit) for tag, (vr, value) in sorted(kept.items())}
    body = b"".join(part for tag, part in parts.items() if tag < 0x7FE00000) + extra
    body += b"".join(part for tag, part in parts.items() if tag >= 0x7FE00000)
    if fragments is not None:
        body += struct.pack("<HH", 0x7FE0, 0x10) + b"OB\0\0" + b"\xff" * 4
        body += b"".join(item(one + b"\0" * (len(one) % 2)) for one in fragments) + delimiter()
    if syntax == DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packer.compress(body) + packer.flush()
    meta = element(0x00020001, "OB", b"\0\1") + element(0x00020002, "UI", CT)
    meta += element(0x00020003, "UI", ROOT + b"1") + element(0x00020010, "UI", syntax) + meta_extra
    return preamble + b"DICM" + element(0x00020000, "UL", struct.pack("<L", len(meta))) + meta + body + tail


def coder(old: str) -> str:
    """Map a UID."""
    return f"2.25.{int.from_bytes(hashlib.sha256(old.encode()).digest()[:16], 'big')}"


def both_passes(data: bytes, *, accepted: bool = False, first_time: int | None = None) -> Rewritten:
    """Harvest a file and rewrite it with what the harvest found."""
    found = harvest(data)
    subject = Subject(
        patient="PABCDEFGHIJKLMNOP",
        over_89=found.over_89,
        shift_days=17,
        first_time=first_time,
        known=found.known,
        project_date="20260101",
        fallback_uid="2.25.1",
    )
    return rewrite(data, subject, load_policy("safe-harbor"), coder, accepted=accepted)


def opened(data: bytes) -> bytes:
    """A file's bytes, and behind them what a deflated data set holds."""
    at = 144 + struct.unpack_from("<L", data, 140)[0]
    try:
        return data + zlib.decompress(data[at:], -15)
    except zlib.error:
        return data
