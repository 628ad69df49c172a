"""What a reader of a clean file can read in it, as texts: for searching output again. It decides nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

_CHUNK = 4 << 20
_OVERLAP = 4096
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
    else:
        yield from _plain(stream)


def _dicom(stream: BinaryIO) -> Iterator[str]:
    from curator.scrub.dicom.harvest import texts_of

    yield from texts_of(stream.read())


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
            yield unescape(opened.read(info).decode("utf-8", "replace"))


def _parquet(stream: BinaryIO) -> Iterator[str]:
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(stream)
    yield " ".join(opened.schema_arrow.names)
    for batch in opened.iter_batches(batch_size=4096):
        for column in batch.columns:
            yield "\n".join(str(value) for value in column.to_pylist() if value is not None)


def _pdf(stream: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    for page in PdfReader(stream).pages:
        yield page.extract_text()
