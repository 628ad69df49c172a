"""What a reader of a clean file can read in it, as texts: for searching output again. It decides nothing.

Files of fields are read value by value, as they were cleaned: what begins in one value and ends in the next is chance.
"""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

_CHUNK = 4 << 20
_OVERLAP = 4096
#: A string of a JSON document, or a number of five digits or more.
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[1-9]\d{4,}')
#: Markup that joins what it parts, all other markup, and values of attributes.
_JOINS = re.compile(r"</?(?:content|linkHtml|su[bp]|[biu]|em|strong|small|big|tt|span|code)\b[^<>]*>")
_MARKUP = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r"=\s*(\"[^\"<>]*\"|'[^'<>]*')")
#: How a header of HL7 v2 names its message's delimiters (MSH-1, MSH-2).
_DELIMITERS = re.compile(r"(?:MSH|FHS|BHS)([^\w\s])([^\w\s]{1,5})\1")
#: Most unpacked bytes of one part of a workbook that this program itself wrote.
_MOST_PART = 1 << 30


def readable_texts(kind: str, stream: BinaryIO) -> Iterator[str]:
    """Yield the texts of a clean file.

    Parameters
    ----------
    kind
        As the journal names it.
    stream
        The clean file at its start.
    """
    if kind == "dicom":
        yield from _dicom(stream)
    elif kind == "excel":
        yield from _workbook(stream)
    elif kind == "parquet":
        yield from _parquet(stream)
    elif kind == "pdf":
        yield from _pdf(stream)
    elif kind == "csv":
        yield from _table(stream)
    elif kind in {"fhir", "json", "ndjson"}:
        yield from _strings(stream)
    else:
        marks = set("|^~&\r\n")
        for text in _plain(stream):
            if kind == "cda":
                yield from _shown(text)
            elif kind == "hl7":
                marks.update(*(found[1] + found[2].replace("\\", "") for found in _DELIMITERS.finditer(text)))
                yield from re.split(f"[{re.escape(''.join(sorted(marks)))}]", text)
            else:
                yield text


def _strings(stream: BinaryIO) -> Iterator[str]:
    """Yield the strings and the long numbers of JSON, names of members included."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    held = ""
    while True:
        piece = stream.read(_CHUNK)
        held += decode(piece, final=not piece)
        at = 0
        for match in _JSON.finditer(held):
            if piece and match.end() == len(held):
                break  # a number may go on
            at = match.end()
            value = json.loads(match[0], strict=False)
            if isinstance(value, str) and "<" in value:
                yield from _shown(value)
            else:
                yield str(value)
        held = held[at:]
        if not piece:
            return


def _shown(markup: str) -> Iterator[str]:
    """Yield the texts of markup, joined where a reader sees no seam, and the values of attributes."""
    for match in _ATTRIBUTE.finditer(markup):
        yield unescape(match[1][1:-1])
    for part in _MARKUP.split(_JOINS.sub("", markup)):
        if part.strip():
            yield unescape(part)


def _table(stream: BinaryIO) -> Iterator[str]:
    from curator.scrub.tabular.delimited import Delimited

    if not stream.read(_OVERLAP).strip():
        return
    table = Delimited(stream)
    yield from table.names
    for row in table.rows():
        yield from (cell for cell in row if cell)


def _dicom(stream: BinaryIO) -> Iterator[str]:
    from curator.scrub.dicom.harvest import texts_of
    from curator.scrub.dicom.source import at_hand

    size = stream.seek(0, 2)
    stream.seek(0)
    yield from texts_of(at_hand(stream, size))


def _plain(stream: BinaryIO) -> Iterator[str]:
    tail = b""
    while piece := stream.read(_CHUNK):
        yield unescape((tail + piece).decode("utf-8", "replace"))
        tail = piece[-_OVERLAP:]


def _workbook(stream: BinaryIO) -> Iterator[str]:
    with zipfile.ZipFile(stream) as opened:
        for info in opened.infolist():
            yield info.filename
            if info.file_size > _MOST_PART:
                raise ValueError("a part is larger than this program writes")
            yield from _shown(opened.read(info).decode("utf-8", "replace"))


def _parquet(stream: BinaryIO) -> Iterator[str]:
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(stream)
    yield " ".join(opened.schema_arrow.names)
    for batch in opened.iter_batches(batch_size=4096):
        for column in batch.columns:
            yield from (str(value) for value in column.to_pylist() if value is not None)


def _pdf(stream: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(stream).pages:
        yield page.extract_text()
