"""Failed tries to open a key: unsigned, hash-chained events beside the keys (21 CFR 11.300(d)).

A failed try has no key that could sign it. The chain shows a later change or a removal in the middle; whoever may write
the folder can still remove the end of it, so this is a trace and a warning, not a proof.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.clock import Clock, utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.core.files import make_folder, put_if_absent

EVENT_FORMAT = 1
FOLDER = "security"
UNLOCK_FAILED = "unlock-failed"
LOCKED_OUT = "unlock-locked-out"
REFUSED = "signing-refused"
EVENTS = (UNLOCK_FAILED, LOCKED_OUT, REFUSED)
#: So many failed tries within so long lock a key on this machine.
MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)


def _count(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return max(
        (int(name[:8]) for name in os.listdir(folder) if name[:8].isdigit() and name.endswith(".json")), default=0
    )


def record_failure(store: Path, person: str, clock: Clock, event: str = UNLOCK_FAILED) -> int:
    """Record a failed try to open a person's key, or another event of :data:`EVENTS`, and return its number.

    Raises
    ------
    CheckError
        SYS-001, SYS-002 when it cannot be written: the caller's command then fails too.
    """
    if event not in EVENTS:
        raise ValueError("no such event")
    folder = store / FOLDER
    make_folder(folder, 0o700)
    while True:
        last = _count(folder)
        before = (folder / f"{last:08d}.json").read_bytes() if last else b""
        made = {
            "format": EVENT_FORMAT,
            "event": event,
            "person": person,
            "at": utc_text(clock.now()),
            "previous": hashlib.sha256(before).hexdigest(),
        }
        if put_if_absent(folder / f"{last + 1:08d}.json", canonical_bytes(made), 0o600):
            return last + 1


def recent_failures(store: Path, person: str, now: datetime) -> int:
    """Count a person's failed tries within :data:`WINDOW` of now, from the newest event backwards.

    Raises
    ------
    IntegrityError
        KEY-020 when an event that must be looked at cannot be read: it might be one that counts.
    """
    folder = store / FOLDER
    earliest, latest = utc_text(now - WINDOW), utc_text(now + WINDOW)
    found = 0
    for number in range(_count(folder), 0, -1):
        try:
            event = strict_loads((folder / f"{number:08d}.json").read_bytes())
            at, whose, what = str(event["at"]), event["person"], event["event"]
        except (OSError, UsageError, KeyError, TypeError):
            raise IntegrityError("KEY-020", number=number) from None
        if at < earliest:
            break
        found += at <= latest and (whose, what) == (person, UNLOCK_FAILED)
    return found


def check_lockout(store: Path, person: str, clock: Clock) -> None:
    """Refuse a try after :data:`MOST_FAILURES` failed ones within :data:`WINDOW`, and record that it was made.

    Advisory: it slows guesses at this key store on this machine. A copied key file is slowed by scrypt alone, and
    whoever may write the folder can remove the events, which the next sealing of the log shows if they were sealed.

    Raises
    ------
    UsageError
        KEY-039.
    """
    if recent_failures(store, person, clock.now()) >= MOST_FAILURES:
        record_failure(store, person, clock, LOCKED_OUT)
        raise UsageError("KEY-039", most=MOST_FAILURES, minutes=int(WINDOW.total_seconds() // 60))


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
