"""The ledger on disk: an append-only row of envelopes in immutable parts, and checkpoints beside them.

``parts/`` and ``commits/`` are :class:`curator.core.parts.PartLog`'s; each commit makes one part visible and says which
records it holds, and the leaf hash before them. ``checkpoints/`` holds signed notes, one file each, never changed. What
a record means is decided in :mod:`curator.provenance.state`; nothing here trusts what it reads.
"""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curator.core.clock import Clock
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import translated
from curator.core.parts import COMMIT_FORMAT, Commit, PartLog
from curator.provenance import checkpoints
from curator.provenance.keys import Signer
from curator.provenance.merkle import leaf_hash
from curator.provenance.note import Checkpoint
from curator.provenance.rows import COLUMNS, REPEATING, Chunk, chunks, table

if TYPE_CHECKING:
    import pyarrow as pa

_DATASET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: The fields of a ledger's commit; one that is spelled otherwise was changed.
_COMMIT = {"before", "count", "first", "format", "parts"}
#: An entry of a log's tile is at most this long (c2sp.org/tlog-tiles, log entries), so no envelope is longer.
MAX_RECORD_BYTES = 65_535


@dataclass(frozen=True)
class Entry:
    """One record: its index from 0, its envelope's bytes, its leaf hash, computed from these bytes."""

    index: int
    envelope: bytes
    leaf: bytes

    @property
    def purged(self) -> bool:
        """True for a record that an order removed: only its leaf hash is here."""
        return not self.envelope

    def own_leaf(self) -> bytes:
        """Return the leaf hash, computed from the bytes where they are here."""
        return self.leaf if self.purged else leaf_hash(self.envelope)


def check_dataset(dataset: str) -> None:
    """Refuse a dataset id that cannot stand in a checkpoint's origin.

    Raises
    ------
    UsageError
        LED-022.
    """
    if not _DATASET.fullmatch(dataset):
        raise UsageError("LED-022")


def origin_of(dataset: str, first_leaf: bytes) -> str:
    """Return the origin line of a ledger's checkpoints; it names the first record, so no two ledgers share one."""
    return f"curator/{dataset}/{first_leaf.hex()[:16]}"


def person_name(origin: str, person: str) -> str:
    """Return the key name under which a person signs an interim checkpoint."""
    return f"{origin}/people/{person}"


class Ledger:
    """The records in one folder.

    Parameters
    ----------
    folder
        The ledger's folder; made on first write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = PartLog(folder)
        self._cached: tuple[str, pa.Table] | None = None
        self._unpacked: tuple[str, list[Entry]] | None = None
        self._spans: list[tuple[int, int, Commit]] = []

    def __repr__(self) -> str:
        return "Ledger()"

    def commits(self, start: int = 0) -> Iterator[tuple[Commit, int, int]]:
        """Yield (commit, first record, number of records), from a commit's number on, after checking that they join.

        Raises
        ------
        IntegrityError
            LED-017 for a missing or changed commit.
        """
        numbers = self._log.numbers()
        at = 0
        if start:
            _, first, count = self._read_commit(start - 1)
            at = first + count
        for number in range(start, max(numbers, default=-1) + 1):
            try:
                commit, first, count = self._read_commit(number)
            except IntegrityError:
                raise IntegrityError("LED-017", number=number, index=at) from None
            if first != at:
                raise IntegrityError("LED-017", number=number, index=at)
            yield commit, first, count
            at = first + count

    def _read_commit(self, number: int) -> tuple[Commit, int, int]:
        commit = self._log.read_commit(number)
        first, count = commit.doc.get("first"), commit.doc.get("count")
        known = commit.doc.keys() == _COMMIT and commit.doc["format"] == COMMIT_FORMAT and len(commit.parts) == 1
        if known and type(first) is int and type(count) is int and first >= 0 and count > 0:
            return commit, first, count
        raise IntegrityError("LED-017", number=number, index=0)

    def check_links(self) -> None:
        """Refuse a ledger of symbolic links: what they lead to can change without a trace in this folder.

        Raises
        ------
        UsageError
            LED-032 when the folder, one of its folders, or a file in them is a symbolic link.
        """
        with translated():
            places = [self.folder, *(self.folder / name for name in ("parts", "commits", "checkpoints"))]
            linked = any(place.is_symlink() for place in places)
            for place in places[1:]:
                if place.is_dir():
                    with os.scandir(place) as entries:
                        linked = linked or any(entry.is_symlink() for entry in entries)
            if linked:
                raise UsageError("LED-032")

    def exists(self) -> bool:
        """Say whether any record was committed here."""
        return bool(self._log.numbers())

    def size(self) -> int:
        """Return the number of records, by the last commit alone."""
        numbers = self._log.numbers()
        if not numbers:
            return 0
        _, first, count = self._read_commit(numbers[-1])
        return first + count

    def chunks(self, start: int = 0) -> Iterator[Chunk]:
        """Yield the records in order, some hundred at a time, from the part on that holds a record.

        Parts and commits are checked, records are not. The chain of leaf hashes is computed from the first part read
        on; each commit's own note of the hash before it must agree.

        Raises
        ------
        IntegrityError
            LED-017 for a broken row of commits, LED-003 for a damaged part.
        """
        before: bytes | None = None
        reading = False
        for commit, first, count in self.commits():
            if first + count <= start:
                continue
            stated = before_of(commit)
            if reading and stated != before:
                raise IntegrityError("LED-017", number=commit.number, index=first)
            if not reading:
                before, reading = stated, True
            for chunk in chunks(self.rows(commit.parts[0], first, count), first, before):
                before = chunk.leaves[-1]
                yield chunk

    def chunks_of(self, number: int, known: Sequence[bytes] | None = None) -> Iterator[Chunk]:
        """Yield the records of one commit, from its own note of the hash before it (errors as :meth:`chunks`).

        Parameters
        ----------
        number
            Of the commit.
        known
            Leaf hashes of its records, if the caller computed them of these parts; they are not computed again.
        """
        commit, first, count = self._read_commit(number)
        if known is not None and len(known) != count:
            raise IntegrityError("LED-017", number=number, index=first)
        yield from chunks(self.rows(commit.parts[0], first, count), first, before_of(commit), known=known)

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield the records in order (errors as :meth:`chunks`)."""
        for chunk in self.chunks(start):
            for at in range(max(0, start - chunk.first), len(chunk.leaves)):
                yield Entry(chunk.first + at, chunk.envelope(at), chunk.leaves[at])

    def entry(self, index: int) -> Entry:
        """Return one record.

        Raises
        ------
        UsageError
            LED-019 when there is no such record.
        """
        if index < 0:
            raise UsageError("LED-019")
        if not self._spans or index >= sum(self._spans[-1][:2]):
            self._spans += [(first, count, commit) for commit, first, count in self.commits(len(self._spans))]
        at = bisect_right(self._spans, index, key=lambda span: span[0]) - 1
        if at < 0 or index >= sum(self._spans[at][:2]):
            raise UsageError("LED-019")
        first, count, commit = self._spans[at]
        if self._unpacked is None or self._unpacked[0] != commit.parts[0]:
            made = [
                Entry(chunk.first + at, chunk.envelope(at), leaf)
                for chunk in chunks(self.rows(commit.parts[0], first, count), first, before_of(commit))
                for at, leaf in enumerate(chunk.leaves)
            ]
            self._unpacked = (commit.parts[0], made)
        return self._unpacked[1][index - first]

    def rows(self, name: str, first: int, count: int) -> pa.Table:
        """Return the rows of a part that begins at a record (LED-003 where it is damaged or has another count)."""
        import pyarrow as pa

        if self._cached is None or self._cached[0] != name:
            try:
                made = self._log.read_part(name)
            except (IntegrityError, pa.ArrowException):
                raise IntegrityError("LED-003", index=first) from None
            self._cached = (name, made)
        made = self._cached[1]
        if not set(COLUMNS) <= set(made.column_names) or made.num_rows != count:
            raise IntegrityError("LED-003", index=first)
        return made

    def salvage(self, index: int) -> Iterator[Entry]:
        """Yield what can still be read of the damaged part that begins at a record, to name the record that changed."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for commit, first, _ in self.commits():
            if first == index:
                try:
                    data = (self.folder / "parts" / f"{commit.parts[0]}.parquet").read_bytes()
                    made = pq.ParquetFile(pa.BufferReader(data)).read()
                    for chunk in chunks(made, first, before_of(commit), 1):
                        yield Entry(chunk.first, chunk.envelope(0), chunk.leaves[0])
                except (OSError, ValueError, KeyError, TypeError, IntegrityError, pa.ArrowException):
                    return

    def pending(self) -> int:
        """Return how many parts no commit names: appends that did not end, of which nothing was acknowledged."""
        folder = self.folder / "parts"
        if not folder.is_dir():
            return 0
        there = {name.removesuffix(".parquet") for name in os.listdir(folder) if name.endswith(".parquet")}
        return len(there - {name for commit, _, _ in self.commits() for name in commit.parts})

    def add(self, number: int, first: int, envelopes: Sequence[bytes], previous: bytes | None) -> bool:
        """Put records behind the last one, if nobody else did meanwhile.

        Parameters
        ----------
        number
            Number of the commit to make: one more than the last.
        first
            Index of the first new record.
        envelopes
            The envelopes, in order.
        previous
            Leaf hash of the record before the first new one.

        Returns
        -------
        bool
            False when another writer took the number: read on, sign anew, try again.

        Raises
        ------
        UsageError
            LED-030 for a record that is too long, LED-032 for symbolic links in the ledger.
        """
        self.check_links()
        if any(len(one) > MAX_RECORD_BYTES for one in envelopes):
            raise UsageError("LED-030", most=MAX_RECORD_BYTES)
        rows, _ = table(envelopes, previous)
        part = self._log.write_part(rows, REPEATING)
        before = previous.hex() if previous else None
        made = self._log.commit(number, [part], first=first, count=len(envelopes), before=before)
        if not made:  # signed for a place that is taken; left there, it would look like an append that was killed
            self._log.give_up(part, number)
        return made

    def remove(self, places: Iterable[int]) -> int:
        """Remove what some records said, for good; their leaf hashes stay, so that all else still verifies.

        The caller holds a signed order. May be killed at any instant and run again: a part without the records is
        written whole, its commit is made to name it in one step, then the old part is removed.

        Parameters
        ----------
        places
            Indices of records.

        Returns
        -------
        int
            How many were removed now.

        Raises
        ------
        UsageError
            LED-019 when there is no such record, LED-032 for symbolic links in the ledger.
        IntegrityError
            LED-114 when what an earlier removal noted cannot be read.
        """
        from curator.provenance.removal import remove

        self.check_links()
        count = remove(self, set(places))
        self._cached, self._unpacked, self._spans = None, None, []
        return count

    def checkpoints(self) -> list[tuple[int, bytes]]:
        """Return every stored checkpoint (:func:`curator.provenance.checkpoints.stored`)."""
        return checkpoints.stored(self.folder)

    def latest_checkpoint(self) -> bytes | None:
        """Return the newest stored checkpoint (:func:`curator.provenance.checkpoints.latest`)."""
        return checkpoints.latest(self.folder)

    def put_checkpoint(self, checkpoint: Checkpoint, signers: Sequence[tuple[str, Signer]]) -> bytes:
        """Sign a checkpoint and store it (:func:`curator.provenance.checkpoints.put`)."""
        return checkpoints.put(self.folder, checkpoint, signers)


def before_of(commit: Commit) -> bytes | None:
    """Return the leaf hash that a commit says stands before its records (LED-017 when it is none)."""
    stated = commit.doc.get("before")
    if stated is None and commit.doc.get("first") == 0:
        return None
    try:
        made = bytes.fromhex(stated) if isinstance(stated, str) else b""
    except ValueError:
        made = b""
    if len(made) != hashlib.sha256().digest_size or made.hex() != stated:
        raise IntegrityError("LED-017", number=commit.number, index=commit.doc.get("first", 0))
    return made


def create(
    folder: Path, *, dataset: str, operator_seed: bytes, clock: Clock, policy: dict[str, str] | None = None
) -> Ledger:
    """Begin a ledger: its first record, signed by the operator, and a checkpoint over it.

    A call that finds the ledger it would make (same dataset, same operator) completes it, so that a killed
    ``curator init`` can run again.

    Parameters
    ----------
    folder
        The ledger's folder.
    dataset
        The dataset's id.
    operator_seed
        The operator's private key, 32 bytes.
    clock
        For the record's time.
    policy
        Name and ``sha256`` of the scrub policy.

    Raises
    ------
    UsageError
        LED-002 when another ledger stands there, LED-022 for an unusable id.
    """
    from curator.provenance.append import Appender, first_record
    from curator.provenance.keys import SeedSigner

    check_dataset(dataset)
    ledger = Ledger(folder)
    operator = SeedSigner(operator_seed)
    if not ledger.exists():
        ledger.add(0, 0, [first_record(dataset, operator, clock, policy)], None)
    appender = Appender(ledger, clock)
    if (appender.state.dataset, appender.state.operator) != (dataset, operator.public):
        raise UsageError("LED-002")
    appender.seal(operator=operator)
    return ledger
