"""What the vault keeps of an import: the export as it came, what no record holds of each label, and a note of the run.

Exports hold names of people, files and hospitals. They are sealed in pieces, so that a large one needs little memory,
under a keyed digest of their bytes. The ``about`` document is put last: an export without one was not stored whole, and
the next run stores it again. What is stored once is never changed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CheckError, IntegrityError, UsageError
from curator.core.hashing import CHUNK, KeyedFile, keyed
from curator.project.vault import Vault

FOLDER = "label-exports"
RUNS = "label-imports"
PIECE = 4 << 20
FORMAT = 1


@dataclass(frozen=True)
class Export:
    """One file of an export.

    Parameters
    ----------
    path
        Where it lies.
    sha256
        Hex digest of its bytes; it stays in the vault, since a short file could be guessed from it.
    key
        Keyed digest: what the export is called outside the vault.
    size
        Bytes.
    """

    path: Path = field(repr=False)
    sha256: str = field(repr=False)
    key: str
    size: int


def measure(vault: Vault, path: Path) -> Export:
    """Digest a file (IMP-002 when it cannot be read)."""
    plain, mac, size = hashlib.sha256(), KeyedFile(vault.subkey("label-export"), "label-export"), 0
    for piece in _pieces(path, CHUNK):
        plain.update(piece)
        mac.update(piece)
        size += len(piece)
    return Export(path, plain.hexdigest(), mac.hexdigest()[:32], size)


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while piece := stream.read(size):
                yield piece
    except OSError:
        raise UsageError("IMP-002") from None


def store(vault: Vault, export: Export) -> bool:
    """Seal a file of an export in the vault, unless it is there whole; say whether it was put.

    Raises
    ------
    CheckError
        IMP-010 when its bytes are no longer those that were measured.
    """
    base = f"{FOLDER}/{export.key}"
    if vault.get(f"{base}/about") is not None:
        return False
    digest, number = hashlib.sha256(), 0
    for number, piece in enumerate(_pieces(export.path, PIECE), 1):
        digest.update(piece)
        vault.put(f"{base}/{number:08d}", piece)
    if digest.hexdigest() != export.sha256:
        raise CheckError("IMP-010")
    about = {"format": FORMAT, "sha256": export.sha256, "bytes": export.size, "pieces": number}
    vault.put(f"{base}/about", canonical_bytes(about))
    return True


def stored(vault: Vault, key: str) -> Iterator[bytes]:
    """Yield the pieces of a stored export.

    Parameters
    ----------
    vault
        Opened.
    key
        Its keyed digest.

    Raises
    ------
    IntegrityError
        VLT-003 when it is not there whole, or its bytes are others.
    """
    about = strict_loads(vault.need(f"{FOLDER}/{key}/about"))
    digest = hashlib.sha256()
    for number in range(1, about["pieces"] + 1):
        piece = vault.need(f"{FOLDER}/{key}/{number:08d}")
        digest.update(piece)
        yield piece
    if digest.hexdigest() != about["sha256"]:
        raise IntegrityError("VLT-003", name=f"{FOLDER}/{key}")


def run_key(vault: Vault, described: dict[str, Any]) -> str:
    """Return the name of a run in the vault, from the exports, the options and the tables it was given."""
    text = json.dumps(described, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return keyed(vault.subkey("label-export"), "label-import", text.encode()).hex()[:32]


class Kept:
    """Takes what no record holds of the labels of one run, and seals it in pieces.

    Parameters
    ----------
    vault
        Opened.
    run
        The run's name.
    """

    def __init__(self, vault: Vault, run: str) -> None:
        self._vault = vault
        self._base = f"{RUNS}/{run}"
        self._lines: list[bytes] = []
        self._size = 0
        self._number = 0

    def add(self, entry: dict[str, Any]) -> None:
        """Take what is kept of one label; numbers with a fraction are kept as their digits."""
        line = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str).encode()
        self._lines.append(line)
        self._size += len(line)
        if self._size > PIECE:
            self._flush()

    def _flush(self) -> None:
        self._number += 1
        self._vault.put(f"{self._base}/{self._number:08d}", zlib.compress(b"\n".join(self._lines), 6))
        self._lines, self._size = [], 0

    def close(self, record: dict[str, Any]) -> None:
        """Put the last piece, then the note of the run."""
        if self._lines:
            self._flush()
        self._vault.put(f"{self._base}/about", canonical_bytes({"format": FORMAT, "pieces": self._number, **record}))


def kept(vault: Vault, run: str) -> Iterator[dict[str, Any]]:
    """Yield what was kept of the labels of a run (VLT-003 when it is not there whole)."""
    about = strict_loads(vault.need(f"{RUNS}/{run}/about"))
    for number in range(1, about["pieces"] + 1):
        for line in zlib.decompress(vault.need(f"{RUNS}/{run}/{number:08d}")).split(b"\n"):
            yield json.loads(line)


def runs(vault: Vault) -> list[dict[str, Any]]:
    """Return the notes of all runs, by name."""
    names = [name for name in vault.names(RUNS) if name.endswith("/about")]
    return [{"run": name.split("/")[-2], **strict_loads(vault.need(name))} for name in names]
