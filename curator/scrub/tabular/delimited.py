"""Delimited text (CSV and its kin): encoding, delimiter, strict reading, writing by RFC 4180.

Reading stops at the first thing that is not whole: a quote that stays open, a byte that is no text, a row that does not
fit the header. The rows stream; memory does not grow with the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from curator.core import strides
from curator.core.errors import ItemError
from curator.formats.textcode import Garbled
from curator.scrub.tabular.roles import spec_of

#: Characters of the longest cell and of the longest line that are read.
MOST_CELL = 4 << 20
MOST_LINE = 32 << 20
_DELIMITERS = (",", ";", "\t", "|")
#: The line with which spreadsheets say the delimiter; it is no row, and is not written.
_TOLD = re.compile(r"[sS][eE][pP]=([,;\t|])\r?\n")
#: Columns that a second table below a gap has at least.
_LEAST_NAMES = 2
_SAMPLE = 1 << 18
_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: What a text without a mark that is no UTF-8 may be in. They differ only where one of them has control characters.
_LEGACY = ["cp1252", "latin_1"]


class Delimited:
    """A table in delimited text.

    Parameters
    ----------
    stream
        The file, seekable; read from its start each time.

    Raises
    ------
    ItemError
        TAB-002 to TAB-006 for what cannot be read whole.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        stream.seek(0)
        head = stream.read(_SAMPLE)
        if not head.strip():
            raise ItemError("TAB-006")
        self.marked = head.startswith(codecs.BOM_UTF8)
        self.encoding = _encoding(stream, head)
        stream.seek(0)
        text = _decoded(head, self.encoding)
        self.newline = _newline(text)
        told = _TOLD.match(text)
        self._told = told is not None
        self.delimiter = told[1] if told is not None else _delimiter(text)
        header = next(self._records(), None)
        if header is None:
            raise ItemError("TAB-006")
        while header and not header[-1].strip():
            header.pop()
        self.names: Sequence[str] = header

    def rows(self) -> Iterator[Sequence[str | None]]:
        """Read the rows behind the header, each as long as it; empty cells beyond it are cut off.

        Raises
        ------
        ItemError
            TAB-005 for a row that does not fit, TAB-014 for a second header below a gap, TAB-002 to TAB-004 as above.
        """
        records, gap = self._records(), False
        next(records, None)
        width = len(self.names)
        for record in records:
            if width > 1 and not any(record):
                gap = True
            elif gap:
                gap = False
                if _is_header(record) and record[:width] != self.names:
                    raise ItemError("TAB-014")
            if len(record) > width and not any(cell.strip() for cell in record[width:]):
                del record[width:]
            if len(record) == width:
                yield record
            elif not record and width == 1:
                yield [""]
            elif record:
                raise ItemError("TAB-005")

    def _records(self) -> Iterator[list[str]]:
        self._stream.seek(0)
        text = io.TextIOWrapper(
            io.BufferedReader(_Unclosed(self._stream), _CHUNK), encoding=self.encoding, errors="strict", newline=""
        )
        csv.field_size_limit(MOST_CELL)
        reader = csv.reader(_lines(text), delimiter=self.delimiter, strict=True)
        try:
            if self._told:
                next(reader)
            yield from reader
        except UnicodeError:
            raise ItemError("TAB-002") from None
        except csv.Error as error:
            if "field larger" in str(error):
                raise ItemError("TAB-004", most=f"{MOST_CELL:,}") from None
            raise ItemError("TAB-003") from None


def _is_header(record: Sequence[str]) -> bool:
    """Say whether a row is the header of another table: words alone, half of them names of columns that are known."""
    cells = [cell.strip() for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) < _LEAST_NAMES or not all(cell and not cell[0].isdecimal() for cell in cells):
        return False
    known = sum(spec_of(cell) is not None for cell in cells)
    return known >= _LEAST_NAMES and 2 * known >= len(cells)


class _Unclosed(io.RawIOBase):
    """Lends a stream to a text wrapper that would close it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._lent = stream

    def readable(self) -> bool:
        """Say that it reads."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read the next bytes."""
        strides.at(self._lent)
        data = self._lent.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_LINE):
        if len(line) >= MOST_LINE:
            raise ItemError("TAB-004", most=f"{MOST_LINE:,}")
        if "\0" in line:
            raise ItemError("TAB-002")
        yield line


def _encoding(stream: BinaryIO, head: bytes) -> str:
    """Say which encoding the whole file is in.

    Raises
    ------
    ItemError
        TAB-002 when there is none.
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ItemError("TAB-002")
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if _reads(stream, "utf-8"):
        return "utf-8"
    from charset_normalizer import from_bytes

    if from_bytes(_telling(stream), cp_isolation=_LEGACY).best() is None:
        raise ItemError("TAB-002")
    if _garbled(stream):
        raise ItemError("TAB-002")
    return "cp1252" if _reads(stream, "cp1252") else "latin_1"


def _garbled(stream: BinaryIO) -> bool:
    """Say whether a file that is no UTF-8 as a whole holds letters of UTF-8 all the same."""
    seen = Garbled()
    stream.seek(0)
    while line := stream.readline(_CHUNK):
        if not line.isascii():
            seen.take(line)
    return seen.told("cp1252")


def _reads(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _telling(stream: BinaryIO) -> bytes:
    """Return lines that hold a byte beyond ASCII, for the guess."""
    stream.seek(0)
    found, size = [], 0
    while size < _SAMPLE and (line := stream.readline(_SAMPLE)):
        if not line.isascii():
            found.append(line)
            size += len(line)
    return b"".join(found)


def _decoded(head: bytes, encoding: str) -> str:
    """Decode the start of the file, leaving out a letter that is cut at its end."""
    try:
        return codecs.getincrementaldecoder(encoding)(errors="strict").decode(head)
    except UnicodeError:
        raise ItemError("TAB-002") from None


def _newline(text: str) -> str:
    at = min((place for place in (text.find("\r"), text.find("\n")) if place >= 0), default=-1)
    return "\n" if at < 0 else "\r\n" if text[at : at + 2] == "\r\n" else text[at]


def _delimiter(text: str) -> str:
    """Return the delimiter under which the first rows have equally many cells; of several the one with most."""
    best, points = ",", (-1, 0)
    whole = len(text) < _SAMPLE // 4
    for one in _DELIMITERS:
        widths = []
        csv.field_size_limit(MOST_CELL)
        try:
            for record in csv.reader(io.StringIO(text, newline=""), delimiter=one, strict=True):
                if record:
                    widths.append(len(record))
                if len(widths) > 200:
                    break
        except csv.Error:
            pass
        if not widths or widths[0] < 2:
            continue
        if not whole and len(widths) > 1:
            widths.pop()
        found = (int(len(set(widths)) == 1), widths[0])
        if found > points:
            best, points = one, found
    return best


class Writer:
    """Writes a table as UTF-8; a cell is quoted only where RFC 4180 needs it.

    Parameters
    ----------
    out
        Where to.
    like
        The source, whose delimiter, line ends and mark are kept.
    """

    def __init__(self, out: BinaryIO, like: Delimited) -> None:
        self._out = out
        self._between, self._end = like.delimiter, like.newline
        self._special = re.compile(rf'["\r\n{like.delimiter}]')
        if like.marked:
            out.write(codecs.BOM_UTF8)

    def row(self, cells: Sequence[str | None]) -> None:
        """Write a row.

        Raises
        ------
        ItemError
            TAB-017 when a cell holds what UTF-8 cannot say.
        """
        line = self._between.join([self._cell(cell) for cell in cells]) if cells != [""] else '""'
        try:
            self._out.write((line + self._end).encode("utf-8"))
        except UnicodeError:
            raise ItemError("TAB-017") from None

    def _cell(self, cell: str | None) -> str:
        if not cell:
            return ""
        if self._special.search(cell):
            return '"' + cell.replace('"', '""') + '"'
        return cell
