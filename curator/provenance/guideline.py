"""Annotation guidelines: each version is kept whole in the project and registered by its SHA-256 (21 CFR 11.10(k))."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.core.errors import CuratorError, UsageError
from curator.core.files import make_folder, translated, write_whole
from curator.core.hashing import sha256_file
from curator.provenance.append import Appender
from curator.provenance.keys import PersonKey, Signer
from curator.provenance.known import Guideline
from curator.provenance.ledger import Ledger
from curator.provenance.records import guideline as draft

MAX_MIB = 256
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Added:
    """A guideline version that stands registered; ``already`` if it did before."""

    guideline: Guideline
    already: bool


def usable_id(path: Path, given: str | None) -> str:
    """Return the id of a guideline: the one given, else the file's name in lower case, if that will do.

    Raises
    ------
    UsageError
        GDL-002.
    """
    name = given if given is not None else re.sub(r"[\s_]+", "-", path.stem.lower())
    if not _ID.fullmatch(name):
        raise UsageError("GDL-002")
    return name


def add_guideline(
    folder: Path,
    ledger: Ledger,
    path: Path,
    *,
    identifier: str | None,
    version: str,
    key: PersonKey,
    clock: Clock,
    operator: Signer | None = None,
) -> Added:
    """Copy a guideline into the project and register it. Doing it again with the same bytes changes nothing.

    Parameters
    ----------
    folder
        The project's ``guidelines/``.
    ledger
        The project's ledger.
    path
        The guideline's file.
    identifier
        Its id, or None to take the file's name.
    version
        Its version.
    key
        Who registers it.
    clock
        For the record's time.
    operator
        The operator's signer, when the vault is open.

    Raises
    ------
    UsageError
        GDL-001 when other content is registered under this id and version, GDL-002, GDL-003, and the KEY- codes.
    """
    name = usable_id(path, identifier)
    if not _VERSION.fullmatch(version):
        raise UsageError("GDL-002")
    data = _content(path)
    digest = hashlib.sha256(data).hexdigest()
    appender = Appender(ledger, clock)
    before = appender.state.guidelines.get((name, version))
    if before is not None and before.sha256 != digest:
        raise UsageError("GDL-001")
    ending = path.suffix.lower() if _ENDING.fullmatch(path.suffix.lower()) else ""
    stored = before.name if before is not None else f"{name}-{version}{ending}"
    make_folder(folder)
    write_whole(folder / stored, data)
    if before is None:
        appender.append([draft(name, version, stored, digest, len(data))], key)
    appender.seal(key, operator)
    return Added(appender.state.guidelines[name, version], before is not None)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file() or not 0 < path.stat().st_size <= MAX_MIB << 20:
            raise UsageError("GDL-003", limit=MAX_MIB)
        with translated():
            return path.read_bytes()
    except (OSError, CuratorError):
        raise UsageError("GDL-003", limit=MAX_MIB) from None


def unaltered(folder: Path, guideline: Guideline) -> bool:
    """Say whether the project's copy of a guideline is there and the one that was registered."""
    try:
        return sha256_file(folder / guideline.name) == guideline.sha256
    except CuratorError:
        return False
