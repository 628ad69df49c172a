"""The rules of audits of labels: a lot is closed once, results name its labels' records, a decided lot stays decided.

What a rule cannot see (which labels the digest stands for, which were drawn) the verdict's own computation checks:
anyone with the ledger can run it again (:mod:`curator.labels.quality.verdict`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.facts import Lot, check_training
from curator.provenance.kinds_audit import ACCEPT, REJECT, UNDECIDED, WRONG
from curator.provenance.records import check_reason

if TYPE_CHECKING:
    from curator.provenance.state import Record, State


def _closed(state: State, record: Record) -> None:
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "audit-lot")
    if "reason" in said:
        check_reason(said["reason"])
    name, sha256 = record.subject[0]["name"].removeprefix("lots/"), record.subject[0]["digest"]["sha256"]
    if name in state.facts.lots:
        raise UsageError("QUA-051")
    # The very same labels audited again until they pass would be no audit.
    if any(one.sha256 == sha256 for one in state.facts.lots.values()):
        raise UsageError("QUA-052")
    names = [one["name"] for one in said["strata"]]
    sums = sum(one["count"] for one in said["strata"])
    if len(set(names)) != len(names) or sums != said["count"] or any(not _sound(one) for one in said["strata"]):
        raise UsageError("QUA-053")
    state.facts.lots[name] = Lot(sha256, said["count"], record.index)


def _sound(stratum: dict[str, int]) -> bool:
    return stratum["accept"] < stratum["reject"] and stratum["sample"] <= stratum["count"]


def _lot(state: State, name: str, sha256: str) -> Lot:
    known = state.facts.lots.get(name)
    if known is None or known.sha256 != sha256:
        raise UsageError("QUA-054")
    if known.outcome in {ACCEPT, REJECT}:
        raise UsageError("QUA-055")
    return known


def _found(state: State, record: Record) -> None:
    said = record.predicate
    signer = said["signer"]
    roles.acting_role(state.enrolled(signer).roles, "audit-result")
    check_training(state, signer, said["signedAt"])
    lot = _lot(state, said["lot"]["name"], said["lot"]["sha256"])
    names = [one["name"].removeprefix("labels/") for one in record.subject]
    if len(set(names)) != len(names):
        raise UsageError("LED-061")
    for name, one in zip(names, record.subject, strict=True):
        if "corrected" in one["annotations"] and one["annotations"]["verdict"] != WRONG:
            raise UsageError("QUA-056")
        known = state.labels.get(name)
        if known is None:
            if not state.partial:
                raise UsageError("LED-060", count=1)
            continue
        if known.leaf.hex() != one["digest"]["sha256"][:32] or known.place > lot.place:
            raise UsageError("LED-061")
        if known.author == state.number(signer):
            raise UsageError("LED-062")


def _verdict(state: State, record: Record) -> None:
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "audit-verdict")
    name = record.subject[0]["name"].removeprefix("lots/")
    lot = _lot(state, name, record.subject[0]["digest"]["sha256"])
    outcomes = {one["outcome"] for one in said["strata"]}
    whole = REJECT if REJECT in outcomes else UNDECIDED if UNDECIDED in outcomes else ACCEPT
    if said["outcome"] != whole or any(one["wrong"] + one["unclear"] > one["looked"] for one in said["strata"]):
        raise UsageError("QUA-053")
    state.facts.lots[name] = lot._replace(outcome=whole)


def _controls(state: State, record: Record) -> None:
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "controls-sealed")
    check_reason(said["reason"])
    name = record.subject[0]["name"].removeprefix("controls/")
    if name in state.facts.controls:
        raise UsageError("QUA-051")
    state.facts.controls[name] = (record.subject[0]["digest"]["sha256"], record.index)


AUDIT_RULES: dict[str, Callable[[State, Record], None]] = {
    records.AUDIT_LOT: _closed,
    records.AUDIT_RESULT: _found,
    records.AUDIT_VERDICT: _verdict,
    records.CONTROLS: _controls,
}
