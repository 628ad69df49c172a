"""What probes have seen, by the file's digest, so that a second audit looks only at what changed.

A single SQLite file. With a key, each entry carries a keyed digest, and one that does not hold is looked at anew: so
nobody without the vault can plant a result. Nothing here is needed: where the file cannot be used, a temporary one is.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curator import __version__
from curator.audit.model import Probe
from curator.core.errors import CuratorError
from curator.core.files import make_folder
from curator.core.hashing import keyed

NAME = "looked.sqlite"
#: Entries between two commits; a killed audit loses no more than these.
BATCH = 512
_TABLE = (
    "CREATE TABLE IF NOT EXISTS looked (probe TEXT, sha256 TEXT, found TEXT, mac BLOB, PRIMARY KEY (probe, sha256))"
)


class Cache:
    """Results by (probe, digest).

    Parameters
    ----------
    folder
        Where they are kept; None keeps them for this run only.
    key
        32 secret bytes, or None where nobody has any.
    """

    def __init__(self, folder: Path | None = None, key: bytes | None = None) -> None:
        self._key = key
        self._waiting = 0
        self.lasting = False
        self._base = self._connect(folder)
        # Whoever forgets to close it leaves no open file behind.
        weakref.finalize(self, _closed, self._base).atexit = False

    def _connect(self, folder: Path | None) -> sqlite3.Connection:
        if folder is not None:
            with contextlib.suppress(sqlite3.Error, OSError, CuratorError):
                make_folder(folder)
                base = sqlite3.connect(folder / NAME, timeout=5)
                try:
                    # Commits need not reach the disk one by one: what is lost is looked at again.
                    base.execute("PRAGMA journal_mode = WAL")
                    base.execute("PRAGMA synchronous = NORMAL")
                    base.execute(_TABLE)
                    base.commit()
                except sqlite3.Error:
                    base.close()
                    raise
                self.lasting = True
                return base
        base = sqlite3.connect("")
        base.execute(_TABLE)
        return base

    def probe_key(self, probe: Probe) -> str:
        """Return what stands for a probe: its name, version, parameters, this program's version, and who may vouch."""
        return self.key_of(probe.name, probe.version, probe.parameters())

    def key_of(self, name: str, version: int, parameters: Mapping[str, Any] | None = None) -> str:
        """Return what stands for anything of a name, version and parameters."""
        said = {
            "name": name,
            "version": version,
            "parameters": parameters or {},
            "program": __version__,
            "keyed": self._key is not None,
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def _mac(self, probe: str, sha256: str, found: str) -> bytes:
        return b"" if self._key is None else keyed(self._key, "audit-cache", *map(str.encode, (probe, sha256, found)))

    def _text(self, probe: str, sha256: str) -> str | None:
        """Return what is kept of a file, None where it is none of ours."""
        try:
            row = self._base.execute(
                "SELECT found, mac FROM looked WHERE probe = ? AND sha256 = ?", (probe, sha256)
            ).fetchone()
            if row is None or not isinstance(row[0], str) or self._mac(probe, sha256, row[0]) != row[1]:
                return None
        except (sqlite3.Error, ValueError, TypeError, AttributeError):
            return None
        return row[0]

    def has(self, probe: str, sha256: str) -> bool:
        """Say whether something is kept of a file that was put there by who has the key."""
        # With a key nobody else wrote it; without one anybody may have written what is no JSON.
        return self.get(probe, sha256) is not None if self._key is None else self._text(probe, sha256) is not None

    def get(self, probe: str, sha256: str) -> dict[str, Any] | None:
        """Return what a probe saw of a file, or None."""
        text = self._text(probe, sha256)
        try:
            found = None if text is None else json.loads(text)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def put(self, probe: str, sha256: str, found: Mapping[str, Any]) -> bool:
        """Keep what a probe saw, and say whether that was possible."""
        text = json.dumps(found, sort_keys=True)
        row = (probe, sha256, text, self._mac(probe, sha256, text))
        try:
            self._base.execute("INSERT OR REPLACE INTO looked VALUES (?, ?, ?, ?)", row)
        except sqlite3.Error:
            return False
        self._waiting += 1
        if self._waiting >= BATCH:
            self.flush()
        return True

    def flush(self) -> None:
        """Bring what waits to the disk."""
        with contextlib.suppress(sqlite3.Error):
            self._base.commit()
        self._waiting = 0

    def close(self) -> None:
        """Let go of the file."""
        self.flush()
        self._base.close()


def _closed(base: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        base.close()
