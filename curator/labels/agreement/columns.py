"""Columns of a long table from CSV or Parquet, read whole or refused.

No row is skipped, and nothing is said of a table that was read in part. What a report will show of it must look like an
id or a class. No error repeats a name or a value of the table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement.model import MAX_CLASSES, Coded

#: Reader ids: letters, digits and a few marks, no blank, no comma, no @.
_READER = re.compile(r"[^\W_][\w.:+/-]{0,63}")
#: Classes and levels of groups: short, printable, no mail address.
_SHOWN = re.compile(r"[^@]{1,64}")
#: What no class or level may hold: a day, or a number as long as those of records and telephones.
_TELLS = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d[\d -]{5,}\d|\d{6}")
_HEADER = 1 << 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Columns:
    """Names of columns as they stand in the header.

    Parameters
    ----------
    question
        What was asked, for a table of several questions with a scale each; None when there is one.
    session
        Which reading it is, for readers who read a unit more than once; None when none did.
    by
        Columns whose levels are reported apart.
    cluster
        What units hang together, such as the patient; they are resampled together.
    missing
        Words of the value's column that stand for no rating, as an empty cell does.
    time
        When the rating was made, ISO 8601; with `period` (year, quarter, month) it makes one more group.
    """

    unit: str = "unit"
    reader: str = "reader"
    value: str = "value"
    session: str | None = None
    by: tuple[str, ...] = ()
    time: str | None = None
    period: str = "quarter"
    cluster: str | None = None
    question: str | None = None
    missing: tuple[str, ...] = ()

    def named(self) -> list[tuple[str, str]]:
        """Return each option and its column."""
        one = [("--unit", self.unit), ("--reader", self.reader), ("--value", self.value)]
        if self.question is not None:
            one.append(("--question", self.question))
        if self.session is not None:
            one.append(("--session", self.session))
        if self.cluster is not None:
            one.append(("--cluster", self.cluster))
        if self.time is not None:
            one.append(("--time", self.time))
        return one + [("--by", name) for name in self.by]


@dataclass(frozen=True)
class Picked:
    """Columns that are read as they are: pairs of an option's name and the column that it names."""

    pairs: tuple[tuple[str, str], ...]

    def named(self) -> list[tuple[str, str]]:
        """Return each option and its column."""
        return list(self.pairs)


def read_coded(path: Path, wanted: Picked, shown: Sequence[str] = ()) -> dict[str, Coded]:
    """Read columns of a long table, trimmed, each numbered in the order of its sorted values.

    Parameters
    ----------
    path
        As for :func:`read_ratings`.
    wanted
        Which columns.
    shown
        Options whose values a report will show: readers by --reader, others as classes; they must not look like
        names, days or numbers of records.

    Raises
    ------
    UsageError
        AGR-001, AGR-002, AGR-004, AGR-005, AGR-022.
    CheckError
        AGR-003, AGR-016.
    """
    names = [name for _, name in wanted.pairs]
    if len(set(names)) != len(names):
        raise UsageError("AGR-022")
    table = read_columns(path, wanted)
    made = {}
    for option, name in wanted.pairs:
        coded = code(texts(table.column(name)))
        if option == "--reader" and option in shown:
            coded = named_readers(coded, as_numbers=False)
        elif option in shown:
            if len(coded.names) > MAX_CLASSES:
                raise CheckError("AGR-016", count=len(coded.names), most=MAX_CLASSES)
            presentable([one for one in coded.names if one], option)
        made[option] = coded
    return made


def read_columns(path: Path, columns: Columns | Picked) -> Any:
    """Return the named columns of a table as texts or as Parquet has them (AGR-001 to AGR-003)."""
    import pyarrow as pa

    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
    except OSError:
        raise UsageError("AGR-002") from None
    names = [name for _, name in columns.named()]
    try:
        if head[:4] == b"PAR1":
            return _parquet(path, columns, names)
        return _csv(path, head, columns, names)
    except (pa.ArrowException, OSError, ValueError, csv.Error):
        raise CheckError("AGR-003") from None


def _parquet(path: Path, columns: Columns | Picked, names: list[str]) -> Any:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        _found(file.schema_arrow.names, columns)
        return file.read(columns=names)


def _csv(path: Path, head: bytes, columns: Columns | Picked, names: list[str]) -> Any:
    from pyarrow import csv as arrow

    if b"\x00" in head or head[:4] == b"PK\x03\x04":
        raise CheckError("AGR-003")
    first = head.decode("utf-8-sig", "ignore").partition("\n")[0].rstrip("\r")
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = max(_DELIMITERS, key=outside.count)
    _found(next(csv.reader(io.StringIO(first), delimiter=delimiter, strict=True), []), columns)
    table = arrow.read_csv(
        path,
        parse_options=arrow.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=arrow.ConvertOptions(
            include_columns=names,
            column_types=dict.fromkeys(names, "string"),
            strings_can_be_null=False,
            check_utf8=True,
        ),
    )
    # A quote that does not close swallows rows in silence: as many rows as lines, or a strict reader agrees.
    lines, quotes = _lines_and_quotes(path)
    if quotes % 2 or (table.num_rows != lines - 1 and table.num_rows != _strict_rows(path, delimiter)):
        raise CheckError("AGR-003")
    return table


def _lines_and_quotes(path: Path) -> tuple[int, int]:
    lines, quotes, last = 0, 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(_HEADER):
            lines += block.count(b"\n")
            quotes += block.count(b'"')
            last = block[-1:]
    return lines + (last != b"\n"), quotes


def _strict_rows(path: Path, delimiter: str) -> int:
    """Count the rows behind the header; an open quote and a text behind a closed one raise csv.Error."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for row in csv.reader(stream, delimiter=delimiter, strict=True) if row) - 1


def _found(header: Sequence[str], columns: Columns | Picked) -> None:
    for option, name in columns.named():
        if list(header).count(name) != 1:
            raise UsageError("AGR-001", option=option)


def texts(column: Any) -> Any:
    """Return a column as trimmed texts, an empty text for what is missing; what is no number in Parquet is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_nan(column), None, column)
        return pc.fill_null(pc.utf8_trim_whitespace(pc.cast(column, pa.string())), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise CheckError("AGR-003") from None


def empty(column: Any) -> Any:
    """Say of each text of a column whether it is empty."""
    import pyarrow.compute as pc

    return pc.equal(column, "").to_numpy()


def mask(kept: Any) -> Any:
    """Return a mask as columns are filtered by."""
    import pyarrow as pa

    return pa.array(kept)


def code(column: Any) -> Coded:
    """Number the values of a column in sorted order, so that the order of the rows does not matter."""
    import pyarrow as pa

    encoded = column.dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0)
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    return Coded(place[encoded.indices.to_numpy(zero_copy_only=False)], tuple(names[at] for at in order))


def named_readers(reader: Coded, as_numbers: bool) -> Coded:
    """Return the readers as a report may show them (AGR-004), or called reader-1, reader-2, ..."""
    if as_numbers:
        return Coded(reader.codes, tuple(f"reader-{number}" for number in range(1, len(reader.names) + 1)))
    odd = sum(1 for name in reader.names if not _READER.fullmatch(name) or _TELLS.search(name))
    if odd:
        raise UsageError("AGR-004", count=odd)
    return reader


def presentable(names: Sequence[str], option: str) -> None:
    """Refuse names that a report would show and that may identify (AGR-005, with their number)."""
    odd = sum(1 for name in names if not (_SHOWN.fullmatch(name) and name.isprintable()) or _TELLS.search(name))
    if odd:
        raise UsageError("AGR-005", count=odd, option=option)
