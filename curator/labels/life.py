"""Review, approve, adjudicate and withdraw labels that are signed: find them, check their state, draft the records.

Everything is checked before anything is signed, by the rules that the verifier runs. An id that is not in the ledger is
counted and never repeated: it may name a patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import CuratorError, UsageError
from curator.provenance import kinds_life, roles, rules_life
from curator.provenance.append import Appender
from curator.provenance.kinds_life import MAX_LABELS, MAX_RESOLVED, Guard, Named
from curator.provenance.known import Known
from curator.provenance.records import Draft
from curator.provenance.state import State

#: Labels of one act: their records fit into one commit, so that all are taken or none.
MAX_IDS = 100_000
MAX_FILE = 16 << 20
REVIEW = "label-reviewed"
APPROVE = "label-approved"
ADJUDICATE = "label-adjudicated"
WITHDRAW = "label-withdrawn"
_CHECKS: dict[str, Callable[[State, str, Known], None]] = {
    REVIEW: rules_life.may_review,
    APPROVE: rules_life.may_approve,
    ADJUDICATE: rules_life.may_resolve,
    WITHDRAW: rules_life.may_withdraw,
}


@dataclass(frozen=True)
class Refused:
    """A label of the ledger that is not in a state for what is wanted, and why."""

    label: str
    error: CuratorError


def read_ids(path: Path) -> list[str]:
    """Read label ids, one a line; blank lines are passed over.

    Raises
    ------
    UsageError
        LED-068 when the file cannot be read, is no UTF-8, or is larger than 16 MiB.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("LED-068") from None
    if len(data) > MAX_FILE:
        raise UsageError("LED-068")
    return [line.strip() for line in text.splitlines() if line.strip()]


def unique(ids: Iterable[str]) -> list[str]:
    """Return ids in order, each once (LED-068 for more than :data:`MAX_IDS`)."""
    made = list(dict.fromkeys(ids))
    if len(made) > MAX_IDS:
        raise UsageError("LED-068")
    return made


def known(state: State, ids: Sequence[str]) -> dict[str, Known]:
    """Return what is known of labels (LED-060, with their number, when some are not in the ledger)."""
    found = {name: one for name in ids if (one := state.labels.get(name)) is not None}
    if len(found) != len(ids):
        raise UsageError("LED-060", count=len(ids) - len(found))
    return found


def refused(state: State, action: str, signer: str, ids: Sequence[str]) -> list[Refused]:
    """Return the labels with which a person may not do something now.

    Parameters
    ----------
    state
        The verified ledger's.
    action
        :data:`REVIEW`, :data:`APPROVE`, :data:`ADJUDICATE` or :data:`WITHDRAW`.
    signer
        Who wants to.
    ids
        Which labels.

    Raises
    ------
    UsageError
        KEY-009 to KEY-011 when the person may not do it with any label; LED-060.
    """
    roles.acting_role(state.enrolled(signer).roles, action)
    made = []
    for name, one in known(state, ids).items():
        try:
            _CHECKS[action](state, signer, one)
        except CuratorError as error:
            made.append(Refused(name, error))
    return made


def named(appender: Appender, ids: Sequence[str]) -> list[Named]:
    """Return labels with the leaf hashes of their records, which are read in one pass (LED-060)."""
    found = known(appender.state, ids)
    places = {one.place for one in found.values()}
    leaves: dict[int, str] = {}
    for entry in appender.ledger.entries(min(places)):
        if entry.index in places:
            leaves[entry.index] = entry.leaf.hex()
            if len(leaves) == len(places):
                break
    return [Named(name, leaves[one.place]) for name, one in found.items()]


def _groups(labels: Sequence[Named]) -> Iterable[Sequence[Named]]:
    return (labels[first : first + MAX_LABELS] for first in range(0, len(labels), MAX_LABELS))


def review(labels: Sequence[Named], outcome: str, reason: str | None, guard: Guard) -> list[Draft]:
    """Draft reviews (errors as :func:`curator.provenance.kinds_life.reviewed`)."""
    return [kinds_life.reviewed(group, outcome, reason, guard) for group in _groups(labels)]


def approve(labels: Sequence[Named]) -> list[Draft]:
    """Draft approvals."""
    return [kinds_life.approved(group) for group in _groups(labels)]


def withdraw(labels: Sequence[Named], reason: str, guard: Guard) -> list[Draft]:
    """Draft withdrawals (errors as :func:`curator.provenance.kinds_life.withdrawn`)."""
    return [kinds_life.withdrawn(group, reason, guard) for group in _groups(labels)]


def enough(ids: Sequence[str]) -> None:
    """Refuse an adjudication of one label, or of more than a record holds (LED-069)."""
    if not 1 < len(ids) <= MAX_RESOLVED:
        raise UsageError("LED-069", most=MAX_RESOLVED)


def adjudicate(appender: Appender, ids: Sequence[str], result: str, reason: str, guard: Guard) -> list[Draft]:
    """Draft an adjudication.

    Raises
    ------
    UsageError
        LED-069 for a wrong number of labels, LED-060, and LED-063 or LED-064 when the result cannot be one.
    """
    enough(ids)
    rules_life.may_result(known(appender.state, [result])[result])
    chosen = named(appender, [result])[0]
    return [kinds_life.adjudicated(named(appender, ids), chosen, reason, guard)]


def author(state: State, one: Known) -> str:
    """Return the id of a label's author."""
    return list(state.people)[one.author]
