"""The signed word of the vault's holder: what the checks came to that only the vault can answer, over these very bytes.

A DSSE envelope of a payload type of its own. It counts where the audited files give the same payload digest, the ledger
at hand goes on from the one that was searched by nothing that brings contents of its own, and it enrolls the key,
unrevoked, for a person who may attest. Nothing in it names a patient.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from curator.audit.model import VAULT, Outcome
from curator.audit.report import PROGRAM
from curator.audit.runner import Attested, Result
from curator.audit.subject import Base
from curator.core.clock import utc_text
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.schema import validate, violation
from curator.provenance import records
from curator.provenance.dsse import open_envelope, parse_envelope, sign_envelope
from curator.provenance.expiry import past
from curator.provenance.keys import PersonKey
from curator.provenance.ledger import origin_of
from curator.provenance.roles import acting_role, allowed
from curator.provenance.state import State

TYPE = "application/vnd.curator.audit-attestation+json"
SCHEMA = "audit-attestation"
ACTION = "audit-attested"
MOST = 16 << 20
#: Kinds of record that may follow what was searched: they say nothing of samples, and their texts are guarded.
HARMLESS = frozenset(
    {
        records.AUDIT_REPORT,
        records.AUDIT_WAIVER,
        records.WITNESSED,
        records.EVENTS,
        records.SPLIT,
        records.ACCESS,
        records.TRAINING,
    }
)


def attestation(results: Iterable[Result], payload: str, state: State, key: PersonKey, moment: datetime) -> bytes:
    """Sign what the checks came to that need the vault.

    Parameters
    ----------
    results
        Of the checks that were run with the vault open; others are left out.
    payload
        Digest of the clean files.
    state
        The ledger's.
    key
        Whose word it is.
    moment
        When, aware.

    Returns
    -------
    bytes
        The envelope.

    Raises
    ------
    UsageError
        KEY-009, KEY-010, KEY-011 when the person may not; KEY-016 when the key is not the one enrolled; AUD-014 when no
        check was run with the vault.
    """
    person = state.enrolled(key.person)
    if person.public != key.signer.public:
        raise UsageError("KEY-016")
    acting_role(person.roles, ACTION)
    checks = [
        {
            "id": one.check.id,
            "outcome": str(one.outcome),
            "summary": one.answer.summary,
            "figures": dict(one.answer.figures),
        }
        for one in results
        if VAULT in one.check.needs and not one.listed.origin and one.attested is None
    ]
    if not checks:
        raise UsageError("AUD-014")
    document = {
        "format": 1,
        "dataset": state.dataset,
        "origin": origin_of(state.dataset, state.first),
        "payload": payload,
        "ledger": {"size": state.size, "root": state.tree.root().hex()},
        "checks": checks,
        "signer": key.person,
        "signedAt": utc_text(moment),
        "program": PROGRAM,
        "meaning": "responsibility",
    }
    validate(SCHEMA, document)
    data = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return sign_envelope(data, [key.signer], TYPE)


def read_attestations(paths: Iterable[Path], subject: Base) -> dict[str, Attested]:
    """Read attestations and take what counts for these bytes; of two words on one check a FAIL counts, else the newest.

    Parameters
    ----------
    paths
        Of the files.
    subject
        What is audited; it has a ledger.

    Raises
    ------
    UsageError
        AUD-015 for a file that is none.
    IntegrityError
        AUD-016 for one that does not count here: other bytes, another ledger, or a key that may not attest.
    """
    found: dict[str, Attested] = {}
    for path in paths:
        for name, word in _read(path, subject).items():
            before = found.get(name)
            if before is None or (
                before.outcome != Outcome.FAIL and (word.outcome == Outcome.FAIL or word.at > before.at)
            ):
                found[name] = word
    return found


def _read(path: Path, subject: Base) -> dict[str, Attested]:
    state = subject.state()
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
        names = [name for name, _ in parse_envelope(data).signatures]
    except (OSError, CuratorError):
        raise UsageError("AUD-015") from None
    people = {name: state.keys[name] for name in names if name in state.keys}
    if len(names) != 1 or not people or any(one.revoked is not None for one in people.values()):
        raise IntegrityError("AUD-016", reason="its key is not enrolled here, or was revoked")
    person = people[names[0]]
    try:
        opened = open_envelope(data, {names[0]: person.public}, TYPE)
        said: Mapping[str, Any] = opened.document
        fine = violation(SCHEMA, said) is None
    except CuratorError:
        raise IntegrityError("AUD-016", reason="its signature does not hold") from None
    if not fine:
        raise UsageError("AUD-015")
    if said["signer"] != person.id or not allowed(person.roles, ACTION):
        raise IntegrityError("AUD-016", reason="who signed it may not attest")
    if person.expires is not None and past(person.expires, said["signedAt"]):
        raise IntegrityError("AUD-016", reason="its key was past its last day")
    if said["origin"] != origin_of(state.dataset, state.first):
        raise IntegrityError("AUD-016", reason="it is of another ledger")
    if said["payload"] != subject.payload():
        raise IntegrityError("AUD-016", reason="it is of other files")
    searched = said["ledger"]
    root = subject.root_at(searched["size"])
    if root is None or root.hex() != searched["root"]:
        raise IntegrityError("AUD-016", reason="it is of another state of the ledger")
    if any(one.index >= searched["size"] and one.kind not in HARMLESS for one in subject.records()):
        raise IntegrityError("AUD-016", reason="labels or other contents were signed after it")
    return {
        one["id"]: Attested(
            Outcome(one["outcome"]),
            one["summary"],
            one["figures"],
            person.id,
            person.printed_name,
            said["signedAt"],
        )
        for one in said["checks"]
    }
