"""Records about data: policies, access, splits, patients, consent, recalls; one draft function a kind.

No draft may hold an identifier of a patient: patients are named by pseudonyms that the project gave out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from curator.core.errors import UsageError
from curator.provenance import records
from curator.provenance.keys import check_id
from curator.provenance.records import Draft
from curator.provenance.typed import Guard, checked, day, digest, digest_of, named, nobody, pseudonym, token

#: Digests that one record may list: with these an envelope stays well under 65,535 bytes.
MAX_SAMPLES = 400
MAX_PATIENTS = 50
REASON_CODES = ("withdrawn-by-patient", "withdrawn-by-guardian", "withdrawn-by-site", "data-use-ended", "other")


def policy_change(old: tuple[str, str], new: tuple[str, str], reason: str, guard: Guard) -> Draft:
    """Draft the statement that another scrub policy holds from now on (21 CFR 11.10(k)).

    Parameters
    ----------
    old, new
        Name and SHA-256, in hex, of both.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    """
    for name, sha256 in (old, new):
        token(name, guard)
        digest(sha256)
    body = {
        "replaces": {"name": old[0], "sha256": old[1]},
        "reason": checked(reason, guard),
        "meaning": "approval",
    }
    return Draft(records.POLICY, (named(f"policies/{new[0]}", new[1]),), body)


def access(
    accessor: str,
    purpose: str,
    guard: Guard,
    *,
    samples: Iterable[str] = (),
    split: tuple[str, str] | None = None,
    count: int | None = None,
    asserted: bool = False,
    shown: tuple[bool, str] | None = None,
) -> Draft:
    """Draft the statement that somebody had access to samples, or to a whole split.

    Parameters
    ----------
    accessor
        Id of who had access; need not be enrolled.
    purpose
        What for, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    samples
        SHA-256 digests of clean files, at most :data:`MAX_SAMPLES`; or
    split
        name and digest of a sealed split.
    count
        How many samples were handed out, or used; None where nobody said so.
    asserted
        True for a use outside of this program: the signer says that it took place, the program did not see it.
    shown
        Whether other people's labels were handed out too, and the SHA-256 of the worklist that was.
    """
    check_id(accessor)
    if not guard(accessor):
        raise UsageError("LED-070")
    wanted = sorted(set(samples))
    if bool(wanted) == (split is not None):
        raise ValueError("an access names samples or a split")
    digest_of([split[1]] if split is not None else wanted)
    if len(wanted) > MAX_SAMPLES:
        raise UsageError("LED-074", most=MAX_SAMPLES)
    subject: list[dict[str, Any]] = [{"digest": {"sha256": one}} for one in wanted]
    if split is not None:
        subject = [named(f"splits/{token(split[0], guard)}", split[1])]
    body: dict[str, Any] = {"accessor": accessor, "purpose": checked(purpose, guard), "meaning": "responsibility"}
    if count is not None:
        body["count"] = count
    if asserted:
        body["asserted"] = True
    if shown is not None:
        body["shown"] = {"labels": shown[0], "worklist": digest(shown[1])}
    return Draft(records.ACCESS, tuple(subject), body)


def split_seal(name: str, samples: Iterable[str], reason: str, guard: Guard) -> Draft:
    """Draft the sealing of a split: its name, the digest of its samples, their number.

    Parameters
    ----------
    name
        Such as ``test``; a name is sealed once.
    samples
        SHA-256 digests of clean files, any number.
    reason
        Why, or by what rule, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    """
    wanted = set(samples)
    body = {"count": len(wanted), "reason": checked(reason, guard), "meaning": "approval"}
    return Draft(records.SPLIT, (named(f"splits/{token(name, guard)}", digest_of(wanted)),), body)


def patient_subject(name: str) -> dict[str, Any]:
    """Return the resource descriptor of a pseudonym; its digest is that of its own text."""
    return named(f"patients/{name}", hashlib.sha256(name.encode()).hexdigest())


def patients_link(
    action: str, pseudonyms: Iterable[str], kept: str, reason: str, guard: Guard, known: Guard = nobody
) -> Draft:
    """Draft the statement that pseudonyms are one patient's (merged), or that one was several people's (split).

    A pseudonym once released never changes; the record says how to read them.

    Parameters
    ----------
    action
        ``merged`` or ``split``.
    pseudonyms
        All that are concerned, 2 to :data:`MAX_PATIENTS`.
    kept
        The one of them that goes on.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    known
        Says of a pseudonym of another form than the program's whether this project gave it out.
    """
    if action not in {"merged", "split"}:
        raise ValueError("an action is merged or split")
    wanted = sorted({pseudonym(one, known) for one in pseudonyms})
    if not 2 <= len(wanted) <= MAX_PATIENTS or kept not in wanted:
        raise UsageError("LED-076", most=MAX_PATIENTS)
    body = {"action": action, "kept": kept, "reason": checked(reason, guard), "meaning": "responsibility"}
    return Draft(records.PATIENTS, tuple(map(patient_subject, wanted)), body)


def consent_withdrawal(patient: str, effective: str, code: str, known: Guard = nobody) -> Draft:
    """Draft the statement that a patient's data are used no more.

    Parameters
    ----------
    patient
        The pseudonym.
    effective
        The day from which the site uses the data no more, ``YYYY-MM-DD``: an act of the site, never a day in the
        patient's life, for that would be an identifier (45 CFR 164.514(b)(2)(i)(C)).
    code
        Of :data:`REASON_CODES`.
    known
        As :func:`patients_link`.
    """
    if code not in REASON_CODES:
        raise UsageError("LED-077")
    body = {"effectiveOn": day(effective).isoformat(), "reasonCode": code, "meaning": "responsibility"}
    return Draft(records.CONSENT, (patient_subject(pseudonym(patient, known)),), body)


def recall(version: str, samples: Iterable[str], reason: str, guard: Guard) -> Draft:
    """Draft the recall of samples of a release.

    Parameters
    ----------
    version
        The release's version.
    samples
        SHA-256 digests of the affected clean files. Up to :data:`MAX_SAMPLES` are listed; of more the record holds the
        number and the digest of the list (:func:`digest_of`), and the list is kept elsewhere.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.
    """
    wanted = sorted(set(samples))
    body: dict[str, Any] = {
        "version": token(version, guard),
        "count": len(wanted),
        "reason": checked(reason, guard),
        "meaning": "responsibility",
    }
    made = digest_of(wanted)
    if len(wanted) <= MAX_SAMPLES:
        body["samples"] = wanted
    return Draft(records.RECALL, (named(f"releases/{version}", made),), body)
