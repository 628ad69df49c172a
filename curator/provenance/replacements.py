"""Signed statements that a corrected object takes the place of one that has been scrubbed: same UID, new bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curator.core.clock import Clock
from curator.provenance.append import sign_in_parts
from curator.provenance.keys import PersonKey
from curator.provenance.known import Replaced
from curator.provenance.records import MAX_SWAPS, replacement
from curator.provenance.state import Record
from curator.provenance.verify import present_state


def signed_replacements(ledger: Path) -> dict[str, Replaced]:
    """Return what replacements state, by the keyed content digest of the corrected source object.

    Raises
    ------
    IntegrityError
        When the ledger does not verify: then nothing is replaced.
    UsageError
        LED-001 when there is none.
    """
    return dict(present_state(ledger).replaced)


def sign_replacements(
    ledger: Path,
    samples: Iterable[tuple[str, str, str, str]],
    key: PersonKey,
    *,
    reason: str,
    clock: Clock,
    operator_seed: bytes | None = None,
) -> list[Record]:
    """Sign that corrected objects take the place of clean files.

    Parameters
    ----------
    ledger
        The ledger's folder.
    samples
        As :func:`curator.provenance.records.replacement` takes them.
    key
        Whose signature it is; a reviewer, adjudicator or operator.
    reason
        Why, at most 500 characters.
    clock
        For the record's time.
    operator_seed
        The operator's private key, so that the operator signs the checkpoint too.

    Raises
    ------
    UsageError
        KEY-009, KEY-010, KEY-011, KEY-016, KEY-018 when the person may not say so; LED-024 for an unusable reason.
    """
    return sign_in_parts(
        ledger, samples, MAX_SWAPS, lambda part: replacement(part, reason), key, clock, operator_seed=operator_seed
    )
