"""Excel workbooks (.xlsx): values of cells, sheet by sheet, and nothing else of the file.

Formulas are never read, only the values that were stored with them. Hidden sheets, rows and columns are read as all
others; comments, names, headers and footers, pictures, charts, links, properties are not looked at, so none can pass.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from curator.core import strides
from curator.core.errors import ItemError

MOST_UNPACKED = 512 << 20
_MOST_RATIO = 500
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_CHUNK = 1 << 20
#: How a workbook writes a letter by its number (ECMA-376 part 1, 22.9.2.19); the reader leaves it as it stands.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: How a row of sums or a remark begins, in the languages of the table of columns.
_SUM = re.compile(
    r"\s*(?:(?:grand|sub)[ -]?total|totals?|total(?:e|es|en|aux)?|sums?|summe|gesamt|suma|somme|somma"
    r"|mean|average|avg|mittelwert|media|moyenne|median|std|sd|min|max|count|anzahl|n|notes?|nota|hinweis|remarks?|legend|source|quelle|fuente|generated|printed"
    r"|end of (?:report|file|table|list))\s*(?:[:=(.]|\b\s*(?:of|rows|records)\b|$)|\s*[*†‡]",
    re.IGNORECASE,
)
#: Rows of them that are passed over, and rows and cells a row of a sheet that holds remarks alone.
_MOST_BELOW, _MOST_NOTES, _MOST_NOTED = 10, 300, 2
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Sheet:
    """One sheet that holds something, as a table."""

    names: tuple[str, ...]
    book: Workbook
    at: int

    def rows(self) -> Iterator[Sequence[str | None]]:
        """Read the rows behind the header as texts."""
        for values in self.values():
            yield [text_of(value) for value in values]

    def is_notes(self) -> bool:
        """Say whether it holds remarks alone. See :meth:`Workbook.is_notes`."""
        return self.book.is_notes(self.at)

    def values(self) -> Iterator[Sequence[Value]]:
        """Read the rows behind the header.

        Raises
        ------
        ItemError
            TAB-014 when a second table follows.
        """
        return self.book.rows(self.at, len(self.names))


class Workbook:
    """A workbook.

    Parameters
    ----------
    stream
        The file, seekable.

    Raises
    ------
    ItemError
        TAB-012 to TAB-015 for what is not read whole or not at all; TAB-006 for a workbook without a cell.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        _look_at_parts(stream)
        self._values = self._opened(values=True)
        self.sheets: list[Sheet] = []
        #: Rows behind the header that each sheet says it has; it may say none.
        self._said = [max(0, (sheet.max_row or 0) - 1) for sheet in self._values.worksheets]
        #: Of each sheet: empty rows above its header, and empty columns before it.
        self._corners: dict[int, tuple[int, int]] = {}
        #: Of each sheet: rows of sums and remarks below its table, as they were passed over last.
        self._below: dict[int, int] = {}
        for at in range(len(self._values.worksheets)):
            rows = enumerate(self._cells(at, self._values))
            above, cells = next(((above, row) for above, row in rows if not all(map(_is_empty, row))), (0, ()))
            if not cells:
                continue
            left = next(place for place, value in enumerate(cells) if not _is_empty(value))
            header = [text_of(_plain(value)) or "" for value in cells[left:]]
            while header and not header[-1].strip():
                header.pop()
            if not header or not all(name.strip() for name in header):
                raise ItemError("TAB-014")
            self._corners[at] = (above, left)
            self.sheets.append(Sheet(tuple(header), self, at))
        if not self.sheets:
            raise ItemError("TAB-006")

    def rows(self, at: int, width: int) -> Iterator[Sequence[Value]]:
        """Read the rows of a sheet behind its header. See :meth:`Sheet.values`."""
        (above, left), below = self._corners[at], 0
        cells = itertools.islice(self._cells(at, self._values), above + 1, None)
        gap, said, most = False, len(self._said), self._said[at]
        for number, whole in enumerate(cells, 1):
            strides.part(at * most + min(number, most), said * most)
            if all(map(_is_empty, whole)):
                gap = True
                continue
            values = whole[left:]
            if not all(map(_is_empty, whole[:left])):
                raise ItemError("TAB-014")
            if gap:
                below += 1
                if not _is_sum(values) or below > _MOST_BELOW:
                    raise ItemError("TAB-014")
                self._below[at] = below
                continue
            if any(value not in {None, ""} for value in values[width:]):
                raise ItemError("TAB-005")
            row = [_plain(value) for value in values[:width]]
            yield row + [None] * (width - len(row))

    def is_notes(self, at: int) -> bool:
        """Say whether a sheet is a legend or remarks: a few rows of one or two cells, as no table of data is."""
        rows = 0
        for cells in self._cells(at, self._values):
            filled = sum(not _is_empty(value) for value in cells)
            rows += filled > 0
            if filled > _MOST_NOTED or rows > _MOST_NOTES:
                return False
        return True

    def below(self) -> int:
        """Return how many rows of sums and remarks were passed over below all tables, where they were read."""
        return sum(self._below.values())

    def formulas_without_value(self) -> int:
        """Count the cells whose formula stands without a stored value: they are empty in the clean file."""
        formulas, count = self._opened(values=False), 0
        for sheet in self.sheets:
            pairs = zip(self._cells(sheet.at, formulas), self._cells(sheet.at, self._values), strict=False)
            for told, stored in pairs:
                count += sum(
                    1
                    for one, value in zip(told, stored, strict=False)
                    if value is None and isinstance(one, str) and one.startswith("=")
                )
        return count

    def _opened(self, *, values: bool) -> Any:
        import openpyxl

        self._stream.seek(0)
        try:
            with _silent():
                return openpyxl.load_workbook(self._stream, read_only=True, data_only=values, keep_links=False)
        except Exception:  # noqa: BLE001 - the reader raises many kinds, and their texts quote the file
            raise ItemError("TAB-012") from None

    @staticmethod
    def _cells(at: int, book: Any) -> Iterator[Sequence[Any]]:
        sheet = book.worksheets[at]
        # A stated size may lie; without it the reader goes by the cells themselves.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        while True:
            try:
                with _silent():
                    row = next(rows, None)
            except Exception:  # noqa: BLE001 - as above
                raise ItemError("TAB-012") from None
            if row is None:
                return
            yield row


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Let no warning out: the reader's warnings quote cells."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _look_at_parts(stream: BinaryIO) -> None:
    """Refuse what is no plain workbook, unpacks to too much, or has merged cells."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as parts:
            listed = parts.infolist()
            names = {one.filename for one in listed}
            size = sum(one.file_size for one in listed)
            packed = sum(one.compress_size for one in listed)
            if size > MOST_UNPACKED or (size > 64 << 20 and size > packed * _MOST_RATIO):
                raise ItemError("TAB-015", most=f"{MOST_UNPACKED >> 20:,}")
            if len(names) != len(listed) or any(one.flag_bits & 1 for one in listed):
                raise ItemError("TAB-012")
            if "[Content_Types].xml" not in names:
                raise ItemError("TAB-001")
            types = parts.read("[Content_Types].xml").decode("utf-8", "replace")
            if _MAIN not in types or "macroEnabled" in types or any("vbaProject" in name for name in names):
                raise ItemError("TAB-013" if "ms-excel" in types or "spreadsheetml" in types else "TAB-001")
            for one in listed:
                if (
                    one.filename.startswith("xl/")
                    and "haredStrings" not in one.filename
                    and _holds(parts, one, b"mergeCell ")
                ):
                    raise ItemError("TAB-014")
    except ItemError:
        raise
    except Exception:  # noqa: BLE001 - a damaged archive raises many kinds
        raise ItemError("TAB-012") from None


def _holds(parts: zipfile.ZipFile, one: zipfile.ZipInfo, wanted: bytes) -> bool:
    with parts.open(one) as part:
        before = b""
        while chunk := part.read(_CHUNK):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
    return False


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def _is_sum(cells: Sequence[Any]) -> bool:
    """Say whether a row behind a gap is a sum or a remark on the table: no other table, and no row about a Max."""
    first, *others = [value for value in cells if not _is_empty(value)]
    match = _SUM.match(first) if isinstance(first, str) else None
    if match is None:
        return False
    marked = match[0][-1] in ":=(.*†‡"
    return marked or not any(isinstance(value, str) and any(map(str.isalpha, value)) for value in others)


def _plain(value: Any) -> Value:
    """Return a value of a plain kind, None for errors of the sheet and for anything else."""
    if isinstance(value, str):
        if value.startswith("#") and value.rstrip("!?").isupper():
            return None
        return _ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), value) if "_x" in value else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | dt.datetime | dt.date | dt.time):
        return value
    return value if isinstance(value, dt.timedelta) else None


def text_of(value: Value) -> str | None:
    """Return the text by which a value is judged: dates in ISO 8601, whole numbers without a point."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def is_date(value: Value) -> bool:
    """Say whether a value is a date of Excel's own."""
    return isinstance(value, dt.date)


def back(text: str | None, source: Value) -> Value:
    """Return a cleaned text in the type that its source had, where it still can be of it.

    Parameters
    ----------
    text
        The cleaned text.
    source
        The value that it was made of.

    Returns
    -------
    Value
        The source itself when nothing changed; a date where the source was one and the text is one; a number where the
        source was one and the text reads as one; else the text.
    """
    if text is None or text == "":
        return None
    if text == text_of(source):
        return source
    if is_date(source):
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            return text
    if isinstance(source, int | float) and not isinstance(source, bool) and re.fullmatch(r"[1-9]\d{0,14}|0", text):
        return int(text)
    return text


def serial(value: dt.datetime | dt.date) -> float:
    """Return the number by which Excel counts a day (ECMA-376 part 1, 18.17.4.1, the 1900 system)."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return (moment.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)
