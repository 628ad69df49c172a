"""Records about people and their keys: training, the next key, and security events; one draft function a kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.clock import Clock, utc_text
from curator.core.errors import UsageError
from curator.provenance import records
from curator.provenance.dsse import pae
from curator.provenance.keys import Signer, check_id, decode64, encode64, key_id, require_fit, verify
from curator.provenance.records import Draft
from curator.provenance.typed import Guard, checked, day, digest, named

MAX_TRIED = 100
ROTATION_TYPE = "application/vnd.curator.rotation-request+json"
#: Kinds of events that a sealing counts.
EVENTS = ("unlock-failed", "unlock-locked-out", "signing-refused", "vault-opened", "vault-failed")
_COURSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}(@[A-Za-z0-9][A-Za-z0-9._-]{0,31})?")


def training(person: str, course: str, until: str, evidence: str, guard: Guard) -> Draft:
    """Draft the statement that a person was trained (21 CFR 11.10(i)), or acknowledged a policy (11.10(j)).

    Parameters
    ----------
    person
        Whose training; somebody else than the signer.
    course
        Id of a course or guideline, maybe with ``@version``. What stands before ``@`` is the course; its newest record
        counts.
    until
        The last day on which it counts, ``YYYY-MM-DD``, in UTC.
    evidence
        SHA-256, in hex, of the training record or acknowledgement, which is kept elsewhere.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        KEY-015, KEY-033 for an unusable course, LED-070, LED-072, LED-073.
    """
    check_id(person)
    if not _COURSE.fullmatch(course):
        raise UsageError("KEY-033")
    if not guard(course):
        raise UsageError("LED-070")
    day(until)
    digest(evidence)
    body = {"person": person, "course": course, "until": until, "meaning": "responsibility"}
    return Draft(records.TRAINING, (named(f"people/{person}", evidence),), body)


def qualified(
    person: str,
    test: str,
    verdict: str,
    counts: tuple[int, int],
    reference: tuple[str, str],
    report: str,
    guard: Guard,
) -> Draft:
    """Draft the statement of what a reader's measurement against a reference came to (21 CFR 11.10(i)).

    Parameters
    ----------
    person
        Who was measured; somebody else than the signer.
    test
        Id of the test, maybe with ``@version``; the newest record of a test counts.
    verdict
        ``passed``, ``failed`` or ``not-shown``.
    counts
        Cases answered, and answers to questions of classes that agree with the reference.
    reference
        ``file``, ``reader`` or ``consensus``, and its SHA-256 in hex.
    report
        SHA-256, in hex, of the report, which is kept elsewhere.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        KEY-015, KEY-033 for an unusable id of the test, LED-070, LED-073.
    """
    check_id(person)
    if not _COURSE.fullmatch(test):
        raise UsageError("KEY-033")
    if not guard(test):
        raise UsageError("LED-070")
    digest(report)
    body = {
        "person": person,
        "test": test,
        "verdict": verdict,
        "cases": counts[0],
        "correct": counts[1],
        "reference": {"kind": reference[0], "sha256": digest(reference[1])},
        "meaning": "responsibility",
    }
    return Draft(records.QUALIFIED, (named(f"people/{person}", report),), body)


def rotation_request(
    person: str, previous: bytes, signer: Signer, clock: Clock, expires: str | None = None
) -> tuple[dict[str, Any], str]:
    """Make the request of a person's next key, and that key's own signature over it.

    Parameters
    ----------
    person
        The person's id.
    previous
        Raw public key that ends.
    signer
        The next key.
    clock
        For its date.
    expires
        Last day of the next key, ``YYYY-MM-DD``, or None.

    Returns
    -------
    tuple
        The request and the proof, base64.
    """
    check_id(person)
    request: dict[str, Any] = {
        "format": 1,
        "id": person,
        "previousKeyId": key_id(previous),
        "publicKey": encode64(signer.public),
        "createdAt": utc_text(clock.now()),
    }
    if expires is not None:
        request["expires"] = day(expires).isoformat()
    return request, encode64(signer.sign(pae(ROTATION_TYPE, canonical_bytes(request))))


def check_rotation(request: Mapping[str, Any], proof: str) -> bytes:
    """Verify the proof of possession of a next key, and return its raw public half (KEY-005 when it is none)."""
    try:
        public, signature = decode64(request["publicKey"]), decode64(proof)
        require_fit(public)
        fine = verify(public, signature, pae(ROTATION_TYPE, canonical_bytes(dict(request))))
    except (ValueError, UsageError):
        fine = False
    if not fine:
        raise UsageError("KEY-005")
    return public


def rotation(request: Mapping[str, Any], proof: str, reason: str, guard: Guard) -> Draft:
    """Draft the change of a person's key, to be signed with the key that ends (21 CFR 11.300(b)).

    Parameters
    ----------
    request, proof
        From :func:`rotation_request`.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    """
    public = check_rotation(request, proof)
    body = {
        "person": request["id"],
        "request": dict(request),
        "proof": proof,
        "reason": checked(reason, guard),
        "meaning": "responsibility",
    }
    return Draft(records.ROTATION, (named(f"people/{request['id']}", key_id(public)),), body)


def sealed_events(
    log: str,
    chain: str,
    span: tuple[int, int],
    head: str,
    kinds: Mapping[str, int],
    people: Mapping[str, int],
    previous_head: str | None = None,
    restart: str | None = None,
) -> Draft:
    """Draft the sealing of one stretch of a log of security events (21 CFR 11.300(d)).

    Parameters
    ----------
    log
        ``keys`` or ``vault``.
    chain
        SHA-256, in hex, of the log's very first event.
    span
        Numbers of the first and the last event sealed, from 1.
    head
        SHA-256, in hex, of the last one.
    kinds
        Of :data:`EVENTS`, with their counts.
    people
        Ids of enrolled people whose keys were tried, with counts; whatever else was tried is counted as others.
    previous_head
        SHA-256 of the event before the first one, unless that has number 1.
    restart
        Why events that were sealed are not in the log any more, checked by the caller; the log is then sealed from its
        first event on.
    """
    first, last = span
    listed = sorted(people.items())[:MAX_TRIED]
    count = last - first + 1
    counted = {name: number for name, number in kinds.items() if number}
    body: dict[str, Any] = {
        "log": log,
        "chain": chain,
        "first": first,
        "last": last,
        "count": count,
        "kinds": counted,
        "people": [{"person": name, "count": number} for name, number in listed],
        "others": count - sum(number for _, number in listed),
        "meaning": "responsibility",
    }
    if previous_head is not None:
        body["previousHead"] = previous_head
    if restart is not None:
        body["restart"] = restart
    return Draft(records.EVENTS, (named(f"events/{log}", head),), body)
