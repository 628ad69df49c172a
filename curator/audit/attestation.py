"""The signed word of the vault's holder: what the checks came to that only the vault can answer, over these very bytes.

A DSSE envelope of a payload type of its own. It counts where the audited files give the same payload digest, the ledger
at hand goes on from the one that was searched by nothing that brings contents of its own, and it enrolls the key,
unrevoked, for a person who may attest. Nothing in it names a patient.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from curator.audit.model import VAULT, Outcome
from curator.audit.report import PROGRAM
from curator.audit.runner import Attested, Result
from curator.audit.subject import Base
from curator.core.clock import utc_text
from curator.core.errors import UsageError
from curator.core.schema import validate
from curator.provenance.dsse import sign_envelope
from curator.provenance.keys import PersonKey
from curator.provenance.ledger import origin_of
from curator.provenance.roles import acting_role
from curator.provenance.state import State
from curator.release.attested import ACTION, MOST, SCHEMA, TYPE, read_attestation


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
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
    except OSError:
        raise UsageError("AUD-015") from None

    def placed() -> Iterator[tuple[int, str]]:
        return ((one.index, one.kind) for one in subject.records())

    said, person = read_attestation(data, subject.state(), subject.payload(), subject.root_at, placed)
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
