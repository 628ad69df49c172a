"""The records of the ledger: drafts of in-toto Statements (version 1), one function a kind.

A draft says what a person states. Its place in the ledger, the signer and the time are added when it is signed, and are
part of what is signed, so that no envelope can be moved to another place, sample or dataset (21 CFR 11.70).
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.core.clock import offset_text, utc_text
from curator.core.errors import UsageError
from curator.provenance.keys import encode64, key_id

STATEMENT = "https://in-toto.io/Statement/v1"
GENESIS = "urn:curator:predicate:genesis:v1"
ENROLLMENT = "urn:curator:predicate:enrollment:v1"
REVOCATION = "urn:curator:predicate:revocation:v1"
GUIDELINE = "urn:curator:predicate:guideline:v1"
LABEL = "urn:curator:predicate:label:v1"
PIXELS = "urn:curator:predicate:pixels-checked:v1"
REPLACEMENT = "urn:curator:predicate:sample-replaced:v1"
#: Predicate type to the name of the schema of the whole statement.
SCHEMAS = {
    GENESIS: "record-genesis",
    ENROLLMENT: "record-enrollment",
    REVOCATION: "record-revocation",
    GUIDELINE: "record-guideline",
    LABEL: "record-label",
    PIXELS: "record-pixels-checked",
    REPLACEMENT: "record-sample-replaced",
}
#: Digests that one pixel record may name.
MAX_DIGESTS = 10_000
OPERATOR = "operator"
MAX_REASON = 500


@dataclass(frozen=True)
class Draft:
    """What will be signed, without place, signer and time.

    Parameters
    ----------
    kind
        The predicate type.
    subject
        The statement's resource descriptors.
    predicate
        The fields of the predicate that the kind adds.
    """

    kind: str
    subject: tuple[dict[str, Any], ...]
    predicate: dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a record will stand: dataset, index from 0, leaf hash (hex) of the record before."""

    dataset: str
    sequence: int
    previous: str | None


def statement(draft: Draft, place: Place, signer: str, moment: datetime) -> bytes:
    """Return the payload to sign: canonical JSON of the in-toto Statement.

    Parameters
    ----------
    draft
        What is stated.
    place
        Where it will stand.
    signer
        Id of the person (or ``operator`` for the first record).
    moment
        When it is signed, aware; written as UTC and offset.
    """
    predicate = {
        **draft.predicate,
        "dataset": place.dataset,
        "sequence": place.sequence,
        "previous": place.previous,
        "signer": signer,
        "signedAt": utc_text(moment),
        "utcOffset": offset_text(moment),
    }
    return canonical_bytes(
        {"_type": STATEMENT, "subject": list(draft.subject), "predicateType": draft.kind, "predicate": predicate}
    )


def genesis(dataset: str, operator: bytes, policy: Mapping[str, str] | None = None) -> Draft:
    """Draft the first record: the dataset and the operator's public key.

    Parameters
    ----------
    dataset
        The dataset's id.
    operator
        The operator's raw public key, which signs this record and the checkpoints.
    policy
        Name and ``sha256`` of the scrub policy, if it is known.
    """
    predicate: dict[str, Any] = {
        "format": 1,
        "operatorKey": encode64(operator),
        "meaning": "responsibility",
        "nonce": secrets.token_hex(16),
    }
    if policy is not None:
        predicate["policy"] = dict(policy)
    return Draft(GENESIS, ({"name": dataset, "digest": {"sha256": key_id(operator)}},), predicate)


def enrollment(request: dict[str, Any], proof: bytes, bootstrap: bytes | None = None) -> Draft:
    """Draft the enrollment of a person.

    Parameters
    ----------
    request
        The request's document, as the person signed it.
    proof
        That person's signature over it.
    bootstrap
        The enrolling person's own raw public key while nobody is enrolled: the first two people enroll each other.
    """
    predicate: dict[str, Any] = {"request": request, "proof": encode64(proof), "meaning": "responsibility"}
    if bootstrap is not None:
        predicate["bootstrapKey"] = encode64(bootstrap)
    digest = hashlib.sha256(canonical_bytes(request)).hexdigest()
    return Draft(ENROLLMENT, ({"name": f"people/{request['id']}", "digest": {"sha256": digest}},), predicate)


def plain_text(text: str, most: int) -> bool:
    """Say whether a text may stand in a record: not blank, not too long, NFC, no control characters or direction marks.

    Direction marks (U+202A to U+202E, U+2066 to U+2069) can make a signed text look like another one.
    """
    return (
        0 < len(text) <= most
        and not text.isspace()
        and unicodedata.is_normalized("NFC", text)
        and all(unicodedata.category(mark) not in {"Cc", "Cs"} or mark in "\n\t" for mark in text)
        and not any("\u202a" <= mark <= "\u202e" or "\u2066" <= mark <= "\u2069" for mark in text)
    )


def check_reason(reason: str) -> str:
    """Return a reason that may stand in a record.

    Raises
    ------
    UsageError
        LED-024.
    """
    if not plain_text(reason, MAX_REASON) or "\n" in reason:
        raise UsageError("LED-024")
    return reason


def revocation(person: str, public: bytes, reason: str) -> Draft:
    """Draft the revocation of a person's key; what it signed before stays valid."""
    subject = {"name": f"people/{person}", "digest": {"sha256": key_id(public)}}
    return Draft(
        REVOCATION, (subject,), {"person": person, "reason": check_reason(reason), "meaning": "responsibility"}
    )


def guideline(identifier: str, version: str, name: str, sha256: str, size: int) -> Draft:
    """Draft the registration of one version of an annotation guideline (21 CFR 11.10(k))."""
    predicate = {"guideline": {"id": identifier, "version": version, "bytes": size}, "meaning": "approval"}
    return Draft(GUIDELINE, ({"name": f"guidelines/{name}", "digest": {"sha256": sha256}},), predicate)


def pixel_acceptance(digests: Iterable[str], reason: str) -> Draft:
    """Draft the statement that a person looked at the pixels of some files and found no identifier in them.

    Parameters
    ----------
    digests
        Keyed content digests, 64 hex digits each; at most :data:`MAX_DIGESTS`.
    reason
        Why the person may say so; no identifier.
    """
    subject = tuple({"digest": {"hmacSha256": digest}} for digest in sorted(set(digests)))
    if not 0 < len(subject) <= MAX_DIGESTS:
        raise ValueError(f"a pixel record names 1 to {MAX_DIGESTS} digests")
    return Draft(PIXELS, subject, {"reason": check_reason(reason), "meaning": "review"})


def replacement(samples: Iterable[tuple[str, str, str, str]], reason: str) -> Draft:
    """Draft the statement that corrected objects take the place of objects that have been scrubbed.

    Parameters
    ----------
    samples
        (clean path, its SHA-256, new SOP Instance UID, keyed content digest of the corrected source object), at most
        :data:`MAX_DIGESTS`.
    reason
        Why, in a sentence; no identifier.
    """
    subject = tuple(
        {
            "name": path,
            "digest": {"sha256": sha256, "hmacSha256": content},
            "annotations": {"sopInstanceUid": uid},
        }
        for path, sha256, uid, content in sorted(set(samples))
    )
    if not 0 < len(subject) <= MAX_DIGESTS:
        raise ValueError(f"a replacement names 1 to {MAX_DIGESTS} samples")
    return Draft(REPLACEMENT, subject, {"reason": check_reason(reason), "meaning": "responsibility"})


def label(sample: Mapping[str, str], body: Mapping[str, Any]) -> Draft:
    """Draft one label.

    Parameters
    ----------
    sample
        ``path`` under the project, ``sha256`` of the file, ``content`` digest, new ``uid``.
    body
        The predicate's own fields, as schemas/record-label.schema.json lists them.
    """
    subject = {
        "name": sample["path"],
        "digest": {"sha256": sample["sha256"], "contentSha256": sample["content"]},
        "annotations": {"sopInstanceUid": sample["uid"]},
    }
    return Draft(LABEL, (subject,), dict(body))
