"""A long table of ratings from CSV or Parquet: one row a rating, with columns for unit, reader and value.

Read whole or refused: no row is skipped, and nothing is said of a table that was read in part. Only an empty cell is a
missing rating. What the report will show must look like an id or a class; units are never shown. No error repeats a
name or a value of the table.
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
from curator.labels.agreement.model import MAX_CLASSES, Coded, Floats, Ints, Ratings, distinct

#: Reader ids: letters, digits and a few marks, no blank, no comma, no @.
_READER = re.compile(r"[^\W_][\w.:+/-]{0,63}")
#: Classes and levels of groups: short, printable, no mail address.
_SHOWN = re.compile(r"[^@]{1,64}")
#: What no class or level may hold: a day, or a number as long as those of records and telephones.
_TELLS = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d[\d -]{5,}\d|\d{6}")
_HEADER = 1 << 20
#: Squares of larger numbers, or of smaller ones than its inverse, are no numbers any more.
_LARGEST = 1e100
_DELIMITERS = ",;\t|"
PERIODS = ("year", "quarter", "month")


@dataclass(frozen=True)
class Columns:
    """Names of columns as they stand in the header.

    Parameters
    ----------
    session
        Which reading it is, for readers who read a unit more than once; None when none did.
    by
        Columns whose levels are reported apart.
    cluster
        What units hang together, such as the patient; they are resampled together.
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

    def named(self) -> list[tuple[str, str]]:
        """Return each option and its column."""
        one = [("--unit", self.unit), ("--reader", self.reader), ("--value", self.value)]
        if self.session is not None:
            one.append(("--session", self.session))
        if self.cluster is not None:
            one.append(("--cluster", self.cluster))
        if self.time is not None:
            one.append(("--time", self.time))
        return one + [("--by", name) for name in self.by]


def read_ratings(
    path: Path,
    columns: Columns,
    scale: str,
    *,
    order: Sequence[str] = (),
    readers_as_numbers: bool = False,
) -> Ratings:
    """Read a table of ratings.

    Parameters
    ----------
    path
        CSV with a header (comma, semicolon, tab or bar; UTF-8) or Parquet; told by content.
    scale
        nominal, ordinal, interval or ratio.
    order
        All classes from lowest to highest; needed on an ordinal scale whose classes are not numbers. On a nominal
        scale it names all classes, also those that nobody gave.
    readers_as_numbers
        Call the readers reader-1, reader-2, ... in the order of their sorted ids.

    Raises
    ------
    UsageError
        AGR-001, AGR-002, AGR-004, AGR-005, AGR-015, AGR-022.
    CheckError
        AGR-003, AGR-006 to AGR-009, AGR-011, AGR-016, AGR-018, AGR-023.
    """
    wanted = [name for _, name in columns.named()]
    if len(set(wanted)) != len(wanted) or (columns.time is not None and "period" in columns.by):
        raise UsageError("AGR-022")
    table = _table(path, columns)
    text = {name: _texts(table.column(name)) for _, name in columns.named()}
    kept = ~_empty(text[columns.value])
    for name in (columns.unit, columns.reader):
        lacking = int(_empty(text[name]).sum())
        if lacking:
            raise CheckError("AGR-007", count=lacking)
    if not kept.any():
        raise CheckError("AGR-006")
    text = {name: one.filter(_mask(kept)) for name, one in text.items()}
    value, numbers = _values(text[columns.value], scale, order)
    reader = _coded(text[columns.reader])
    units = _coded(text[columns.unit])
    unit = units.codes
    session = None
    if columns.session is not None:
        session = _sessions(unit, reader.codes, _coded(text[columns.session]))
    _once(unit, reader.codes, session)
    groups = {name: _group(text[name]) for name in columns.by}
    if columns.time is not None:
        groups["period"] = _periods(text[columns.time], columns.period)
    cluster = None if columns.cluster is None else _clusters(unit, text[columns.cluster])
    return Ratings(unit, _readers(reader, readers_as_numbers), value, numbers, session, groups, cluster, units.names)


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
    table = _table(path, wanted)
    made = {}
    for option, name in wanted.pairs:
        coded = _coded(_texts(table.column(name)))
        if option == "--reader" and option in shown:
            coded = _readers(coded, as_numbers=False)
        elif option in shown:
            if len(coded.names) > MAX_CLASSES:
                raise CheckError("AGR-016", count=len(coded.names), most=MAX_CLASSES)
            presentable([one for one in coded.names if one], option)
        made[option] = coded
    return made


def _table(path: Path, columns: Columns | Picked) -> Any:
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


def _texts(column: Any) -> Any:
    """Return a column as trimmed texts, an empty text for what is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.fill_null(pc.utf8_trim_whitespace(pc.cast(column, pa.string())), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise CheckError("AGR-003") from None


def _empty(column: Any) -> Any:
    import pyarrow.compute as pc

    return pc.equal(column, "").to_numpy()


def _mask(kept: Any) -> Any:
    import pyarrow as pa

    return pa.array(kept)


def _coded(column: Any) -> Coded:
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


def coded_values(values: Sequence[str], scale: str, order: Sequence[str]) -> tuple[Coded, Floats]:
    """Number values by their place on a scale, and return what each measures (errors as :func:`read_ratings`)."""
    import pyarrow as pa

    return _values(pa.array(values, type=pa.string()), scale, order)


def _values(column: Any, scale: str, order: Sequence[str]) -> tuple[Coded, Floats]:
    coded = _coded(column)
    if order and scale in {"nominal", "ordinal"}:
        place = {name: number for number, name in enumerate(order)}
        if len(place) != len(order) or any(name not in place for name in coded.names):
            raise UsageError("AGR-015")
        to = np.array([place[name] for name in coded.names], np.int64)
        coded = Coded(to[coded.codes], tuple(order))
    elif order:
        raise UsageError("AGR-015")
    elif scale != "nominal":
        coded, numbers = _numbered(coded, scale)
        if scale != "ordinal":
            return coded, numbers
    if len(coded.names) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(coded.names), most=MAX_CLASSES)
    presentable(coded.names, "--value")
    return coded, np.arange(1, len(coded.names) + 1, dtype=np.float64)


def _numbered(coded: Coded, scale: str) -> tuple[Coded, Floats]:
    """Put the values in the order of their numbers; values that are the same number are the same."""
    numbers = np.array([_number(name) for name in coded.names])
    size = np.abs(numbers)
    wrong = ~(size <= _LARGEST) | ((size > 0) & (size < 1 / _LARGEST))
    if wrong.any():
        if scale == "ordinal":
            raise UsageError("AGR-015")
        raise CheckError("AGR-008", count=int(wrong[coded.codes].sum()))
    if scale == "ratio" and (numbers < 0).any():
        raise CheckError("AGR-018", count=int((numbers < 0)[coded.codes].sum()))
    unique, to = np.unique(numbers, return_inverse=True)
    names = tuple(str(int(one)) if one.is_integer() and abs(one) < 1e15 else repr(float(one)) for one in unique)
    return Coded(to[coded.codes].astype(np.int64), names), unique


def _number(text: str) -> float:
    try:
        return float(text) if "_" not in text else float("nan")
    except ValueError:
        return float("nan")


def _readers(reader: Coded, as_numbers: bool) -> Coded:
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


def _group(column: Any) -> Coded:
    coded = _coded(column)
    if len(coded.names) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(coded.names), most=MAX_CLASSES)
    named = tuple(name or "(none)" for name in coded.names)
    presentable(named, "--by")
    return Coded(coded.codes, named)


def _periods(column: Any, period: str) -> Coded:
    import pyarrow.compute as pc

    good = pc.match_substring_regex(column, r"^[12][0-9]{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])([T ].*)?)?$")
    wrong = len(column) - int(pc.sum(good).as_py() or 0)
    if wrong:
        raise CheckError("AGR-011", count=wrong)
    months = _coded(pc.utf8_slice_codeunits(column, 0, 7))
    named = [period_of(month, period) for month in months.names]
    levels = sorted(set(named))
    if len(levels) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(levels), most=MAX_CLASSES)
    to = np.array([levels.index(one) for one in named], np.int64)
    return Coded(to[months.codes], tuple(levels))


def period_of(month: str, period: str) -> str:
    """Return the year, quarter or month (of :data:`PERIODS`) that a month such as 2026-03 lies in."""
    if period == "month":
        return month
    return month[:4] if period == "year" else f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def _sessions(unit: Ints, reader: Ints, session: Coded) -> Ints:
    """Number each reader's readings of a unit from 0, in the order of the column: numbers by size, texts by letter."""
    numbers = np.array([_number(name) for name in session.names])
    rank = np.argsort(np.argsort(numbers)) if np.isfinite(numbers).all() else np.arange(len(numbers))
    order = np.lexsort((rank[session.codes], reader, unit))
    fresh = (np.diff(unit[order], prepend=-1) != 0) | (np.diff(reader[order], prepend=-1) != 0)
    starts = np.flatnonzero(fresh)
    place = np.arange(len(unit)) - np.repeat(starts, np.diff(starts, append=len(unit)))
    later = ~fresh & (np.diff(session.codes[order], prepend=-1) == 0)
    if later.any():
        raise CheckError("AGR-009", count=int(later.sum()))
    out = np.empty(len(unit), np.int64)
    out[order] = place
    return out


def _clusters(unit: Ints, column: Any) -> Ints:
    """Number the clusters; one name for all ratings of a unit, and none is empty."""
    lacking = int(_empty(column).sum())
    if lacking:
        raise CheckError("AGR-023", count=lacking)
    cluster = _coded(column).codes
    _, first = np.unique(unit, return_index=True)
    split = int((cluster[first][unit] != cluster).sum())
    if split:
        raise CheckError("AGR-023", count=split)
    return cluster


def _once(unit: Ints, reader: Ints, session: Ints | None) -> None:
    if session is not None:
        return
    again = len(unit) - len(distinct(unit * (int(reader.max()) + 1) + reader))
    if again:
        raise CheckError("AGR-009", count=again)
