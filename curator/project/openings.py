"""The record of a vault's openings: one small file each, chained by SHA-256, whose head is sealed in the vault.

The entries are no secret: when, what for, and, where several people acted together, who. No entry names a patient.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent

OPENING_FORMAT = 1
FOLDER = "openings"


def last_opening(root: Path) -> int:
    """Return the number of the newest entry, 0 when there is none."""
    folder = root / FOLDER
    if not folder.is_dir():
        return 0
    names = os.listdir(folder)
    return max((int(name[:8]) for name in names if name[:8].isdigit() and name.endswith(".json")), default=0)


def head(root: Path) -> dict[str, Any]:
    """Return number and digest of the newest entry."""
    last = last_opening(root)
    data = (root / FOLDER / f"{last:08d}.json").read_bytes()
    return {"count": last, "sha256": hashlib.sha256(data).hexdigest()}


def kept(root: Path, sealed: dict[str, Any] | None) -> bool:
    """Say whether the entries are still there up to the head that the vault keeps.

    Parameters
    ----------
    root
        The vault's folder.
    sealed
        The head, None when there is none: then no entry may tell of more than that the vault was made and of failed
        tries, since every opening seals a head.
    """
    if sealed is None:
        return all(_is_first(root, number) for number in range(1, last_opening(root) + 1))
    if not sealed["count"]:
        return True
    try:
        raw = (root / FOLDER / f"{sealed['count']:08d}.json").read_bytes()
    except OSError:
        return False
    return bool(hashlib.sha256(raw).hexdigest() == sealed["sha256"])


def _is_first(root: Path, number: int) -> bool:
    try:
        purpose = strict_loads((root / FOLDER / f"{number:08d}.json").read_bytes())["purpose"]
    except (OSError, UsageError, KeyError, TypeError):
        return False
    return purpose in {"created", "failed", "recovery-failed"}


def note_opening(root: Path, purpose: str, clock: Clock, by: Iterable[str] = ()) -> None:
    """Add an entry.

    Parameters
    ----------
    root
        The vault's folder.
    purpose
        What for: a plain word.
    clock
        For the time.
    by
        Ids of the people who acted, where the vault knows them.
    """
    openings = root / FOLDER
    make_folder(openings, 0o700)
    who = sorted(set(by))
    while True:
        last = last_opening(root)
        before = (openings / f"{last:08d}.json").read_bytes() if last else b""
        entry: dict[str, Any] = {
            "format": OPENING_FORMAT,
            "at": utc_text(clock.now()),
            "purpose": purpose,
            "previous": hashlib.sha256(before).hexdigest(),
        }
        if who:
            entry["by"] = who
        if put_if_absent(openings / f"{last + 1:08d}.json", canonical_bytes(entry), 0o600):
            return


def proven(root: Path, sealed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries, oldest first, after proving their chain and that its end was not cut off.

    Parameters
    ----------
    root
        The vault's folder.
    sealed
        The head that the vault keeps.

    Raises
    ------
    IntegrityError
        VLT-003 when an entry was changed or removed, now or before an opening since.
    """
    if sealed.get("broken"):
        raise IntegrityError("VLT-003", name="the record of openings")
    found: list[dict[str, Any]] = []
    before = b""
    for number in range(1, max(last_opening(root), sealed["count"]) + 1):
        try:
            raw = (root / FOLDER / f"{number:08d}.json").read_bytes()
            entry = strict_loads(raw)
            kept = entry["previous"] == hashlib.sha256(before).hexdigest()
        except (OSError, UsageError, KeyError, TypeError):
            kept = False
        if not kept or (number == sealed["count"] and hashlib.sha256(raw).hexdigest() != sealed["sha256"]):
            raise IntegrityError("VLT-003", name=f"opening {number}")
        found.append({"number": number, **entry})
        before = raw
    return found
