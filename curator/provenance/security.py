"""Failed tries to open a key: unsigned, hash-chained events beside the keys (21 CFR 11.300(d)).

A failed try has no key that could sign it. The chain shows a later change or a removal in the middle; whoever may write
the folder can still remove the end of it, so this is a trace and a warning, not a proof.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent

EVENT_FORMAT = 1
FOLDER = "security"
UNLOCK_FAILED = "unlock-failed"


def _count(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return max(
        (int(name[:8]) for name in os.listdir(folder) if name[:8].isdigit() and name.endswith(".json")), default=0
    )


def record_failure(store: Path, person: str, clock: Clock) -> int:
    """Record a failed try to open a person's key and return the event's number.

    Raises
    ------
    CheckError
        SYS-001, SYS-002 when it cannot be written: the caller's command then fails too.
    """
    folder = store / FOLDER
    make_folder(folder, 0o700)
    while True:
        last = _count(folder)
        before = (folder / f"{last:08d}.json").read_bytes() if last else b""
        event = {
            "format": EVENT_FORMAT,
            "event": UNLOCK_FAILED,
            "person": person,
            "at": utc_text(clock.now()),
            "previous": hashlib.sha256(before).hexdigest(),
        }
        if put_if_absent(folder / f"{last + 1:08d}.json", canonical_bytes(event), 0o600):
            return last + 1


def events(store: Path) -> list[dict[str, Any]]:
    """Return the events of a key store, oldest first, after proving their chain.

    Raises
    ------
    IntegrityError
        KEY-020 when one was changed or removed.
    """
    found = []
    before = b""
    for number in range(1, _count(store / FOLDER) + 1):
        try:
            data = (store / FOLDER / f"{number:08d}.json").read_bytes()
            event = strict_loads(data)
            if event["previous"] != hashlib.sha256(before).hexdigest():
                raise ValueError
        except (OSError, UsageError, ValueError, KeyError, TypeError):
            raise IntegrityError("KEY-020", number=number) from None
        found.append(event)
        before = data
    return found
