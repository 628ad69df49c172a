"""What hides bytes, opened: zips, workbooks, PDF text, Parquet, zlib, base64, wide characters, escapes, entities.

For the demo's search; shares no code with the scrubber. What it cannot open must never count as searched.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import logging
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from curator.core.errors import CheckError

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n){1,}[A-Za-z0-9+/]*={0,2}")
#: The end of a line of them: a search for ends is far faster than one that begins at each letter.
_LINE_END = re.compile(rb"[\r\n](?:(?<=[A-Za-z0-9+/]{60}\n)|(?<=[A-Za-z0-9+/]{60}\r)\n)")
_DEFLATED_SYNTAX = b"1.2.840.10008.1.2.1.99"
_LARGEST_INFLATED = 64 << 20
#: The element that says how long the file meta information is (PS3.10 table 7.1-1), up to its value.
_META_LENGTH = b"\x02\0\0\0UL\x04\0"
#: A byte of padding behind a bare stream (PS3.5 A.5).
_PADDING = 1
DEEPEST = 4
#: ASCII in UTF-16, little and big endian.
_WIDE = (re.compile(rb"(?:[\t\r\n -~]\0){5,}"), re.compile(rb"(?:\0[\t\r\n -~]){5,}"))
_ENTITY = re.compile(rb"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_ESCAPE = re.compile(rb"(?:\\u[0-9A-Fa-f]{4})+")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_HL7_ESCAPE = re.compile(rb"\\X([0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})*)\\")
_PDF_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]{2,}>", re.DOTALL)
_PDF_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
#: A digest or a UID on several lines of a page.
_BROKEN = re.compile(
    rb"(?<![0-9a-z])(?:[0-9a-f]{8,63}(?:[ ]?\n[ ]?[0-9a-f]{1,63}){1,4}"
    rb"|2\.25\.[0-9]{4,38}(?:[ ]?\n[ ]?[0-9]{1,38}){1,3})(?![0-9a-z])"
)
_DERIVED = re.compile(rb"[0-9a-f]{64}|2\.25\.[0-9]{30,39}")
_FONT = re.compile(rb"/(?:FontFile[23]?|ToUnicode)\b")
_OCTAL = frozenset(bytes([mark]) for mark in b"01234567")
_PDF_MARKS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what deflate streams in the data hold: zlib and gzip by their first bytes, DICOM's bare ones by trial.

    A trial at a wrong place makes bytes of a header's digits that nobody wrote: where the file meta information says
    how long it is, and the stream behind it goes on to the end of the data, that one alone counts.
    """
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        out, _ = _inflated_from(data, match.start(), 47)
        if out:
            yield out
    if _DEFLATED_SYNTAX not in data[:1024]:
        return
    if data[132:140] == _META_LENGTH:
        out, left = _inflated_from(data, 144 + int.from_bytes(data[140:144], "little"), -15)
        if out and left is not None and left <= _PADDING:
            yield out
            return
    for at in range(132, min(len(data), 1200)):
        out, _ = _inflated_from(data, at, -15)
        if out:
            yield out


def _inflated_from(data: bytes, at: int, bits: int) -> tuple[bytes, int | None]:
    """Return what a stream at a place holds, and how many bytes stand behind its end; None where it has none."""
    stream = zlib.decompressobj(bits)
    try:
        out = stream.decompress(data[at:], _LARGEST_INFLATED)
    except zlib.error:
        return b"", None
    return (out if len(out) > 8 else b""), len(stream.unused_data) if stream.eof else None


def _cells(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _cells(key)
            yield from _cells(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _cells(inner)
    elif value is not None:
        yield str(value).encode()


def _columns(data: bytes) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.ParquetFile(pa.BufferReader(data)).read()
    return b"\n".join(_cells([table.schema.to_string(), table.schema.metadata, table.to_pylist()]))


def _members(data: bytes) -> Iterator[bytes]:
    """Yield names and contents of a zip, and the cells of a workbook as they are shown: its dates are numbers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            yield info.filename.encode() + b"\n" + info.comment + info.extra
            yield archive.read(info)
        book = "xl/workbook.xml" in archive.namelist()
    if book:
        import openpyxl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = openpyxl.load_workbook(io.BytesIO(data))
        yield b"\n".join(_cells([list(row) for sheet in made for row in sheet.iter_rows(values_only=True)]))


def _shown(data: bytes) -> Iterator[bytes]:
    """Yield the strings of a PDF's pages and objects, next to each other and apart."""
    for stream in (data, *_inflated(data)):
        strings = [_unescaped(match.group()) for match in _PDF_STRING.finditer(stream)]
        yield b"".join(strings)
        yield b"\n".join(strings)


def _pages(data: bytes) -> Iterator[bytes]:
    """Yield the text of a PDF's pages, line by line and joined: an embedded font writes glyph numbers, not letters.

    Two digits at a break stay apart: joined, the cells of a table of counts make dates that nobody planted.

    Raises
    ------
    CheckError
        DEM-006 for a PDF with embedded fonts that cannot be read; without them its bytes say what it says.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            texts = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    except Exception:  # noqa: BLE001 - pypdf raises anything at a broken file
        if any(_FONT.search(part) for part in (data, *_inflated(data))):
            raise CheckError("DEM-006", what="the search could not read a PDF") from None
        return
    whole = _BROKEN.sub(_mended, "\n".join(texts).encode("utf-8", "replace"))
    yield whole
    yield re.sub(rb"(?<![0-9\s])\s*\n\s*|(?<=[0-9])\s*\n\s*(?![0-9\s])", b"", whole)


def _mended(match: re.Match[bytes]) -> bytes:
    """Return the digest or UID with which some lines begin in one piece, if they do."""
    lines = match[0].split(b"\n")
    for count in range(2, len(lines) + 1):
        joined = b"".join(line.strip() for line in lines[:count])
        if _DERIVED.fullmatch(joined):
            return b"\n".join([joined, *([_BROKEN.sub(_mended, b"\n".join(lines[count:]))] if lines[count:] else [])])
    return match[0]


def _unescaped(string: bytes) -> bytes:
    if string[:1] == b"<":
        digits = re.sub(rb"\s", b"", string[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())

    def mark(match: re.Match[bytes]) -> bytes:
        what = match[1]
        return bytes([int(what, 8) & 255]) if what[:1] in _OCTAL else _PDF_MARKS.get(what, what.strip(b"\r\n"))

    return _PDF_ESCAPE.sub(mark, string[1:-1])


def _decoded(data: bytes) -> Iterator[bytes]:
    """Yield the data as text says it: wide characters made narrow, entities and escapes replaced."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield data.decode("utf-16", "replace").encode("utf-8", "replace")
    for pattern in _WIDE:
        if runs := pattern.findall(data):
            yield b"\n".join(run.replace(b"\0", b"") for run in runs)
    if _ENTITY.search(data):
        yield html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace")
    if _ESCAPE.search(data):
        yield _ESCAPE.sub(_letters, data)
    if _PERCENT.search(data):
        yield unquote_to_bytes(data)
    if _HL7_ESCAPE.search(data):
        yield _HL7_ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), data)


def _letters(match: re.Match[bytes]) -> bytes:
    units = bytes.fromhex(match.group().replace(b"\\u", b"").replace(b"\\U", b"").decode())
    return units.decode("utf-16-be", "replace").encode("utf-8", "replace")


def _base64(data: bytes) -> Iterator[bytes]:
    runs = [match.group() for match in _BASE64.finditer(data)]
    if _LINE_END.search(data):
        runs += [re.sub(rb"\s", b"", match.group()) for match in _LINES.finditer(data)]
    for run in runs:
        bare = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            yield base64.b64decode(bare + b"=" * (-len(bare) % 4))
        except binascii.Error:
            continue


def views(data: bytes, depth: int = 0, *, whole: bool = True) -> Iterator[bytes]:
    """Yield the data and everything that hides in it.

    Parameters
    ----------
    data
        Bytes of any kind.
    depth
        How much was opened to come to them.
    whole
        False for a container's bytes that were read as text: they are no container any more.

    Raises
    ------
    CheckError
        DEM-006 for a zip, Parquet file or PDF that cannot be opened: it would count as searched and was not.
    """
    yield data
    if depth == DEEPEST:
        return
    inner: list[bytes] = []
    if whole and data[:4] in {b"PAR1", b"PK\x03\x04"}:
        try:
            inner += [_columns(data)] if data[:4] == b"PAR1" else _members(data)
        except (OSError, ValueError, RuntimeError, LookupError, SyntaxError, EOFError, zipfile.BadZipFile, zlib.error):
            raise CheckError("DEM-006", what="the search could not open a file") from None
    inner += _inflated(data)
    inner += _base64(data)
    for out in inner:
        yield from views(out, depth + 1)
    texts = [*_decoded(data)]
    if b"%PDF-" in data[:1024]:
        texts += [*_shown(data), *(_pages(data) if whole else ())]
    for out in texts:
        yield from views(out, depth + 1, whole=False)
