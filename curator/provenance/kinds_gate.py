"""Records about audits: a report that a person signs for, and a waiver of one check. One draft function a kind.

The report itself stands in ``audit/<sha256>.json`` of the project; the record holds its digest and what a release asks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.facts import Audited, Waived
from curator.provenance.records import MAX_REASON, Draft, plain_text
from curator.provenance.typed import Guard, checked, day, digest, named

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

OUTCOMES = ("PASS", "FAIL", "COULD_NOT_CHECK")
#: A waiver holds so many days at most: what is to last longer is decided again.
LONGEST = 366
_CHECK = re.compile(r"[a-z][a-z0-9-]{0,31}/[a-z0-9][a-z0-9-]{0,63}")


def audit_report(
    report: str,
    outcome: str,
    payload: str,
    ledger: tuple[int, str],
    checks: Mapping[str, int],
    waived: Iterable[str],
    program: str,
) -> Draft:
    """Draft the statement that an audit came to an outcome over these very clean files and this very ledger.

    Parameters
    ----------
    report
        SHA-256 (hex) of the report's canonical JSON, which stands in ``audit/<report>.json``.
    outcome
        Of :data:`OUTCOMES`; a PASS with waivers is a PASS, and names them.
    payload
        Digest of the clean files (:func:`curator.project.payload.payload_digest`).
    ledger
        Size and root (hex) of the ledger that was audited: the record must come next after it.
    checks
        Number of checks by outcome.
    waived
        Ids of the checks that a waiver let pass.
    program
        Name and version.
    """
    if outcome not in OUTCOMES:
        raise ValueError("an audit passes, fails or could not check")
    body: dict[str, Any] = {
        "report": digest(report),
        "outcome": outcome,
        "payload": digest(payload),
        "ledger": {"size": ledger[0], "root": digest(ledger[1])},
        "checks": {name: count for name, count in sorted(checks.items()) if count},
        "waived": sorted(set(waived)),
        "program": program,
        "meaning": "responsibility",
    }
    return Draft(records.AUDIT_REPORT, (named(f"audit/{report}.json", report),), body)


def audit_waiver(check: str, reason: str, until: str, guard: Guard) -> Draft:
    """Draft the statement that the data may leave although one check does not pass.

    Parameters
    ----------
    check
        Id of the check.
    reason
        Why, in a sentence.
    until
        The last day on which it holds, ``YYYY-MM-DD``.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        AUD-020 for an id that none can be; LED-024, LED-070, LED-072.
    """
    if not _CHECK.fullmatch(check):
        raise UsageError("AUD-020")
    body = {"check": check, "until": day(until).isoformat(), "reason": checked(reason, guard), "meaning": "approval"}
    return Draft(records.AUDIT_WAIVER, (named(f"checks/{check}", _digest_of_id(check)),), body)


def _digest_of_id(check: str) -> str:
    return hashlib.sha256(check.encode()).hexdigest()


def reported(state: State, record: Record) -> None:
    """Take a report: by whom the roles let, over just the ledger before it (AUD-021)."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "audit-report")
    subject = record.subject[0]
    if (subject["name"], subject["digest"]["sha256"]) != (f"audit/{said['report']}.json", said["report"]):
        raise UsageError("AUD-022")
    if (said["ledger"]["size"], said["ledger"]["root"]) != (record.index, state.tree.root().hex()):
        raise UsageError("AUD-021")
    made = Audited(said["report"], said["outcome"], said["payload"], record.index, record.leaf.hex(), said["signer"])
    state.facts.audits = (*state.facts.audits, made)


def waived(state: State, record: Record) -> None:
    """Take a waiver: with a reason, and a last day that is neither past nor more than :data:`LONGEST` days off."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "audit-waiver")
    if not plain_text(said["reason"], MAX_REASON) or "\n" in said["reason"]:
        raise UsageError("LED-024")
    if not 0 <= (day(said["until"]) - day(said["signedAt"][:10])).days <= LONGEST:
        raise UsageError("AUD-023", most=LONGEST)
    if record.subject != [named(f"checks/{said['check']}", _digest_of_id(said["check"]))]:
        raise UsageError("AUD-022")
    state.facts.waivers[said["check"]] = Waived(
        said["check"], said["reason"], said["until"], said["signer"], said["signedAt"], record.leaf.hex()
    )


GATE_RULES = {records.AUDIT_REPORT: reported, records.AUDIT_WAIVER: waived}
