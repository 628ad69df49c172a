"""Reading the columns of a table that the measures look at, each as small numbers, not as texts.

An empty cell is a value of its own: who looks for a person sees that it is empty. It must never print or raise a value.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from curator.core.errors import CheckError, ItemError, UsageError
from curator.scrub.policy.load import folded_column
from curator.scrub.tabular.medium import tables_of
from curator.scrub.tabular.parquet import ParquetTable


@dataclass(frozen=True)
class Coded:
    """One column.

    Parameters
    ----------
    name
        As the user gave it.
    codes
        For each row the number of its value, from 0.
    values
        The values by their numbers; identifiers perhaps.
    """

    name: str = field(repr=False)
    codes: array[int] = field(repr=False)
    values: tuple[str, ...] = field(repr=False)


def read_columns(stream: BinaryIO, wanted: Sequence[str]) -> list[Coded]:
    """Read columns of a table's file.

    Parameters
    ----------
    stream
        CSV and its kin, .xlsx (its first sheet that holds something), or Parquet; told by content.
    wanted
        Names, as they stand in the header or alike but for case and punctuation.

    Raises
    ------
    UsageError
        RSK-001 for a name that is not there, or there twice; RSK-002 for a name given twice.
    CheckError
        RSK-003 when the table cannot be read whole, RSK-004 when it has no rows.
    """
    if len({folded_column(name) for name in wanted}) != len(wanted):
        raise UsageError("RSK-002")
    try:
        _, tables = tables_of(stream)
        table = tables[0]
        places = [_place(table.names, name, number) for number, name in enumerate(wanted, 1)]
        if isinstance(table, ParquetTable) and not all(table.readable(at) for at in places):
            raise ItemError("TAB-016")
        coded: list[dict[str, int]] = [{} for _ in wanted]
        columns = [array("i") for _ in wanted]
        together = list(zip(places, coded, columns, strict=True))
        for row in table.rows():
            for at, known, codes in together:
                value = (row[at] or "").strip()
                codes.append(known.setdefault(value, len(known)))
    except ItemError as error:
        raise CheckError("RSK-003", reason=error.code, why=error.sentence) from None
    if not columns or not len(columns[0]):
        raise CheckError("RSK-004")
    return [Coded(name, codes, tuple(known)) for name, codes, known in zip(wanted, columns, coded, strict=True)]


def _place(names: Sequence[str], wanted: str, number: int) -> int:
    exact = [at for at, name in enumerate(names) if name == wanted]
    alike = exact or [at for at, name in enumerate(names) if name and folded_column(name) == folded_column(wanted)]
    if len(alike) != 1:
        raise UsageError("RSK-001", number=number)
    return alike[0]
