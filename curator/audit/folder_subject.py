"""A delivered folder and nothing else: whatever it holds, with no journal, no ledger and no policy to go by.

Its file names are the sender's, so none of them is ever shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curator.audit.model import TABLE, File
from curator.audit.subject import Base, Means
from curator.core.errors import UsageError
from curator.project.payload import payload_digest
from curator.release.tree import files

_TABLES = frozenset({"csv", "parquet"})


class FolderSubject(Base):
    """A folder.

    Parameters
    ----------
    folder
        The folder.
    means
        What the audit works with.

    Raises
    ------
    UsageError
        AUD-006 when there is none.
    """

    kind = "folder"

    def __init__(self, folder: Path, means: Means) -> None:
        super().__init__(means)
        if not folder.is_dir():
            raise UsageError("AUD-006")
        self.folder = folder.resolve()

    def has(self, what: str) -> bool:
        """Say whether a vault or a table is at hand; nothing else can be."""
        return self._has_vault(what) or (what == TABLE and any(file.kind in _TABLES for file in self.clean()))

    def _real(self) -> Iterator[tuple[str, Path]]:
        for path in files(self.folder):
            yield path, self.folder / path

    def payload(self) -> str:
        """Return the digest of every file with its path, made as that of clean files is."""
        return payload_digest(((file.path, file.sha256) for file in self.files()), "")

    def clean(self) -> Iterator[File]:
        """Yield all files: everything in the folder is what was delivered."""
        yield from self.files()
