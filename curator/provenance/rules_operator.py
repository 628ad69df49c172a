"""The rule of a changed operator's key: two different people, one key, proof of its private half."""

from __future__ import annotations

from curator.core.errors import UsageError
from curator.provenance import roles
from curator.provenance.keys import decode64, key_id, verify
from curator.provenance.kinds_operator import proof_input
from curator.provenance.known import Operator
from curator.provenance.state import Record, State, raw_key


def operator_changed(state: State, record: Record) -> None:
    """Take a first or a second signature for a new operator's key.

    Parameters
    ----------
    state
        What the records so far add up to.
    record
        The record, its form, place and signature checked.

    Raises
    ------
    UsageError
        KEY-011 without a role that allows it; VLT-040 to VLT-043.
    """
    said = record.predicate
    signer = state.enrolled(said["signer"])
    roles.acting_role(signer.roles, "operator-changed")
    public = raw_key(said["operatorKey"])
    if [one["digest"]["sha256"] for one in record.subject] != [key_id(public)]:
        raise UsageError("VLT-040")
    try:
        proof = decode64(said["proof"])
    except ValueError:
        proof = b""
    if not verify(public, proof, proof_input(state.dataset, state.first, public)):
        raise UsageError("VLT-040")
    if public == state.operator or key_id(public) in state.keys:
        raise UsageError("VLT-041")
    if "confirms" not in said:
        state.operator_asked[record.leaf.hex()] = (signer.id, public)
        return
    asked = state.operator_asked.get(said["confirms"])
    if asked is None or asked[1] != public:
        raise UsageError("VLT-042")
    first = state.enrolled(asked[0])
    roles.acting_role(first.roles, "operator-changed")
    if first.id == signer.id:
        raise UsageError("VLT-043")
    state.operator = public
    state.operators = (*state.operators, Operator(public, record.index, (first.id, signer.id)))
    state.operator_asked = {}
