"""Immutable Parquet parts, made visible by small commits that are put only if absent.

A folder holds ``parts/<sha256>.parquet`` and ``commits/<number>.json``. A part without a commit is invisible and
harmless; a commit names the digest of each part it makes visible. No file is ever changed after it got its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent, translated

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

COMMIT_FORMAT = 1
#: Rows that are given at a time where they are not all wanted at once.
BATCH = 1024


@dataclass(frozen=True)
class Commit:
    """One commit: its number and the document it holds (``format``, ``parts``, and what the room adds)."""

    number: int
    doc: dict[str, Any]

    @property
    def parts(self) -> list[str]:
        """Digests of the parts that this commit makes visible, in order."""
        return list(self.doc["parts"])


def parquet_bytes(table: pa.Table, repeating: Sequence[str] | None = None) -> bytes:
    """Encode a table as one Parquet file with page checksums and no clock, host or path in it.

    Parameters
    ----------
    table
        The table.
    repeating
        Columns whose values repeat, which are stored as a dictionary; None lets Parquet try every column, which costs
        both writer and reader where no value comes twice.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    tried = True if repeating is None else list(repeating)
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True, store_schema=True, use_dictionary=tried)
    return bytes(sink.getvalue())


def parquet_table(data: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Decode one Parquet file, verifying its page checksums; of ``columns`` those that it has, else all."""
    reader = _reader(data)
    some = None if columns is None else [one for one in reader.schema_arrow.names if one in columns]
    return reader.read(columns=some, use_threads=False)


def _reader(data: bytes) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    _lean()
    # It is all in memory, and small: threads and a second buffer would only cost.
    return pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True, pre_buffer=False)


@contextlib.contextmanager
def _readable(name: str) -> Iterator[None]:
    """Call a part that cannot be read damaged (SYS-009)."""
    try:
        yield
    except (OSError, ValueError):
        raise IntegrityError("SYS-009", name=f"part {name[:12]}") from None


@cache
def _lean() -> None:
    """Let Arrow give back what it decoded a part into: its own pool keeps some 20 MiB of each process for the next."""
    import pyarrow as pa

    if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:
        pa.set_memory_pool(pa.system_memory_pool())


class PartLog:
    """Parts and commits in one folder.

    Parameters
    ----------
    folder
        Where ``parts/`` and ``commits/`` stand; made on first write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_part(self, table: pa.Table, repeating: Sequence[str] | None = None) -> str:
        """Write a table as a part, which stays invisible until a commit names it.

        Parameters
        ----------
        table, repeating
            As :func:`parquet_bytes`.

        Returns
        -------
        str
            The part's name: the SHA-256 of its bytes in hex.
        """
        data = parquet_bytes(table, repeating)
        name = hashlib.sha256(data).hexdigest()
        parts = self.folder / "parts"
        make_folder(parts)
        put_if_absent(parts / f"{name}.parquet", data)
        return name

    def commit(self, number: int, parts: list[str], **more: Any) -> bool:
        """Make parts visible.

        Parameters
        ----------
        number
            The commit's number; each exists once.
        parts
            Names of parts that were written before.
        more
            Further fields of the commit's document, canonical JSON.

        Returns
        -------
        bool
            True if this call made the commit or the very same commit stood there; False if another one has the number.
        """
        data = canonical_bytes({"format": COMMIT_FORMAT, "parts": parts, **more})
        commits = self.folder / "commits"
        make_folder(commits)
        path = commits / f"{number:08d}.json"
        with translated():
            return put_if_absent(path, data) or path.read_bytes() == data

    def give_up(self, part: str, number: int) -> None:
        """Remove a part of one's own that can become visible no more, since another commit has the only number for it.

        A part that this commit names stays: two writers may have made the very same one.

        Parameters
        ----------
        part
            The part's name, as :meth:`write_part` returned it.
        number
            Of the commit that was to name it.
        """
        try:
            named = part in self.read_commit(number).parts
        except (IntegrityError, UsageError):
            return
        if not named:
            with contextlib.suppress(OSError):
                os.unlink(self.folder / "parts" / f"{part}.parquet")

    def numbers(self) -> list[int]:
        """Return the numbers of all commits, sorted. Files with any other spelling of a name are no commits."""
        try:
            names = os.listdir(self.folder / "commits")
        except (FileNotFoundError, NotADirectoryError):
            return []
        stems = [name[:-5] for name in names if name.endswith(".json")]
        return sorted(int(stem) for stem in stems if stem.isascii() and stem.isdigit() and f"{int(stem):08d}" == stem)

    def commits(self) -> Iterator[Commit]:
        """Yield every commit in order of its number.

        Raises
        ------
        IntegrityError
            SYS-009 for a commit that is not canonical JSON of a known format.
        """
        for number in self.numbers():
            yield self.read_commit(number)

    def read_commit(self, number: int) -> Commit:
        """Read one commit.

        Raises
        ------
        IntegrityError
            SYS-009 for a missing commit, or one that is not canonical JSON of a known format.
        """
        try:
            data = (self.folder / "commits" / f"{number:08d}.json").read_bytes()
            doc = strict_loads(data)
            if canonical_bytes(doc) != data or not isinstance(doc["parts"], list):
                raise ValueError
            known = int(doc["format"]) <= COMMIT_FORMAT
        except (OSError, UsageError, ValueError, KeyError, TypeError):
            raise IntegrityError("SYS-009", name=f"commit {number}") from None
        if not known:
            raise UsageError("SYS-007", found=doc["format"], known=COMMIT_FORMAT)
        return Commit(number, doc)

    def read_part(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read a part and prove that it holds the bytes it is named by.

        Parameters
        ----------
        name
            The part.
        columns
            Columns that are wanted; what is not decoded takes neither time nor memory. By default all.

        Raises
        ------
        IntegrityError
            SYS-009 for a missing, changed or unreadable part.
        """
        with _readable(name):
            return parquet_table(self._bytes(name), columns)

    def _bytes(self, name: str) -> bytes:
        """Return a part's bytes, which are those that it is named by (OSError, ValueError)."""
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise ValueError
        data = (self.folder / "parts" / f"{name}.parquet").read_bytes()
        if hashlib.sha256(data).hexdigest() != name:
            raise ValueError
        return data

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of every visible part, in order of commit and part, so many at a time that memory stays flat.

        A part is proven as by :meth:`read_part`, before its first row is given; whether it can be read to its end is
        found on the way.
        """
        for commit in self.commits():
            for name in commit.parts:
                with _readable(name):
                    yield from _reader(self._bytes(name)).iter_batches(batch_size=BATCH, use_threads=False)

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield every visible part's table, in order of commit and part; of ``columns`` those that it has."""
        for commit in self.commits():
            for name in commit.parts:
                yield self.read_part(name, columns)
