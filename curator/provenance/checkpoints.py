"""A ledger's own checkpoints on disk: signed notes, one file each, named by their size and content, never changed.

Says nothing of whether a note is true: :mod:`curator.provenance.verify` holds each against the records.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from curator.core.errors import IntegrityError
from curator.core.files import make_folder, put_if_absent, translated
from curator.provenance.keys import Signer
from curator.provenance.note import MAX_NOTE_BYTES, Checkpoint, parse_checkpoint, parse_note, sign_note

#: Where they are in a ledger's folder.
FOLDER = "checkpoints"
_NAME = re.compile(r"(\d{12})-[0-9a-f]{16}\.note")


def stored(ledger: Path) -> list[tuple[int, bytes]]:
    """Return every stored checkpoint as (size by its file's name, bytes), by size.

    Parameters
    ----------
    ledger
        The ledger's folder.

    Raises
    ------
    IntegrityError
        LED-011 for a file under ``checkpoints/`` that does not belong there.
    """
    folder = ledger / FOLDER
    if not folder.is_dir():
        return []
    found = []
    for name in sorted(os.listdir(folder)):
        if name.startswith("."):
            continue
        match = _NAME.fullmatch(name)
        data = read_note(folder / name)
        if match is None:
            raise IntegrityError("LED-011", reason="a file beside the stored ones is not named as one")
        if _name(int(match[1]), data) != name:
            which = f"the one stored over {int(match[1]):,} records"
            raise IntegrityError("LED-011", reason=f"{which} is not named by its content")
        found.append((int(match[1]), data))
    return found


def latest(ledger: Path) -> bytes | None:
    """Return the newest stored checkpoint, or None; among equals one that the operator signed (errors as `stored`)."""
    every = stored(ledger)
    if not every:
        return None
    newest = [data for size, data in every if size == every[-1][0]]
    return max(newest, key=lambda data: (signed_by_operator(data), data))


def put(ledger: Path, checkpoint: Checkpoint, signers: Sequence[tuple[str, Signer]]) -> bytes:
    """Sign a checkpoint and store it.

    Parameters
    ----------
    ledger
        The ledger's folder.
    checkpoint
        What it says; the caller recomputed it from the records.
    signers
        Key names and signers, the operator first.

    Returns
    -------
    bytes
        The note.
    """
    data = sign_note(checkpoint.text, signers)
    make_folder(ledger / FOLDER)
    put_if_absent(ledger / FOLDER / _name(checkpoint.size, data), data)
    return data


def _name(size: int, data: bytes) -> str:
    return f"{size:012d}-{hashlib.sha256(data).hexdigest()[:16]}.note"


def signed_by_operator(data: bytes) -> bool:
    """Say whether a note claims a signature under the ledger's own name, which is the operator's."""
    note = parse_note(data)
    return any(entry.name == parse_checkpoint(note).origin for entry in note.signatures)


def read_note(path: Path) -> bytes:
    """Read a note's file, however large it may be, no further than a note may be long."""
    with translated(), path.open("rb") as stream:
        return stream.read(MAX_NOTE_BYTES + 1)
