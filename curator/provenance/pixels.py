"""Signed statements that somebody looked at the pixels of some files: the only way past the pixel check."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curator.core.clock import Clock
from curator.provenance.append import sign_in_parts
from curator.provenance.keys import PersonKey
from curator.provenance.records import MAX_DIGESTS, pixel_acceptance
from curator.provenance.state import Record
from curator.provenance.verify import present_state


def accepted_pixels(ledger: Path) -> dict[str, str]:
    """Return the keyed content digests that were accepted, each with its record's leaf hash in hex.

    Parameters
    ----------
    ledger
        The ledger's folder.

    Raises
    ------
    IntegrityError
        When the ledger does not verify: then nothing is accepted.
    UsageError
        LED-001 when there is none.
    """
    return dict(present_state(ledger).accepted)


def accept_pixels(
    ledger: Path,
    digests: Iterable[str],
    key: PersonKey,
    *,
    reason: str,
    clock: Clock,
    operator_seed: bytes | None = None,
) -> list[Record]:
    """Sign that a person checked the pixels of files.

    Parameters
    ----------
    ledger
        The ledger's folder.
    digests
        Keyed content digests, 64 hex digits each.
    key
        Whose signature it is; a reviewer, adjudicator or operator.
    reason
        Why they may pass, at most 500 characters.
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
        ledger,
        digests,
        MAX_DIGESTS,
        lambda part: pixel_acceptance(part, reason),
        key,
        clock,
        operator_seed=operator_seed,
    )
