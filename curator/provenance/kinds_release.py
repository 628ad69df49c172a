"""Records about releases that left: to whom one was sent, and the order to remove bytes for good.

No draft may hold an identifier of a patient; a recipient is an organization, or a person by its role.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.provenance import records, roles
from curator.provenance.records import MAX_REASON, Draft, plain_text
from curator.provenance.typed import Guard, checked, digest, named, token

if TYPE_CHECKING:
    from curator.provenance.state import Record, State

#: Files and records that one order may list: its envelope stays under 65,535 bytes.
MAX_FILES = 400
MAX_RECORDS = 1000


def release_sent(version: str, tag_manifest: str, recipient: str, reason: str | None, guard: Guard) -> Draft:
    """Draft the statement that a release was sent to somebody.

    Parameters
    ----------
    version
        The release's version.
    tag_manifest
        SHA-256 (hex) of its tag manifest.
    recipient
        To whom: an organization.
    reason
        By what way or under which agreement; None says nothing.
    guard
        Refuses texts that may hold an identifier.
    """

    def by_lower(text: str) -> bool:
        # An organization's name looks like a person's by its capitals alone; numbers, dates and addresses do not.
        return guard(text.lower())

    body: dict[str, Any] = {"version": token(version, guard), "recipient": checked(recipient, by_lower)}
    if reason is not None:
        body["reason"] = checked(reason, guard)
    body["meaning"] = "responsibility"
    return Draft(records.RELEASE_SENT, (named(f"releases/{version}", digest(tag_manifest)),), body)


def purge_digest(samples: Iterable[str], places: Iterable[int]) -> str:
    """Return the digest of an order: SHA-256 of the canonical JSON of its two lists, each sorted."""
    order = {"records": sorted(set(places)), "samples": sorted(set(samples))}
    return hashlib.sha256(canonical_bytes(order)).hexdigest()


def purge(samples: Iterable[str], places: Iterable[int], reason: str, guard: Guard) -> Draft:
    """Draft an order to remove bytes for good.

    Parameters
    ----------
    samples
        SHA-256 digests of files, at most :data:`MAX_FILES`.
    places
        Indices of label records, at most :data:`MAX_RECORDS`; the rule asks that each is a label's record.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        LED-110 for an empty order, or one that is too long; LED-024, LED-070, LED-073.
    """
    files, rows = sorted({digest(one) for one in samples}), sorted(set(places))
    if not (files or rows) or len(files) > MAX_FILES or len(rows) > MAX_RECORDS:
        raise UsageError("LED-110", files=MAX_FILES, records=MAX_RECORDS)
    made = purge_digest(files, rows)
    body = {"samples": files, "records": rows, "reason": checked(reason, guard), "meaning": "responsibility"}
    return Draft(records.PURGE, (named(f"purges/{made[:16]}", made),), body)


def _texts(record: Record) -> None:
    for name in ("reason", "recipient"):
        text = record.predicate.get(name)
        if text is not None and (not plain_text(text, MAX_REASON) or "\n" in text):
            raise UsageError("LED-024")


def sent(state: State, record: Record) -> None:
    """Take a statement of a sending."""
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, "release-sent")
    _texts(record)
    if record.subject[0]["name"] != f"releases/{record.predicate['version']}":
        raise UsageError("LED-084")


def purged(state: State, record: Record) -> None:
    """Take an order: of label records that stand before it, and of files (LED-110, LED-111)."""
    said = record.predicate
    roles.acting_role(state.enrolled(said["signer"]).roles, "purge")
    _texts(record)
    made, places = purge_digest(said["samples"], said["records"]), said["records"]
    if record.subject != [named(f"purges/{made[:16]}", made)] or not said["samples"] + places:
        raise UsageError("LED-110", files=MAX_FILES, records=MAX_RECORDS)
    if any(place >= record.index for place in places) or not _labels(state, places):
        raise UsageError("LED-111")
    state.facts.purged.update(dict.fromkeys(places, record.index))
    state.facts.purged_files.update(dict.fromkeys(said["samples"], record.index))


def _labels(state: State, places: Iterable[int]) -> bool:
    """Say whether each of some records is a label's, or was removed before; a release does not hold all of them."""
    wanted = set(places) - state.gone
    return not wanted or (state.partial and not state.gone) or wanted <= state.labels.places()


RELEASE_RULES = {records.RELEASE_SENT: sent, records.PURGE: purged}
