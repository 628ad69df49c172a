"""A long table of ratings from CSV or Parquet: one row a rating, with columns for unit, reader and value.

Read whole or refused: no row is skipped, and nothing is said of a table that was read in part. An empty cell is a
missing rating, and a word of which the user says so; words that often stand for one are not taken for a class unasked.
What the report will show must look like an id or a class; units are never shown. No error repeats a name or a value of
the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement.columns import (
    Columns,
    code,
    empty,
    mask,
    named_readers,
    presentable,
    read_columns,
    texts,
)
from curator.labels.agreement.model import MAX_CLASSES, Coded, Floats, Ints, Ratings, distinct
from curator.labels.agreement.scales import Asked, Scales

#: Squares of larger numbers, or of smaller ones than its inverse, are no numbers any more.
_LARGEST = 1e100
#: Words that programs write for no value, in small letters.
_NOTHING = frozenset({"na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "nat", "null", "nil", "."})
PERIODS = ("year", "quarter", "month")


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
        AGR-003, AGR-006 to AGR-009, AGR-011, AGR-016, AGR-018, AGR-023, AGR-042.
    """
    text = _texts(path, columns)
    readers = code(text[columns.reader])
    return _ratings(text, named_readers(readers, readers_as_numbers), columns, scale, order)


def read_questions(
    path: Path, columns: Columns, scales: Scales, *, readers_as_numbers: bool = False
) -> dict[str, tuple[Asked, Ratings]]:
    """Read a table in which several things were asked, each on a scale of its own.

    Parameters
    ----------
    path, columns
        As for :func:`read_ratings`, with the column of the question.
    scales
        The scale of each question (AGR-039 when it names one that the table does not have).

    Returns
    -------
    dict
        Question, sorted, to its scale and its ratings; readers have one number through all of them.

    Raises
    ------
    UsageError, CheckError
        As :func:`read_ratings`; AGR-007 for a rating without a question.
    """
    import pyarrow.compute as pc

    if columns.question is None:
        raise ValueError("no column of questions")
    text = _texts(path, columns)
    asked = code(text[columns.question])
    if len(asked.names) > MAX_CLASSES:
        raise CheckError("AGR-016", count=len(asked.names), most=MAX_CLASSES)
    presentable(asked.names, "--question")
    readers = named_readers(code(text[columns.reader]), readers_as_numbers)
    made = {}
    for at, (name, scale) in enumerate(scales.each(asked.names).items()):
        kept = asked.codes == at
        some = {column: pc.filter(one, mask(kept)) for column, one in text.items()}
        chosen = Coded(readers.codes[kept], readers.names)
        made[name] = (scale, _ratings(some, chosen, columns, scale.scale, scale.order))
    return made


def _texts(path: Path, columns: Columns) -> dict[str, Any]:
    """Return the columns of all ratings that are not missing."""
    wanted = [name for _, name in columns.named()]
    if len(set(wanted)) != len(wanted) or (columns.time is not None and "period" in columns.by):
        raise UsageError("AGR-022")
    table = read_columns(path, columns)
    text = {name: texts(table.column(name)) for _, name in columns.named()}
    kept = ~empty(text[columns.value])
    if columns.missing:
        import pyarrow as pa
        import pyarrow.compute as pc

        words = pa.array([one.strip() for one in columns.missing], pa.string())
        kept &= ~pc.is_in(text[columns.value], value_set=words).to_numpy()
    for name in (columns.unit, columns.reader, columns.question):
        lacking = 0 if name is None else int(empty(text[name]).sum())
        if lacking:
            raise CheckError("AGR-007", count=lacking)
    if not kept.any():
        raise CheckError("AGR-006")
    return {name: one.filter(mask(kept)) for name, one in text.items()}


def _ratings(text: dict[str, Any], reader: Coded, columns: Columns, scale: str, order: Sequence[str]) -> Ratings:
    if scale == "nominal" and not order:
        _no_nothing(code(text[columns.value]))
    value, numbers = _values(text[columns.value], scale, order)
    units = code(text[columns.unit])
    unit = units.codes
    session = None
    if columns.session is not None:
        session = _sessions(unit, reader.codes, code(text[columns.session]))
    _once(unit, reader.codes, session)
    groups = {name: _group(text[name]) for name in columns.by}
    if columns.time is not None:
        groups["period"] = _periods(text[columns.time], columns.period)
    cluster = None if columns.cluster is None else _clusters(unit, text[columns.cluster])
    return Ratings(unit, reader, value, numbers, session, groups, cluster, units.names)


def coded_values(values: Sequence[str], scale: str, order: Sequence[str]) -> tuple[Coded, Floats]:
    """Number values by their place on a scale, and return what each measures (errors as :func:`read_ratings`)."""
    import pyarrow as pa

    return _values(pa.array(values, type=pa.string()), scale, order)


def _values(column: Any, scale: str, order: Sequence[str]) -> tuple[Coded, Floats]:
    coded = code(column)
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


def _no_nothing(value: Coded) -> None:
    """Refuse words that often stand for no rating among classes that nobody named (AGR-042)."""
    odd = np.array([name.lower() in _NOTHING for name in value.names])
    if odd.any():
        raise CheckError("AGR-042", count=int(odd[value.codes].sum()))


def _group(column: Any) -> Coded:
    coded = code(column)
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
    months = code(pc.utf8_slice_codeunits(column, 0, 7))
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
    lacking = int(empty(column).sum())
    if lacking:
        raise CheckError("AGR-023", count=lacking)
    cluster = code(column).codes
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
