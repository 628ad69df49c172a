"""Drafts of the records that say what became of labels: reviewed, approved, adjudicated, withdrawn.

A label's own record is never changed; these name it by id and leaf hash (21 CFR 11.10(e)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from curator.core.errors import UsageError
from curator.provenance import records
from curator.provenance.records import Draft, check_reason

#: Labels that one record may name: with the longest ids its envelope stays under 65,535 bytes.
MAX_LABELS = 180
#: Labels that one adjudication may resolve.
MAX_RESOLVED = 64
ACCEPTED = "accepted"
REJECTED = "rejected"
OUTCOMES = (ACCEPTED, REJECTED)

#: Says whether a text may stand in a record. Given from outside, so that this room loads no detector.
Guard = Callable[[str], bool]


class Named(NamedTuple):
    """A label by its id and the leaf hash (hex) of its record."""

    label: str
    leaf: str


def _subject(labels: Sequence[Named], most: int) -> tuple[dict[str, Any], ...]:
    if not 0 < len(labels) <= most:
        raise ValueError(f"a record names 1 to {most} labels")
    return tuple({"name": f"labels/{one.label}", "digest": {"sha256": one.leaf}} for one in labels)


def guarded(reason: str, guard: Guard) -> str:
    """Return a reason that may stand in a record.

    Raises
    ------
    UsageError
        LED-024 for its form, LBL-017 when it may hold an identifier.
    """
    check_reason(reason)
    if not guard(reason):
        raise UsageError("LBL-017", where="reason")
    return reason


def reviewed(labels: Sequence[Named], outcome: str, reason: str | None, guard: Guard) -> Draft:
    """Draft a review of up to :data:`MAX_LABELS` labels.

    Parameters
    ----------
    labels
        Which.
    outcome
        Of :data:`OUTCOMES`.
    reason
        Needed with a rejection (LED-024 without one).
    guard
        Refuses a reason that may hold an identifier (LBL-017).
    """
    predicate: dict[str, Any] = {"outcome": outcome, "meaning": "review"}
    if reason is not None or outcome != ACCEPTED:
        predicate["reason"] = guarded(reason or "", guard)
    return Draft(records.REVIEWED, _subject(labels, MAX_LABELS), predicate)


def approved(labels: Sequence[Named]) -> Draft:
    """Draft an approval of up to :data:`MAX_LABELS` labels."""
    return Draft(records.APPROVED, _subject(labels, MAX_LABELS), {"meaning": "approval"})


def adjudicated(labels: Sequence[Named], result: Named, reason: str, guard: Guard) -> Draft:
    """Draft an adjudication: differing labels of one sample, and the one that counts, which may be one of them.

    Parameters
    ----------
    labels
        What is resolved, at most :data:`MAX_RESOLVED`.
    result
        The label that counts.
    reason
        Why (LED-024, LBL-017).
    guard
        Refuses a reason that may hold an identifier.
    """
    predicate = {
        "result": {"labelId": result.label, "leaf": result.leaf},
        "reason": guarded(reason, guard),
        "meaning": "responsibility",
    }
    return Draft(records.ADJUDICATED, _subject(labels, MAX_RESOLVED), predicate)


def withdrawn(labels: Sequence[Named], reason: str, guard: Guard) -> Draft:
    """Draft a withdrawal of up to :data:`MAX_LABELS` labels; their records stay readable (LED-024, LBL-017)."""
    predicate = {"reason": guarded(reason, guard), "meaning": "responsibility"}
    return Draft(records.WITHDRAWN, _subject(labels, MAX_LABELS), predicate)
