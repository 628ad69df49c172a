"""What kind of file is this? Answered by its first bytes, never by its name.

A guess for sorting and counting: who reads a file afterwards proves it with a parser of its own. It keeps and returns
nothing of the content, and takes no more time for hostile bytes than for others.
"""

from __future__ import annotations

import codecs
import csv
import json
import pickletools
import re
import zlib
from enum import StrEnum
from struct import Struct

_HEAD = 1 << 16  # more of a head than this is not looked at
_PEEK = 4096


class Kind(StrEnum):
    """Kinds of file that the program tells apart."""

    DICOM = "dicom"
    DICOMDIR = "dicomdir"
    NIFTI = "nifti"
    NRRD = "nrrd"
    METAIMAGE = "metaimage"
    FHIR = "fhir"
    HL7 = "hl7"
    CDA = "cda"
    XML = "xml"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    TEXT = "text"
    PDF = "pdf"
    IMAGE = "image"
    ARCHIVE = "archive"
    PARQUET = "parquet"
    HDF5 = "hdf5"
    EMPTY = "empty"
    UNKNOWN = "unknown"


_DIRECTORY_CLASS = b"1.2.840.10008.1.3.10"
_VR = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV".split()
)
_VR_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_UNDEFINED = 0xFFFFFFFF
#: First opcodes of a pickle in letters: a mark, a class, numbers, texts, none.
_PICKLED = frozenset(bytes((one,)) for one in b"(cISVFLN")
_MOST_OPCODES = 64
_PROOF = 3  # elements in a row that a data set without prefix must show

_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"%PDF-", Kind.PDF),
    (0, b"\xff\xd8\xff", Kind.IMAGE),  # JPEG
    (0, b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (0, b"II*\0", Kind.IMAGE),  # TIFF, little and big endian, and BigTIFF
    (0, b"MM\0*", Kind.IMAGE),
    (0, b"II+\0", Kind.IMAGE),
    (0, b"MM\0+", Kind.IMAGE),
    (0, b"GIF87a", Kind.IMAGE),
    (0, b"GIF89a", Kind.IMAGE),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", Kind.IMAGE),  # JPEG 2000
    (0, b"\xffO\xffQ", Kind.IMAGE),  # its bare code stream
    (0, b"PK\x03\x04", Kind.ARCHIVE),
    (0, b"PK\x05\x06", Kind.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (0, b"Rar!\x1a\x07", Kind.ARCHIVE),
    (0, b"BZh", Kind.ARCHIVE),
    (0, b"\xfd7zXZ\0", Kind.ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", Kind.ARCHIVE),  # Zstandard
    (257, b"ustar", Kind.ARCHIVE),
    (0, b"PAR1", Kind.PARQUET),
    (0, b"PARE", Kind.PARQUET),
    (0, b"\x89HDF\r\n\x1a\n", Kind.HDF5),
    (512, b"\x89HDF\r\n\x1a\n", Kind.HDF5),
    (1024, b"\x89HDF\r\n\x1a\n", Kind.HDF5),
    (2048, b"\x89HDF\r\n\x1a\n", Kind.HDF5),
    (0, b"NRRD000", Kind.NRRD),
)


def sniff(head: bytes, size: int) -> Kind:
    """Say what kind of file begins with these bytes.

    Parameters
    ----------
    head
        The file's first bytes: 4096 or more, or all of them.
    size
        The file's size in bytes.

    Returns
    -------
    Kind
        UNKNOWN when nothing fits.
    """
    if not size:
        return Kind.EMPTY
    head = bytes(head[:_HEAD])
    if head[128:132] == b"DICM":
        return Kind.DICOMDIR if _is_directory(head, 132) else Kind.DICOM
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    if head[:2] == b"\x1f\x8b":
        return Kind.NIFTI if _is_nifti(_gunzip(head)) else Kind.ARCHIVE
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.IMAGE
    if _is_bitmap(head, size):
        return Kind.IMAGE
    if _is_nifti(head):
        return Kind.NIFTI
    if _is_bare_dicom(head, size):
        return Kind.DICOMDIR if _is_directory(head, 0) else Kind.DICOM
    if _is_pickle(head):
        return Kind.UNKNOWN
    text = _decode(head, whole=size <= len(head))
    return Kind.UNKNOWN if text is None else _text_kind(text, whole=size <= len(head))


def _is_directory(head: bytes, start: int) -> bool:
    """Say whether the file meta information names the media directory as its class (PS3.10 section 7.1)."""
    at, little = start, Struct("<HH2sHL")
    while at + 12 <= len(head):
        group, element, vr, length, long = little.unpack_from(head, at)
        if group != 2:
            return False
        value = at + 8
        if vr in _VR_LONG:
            length, value = long, at + 12
        elif vr not in _VR:
            length = length << 16 | int.from_bytes(vr, "little")
        if element == 2:
            return head[value : value + length].rstrip(b"\0 ") == _DIRECTORY_CLASS
        at = value + length
    return False


def _is_bare_dicom(head: bytes, size: int) -> bool:
    """Say whether a file without prefix begins with group 0002 or 0008 and a few sound elements in a row."""
    return any(
        _sound_elements(head, size, order, explicit)
        for order in ("<", ">")
        for explicit in (True, False)
        if order == "<" or explicit
    )


def _sound_elements(head: bytes, size: int, order: str, explicit: bool) -> bool:
    plain, short, long = Struct(order + "HHL"), Struct(order + "HH2sH"), Struct(order + "L")
    at, last, seen = 0, -1, 0
    while seen < _PROOF:
        if at == size:
            return seen > 0
        if at + 8 > min(size, len(head)):
            # What is sound so far has led beyond the head; one element that ends inside the file is no proof.
            return seen > 1 and at + 8 <= size
        group, element, length = plain.unpack_from(head, at)
        value = at + 8
        tag = group << 16 | element
        if tag <= last or (seen == 0 and group not in (2, 8)) or not (group & 1 or group <= 0x0100 or group == 0x7FE0):
            return False
        if explicit:
            vr, length = short.unpack_from(head, at)[2:]
            if vr not in _VR:
                return False
            if vr in _VR_LONG:
                if at + 12 > len(head) or head[at + 6 : at + 8] != b"\0\0":
                    return False
                length, value = long.unpack_from(head, at + 8)[0], at + 12
        if length == _UNDEFINED:
            return seen > 0
        if length & 1 or value + length > size:
            return False
        last, at, seen = tag, value + length, seen + 1
    return True


def _is_bitmap(head: bytes, size: int) -> bool:
    """Say whether a BMP file header with one of the known information headers stands here."""
    if head[:2] != b"BM" or len(head) < 18:
        return False
    pixels, header = int.from_bytes(head[10:14], "little"), int.from_bytes(head[14:18], "little")
    return header in {12, 40, 52, 56, 64, 108, 124} and pixels < size


def _is_nifti(head: bytes) -> bool:
    """Say whether a NIfTI-1 or NIfTI-2 header stands here, in either byte order: its size field and its magic."""
    if len(head) >= 348 and head[:4] in (b"\x5c\x01\0\0", b"\0\0\x01\x5c"):
        return head[344:348] in (b"n+1\0", b"ni1\0")
    if len(head) >= 12 and head[:4] in (b"\x1c\x02\0\0", b"\0\0\x02\x1c"):
        return head[4:8] in (b"n+2\0", b"ni2\0")
    return False


def _is_pickle(head: bytes) -> bool:
    """Say whether a pickle of protocol 0 begins here: letters, but no note; one of the other protocols is no text.

    Nothing is loaded: the opcodes are read alone. Among the first one must store a value in the memo, as its first.
    """
    if head[:1] not in _PICKLED or b"p0\n" not in head[:_PEEK]:
        return False
    seen = 0
    try:
        for opcode, argument, _ in pickletools.genops(head[:_PEEK]):
            seen += 1
            if opcode.name == "PUT" and seen > 1:
                return bool(argument == 0)
            if opcode.proto > 1 or seen > _MOST_OPCODES:
                return False
    except (ValueError, UnicodeError):
        return False
    return False


def _gunzip(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, _PEEK)
    except zlib.error:
        return b""


def _decode(head: bytes, *, whole: bool) -> str | None:
    """Return the head as text, or None when it is not text in UTF-8, UTF-16 with a mark, or a one-byte encoding."""
    name = "utf-8"
    if head.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    try:
        text = codecs.getincrementaldecoder(name)().decode(head, final=whole)
    except UnicodeDecodeError:
        if name != "utf-8":
            return None
        text = head.decode("latin-1")
        if sum("\x80" <= mark <= "\x9f" for mark in text) * 10 > len(text) or sum(
            mark > "\x7f" for mark in text
        ) * 3 > len(text):
            return None
    controls = sum(mark < " " and mark not in "\t\n\r\f\v\x1c\x1b" for mark in text)
    return None if "\0" in text or controls * 200 > len(text) else text


_HL7 = re.compile(r"[\s\v]*(?:MSH|FHS|BHS)([^\w\s])[^\w\s]{2,5}(?:\1|\r|\n|$)")
_TAG = re.compile(r"<(?:\?xml|!DOCTYPE|!--|[A-Za-z_][\w.:-]*[\s/>])")
_RESOURCE = re.compile(r'"resourceType"\s*:\s*"[A-Z][A-Za-z]+"')
_JSON_START = re.compile(r'\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\d\]-]|true|false|null|$)')
_METAIMAGE = re.compile(r"(?:ObjectType|NDims|Comment)\s*=")


def _text_kind(text: str, *, whole: bool) -> Kind:
    start = text.lstrip("\ufeff \t\r\n\v")
    if _HL7.match(text):
        return Kind.HL7
    if _METAIMAGE.match(start) and re.search(r"^(?:NDims|DimSize)\s*=", text, re.MULTILINE):
        return Kind.METAIMAGE
    if _TAG.match(start):
        return _markup_kind(start)
    if _JSON_START.match(start):
        kind = _json_kind(start, whole=whole)
        if kind is not None:
            return kind
    return Kind.CSV if _is_table(text, whole=whole) else Kind.TEXT


def _markup_kind(start: str) -> Kind:
    if re.search(r"<(?:[\w.-]+:)?ClinicalDocument[\s>]", start):
        return Kind.CDA
    if "http://hl7.org/fhir" in start:
        return Kind.FHIR
    return Kind.TEXT if re.search(r"<html[\s>]|<!DOCTYPE html", start[:1024], re.IGNORECASE) else Kind.XML


def _json_kind(start: str, *, whole: bool) -> Kind | None:
    lines = [line for line in start.splitlines() if line.strip()]
    many = False
    if len(lines) > 1:
        many = _parses(lines[0]) and (_parses(lines[1]) or (not whole and len(lines) == 2))
    if whole and not many and not _parses(start):
        return None
    if _RESOURCE.search(start):
        return Kind.FHIR
    return Kind.NDJSON if many else Kind.JSON


def _parses(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _is_table(text: str, *, whole: bool) -> bool:
    """Say whether every line has the same number of cells, two or more, by one of the usual delimiters."""
    lines = text.splitlines(keepends=True)[:50]
    if not whole and len(lines) < 50:
        lines = lines[:-1]
    for delimiter in ",;\t|":
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        widths = {len(row) for row in (rows if len(rows) < 50 or whole else rows[:-1])}
        if len(rows) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False
