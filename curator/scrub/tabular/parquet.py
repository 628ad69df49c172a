"""Parquet: row groups streamed, types kept where the role allows it, every byte of metadata made anew.

Nested, binary and extension columns are not looked into: they are dropped. Statistics in the clean file are those of
the clean values; key-value metadata, field metadata, the schema of other libraries and dictionaries do not pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from curator.core import strides
from curator.core.errors import ItemError
from curator.scrub.tabular.plan import Plan, Planned
from curator.scrub.tabular.roles import Role, Spec

_BATCH = 8192
_NUMBER = re.compile(r"[0-9]{1,4}")
#: Roles whose values have the form of their source, so that its type can stay.
_SAME_TYPE = frozenset({Role.KEEP, Role.DATE, Role.BIRTH_DATE, Role.YEAR, Role.AGE})


class ParquetTable:
    """A Parquet file as a table of texts.

    Parameters
    ----------
    stream
        The file, seekable.

    Raises
    ------
    ItemError
        TAB-016 when it cannot be read whole.
    """

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow.parquet as pq

        stream.seek(0)
        try:
            self._file = pq.ParquetFile(stream, page_checksum_verification=True)
            self.schema = self._file.schema_arrow
            self.groups = self._file.num_row_groups
        except Exception:  # noqa: BLE001 - its texts quote names and values
            raise ItemError("TAB-016") from None
        self.names: Sequence[str] = tuple(self.schema.names)

    def readable(self, at: int) -> bool:
        """Say whether a column holds plain values that are looked at."""
        return _plain(self.schema.field(at).type) is not None

    def typed(self, at: int) -> bool:
        """Say whether a column's type takes no bare year: a day, a moment, or a day written as a number."""
        import pyarrow as pa

        kind = _plain(self.schema.field(at).type)
        return kind is not None and (pa.types.is_temporal(kind) or pa.types.is_integer(kind))

    def rows(self) -> Iterator[Sequence[str | None]]:
        """Read the rows as texts; cells of columns that are not looked at are None."""
        for batch in self.batches():
            yield from zip(*self.texts(batch), strict=True)

    def batches(self, group: int | None = None) -> Iterator[Any]:
        """Read the record batches of one row group, or of all."""
        groups = range(self.groups) if group is None else [group]
        try:
            for number in groups:
                before = sum(self._file.metadata.row_group(at).num_rows for at in range(number))
                for batch in self._file.iter_batches(batch_size=_BATCH, row_groups=[number], use_threads=False):
                    yield batch
                    before += batch.num_rows
                    strides.part(before, self._file.metadata.num_rows)
        except ItemError:
            raise
        except Exception:  # noqa: BLE001 - as above
            raise ItemError("TAB-016") from None

    def texts(self, batch: Any) -> list[list[str | None]]:
        """Return the columns of a batch as texts."""
        try:
            return [
                _texts(batch.column(at)) if self.readable(at) else [None] * batch.num_rows
                for at in range(batch.num_columns)
            ]
        except ItemError:
            raise
        except Exception:  # noqa: BLE001 - as above
            raise ItemError("TAB-016") from None


def without_unread(plan: Plan, table: ParquetTable) -> Plan:
    """Drop the columns that are not looked into."""

    def seen(one: Planned) -> Planned:
        if table.readable(one.at) or one.role is Role.DROP:
            return one
        return replace(one, name="", spec=Spec(Role.DROP, place=one.spec.place), why="nested or binary")

    return replace(plan, columns=tuple(seen(one) for one in plan.columns))


def _plain(kind: Any) -> Any:
    """Return the type of a column's plain values, None for a type that is not looked into."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if isinstance(kind, pa.BaseExtensionType) or types.is_nested(kind):
        return None
    strings = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    numbers = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_boolean(kind)
    days = types.is_date(kind) or types.is_timestamp(kind) or types.is_time(kind)
    return kind if strings or numbers or days or types.is_null(kind) else None


def _texts(column: Any) -> list[str | None]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, "UTC"))
    if pa.types.is_null(kind):
        return [None] * len(column)
    if pa.types.is_floating(kind):
        return [None if one is None else _number(one) for one in column.to_pylist()]
    texts: list[str | None] = column.cast(pa.string()).to_pylist()
    return texts


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def clean_type(one: Planned, kind: Any) -> Any:
    """Return the type of a column in the clean file, without any name in it (a zone becomes UTC)."""
    import pyarrow as pa

    plain = _plain(kind)
    if one.role not in _SAME_TYPE and not pa.types.is_null(plain):
        plain = plain if pa.types.is_large_string(plain) else pa.string()
    elif pa.types.is_timestamp(plain) and plain.tz is not None:
        plain = pa.timestamp(plain.unit, "UTC")
    if pa.types.is_dictionary(kind):
        return pa.dictionary(pa.int32(), plain, ordered=False)
    return plain


def column_of(texts: list[str | None], source: Any, kind: Any, role: Role) -> Any:
    """Return cleaned texts as a column of the clean type.

    Parameters
    ----------
    texts
        One for each row; None or empty where there is nothing.
    source
        The column that they were made of.
    kind
        The clean type.
    role
        The column's role: a kept value that is no text and may not stay becomes nothing.

    Raises
    ------
    ItemError
        TAB-017 when a text cannot be written in the type.
    """
    import pyarrow as pa

    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    words = pa.types.is_string(plain) or pa.types.is_large_string(plain) or pa.types.is_string_view(plain)
    try:
        if words:
            made = pa.array(texts, type=plain)
        elif texts == (before := _texts(source)):
            made = source.dictionary_decode() if pa.types.is_dictionary(source.type) else source
            made = made.cast(plain)
        else:
            told = [text or None for text in texts]
            if role is Role.KEEP:
                # A number may have become another: an age of 95 is 90.
                told = [
                    text if text == old or (text and _NUMBER.fullmatch(text)) else None
                    for text, old in zip(told, before, strict=True)
                ]
            if pa.types.is_timestamp(plain) and plain.tz is not None:
                bare = pa.array([one.rstrip("Z") if one else None for one in told], type=pa.string())
                made = bare.cast(pa.timestamp(plain.unit)).cast(plain)
            else:
                made = pa.array(told, type=pa.string()).cast(plain)
        return made.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else made
    except Exception:  # noqa: BLE001 - its texts quote values
        raise ItemError("TAB-017") from None
