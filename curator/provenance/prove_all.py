"""Write one proof and one envelope a record into a folder, for every record under a checkpoint."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, sync_folder, translated, write_whole
from curator.provenance.prove import Prover

PROOF = ".tlog-proof"
ENVELOPE = ".dsse.json"
CHECKPOINT = "checkpoint"
#: Evidence of one record, without its time-stamp token, ought to be no longer.
EVIDENCE_BYTES = 4096
_NAME = re.compile(r"\d{8,}(\.tlog-proof|\.dsse\.json)")


@dataclass(frozen=True)
class Evidence:
    """How many records were proven, bytes of the longest evidence and of all, how many are over 4,096 bytes."""

    records: int
    longest: int
    total: int
    over: int


def prove_all(prover: Prover, folder: Path, advance: Callable[[int], None] = lambda _: None) -> Evidence:
    """Write the proof and the envelope of every record under the checkpoint; the checkpoint's file comes last.

    A folder of an earlier run, whole or not, is completed: an envelope that stands there must be the same, a proof is
    replaced by the one under this checkpoint.

    Parameters
    ----------
    prover
        The ledger and the checkpoint.
    folder
        Where to write.
    advance
        Called with the number of records written since the last call.

    Raises
    ------
    UsageError
        LED-025 when something else stands in the folder.
    IntegrityError
        LED-057 when an envelope there is another record's.
    """
    with translated():
        if folder.exists() and not folder.is_dir():
            raise UsageError("LED-025")
        names = os.listdir(folder) if folder.is_dir() else []
    if any(not _NAME.fullmatch(name) and name != CHECKPOINT and not name.startswith(TEMP_PREFIX) for name in names):
        raise UsageError("LED-025")
    make_folder(folder)
    count = longest = total = over = 0
    for entry in prover.entries():
        if entry.purged:
            continue
        proof = prover.inclusion(entry.index).encode()
        base = folder / f"{entry.index:08d}"
        _keep(base.with_name(base.name + ENVELOPE), entry.envelope)
        write_whole(base.with_name(base.name + PROOF), proof, flush_folder=False)
        size = len(proof) + len(entry.envelope)
        count, longest, total, over = count + 1, max(longest, size), total + size, over + (size > EVIDENCE_BYTES)
        advance(1)
    with translated():
        sync_folder(folder)
    write_whole(folder / CHECKPOINT, prover.checkpoint)
    return Evidence(count, longest, total, over)


def _keep(path: Path, envelope: bytes) -> None:
    with translated():
        stands = os.path.lexists(path)
        same = stands and path.is_file() and not path.is_symlink() and path.read_bytes() == envelope
    if stands and not same:
        raise IntegrityError("LED-057")
    if not stands:
        write_whole(path, envelope, flush_folder=False)
