"""Planting canaries into tables: into cells of columns that are scrubbed as text, spread over the rows.

A column of another role takes none: its cells are dropped, coded or held against a list whatever stands in them, so
that a sentence there would count as found and say nothing of the detectors.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from curator.audit.canaries.made import Canary, behind
from curator.core.errors import ItemError

if TYPE_CHECKING:
    from curator.scrub.tabular.plan import Table
    from curator.scrub.treatment import Treatment

#: Row from 0 behind the header, and column, to what a cell gets behind what it holds.
Places = dict[tuple[int, int], list[str]]


def into_table(data: bytes, canaries: Sequence[Canary], treatment: Treatment) -> bytes:
    """Return a copy of a delimited table, a workbook or a Parquet file with canaries in its free text.

    Raises
    ------
    ItemError
        AUP-007 when no column is scrubbed as text or there is no row, TAB-001 to TAB-017 when it cannot be read.
    """
    from curator.scrub.tabular.medium import CSV, PARQUET, tables_of

    kind, tables = tables_of(io.BytesIO(data))
    if kind == CSV:
        return _delimited(tables[0], canaries, treatment)
    return (
        _parquet(data, tables[0], canaries, treatment) if kind == PARQUET else _book(data, tables, canaries, treatment)
    )


def _places(table: Table, canaries: Sequence[Canary], treatment: Treatment, *, only: Sequence[bool] = ()) -> Places:
    """Spread canaries over the cells of text columns.

    Parameters
    ----------
    only
        Whether each column holds texts, where the file says it; by default all may.
    """
    from curator.scrub.tabular.medium import planned
    from curator.scrub.tabular.roles import Role

    columns = [one.at for one in planned(table, treatment).columns if one.role is Role.TEXT]
    columns = [at for at in columns if not only or only[at]]
    rows = sum(1 for _ in table.rows())
    if not columns or not rows:
        raise ItemError("AUP-007")
    places: Places = {}
    for number, one in enumerate(canaries):
        row = number * rows // len(canaries) if rows >= len(canaries) else number % rows
        places.setdefault((row, columns[number % len(columns)]), []).append(one.sentence)
    return places


def _with(cell: str | None, more: Sequence[str]) -> str:
    return reduce(behind, more, cell or "")


def _delimited(table: Any, canaries: Sequence[Canary], treatment: Treatment) -> bytes:
    places = _places(table, canaries, treatment)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter, lineterminator=table.newline)
    writer.writerow(table.names)
    for number, row in enumerate(table.rows()):
        writer.writerow([_with(cell, places.get((number, at), ())) for at, cell in enumerate(row)])
    try:
        return text.getvalue().encode(table.encoding)
    except UnicodeEncodeError:
        raise ItemError("TXT-021") from None


def _book(data: bytes, sheets: Sequence[Any], canaries: Sequence[Canary], treatment: Treatment) -> bytes:
    import openpyxl

    places: Places = {}
    for sheet in sheets:
        try:
            places = _places(sheet, canaries, treatment)
        except ItemError as error:
            if error.code != "AUP-007":
                raise
            continue
        break
    else:
        raise ItemError("AUP-007")
    # Values, not formulas: what a formula showed is what the scrub reads.
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    there = book.worksheets[sheet.at]
    for (row, column), more in places.items():
        cell = there.cell(row=row + 2, column=column + 1)
        cell.value = _with(None if cell.value is None else str(cell.value), more)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(data: bytes, table: Any, canaries: Sequence[Canary], treatment: Treatment) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = pq.read_table(io.BytesIO(data), use_threads=False)
    texts = [pa.types.is_string(one.type) or pa.types.is_large_string(one.type) for one in held.schema]
    places = _places(table, canaries, treatment, only=texts)
    for at in {column for _, column in places}:
        cells = held.column(at).to_pylist()
        for (row, column), more in places.items():
            if column == at:
                cells[row] = _with(cells[row], more)
        held = held.set_column(at, held.schema.field(at), pa.array(cells, held.schema.field(at).type))
    out = io.BytesIO()
    pq.write_table(held, out)
    return out.getvalue()
