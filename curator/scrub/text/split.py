"""A table that was written to JSON as its columns' names and its rows apart, as pandas and others do (``split``).

Read as records, since a cell's place alone does not say what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.core.errors import ItemError

_COLUMNS, _ROWS = ("columns", "header", "headers", "fields"), ("data", "rows", "values")
_BESIDE = frozenset((*_COLUMNS, *_ROWS, "index", "name", "index_names", "column_names", "schema", "shape"))


def is_split(value: Any) -> bool:
    """Say whether a JSON value is a table of that form: lists of cells, and beside them what the cells are called."""
    if not isinstance(value, dict) or not value.keys() <= _BESIDE:
        return False
    return any(isinstance(value.get(name), list) for name in _COLUMNS) and any(
        isinstance(rows := value.get(name), list) and bool(rows) and all(isinstance(row, list) for row in rows)
        for name in _ROWS
    )


def rows_of(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows as objects.

    Raises
    ------
    ItemError
        JSN-011 when a row is longer or shorter than the columns, JSN-002 when a column's name stands twice.
    """
    names = next(table[name] for name in _COLUMNS if isinstance(table.get(name), list))
    names = [one.get("name") if isinstance(one, dict) else one for one in names]
    if not all(isinstance(name, str) for name in names):
        raise ItemError("JSN-011")
    if len(set(names)) != len(names):
        raise ItemError("JSN-002")
    for row in next(table[name] for name in _ROWS if isinstance(table.get(name), list)):
        if len(row) != len(names):
            raise ItemError("JSN-011")
        yield dict(zip(names, row, strict=True))
