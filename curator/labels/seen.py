"""Which ids an export has used already, in memory that does not grow with the export.

Only digests are held, in a temporary table that SQLite keeps in memory while it is small and in an unnamed file beyond.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import weakref
from types import TracebackType


class Seen:
    """Ids by their first appearance; a context manager that forgets all at its end."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")
        weakref.finalize(self, _closed, self._table).atexit = False
        self._table.execute("create table seen (digest blob primary key) without rowid")

    def __enter__(self) -> Seen:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget the ids."""
        self._table.close()

    def first(self, name: str) -> bool:
        """Note an id; say whether it was not noted before."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:16]
        return self._table.execute("insert or ignore into seen values (?)", (digest,)).rowcount == 1


def _closed(table: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        table.close()
