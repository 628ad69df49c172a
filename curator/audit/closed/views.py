"""Everything that a reader could find in a file, as plain bytes: decoded text, unpacked members, the bytes as they are.

What cannot be opened whole raises a code; the caller makes that "could not check". Nothing is skipped in silence.
"""

from __future__ import annotations

import bz2
import gzip
import html
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import unquote

from curator.audit.closed.encoded import Together, decoded_parts
from curator.audit.closed.engine import has_numpy
from curator.audit.closed.plain import OVERLAP, plain_bytes, plain_text
from curator.core.errors import ItemError
from curator.formats import textcode

#: Bytes that are read at a time, and the most that members of one file may unpack to.
BLOCK, MOST_UNPACKED = 4 << 20, 4 << 30
#: Bytes of text that are read at a time: what is encoded in it is seldom longer.
_TEXT_BLOCK = 64 << 20
#: How deep a container may lie in others, and the largest member that is opened in turn.
_DEEPEST, _MOST_MEMBER = 6, 1 << 30
_LOADED = 64 << 20
#: Encoded parts from so many bytes on may be files; shorter ones are digests, in which chance makes a format's mark.
_LEAST_ENCODED = 128
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|\\([nrtbf/\"\\])")
_RTF = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5}) ?\?")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+|=\r?\n")
_MARKUP = re.compile(r"<[^<>]{0,4000}>")
#: Bytes of encoded parts as one letter, and so many of them as the shortest has.
_ENCODABLE = bytes(97 if chr(at).isascii() and (chr(at).isalnum() or chr(at) in "+/_-") else 32 for at in range(256))
_LEAST_RUN = 32
_LONG = b"a" * _LEAST_RUN
#: Bytes that are looked through at once for such a run.
_PIECE = 1 << 17
#: Without any of these, no escape and no markup stands in a text.
_TELLING = (b"\\", b"&", b"%", b"=", b"<")
#: 7-Zip, RAR, Zstandard, LZ4, Cabinet, HDF5, ORC, Avro, Feather, LZW.
_CLOSED = (
    *(b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"MSCF"),
    *(b"\x89HDF\r\n\x1a\n", b"ORC", b"Obj\x01", b"ARROW1", b"FEA1", b"\x1f\x9d", b"\x1f\xa0"),
)
_LETTER_CODES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "/": "/", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class View:
    """One reading of a part of a file.

    Parameters
    ----------
    place
        In the program's own words: ``header``, ``text``, ``bytes``, ``pixels``, ``member``, ``member name`` ...
    plain
        As :mod:`curator.audit.closed.plain` makes them.
    prose
        Decoded text, in which short values are sought as words too.
    between
        Bytes of it that are not the file's, but stand between parts that are read at once.
    """

    place: str
    plain: bytes
    prose: bool
    between: int = 0


def views(stream: BinaryIO, size: int, *, place: str = "", depth: int = 0) -> Iterator[View]:
    """Yield the readings of a file.

    Parameters
    ----------
    stream
        The file, seekable, at its start.
    size
        Its bytes.
    place, depth
        Of a file inside of another: what it is, and how deep.

    Raises
    ------
    ItemError
        AUP-002 for a container that cannot be opened whole, AUP-003 for one that is too large or too deep, and what
        the structure walk of DICOM says.
    """
    if depth > _DEEPEST:
        raise ItemError("AUP-003")
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head[128:132] == b"DICM" or head[:4] == b"\x02\x00\x00\x00":
        yield from _dicom(stream, size, depth)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _raw(stream, place or "bytes", pixels=True)
        yield from _zip(stream, depth)
    elif head.startswith(b"\x1f\x8b"):
        yield from _raw(stream, place or "bytes", pixels=True)
        yield from _gzip(stream, depth)
    elif head.startswith((b"BZh", b"\xfd7zXZ\0")):
        yield from _raw(stream, place or "bytes", pixels=True)
        yield from _packed(stream, head, depth)
    elif head.startswith(_CLOSED):
        raise ItemError("AUP-002")  # packed in a way that nothing here opens
    elif head.startswith(b"%PDF-") or b"%PDF-" in head[:1024]:
        yield from _raw(stream, place or "bytes", pixels=True)
        yield from _pdf(stream, depth)
    elif head.startswith(b"PAR1"):
        yield from _raw(stream, place or "bytes", pixels=True)
        yield from _parquet(stream)
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _raw(stream, place or "bytes", pixels=True)
        yield from _png(stream, size)
    elif head[344:348] in {b"n+1\0", b"ni1\0"} or head[4:8] in {b"n+2\0", b"ni2\0"}:
        yield from _nifti(stream)
    else:
        yield from _text_or_bytes(stream, size, place, depth)


def _text_or_bytes(stream: BinaryIO, size: int, place: str, depth: int) -> Iterator[View]:
    try:
        coding = textcode.Coding("ascii") if _is_plain(stream) else textcode.detect(stream)
    except ItemError:
        yield from _raw(stream, place or "bytes", pixels=size > _LOADED)
        return
    if coding.name == "ascii":
        stream.seek(0)
        held = b""
        while block := stream.read(_TEXT_BLOCK):
            yield from ascii_views(held + block, place or "text", depth)
            held = block[-OVERLAP:]
        return
    pieces: list[str] = []
    for piece in textcode.decoded(stream, coding):
        pieces.append(piece)
        if sum(map(len, pieces)) >= _TEXT_BLOCK:
            text = "".join(pieces)
            yield from text_views(text, place or "text", depth)
            pieces = [text[-OVERLAP:]]
    yield from text_views("".join(pieces), place or "text", depth)
    if coding.name != "utf-8":
        yield from _raw(stream, place or "bytes")


def _is_plain(stream: BinaryIO) -> bool:
    """Say whether a file is ASCII without NULs: then its bytes are its text."""
    stream.seek(0)
    while block := stream.read(_PIECE):
        if not block.isascii() or b"\0" in block or b"\x1b" in block:
            return False
    return True


def ascii_views(data: bytes, place: str, depth: int) -> Iterator[View]:
    """Yield ASCII as it is; what could mean something else is read as :func:`text_views` does."""
    if _holds(data, _TELLING):
        yield from text_views(data.decode("ascii"), place, depth)
    else:
        yield View(place, data, prose=True)


def _holds(data: bytes, marks: tuple[bytes, ...] = ()) -> bool:
    """Say whether bytes hold one of some marks, or a run that may be an encoded part.

    They are looked through a piece at a time, so that each stays in the cache.
    """
    fast = has_numpy()
    for at in range(0, len(data), _PIECE):
        piece = data[at : at + _PIECE + _LEAST_RUN - 1]
        if any(mark in piece for mark in marks):
            return True
        # Spaces, commas and ends of lines part most texts: then no more needs to be asked.
        if (not fast or _is_unparted(piece)) and _LONG in piece.translate(_ENCODABLE):
            return True
    return False


def _is_unparted(piece: bytes) -> bool:
    """Say whether nearly so many bytes as :data:`_LONG` has stand together, a plus or above the comma each.

    Every encoded part is such a run: wherever it begins, three numbers of eight bytes each are wholly inside of it.
    """
    import numpy as np

    codes = np.frombuffer(piece, dtype=np.uint8, count=len(piece) // 8 * 8)
    whole = ((codes > ord(",")) | (codes == ord("+"))).view(np.uint64) == 0x0101010101010101
    return bool((whole[:-2] & whole[1:-1] & whole[2:]).any())


def text_views(text: str, place: str, depth: int) -> Iterator[View]:
    """Yield a text, and what its escapes, markup and encoded parts mean, where it has any."""
    yield View(place, plain_text(text), prose=True)
    for other in _unescaped(text):
        yield View(place, plain_text(other), prose=True)
    if not _holds(text.encode("ascii", "replace")):
        return
    short = Together()
    for data in decoded_parts(text):
        if len(data) >= _LEAST_ENCODED:
            yield from views(io.BytesIO(data), len(data), place="encoded part", depth=depth + 1)
            continue
        short.add(data)
        if short.full:
            yield from (View("encoded part", plain, prose=False, between=apart) for plain, apart in short.read())
    yield from (View("encoded part", plain, prose=False, between=apart) for plain, apart in short.read())


def _unescaped(text: str) -> Iterator[str]:
    if "\\u" in text or '\\"' in text or "\\n" in text or "\\/" in text:
        yield _JSON_ESCAPE.sub(_json_mark, text)
    if "&" in text and ";" in text:
        yield html.unescape(text)
    if "%" in text and re.search("%[0-9A-Fa-f]{2}", text):
        yield unquote(text, errors="replace")
    if "\\'" in text and text.startswith("{\\rtf"):
        yield _RTF.sub(_rtf_mark, text)
    if "=" in text and re.search("=[0-9A-F]{2}|=\r?\n", text):
        yield _QUOTED.sub(_quoted_mark, text)
    if "<" in text and _MARKUP.search(text):
        yield html.unescape(_MARKUP.sub("", text))
        yield html.unescape(_MARKUP.sub(" ", text))


def _json_mark(match: re.Match[str]) -> str:
    if match[3]:
        return _LETTER_CODES[match[3]]
    units = b"".join(int(one, 16).to_bytes(2, "little") for one in match.groups()[:2] if one)
    return units.decode("utf-16-le", "replace")


def _rtf_mark(match: re.Match[str]) -> str:
    return bytes.fromhex(match[1]).decode("cp1252", "replace") if match[1] else chr(int(match[2]) & 0xFFFF)


def _quoted_mark(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("=", "")).decode("utf-8", "replace") if match[0][1:2].isalnum() else ""


def _raw(stream: BinaryIO, place: str, *, pixels: bool = False, start: int = 0) -> Iterator[View]:
    """Yield the bytes as they are, block by block."""
    stream.seek(start)
    held = b""
    while block := stream.read(BLOCK):
        for plain in plain_bytes(held + block, wide=not pixels):
            yield View(place, plain, prose=False)
        held = block[-OVERLAP:]


def _dicom(stream: BinaryIO, size: int, depth: int) -> Iterator[View]:
    from curator.audit.closed.header import texts
    from curator.formats.dicom.ranged import Ranged, file_range

    data: bytes | Ranged
    if size > _LOADED and isinstance(stream, io.BufferedReader):
        data = file_range(stream.fileno(), size)
    else:
        data = stream.read(size + 1)
    structure, pixels, found, values = texts(data)
    yield View("header", plain_text("\n".join(found)), prose=True)
    for value in values:
        yield from views(io.BytesIO(value), len(value), place="header", depth=depth + 1)
    if structure.deflated:
        yield from _raw(stream, "bytes", pixels=True)
        stream = io.BytesIO(bytes(structure.buffer))
    stream.seek(0)
    head = stream.read(min(pixels, _LOADED))
    for plain in plain_bytes(head):
        yield View("bytes", plain, prose=False)
    yield from _raw(stream, "bytes", pixels=True, start=max(0, len(head) - OVERLAP))


def _zip(stream: BinaryIO, depth: int) -> Iterator[View]:
    room = MOST_UNPACKED
    try:
        with zipfile.ZipFile(stream) as opened:
            names = "\n".join(
                info.filename + "\n" + info.comment.decode("utf-8", "replace") for info in opened.infolist()
            )
            yield View("member name", plain_text(names), prose=True)
            for info in opened.infolist():
                room -= info.file_size
                if room < 0 or info.file_size > _MOST_MEMBER:
                    raise ItemError("AUP-003")
                data = opened.read(info)
                yield from views(io.BytesIO(data), len(data), place="member", depth=depth + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError):
        raise ItemError("AUP-002") from None


def _gzip(stream: BinaryIO, depth: int) -> Iterator[View]:
    stream.seek(0)
    out = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=stream) as opened:
            while block := opened.read(BLOCK):
                out.write(block)
                if out.tell() > _MOST_MEMBER:
                    raise ItemError("AUP-003")
    except (OSError, EOFError, zlib.error):
        raise ItemError("AUP-002") from None
    yield from views(out, out.tell(), place="member", depth=depth + 1)


def _packed(stream: BinaryIO, head: bytes, depth: int) -> Iterator[View]:
    stream.seek(0)
    engine: Any = bz2.BZ2Decompressor() if head.startswith(b"BZh") else lzma.LZMADecompressor()
    out = io.BytesIO()
    try:
        while not engine.eof:
            block = stream.read(BLOCK) if engine.needs_input else b""
            if engine.needs_input and not block:
                raise ItemError("AUP-002")
            out.write(engine.decompress(block, BLOCK))
            if out.tell() > _MOST_MEMBER:
                raise ItemError("AUP-003")
    except (OSError, lzma.LZMAError, EOFError):
        raise ItemError("AUP-002") from None
    if engine.unused_data or stream.read(1):
        raise ItemError("AUP-002")  # further streams behind the first
    yield from views(out, out.tell(), place="member", depth=depth + 1)


def _nifti(stream: BinaryIO) -> Iterator[View]:
    """Yield header and extensions as text, then everything as bytes."""
    head = stream.read(1 << 16)
    yield View("header", plain_text(head.decode("latin-1").replace("\0", "\n")), prose=True)
    yield from _raw(stream, "bytes", pixels=True)


def _png(stream: BinaryIO, size: int) -> Iterator[View]:
    stream.seek(8)
    data = stream.read(size)
    at = 0
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if len(body) != length:
            raise ItemError("AUP-002")
        if kind in {b"zTXt", b"iTXt", b"iCCP"}:
            for begin in (match.end() for match in re.finditer(b"\0", body)):
                try:
                    engine = zlib.decompressobj()
                    text = engine.decompress(body[begin:], _LOADED)
                except zlib.error:
                    continue
                for plain in plain_bytes(text):
                    yield View("metadata", plain, prose=True)
        if kind in {b"tEXt", b"iTXt", b"zTXt", b"eXIf"}:
            for plain in plain_bytes(body):
                yield View("metadata", plain, prose=True)
        at += 12 + length
        if kind == b"IEND":
            return
    raise ItemError("AUP-002")


def _pdf(stream: BinaryIO, depth: int) -> Iterator[View]:
    from curator.audit.closed.document import document_views

    for place, value in document_views(stream):
        if isinstance(value, str):
            yield from text_views(value, place, depth)
        else:
            yield from views(io.BytesIO(value), len(value), place=place, depth=depth + 1)


def _parquet(stream: BinaryIO) -> Iterator[View]:
    from curator.audit.closed.columns import column_texts

    for place, text in column_texts(stream):
        yield from text_views(text, place, _DEEPEST - 1)
