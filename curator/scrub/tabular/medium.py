"""The two passes over a table file: who is in it, and the clean one. Dispatch is by content, never by name."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.core.errors import ItemError
from curator.engine import hands
from curator.scrub.medium import Made, People, RecordHarvest
from curator.scrub.tabular.cells import RowCleaner
from curator.scrub.tabular.delimited import Delimited, Writer
from curator.scrub.tabular.gather import Gathering, where_of
from curator.scrub.tabular.parquet import ParquetTable, clean_type, column_of, without_unread
from curator.scrub.tabular.plan import Plan, Table, decide
from curator.scrub.tabular.spreadsheet import SpreadsheetWriter
from curator.scrub.tabular.workbook import Sheet, Value, Workbook, back, is_date

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

CSV, XLSX, PARQUET = ".csv", ".xlsx", ".parquet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(stream: BinaryIO) -> str:
    """Say which of the three kinds a file is.

    Raises
    ------
    ItemError
        TAB-001 for another kind, TAB-006 for an empty file, TAB-013 for an older or encrypted workbook, TAB-016 for
        encrypted Parquet.
    """
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if not head:
        raise ItemError("TAB-006")
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(b"PARE"):
        raise ItemError("TAB-016")
    if head.startswith(b"PK\x03\x04"):
        return XLSX
    if head == _OLE:
        raise ItemError("TAB-013")
    if head.startswith((b"ARROW1", b"PK", b"%PDF", b"\x1f\x8b", b"{", b"<")):
        raise ItemError("TAB-001")
    return CSV


def tables_of(stream: BinaryIO) -> tuple[str, Sequence[Table]]:
    """Open a file and return its kind and its tables, in their order. Errors as :func:`kind_of` and its readers."""
    kind = kind_of(stream)
    if kind == XLSX:
        return kind, Workbook(stream).sheets
    return kind, [ParquetTable(stream) if kind == PARQUET else Delimited(stream)]


def planned(table: Table, treatment: Treatment) -> Plan:
    """Decide the roles of a table's columns, reading all of it once."""
    plan = decide(table, treatment)
    return without_unread(plan, table) if isinstance(table, ParquetTable) else plan


def all_planned(kind: str, tables: Sequence[Table], treatment: Treatment) -> list[tuple[Table, Plan]]:
    """Decide the roles of all tables of a file; a workbook's sheet of remarks, of which no column is known, has none.

    Raises
    ------
    ItemError
        As :func:`planned`; TAB-009 for a sheet of data, and where no sheet is left.
    """
    made = []
    for table in tables:
        try:
            made.append((table, planned(table, treatment)))
        except ItemError as error:
            notes = kind == XLSX and isinstance(table, Sheet) and table.is_notes()
            if error.code != "TAB-009" or not notes:
                raise
    if not made:
        raise ItemError("TAB-009")
    return made


def harvest(stream: BinaryIO, size: int, treatment: Treatment) -> RecordHarvest:  # noqa: ARG001 - the door's own form
    """Read a table for pass 1. See :class:`curator.scrub.medium.Medium`.

    The file is read twice: once for the roles of its columns, once for its rows.
    """
    kind, tables = tables_of(stream)
    gathered, number, where = Gathering(), 0, set()
    for table, plan in all_planned(kind, tables, treatment):
        where |= where_of(plan)
        for row in table.rows():
            number += 1
            gathered.add(plan, row, number)
    return RecordHarvest(kind, people=tuple(gathered.people()), where=tuple(sorted(where)))


def rewrite(stream: BinaryIO, out: BinaryIO, people: People, treatment: Treatment) -> Made:
    """Write the clean table. See :class:`curator.scrub.medium.Medium`.

    The source is read twice, as in :func:`harvest`, so that both passes decide alike.
    """
    kind, tables = tables_of(stream)
    hashed = _Hashed(out)
    if kind == CSV:
        actions = _delimited(tables[0], hashed, people, treatment)
    elif kind == PARQUET:
        actions = _parquet(tables[0], hashed, people, treatment)
    else:
        actions = _workbook(tables, hashed, people, treatment)
    return Made(hashed.hexdigest(), tuple(sorted((*key, count) for key, count in actions.items())))


class _Hashed:
    """An output that digests what passes through it. It cannot seek, so what is written is what is digested."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._digest, self._at = out, hashlib.sha256(), 0
        self.closed = False

    def write(self, data: Any) -> int:
        """Write bytes on."""
        view = bytes(data)
        self._out.write(view)
        self._digest.update(view)
        self._at += len(view)
        return len(view)

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._at

    def flush(self) -> None:
        """Leave flushing to whoever opened the output."""

    def writable(self) -> bool:
        """Say that it writes."""
        return True

    def readable(self) -> bool:
        """Say that it does not read."""
        return False

    def seekable(self) -> bool:
        """Say that it does not seek."""
        return False

    def close(self) -> None:
        """Leave closing to whoever opened the output."""

    def hexdigest(self) -> str:
        """Return the SHA-256 of what was written."""
        return self._digest.hexdigest()


_Row = tuple[int, Sequence[str | None], Sequence[bool] | None]


class _Cleaner:
    """Cleans the rows of one table in their order, by more processes than this one where others are idle.

    Attributes
    ----------
    actions
        Counts by (place, action), of the rows that came out.
    """

    def __init__(self, plan: Plan, people: People, treatment: Treatment) -> None:
        self._rows = RowCleaner(plan, people, treatment)
        self.actions = self._rows.counted()

    def clean(self, rows: Iterable[_Row]) -> Iterator[list[str | None]]:
        """Yield the clean row for each (number from 1, cells, which of them are typed dates)."""
        for done, counts in hands.spread(hands.parts_of(rows, _size), self._part):
            for key, count in counts.items():
                self.actions[key] = self.actions.get(key, 0) + count
            yield from done

    def _part(self, part: list[_Row]) -> tuple[list[list[str | None]], dict[tuple[str, str], int]]:
        return [self._rows.row(cells, number, typed) for number, cells, typed in part], self._rows.counted()


def _size(row: _Row) -> int:
    return sum(len(cell) for cell in row[1] if cell)


def _delimited(table: Any, out: Any, people: People, treatment: Treatment) -> dict[tuple[str, str], int]:
    plan = planned(table, treatment)
    cleaner, writer = _Cleaner(plan, people, treatment), Writer(out, table)
    writer.row([one.name for one in plan.kept])
    for row in cleaner.clean((number, row, None) for number, row in enumerate(table.rows(), 1)):
        writer.row(row)
    return cleaner.actions


def _workbook(sheets: Sequence[Any], out: Any, people: People, treatment: Treatment) -> dict[tuple[str, str], int]:
    actions: dict[tuple[str, str], int] = {}
    writer, number = SpreadsheetWriter(out), 0

    def rows(sheet: Any, plan: Plan, cleaner: _Cleaner) -> Iterator[Sequence[Value]]:
        values: deque[Sequence[Value]] = deque()

        def source() -> Iterator[_Row]:
            nonlocal number
            for held, texts in zip(sheet.values(), sheet.rows(), strict=True):
                number += 1
                values.append(held)
                yield number, texts, [is_date(value) for value in held]

        yield [one.name for one in plan.kept]
        for clean in cleaner.clean(source()):
            held = values.popleft()
            yield [back(text, held[one.at]) for text, one in zip(clean, plan.kept, strict=True)]

    try:
        listed = all_planned(XLSX, sheets, treatment)
        for sheet, plan in listed:
            cleaner = _Cleaner(plan, people, treatment)
            writer.sheet(rows(sheet, plan, cleaner))
            for key, count in cleaner.actions.items():
                actions[key] = actions.get(key, 0) + count
        writer.close()
    finally:
        writer.abandon()
    book = sheets[0].book
    lost = {
        ("formula", "emptied"): book.formulas_without_value(),
        ("sheet", "unknown"): len(sheets) - len(listed),
        ("row_below", "removed"): book.below(),
    }
    actions |= {key: count for key, count in lost.items() if count}
    return actions


def _parquet(table: Any, out: Any, people: People, treatment: Treatment) -> dict[tuple[str, str], int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    plan = planned(table, treatment)
    cleaner, number = _Cleaner(plan, people, treatment), 0
    typed = [table.typed(at) for at in range(len(table.names))]
    kinds = [clean_type(one, table.schema.field(one.at).type) for one in plan.kept]
    schema = pa.schema([pa.field(one.name, kind) for one, kind in zip(plan.kept, kinds, strict=True)])
    with pq.ParquetWriter(out, schema, compression="zstd", write_page_checksum=True) as writer:
        for group in range(table.groups):
            batches = []
            for batch in table.batches(group):
                source = ((number + at, row, typed) for at, row in enumerate(zip(*table.texts(batch), strict=True), 1))
                rows = list(cleaner.clean(source))
                number += len(rows)
                columns: list[list[str | None]] = [list(one) for one in zip(*rows, strict=True)]
                arrays = [
                    column_of(texts, batch.column(one.at), kind, one.role)
                    for texts, one, kind in zip(columns, plan.kept, kinds, strict=True)
                ]
                batches.append(pa.record_batch(arrays, schema=schema))
            writer.write_table(pa.Table.from_batches(batches, schema=schema), row_group_size=1 << 26)
    return cleaner.actions
