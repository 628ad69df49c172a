"""Put people on the roster and take them off it: always by the signature of a second person (21 CFR 11.100(b))."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curator.core.clock import Clock
from curator.provenance.append import Appender
from curator.provenance.keys import PersonKey, Signer, decode64
from curator.provenance.ledger import Ledger
from curator.provenance.records import enrollment, revocation
from curator.provenance.state import State


@dataclass(frozen=True)
class Enrolled:
    """What became of an enrollment.

    Parameters
    ----------
    person
        Id of the person in the request.
    complete
        False when this was the first half of the first two people's enrollment of each other.
    already
        True if nothing had to be added.
    state
        The ledger's state afterwards.
    """

    person: str
    complete: bool
    already: bool
    state: State


def enroll(
    ledger: Ledger, document: dict[str, Any], key: PersonKey, clock: Clock, operator: Signer | None = None
) -> Enrolled:
    """Enroll the person of a request, signed by another person.

    While nobody is enrolled, a record takes effect when the person in it enrolls its signer in turn, by that very key.

    Parameters
    ----------
    ledger
        The ledger.
    document
        The request, from :func:`curator.provenance.people.read_request`.
    key
        The enrolling person's key.
    clock
        For the record's time.
    operator
        The operator's signer, when the vault is open.

    Raises
    ------
    UsageError
        KEY-005 to KEY-011, KEY-013, KEY-016: nothing was added.
    """
    appender = Appender(ledger, clock)
    state = appender.state
    request = document["request"]
    name, public = request["id"], decode64(request["publicKey"])
    there = state.people.get(name)
    pending = state.pending.get((key.person, name))
    waiting = pending is not None and (pending[0], pending[1].public) == (key.signer.public, public)
    already = (there is not None and there.revoked is None and there.public == public) or waiting
    if not already:
        bootstrap = None if state.active() else key.signer.public
        appender.append([enrollment(request, decode64(document["proof"]), bootstrap)], key)
    appender.seal(key, operator)
    return Enrolled(name, name in appender.state.people, already, appender.state)


def revoke(
    ledger: Ledger, person: str, reason: str, key: PersonKey, clock: Clock, operator: Signer | None = None
) -> State:
    """Revoke a person's key from the next record on; what it signed before stays valid (21 CFR 11.300(c)).

    Raises
    ------
    UsageError
        KEY-009 to KEY-012, KEY-016, LED-024: nothing was added.
    """
    appender = Appender(ledger, clock)
    found = appender.state.enrolled(person)
    appender.append([revocation(person, found.public, reason)], key)
    appender.seal(key, operator)
    return appender.state
