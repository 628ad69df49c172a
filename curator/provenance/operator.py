"""Bring in a new operator's key, by the signatures of two people, while the old one is out of reach."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.provenance.append import Appender
from curator.provenance.keys import PersonKey
from curator.provenance.kinds_operator import load_request, operator_change
from curator.provenance.ledger import Ledger
from curator.provenance.state import State


@dataclass(frozen=True)
class Changed:
    """What became of a signature for a new operator's key.

    Parameters
    ----------
    public
        The new key, raw.
    in_force
        True once two people signed.
    already
        True if nothing had to be added.
    by
        Ids of the people who signed so far.
    state
        The ledger's state afterwards.
    """

    public: bytes
    in_force: bool
    already: bool
    by: tuple[str, ...]
    state: State


def change_operator(ledger: Ledger, request: Path, reason: str, key: PersonKey, clock: Clock) -> Changed:
    """Sign for the new operator's key of a request: as the first person, or as the second, who puts it in force.

    Parameters
    ----------
    ledger
        The ledger.
    request
        The request's file, from the one who holds the new key.
    reason
        One of :data:`curator.provenance.kinds_operator.REASONS`.
    key
        The signing person's key.
    clock
        For the record's time.

    Raises
    ------
    UsageError
        VLT-040 to VLT-043, KEY-009 to KEY-011, KEY-016: nothing was added.
    """
    appender = Appender(ledger, clock)
    state = appender.state
    public, proof = load_request(request, state.dataset, state.first)
    if state.operator == public:
        return Changed(public, in_force=True, already=True, by=state.operators[-1].by, state=state)
    asked = {person: leaf for leaf, (person, other) in state.operator_asked.items() if other == public}
    # The first person's record may be of somebody whose key was revoked since: it then counts for nothing.
    others = [leaf for name, leaf in asked.items() if name != key.person and state.people[name].revoked is None]
    already = key.person in asked and not others
    if not already:
        confirms = bytes.fromhex(others[0]) if others else None
        appender.append([operator_change(public, proof, reason, confirms)], key)
    appender.seal(key)
    now = appender.state
    in_force = now.operator == public
    by = now.operators[-1].by if in_force else (key.person,)
    return Changed(public, in_force=in_force, already=already, by=by, state=now)
