"""Records about audits of labels: lots closed, what auditors found, verdicts, control items; one draft function a kind.

A lot's labels stand in its record as number and digest alone. No number with a fraction stands in a record: shares and
risks are decimals in text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curator.core.errors import UsageError
from curator.provenance import records
from curator.provenance.kinds_life import Named
from curator.provenance.records import Draft
from curator.provenance.typed import Guard, checked, digest, named, token

#: Strata that one lot may have, and labels that one record of results may name (an envelope holds 65,535 bytes).
MAX_STRATA = 100
MAX_RESULTS = 130
OK, WRONG, UNCLEAR = "ok", "wrong", "unclear"
FINDINGS = (OK, WRONG, UNCLEAR)
ACCEPT, REJECT, UNDECIDED = "accept", "reject", "undecided"
TIMESTAMP, WITNESS, ASSERTED = "timestamp", "witness", "asserted"


@dataclass(frozen=True)
class Found:
    """What an auditor found of one label: which, one of :data:`FINDINGS`, and the right value where it was wrong."""

    label: Named
    verdict: str
    corrected: str | None = None


def lot(name: str, sha256: str, body: Mapping[str, Any], reason: str | None, guard: Guard) -> Draft:
    """Draft the closing of a lot.

    Parameters
    ----------
    name
        The lot's; used once.
    sha256
        Digest of its labels' leaf hashes.
    body
        ``count``, ``filter``, ``plan``, ``seedFrom``, ``strataBy``, ``strata`` as schemas/record-audit-lot.schema.json
        says.
    reason
        Why, in a sentence, if there is something to say.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        LED-071 and LED-070 for the name, a stratum's or the reason; LED-024; QUA-050 for too many strata.
    """
    strata = body["strata"]
    if not 0 < len(strata) <= MAX_STRATA:
        raise UsageError("QUA-050", most=MAX_STRATA)
    if not all(guard(one["name"]) for one in strata):
        raise UsageError("LED-070")
    made = {**body, "meaning": "approval"}
    if reason is not None:
        made["reason"] = checked(reason, guard)
    return Draft(records.AUDIT_LOT, (named(f"lots/{token(name, guard)}", digest(sha256)),), made)


def results(name: str, sha256: str, found: Sequence[Found], guard: Guard) -> list[Draft]:
    """Draft findings, :data:`MAX_RESULTS` labels a record (LED-070 for a right value that looks like an identifier)."""
    if not all(one.corrected is None or guard(one.corrected) for one in found):
        raise UsageError("LED-070")
    made = []
    for first in range(0, len(found), MAX_RESULTS):
        subject = tuple(
            {
                **named(f"labels/{one.label.label}", one.label.leaf),
                "annotations": {"verdict": one.verdict} | ({"corrected": one.corrected} if one.corrected else {}),
            }
            for one in found[first : first + MAX_RESULTS]
        )
        made.append(
            Draft(records.AUDIT_RESULT, subject, {"lot": {"name": name, "sha256": sha256}, "meaning": "review"})
        )
    return made


def verdict(name: str, sha256: str, body: Mapping[str, Any]) -> Draft:
    """Draft the verdict about a lot; `body` as schemas/record-audit-verdict.schema.json says."""
    return Draft(records.AUDIT_VERDICT, (named(f"lots/{name}", sha256),), {**body, "meaning": "approval"})


def controls(name: str, sha256: str, count: int, reason: str, guard: Guard) -> Draft:
    """Draft the sealing of control items: the digest of their salted list, and their number (LED-070, LED-071)."""
    body = {"count": count, "reason": checked(reason, guard), "meaning": "responsibility"}
    return Draft(records.CONTROLS, (named(f"controls/{token(name, guard)}", digest(sha256)),), body)
