"""What can be read in files that no scrub writes: volumes, archives, texts in old encodings. For delivered folders.

A file of which nothing here knows the format is told to be so, and never taken for a text that says nothing.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from curator.core.errors import ItemError, UsageError

#: Images of one plane, volumes, and what nobody here opens.
RASTERS = frozenset({"png", "jpeg", "gif", "tiff", "bmp", "webp", "image"})
VOLUMES = frozenset({"nifti", "nrrd", "metaimage"})
#: Kinds whose bytes are a text.
_PLAIN = frozenset({"text", "hl7", "xml", "cda", "json", "ndjson", "fhir", "unknown"})
_BLOCK = 1 << 20
#: Bytes of a volume's header, with its extensions, that are read.
_MOST_HEADER = 64 << 20
#: Letters that stand together in a header of numbers.
_RUN = re.compile(r"[^\x00-\x1f\x7f-\x9f]{3,}")
#: As many in a file of no known format that they are hardly chance.
_WORDS = re.compile(rb"[\t\x20-\x7e]{16,}|(?:[\x20-\x7e]\0){16,}")
_WORD_OVERLAP = 256
#: Bytes of an encoded part from which on it may be a text or a file.
_LEAST_ENCODED = 128
_END_OF_META = re.compile(rb"(?im)^ElementDataFile\s*=[^\r\n]*")


def is_data(path: str, kind: str) -> bool:
    """Say whether a file is data, and none that the program itself puts beside them.

    Parameters
    ----------
    path
        As the subject names it.
    kind
        Of the subject: all that a ``folder`` holds is data.
    """
    return kind == "folder" or path.startswith("clean/") or "/clean/" in path


def as_utf8(stream: BinaryIO) -> BinaryIO:
    """Return a text as UTF-8: the stream itself where it is, else what it decodes to.

    Raises
    ------
    ItemError
        TXT codes for what is no text, or none in one encoding.
    """
    from curator.formats import textcode

    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    stream.seek(0)
    try:
        while block := stream.read(_BLOCK):
            if b"\0" in block:
                raise ValueError
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except ValueError:
        coding = textcode.detect(stream)
        return io.BytesIO("".join(textcode.decoded(stream, coding)).encode("utf-8", "replace"))
    stream.seek(0)
    return stream


def is_plain(kind: str) -> bool:
    """Say whether a kind is that of a text, or of what may be one."""
    return kind in _PLAIN


def volume_texts(kind: str, stream: BinaryIO) -> Iterator[str]:
    """Yield what a volume's header says in words, its extensions and comments too.

    Raises
    ------
    ItemError
        AUP-002 for a header that cannot be read, AUP-003 for one that is too long.
    """
    head = stream.read(2)
    stream.seek(0)
    inner: Any = gzip.GzipFile(fileobj=stream) if head == b"\x1f\x8b" else stream
    try:
        text = _nifti(inner) if kind == "nifti" else _lines(kind, inner)
    except (OSError, EOFError, zlib.error, UsageError):
        raise ItemError("AUP-002") from None
    yield from (match[0] for match in _RUN.finditer(text))


def _nifti(inner: Any) -> str:
    from curator.formats.volume.nifti import HEAD, read_header

    head = inner.read(HEAD)
    volume = read_header(head)
    if volume.beside is not None:
        rest = inner.read(_MOST_HEADER)
    else:
        if volume.start > _MOST_HEADER:
            raise ItemError("AUP-003")
        rest = inner.read(max(0, volume.start - len(head)))
        head = head[: volume.start]
    return str((head + rest).decode("latin-1"))


def _lines(kind: str, inner: Any) -> str:
    """Return the header of NRRD (to its empty line) or MetaImage (to the line that names the data)."""
    data = inner.read(_MOST_HEADER)
    if kind == "nrrd":
        ends = [at for at in (data.find(b"\n\n"), data.find(b"\r\n\r\n")) if at >= 0]
        end = min(ends, default=len(data))
    else:
        found = _END_OF_META.search(data)
        end = found.end() if found else len(data)
    if end == _MOST_HEADER:
        raise ItemError("AUP-003")
    return str(data[:end].decode("utf-8", "replace"))


def encoded_texts(text: str) -> Iterator[str]:
    """Yield the texts that stand in another one as base64; digests and keys are too short to be looked at.

    Raises
    ------
    ItemError
        As :func:`packed_texts`.
    """
    from curator.audit.closed.encoded import decoded_parts

    for data in decoded_parts(text):
        if len(data) >= _LEAST_ENCODED:
            yield from packed_texts(io.BytesIO(data), len(data), ("bytes", "member"))


def parquet_notes(stream: BinaryIO) -> Iterator[str]:
    """Yield what a Parquet file says of itself and of its columns; the schema in Arrow's own form says no more."""
    import pyarrow.parquet as pq

    schema = pq.ParquetFile(stream).schema_arrow
    for notes in (schema.metadata, *(schema.field(at).metadata for at in range(len(schema.names)))):
        for key, value in (notes or {}).items():
            if key not in {b"PARQUET:field_id", b"ARROW:schema"}:
                yield f"{key.decode('utf-8', 'replace')}: {value.decode('utf-8', 'replace')}"


def words_in(stream: BinaryIO) -> Iterator[str]:
    """Yield the longer runs of plain letters in a file of no known format, of one byte or two a letter.

    They prove something where a detector finds something, and nothing where none does.
    """
    stream.seek(0)
    held = b""
    while block := stream.read(_BLOCK):
        for match in _WORDS.finditer(held + block):
            yield match[0].replace(b"\0", b"").decode("ascii")
        held = block[-_WORD_OVERLAP:]


def packed_texts(stream: BinaryIO, size: int, leaves: tuple[str, ...] = ("member",)) -> Iterator[str]:
    """Yield the texts of an archive's members and their names, however deep they lie.

    Parameters
    ----------
    stream, size
        The archive.
    leaves
        What a part is called of which only the bytes are seen.

    Raises
    ------
    ItemError
        AUP-002 where a member, or the archive itself, is in a format of which nothing is read; AUP-003 for too much.
    """
    from curator.audit.closed.views import views

    blind = False
    for view in views(stream, size):
        if view.prose:
            yield view.plain.decode("utf-8", "replace")
        blind = blind or (view.place in leaves and not view.prose)
    if blind:
        raise ItemError("AUP-002")
