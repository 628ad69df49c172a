"""The rules of a label's life: signed, reviewed, adjudicated, approved, withdrawn, in that order (21 CFR 11.10(f)).

A rule looks at every label that its record names before it changes one. In a partial state (a release, which holds only
some labels) a label that was left out cannot be looked at, and is passed over.
"""

from __future__ import annotations

from typing import Any

from curator.core.errors import UsageError
from curator.provenance import roles, status
from curator.provenance.kinds_life import ACCEPTED
from curator.provenance.known import Known
from curator.provenance.records import check_reason
from curator.provenance.state import Record, State

_DONE = status.APPROVED | status.REJECTED
_JUDGED = status.REVIEWED | status.REJECTED


def stands(known: Known) -> None:
    """Refuse a label that was withdrawn, superseded or resolved (LED-063)."""
    if known.status & status.ENDED:
        raise UsageError("LED-063")


def may_review(state: State, signer: str, known: Known) -> None:
    """Check that a person may review a label (LED-062 to LED-064)."""
    _not_own(state, signer, known)
    stands(known)
    if known.status & _DONE:
        raise UsageError("LED-064")


def may_approve(state: State, signer: str, known: Known) -> None:
    """Check that a person may approve a label (LED-062 to LED-065)."""
    _not_own(state, signer, known)
    stands(known)
    if known.status & _DONE:
        raise UsageError("LED-064")
    if not known.status & status.REVIEWED:
        raise UsageError("LED-065")


def may_withdraw(state: State, signer: str, known: Known) -> None:
    """Check that a person may withdraw a label (LED-063, KEY-011)."""
    if known.status & (status.SUPERSEDED | status.WITHDRAWN):
        raise UsageError("LED-063")
    if known.author != state.number(signer):
        roles.acting_role(state.enrolled(signer).roles, "withdraw-other")


def may_resolve(state: State, signer: str, known: Known) -> None:
    """Check that a person may name a label as one of those that an adjudication resolves (LED-062 to LED-065)."""
    _not_own(state, signer, known)
    stands(known)
    if known.status & status.APPROVED:
        raise UsageError("LED-064")
    if not known.status & _JUDGED:
        raise UsageError("LED-065")


def may_result(known: Known) -> None:
    """Check that a label may be what an adjudication comes to (LED-063, LED-064)."""
    stands(known)
    if known.status & _DONE:
        raise UsageError("LED-064")


def _not_own(state: State, signer: str, known: Known) -> None:
    if known.author == state.number(signer):
        raise UsageError("LED-062")


def _named(state: State, record: Record) -> dict[str, Known]:
    """Return the labels that a record names, as they are known (LED-060, LED-061; LED-024 for its reason)."""
    if "reason" in record.predicate:
        check_reason(record.predicate["reason"])
    found: dict[str, Known] = {}
    names = [one["name"].removeprefix("labels/") for one in record.subject]
    if len(set(names)) != len(names):
        raise UsageError("LED-061")
    for name, one in zip(names, record.subject, strict=True):
        known = _known(state, name, one["digest"]["sha256"])
        if known is not None:
            found[name] = known
    return found


def _known(state: State, label: str, leaf: str) -> Known | None:
    known = state.labels.get(label)
    if known is None:
        if not state.partial:
            raise UsageError("LED-060", count=1)
        return None
    if known.leaf.hex() != leaf[:32]:
        raise UsageError("LED-061")
    return known


def _mark(state: State, found: dict[str, Known], mark: int) -> None:
    for name, known in found.items():
        state.labels.put(name, known._replace(status=known.status | mark))


def reviewed(state: State, record: Record) -> None:
    """Take a review: not of one's own label, not after a rejection or an approval."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "label-reviewed")
    if said["outcome"] != ACCEPTED and "reason" not in said:
        raise UsageError("LED-024")
    found = _named(state, record)
    for known in found.values():
        may_review(state, said["signer"], known)
    _mark(state, found, status.REVIEWED if said["outcome"] == ACCEPTED else status.REJECTED)


def approved(state: State, record: Record) -> None:
    """Take an approval: of labels that somebody reviewed and accepted."""
    signer = record.predicate["signer"]
    roles.acting_role(state.enrolled(signer).roles, "label-approved")
    found = _named(state, record)
    for known in found.values():
        may_approve(state, signer, known)
    _mark(state, found, status.APPROVED)


def adjudicated(state: State, record: Record) -> None:
    """Take an adjudication: reviewed labels of one sample, by an adjudicator who authored none of them."""
    said: dict[str, Any] = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "label-adjudicated")
    found = _named(state, record)
    for known in found.values():
        may_resolve(state, said["signer"], known)
    name = said["result"]["labelId"]
    result = _known(state, name, said["result"]["leaf"])
    if result is not None:
        may_result(result)
    samples = {known.sample for known in (*found.values(), *((result,) if result is not None else ()))}
    if len(samples) > 1:
        raise UsageError("LED-066")
    _mark(state, {label: known for label, known in found.items() if label != name}, status.RESOLVED)
    if result is not None:
        _mark(state, {name: result}, status.ADJUDICATED)


def withdrawn(state: State, record: Record) -> None:
    """Take a withdrawal: by the author, or by whom the table of roles lets withdraw another person's label."""
    signer = record.predicate["signer"]
    roles.acting_role(state.enrolled(signer).roles, "label-withdrawn")
    found = _named(state, record)
    for known in found.values():
        may_withdraw(state, signer, known)
    _mark(state, found, status.WITHDRAWN)
