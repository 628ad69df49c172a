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
from functools import cached_property
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
WITNESSED = "urn:curator:predicate:checkpoint-witnessed:v1"
OPERATOR_CHANGED = "urn:curator:predicate:operator-changed:v1"
REVIEWED = "urn:curator:predicate:label-reviewed:v1"
APPROVED = "urn:curator:predicate:label-approved:v1"
ADJUDICATED = "urn:curator:predicate:label-adjudicated:v1"
WITHDRAWN = "urn:curator:predicate:label-withdrawn:v1"
TRAINING = "urn:curator:predicate:person-trained:v1"
ROTATION = "urn:curator:predicate:key-rotated:v1"
POLICY = "urn:curator:predicate:policy-changed:v1"
EVENTS = "urn:curator:predicate:events-sealed:v1"
ACCESS = "urn:curator:predicate:sample-accessed:v1"
SPLIT = "urn:curator:predicate:split-sealed:v1"
PATIENTS = "urn:curator:predicate:patients-linked:v1"
CONSENT = "urn:curator:predicate:consent-withdrawn:v1"
QUALIFIED = "urn:curator:predicate:reader-qualified:v1"
RECALL = "urn:curator:predicate:recall:v1"
ANSWERED = "urn:curator:predicate:requirement-answered:v1"
RELEASE_SENT = "urn:curator:predicate:release-sent:v1"
PURGE = "urn:curator:predicate:purge:v1"
AUDIT_REPORT = "urn:curator:predicate:audit-report:v1"
AUDIT_WAIVER = "urn:curator:predicate:audit-waiver:v1"
AUDIT_LOT = "urn:curator:predicate:audit-lot:v1"
AUDIT_RESULT = "urn:curator:predicate:audit-result:v1"
AUDIT_VERDICT = "urn:curator:predicate:audit-verdict:v1"
CONTROLS = "urn:curator:predicate:controls-sealed:v1"
JOINED = "urn:curator:predicate:site-joined:v1"
PIXEL_SAMPLE = "urn:curator:predicate:pixels-sampled:v1"
LEFT = "urn:curator:predicate:site-left:v1"
ASSIGNED = "urn:curator:predicate:split-assigned:v1"
#: Predicate type to the name of the schema of the whole statement.
SCHEMAS = {
    GENESIS: "record-genesis",
    ENROLLMENT: "record-enrollment",
    REVOCATION: "record-revocation",
    GUIDELINE: "record-guideline",
    LABEL: "record-label",
    PIXELS: "record-pixels-checked",
    REPLACEMENT: "record-sample-replaced",
    WITNESSED: "record-checkpoint-witnessed",
    OPERATOR_CHANGED: "record-operator-changed",
    REVIEWED: "record-label-reviewed",
    APPROVED: "record-label-approved",
    ADJUDICATED: "record-label-adjudicated",
    WITHDRAWN: "record-label-withdrawn",
    TRAINING: "record-person-trained",
    ROTATION: "record-key-rotated",
    POLICY: "record-policy-changed",
    EVENTS: "record-events-sealed",
    ACCESS: "record-sample-accessed",
    SPLIT: "record-split-sealed",
    PATIENTS: "record-patients-linked",
    CONSENT: "record-consent-withdrawn",
    QUALIFIED: "record-reader-qualified",
    RECALL: "record-recall",
    ANSWERED: "record-requirement-answered",
    RELEASE_SENT: "record-release-sent",
    PURGE: "record-purge",
    AUDIT_REPORT: "record-audit-report",
    AUDIT_WAIVER: "record-audit-waiver",
    AUDIT_LOT: "record-audit-lot",
    AUDIT_RESULT: "record-audit-result",
    AUDIT_VERDICT: "record-audit-verdict",
    CONTROLS: "record-controls-sealed",
    JOINED: "record-site-joined",
    PIXEL_SAMPLE: "record-pixels-sampled",
    LEFT: "record-site-left",
    ASSIGNED: "record-split-assigned",
}
#: Digests that one pixel record may name, and samples that one replacement may: a record holds 65,535 bytes at most.
MAX_DIGESTS = 450
MAX_SWAPS = 50
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

    @cached_property
    def frame(self) -> tuple[bytes, ...]:
        """The canonical statement, cut at the six fields that are filled in when it is signed.

        Their order is that of the keys: dataset, previous, sequence, signedAt, signer, utcOffset; the quotes of texts
        belong to what is filled in.

        Raises
        ------
        UsageError
            SYS-008 for a value that cannot be written canonically.
        """
        token = secrets.token_hex(16)
        predicate = {**self.predicate, **dict.fromkeys(_FILLED, token)}
        made = canonical_bytes(
            {"_type": STATEMENT, "subject": list(self.subject), "predicateType": self.kind, "predicate": predicate}
        )
        parts = tuple(made.split(f'"{token}"'.encode()))
        if len(parts) != len(_FILLED) + 1:
            raise ValueError("a draft holds what is filled in when it is signed")
        return parts


#: What a statement gets when it is signed, in the order of its keys.
_FILLED = ("dataset", "previous", "sequence", "signedAt", "signer", "utcOffset")


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
    values = (
        canonical_bytes(place.dataset),
        canonical_bytes(place.previous),
        b"%d" % place.sequence,
        canonical_bytes(utc_text(moment)),
        canonical_bytes(signer),
        canonical_bytes(offset_text(moment)),
    )
    made = [draft.frame[0]]
    for value, part in zip(values, draft.frame[1:], strict=True):
        made += (value, part)
    return b"".join(made)


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
        :data:`MAX_SWAPS`.
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
    if not 0 < len(subject) <= MAX_SWAPS:
        raise ValueError(f"a replacement names 1 to {MAX_SWAPS} samples")
    return Draft(REPLACEMENT, subject, {"reason": check_reason(reason), "meaning": "responsibility"})


def label(sample: Mapping[str, str], body: Mapping[str, Any]) -> Draft:
    """Draft one label.

    Parameters
    ----------
    sample
        ``path`` under the project, ``sha256`` of the file, ``content`` digest, new ``uid``.
    body
        The predicate's own fields, as schemas/record-label.schema.json lists them; the digest of the value is added.
    """
    made = dict(body)
    if "value" in made:
        made.setdefault("digestOfValue", hashlib.sha256(canonical_bytes(made["value"])).hexdigest())
    subject = {
        "name": sample["path"],
        "digest": {"sha256": sample["sha256"], "contentSha256": sample["content"]},
        "annotations": {"sopInstanceUid": sample["uid"]},
    }
    return Draft(LABEL, (subject,), made)
