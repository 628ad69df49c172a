"""The periodic look at people and keys (21 CFR 11.300(b), 11.10(i)), and the test of a key (21 CFR 11.300(e))."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from curator.core.clock import utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.dsse import pae
from curator.provenance.expiry import past
from curator.provenance.keys import PersonKey, key_id, verify
from curator.provenance.state import State

TEST_TYPE = "application/vnd.curator.key-test"
#: What is due, in the order of urgency.
DUE = ("expired", "lapsed", "untrained", "expiring", "lapsing", "unused")


@dataclass(frozen=True)
class Due:
    """One thing that is due: what (of :data:`DUE`), whose, and since or until which day."""

    what: str
    person: str
    detail: str


def review(state: State, now: datetime, *, within: int = 30, unused: int = 180) -> list[Due]:
    """List what is due among the people whose keys are valid.

    Parameters
    ----------
    state
        Of a verified ledger.
    now
        The present moment, aware.
    within
        Days ahead in which an end counts as near.
    unused
        Days without a signature after which a key counts as unused.

    Returns
    -------
    list
        By urgency, then by person.
    """
    today, soon = utc_text(now), utc_text(now + timedelta(days=within))
    quiet = utc_text(now - timedelta(days=unused))
    found: list[Due] = []
    for person in state.active():
        if person.expires is not None and past(person.expires, soon):
            found.append(Due("expired" if past(person.expires, today) else "expiring", person.id, person.expires))
        trained = state.facts.trained.get(person.id, ())
        if not trained:
            found.append(Due("untrained", person.id, ""))
        for one in trained:
            if past(one.until, soon):
                what = "lapsed" if past(one.until, today) else "lapsing"
                found.append(Due(what, person.id, f"{one.course} {one.until}"))
        name = key_id(person.public)
        last = state.facts.newest.get(name) or state.facts.enrolled.get(name, "")
        if last < quiet:
            found.append(Due("unused", person.id, last[:10]))
    return sorted(found, key=lambda one: (DUE.index(one.what), one.person, one.detail))


def self_test(state: State, key: PersonKey) -> list[str]:
    """Test a person's opened key against the ledger, and return what was tested.

    A fresh challenge is signed and verified with the public key of the roster; a changed signature, a changed challenge
    and another person's key must be refused. The challenge has a type of its own, so that no signature over it can pass
    for a record.

    Raises
    ------
    UsageError
        KEY-009, KEY-010, KEY-016, KEY-018: the key is not the one enrolled.
    IntegrityError
        KEY-041 naming the test that failed.
    """
    public = state.enrolled(key.person).public
    if public != key.signer.public:
        raise UsageError("KEY-016")
    challenge = pae(TEST_TYPE, secrets.token_bytes(32))
    signature = key.signer.sign(challenge)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    others = [one.public for one in state.active() if one.id != key.person] + [state.operator]
    tests = {
        "a fresh signature verifies with the enrolled key": verify(public, signature, challenge),
        "a changed signature is refused": not verify(public, flipped, challenge),
        "a changed challenge is refused": not verify(public, signature, challenge + b"\0"),
        "no other enrolled key takes it": not any(verify(one, signature, challenge) for one in others),
    }
    for what, passed in tests.items():
        if not passed:
            raise IntegrityError("KEY-041", what=f"it failed '{what}'")
    return list(tests)
