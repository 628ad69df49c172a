"""What a Parquet file holds: names, metadata, and every value of every column as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from curator.core.errors import CuratorError, ItemError

_ROWS = 8192


def column_texts(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield (place, text) for names, metadata and values, a batch of a column at a time.

    Raises
    ------
    ItemError
        AUP-002 when it cannot be read whole.
    """
    try:
        yield from _read(stream)
    except (CuratorError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever pyarrow raises may quote the file
        raise ItemError("AUP-002") from None


def _read(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    import pyarrow.parquet as pq

    stream.seek(0)
    opened = pq.ParquetFile(stream)
    schema = opened.schema_arrow
    said = [*schema.names, *(str(field.metadata) for field in schema if field.metadata)]
    for key, value in (opened.metadata.metadata or {}).items():
        if key != b"ARROW:schema":
            said += [key.decode("utf-8", "replace"), value.decode("utf-8", "replace")]
    yield "metadata", "\n".join(said)
    for batch in opened.iter_batches(batch_size=_ROWS):
        for column in batch.columns:
            yield "column", "\n".join(_shown(value) for value in column.to_pylist() if value is not None)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")
    if isinstance(value, dict):
        return "\n".join(f"{key}\n{_shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(map(_shown, value))
    return str(value)
