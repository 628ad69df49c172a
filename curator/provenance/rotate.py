"""Give a person a next key: made in the person's own key store, named in the ledger under the old key's signature.

The next key waits under ``next/`` until the record stands; the old one stays beside it as ``<id>.key.<n>.json``. A run
that was stopped is just run again. No moment is without a usable key.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.core.errors import CheckError, UsageError
from curator.core.files import put_if_absent, sync_folder, translated
from curator.provenance.append import Appender
from curator.provenance.keys import PersonKey, Signer
from curator.provenance.keystore import create_key, key_path, unlock
from curator.provenance.kinds_people import rotation, rotation_request
from curator.provenance.security import record_failure
from curator.provenance.typed import Guard

NEXT = "next"


@dataclass(frozen=True)
class Rotated:
    """What became of a rotation: raw public keys before and after, whether a record was added, number of records."""

    old: bytes
    new: bytes
    added: bool
    records: int


def waiting(store: Path, person: str) -> bool:
    """Say whether a next key was made and is not in place yet: its passphrase is then asked for, not chosen."""
    return key_path(store / NEXT, person).is_file()


def next_key(store: Path, person: str, passphrase: bytes, clock: Clock) -> PersonKey:
    """Make the next key of a person, or open the one that an earlier run made.

    Raises
    ------
    UsageError
        KEY-002 when the passphrase is not that of the next key made before, KEY-014 for a short one.
    """
    if not waiting(store, person):
        return create_key(store / NEXT, person, passphrase)
    try:
        return unlock(store / NEXT, person, passphrase, clock)
    except UsageError as error:
        if error.code == "KEY-002":
            record_failure(store, person, clock)
        raise


def rotate(
    appender: Appender,
    store: Path,
    old: PersonKey,
    new: PersonKey,
    *,
    reason: str,
    guard: Guard,
    clock: Clock,
    expires: str | None = None,
    operator: Signer | None = None,
) -> Rotated:
    """Put a next key into the ledger, signed with the old one, and into its place in the key store.

    Parameters
    ----------
    appender
        The ledger, verified.
    store
        The person's key store.
    old, new
        The key in place, and :func:`next_key`'s.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    clock
        For the request and the record.
    expires
        Last day of the next key, ``YYYY-MM-DD``, or None.
    operator
        The operator's signer, when the vault is open.

    Raises
    ------
    UsageError
        KEY-008 to KEY-011, KEY-016, KEY-031, KEY-032, KEY-038, LED-024, LED-070: nothing was added.
    CheckError
        KEY-042 when the record stands and the files could not be put in place.
    """
    known = appender.state.person(old.person)
    added = known.public != new.signer.public
    if added:
        request, proof = rotation_request(old.person, old.signer.public, new.signer, clock, expires)
        appender.append([rotation(request, proof, reason, guard)], old)
    appender.seal(new, operator)
    _promote(store, old.person)
    return Rotated(old.signer.public, new.signer.public, added, appender.state.size)


def _promote(store: Path, person: str) -> None:
    """Keep the old key file under the next free number, and put the new one in its place."""
    place = key_path(store, person)
    try:
        with translated():
            data = place.read_bytes()
            number = 1
            while True:
                kept = store / f"{person}.key.{number}.json"
                if put_if_absent(kept, data, 0o600) or kept.read_bytes() == data:
                    break
                number += 1
            os.replace(key_path(store / NEXT, person), place)
            sync_folder(store)
    except CheckError:
        raise CheckError("KEY-042") from None
