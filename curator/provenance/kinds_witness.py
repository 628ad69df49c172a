"""The record ``checkpoint-witnessed``: a person notes in the ledger that a checkpoint was anchored outside.

It names the cosignatures of witnesses (whole, so that they can be checked from the record alone) or the SHA-256 of a
time-stamp. None of these could be known before they were made: what follows the record was signed after them. That is
the only proof of "not before" that a ledger has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curator.core.clock import utc_text
from curator.core.errors import IntegrityError, UsageError
from curator.provenance import cosign, roles
from curator.provenance.keys import decode64, encode64
from curator.provenance.ledger import origin_of
from curator.provenance.note import Checkpoint, parse_checkpoint, parse_note
from curator.provenance.records import WITNESSED, Draft, plain_text
from curator.provenance.state import Record, State, raw_key

COSIGNATURE, TIMESTAMP = "cosignature", "timestamp"
#: Anchors that one record may name.
MAX_ANCHORS = 16
_FIELDS = {COSIGNATURE: {"name", "publicKey", "cosignature"}, TIMESTAMP: {"token"}}


@dataclass(frozen=True)
class Named:
    """A time-stamp to be named by a record: SHA-256 of the response in hex, and genTime."""

    sha256: str
    at: datetime


def witnessed(
    note: bytes,
    cosignatures: Sequence[cosign.Cosignature] = (),
    stamps: Sequence[Named] = (),
    guard: Callable[[str], bool] = lambda _: True,
) -> Draft:
    """Draft the record of a checkpoint's anchors.

    Parameters
    ----------
    note
        The checkpoint's file.
    cosignatures
        Those that verified.
    stamps
        Time-stamps over the file.
    guard
        Refuses names that may hold an identifier.

    Raises
    ------
    UsageError
        LED-049 for a name that may not stand in a record, or too many anchors.
    """
    said = parse_checkpoint(parse_note(note))
    for one in cosignatures:
        if not plain_text(cosign.check_name(one.name), 200) or not guard(one.name):
            raise UsageError("LED-049", reason="a witness's name may hold an identifier")
    anchors: list[dict[str, Any]] = [
        {
            "kind": COSIGNATURE,
            "name": one.name,
            "publicKey": encode64(one.public),
            "cosignature": encode64(one.raw),
            "at": utc_text(one.at),
        }
        for one in cosignatures
    ]
    anchors += [{"kind": TIMESTAMP, "token": one.sha256, "at": utc_text(one.at)} for one in stamps]
    if not 0 < len(anchors) <= MAX_ANCHORS:
        raise UsageError("LED-049", reason=f"a record names 1 to {MAX_ANCHORS} cosignatures or time-stamps")
    digest = hashlib.sha256(note).hexdigest()
    subject = {"name": f"checkpoints/{said.size:012d}-{digest[:16]}.note", "digest": {"sha256": digest}}
    predicate = {
        "checkpoint": {"size": said.size, "root": said.root.hex()},
        "anchors": anchors,
        "meaning": "responsibility",
    }
    return Draft(WITNESSED, (subject,), predicate)


def cosignatures_of(record: Record, origin: str) -> list[cosign.Cosignature]:
    """Return the cosignatures that a record names, checked over the checkpoint that it names.

    Raises
    ------
    IntegrityError
        LED-047, LED-023.
    """
    stated = record.predicate["checkpoint"]
    text = Checkpoint(origin, stated["size"], bytes.fromhex(stated["root"])).text
    found = []
    for one in record.predicate["anchors"]:
        if one["kind"] == COSIGNATURE:
            try:
                raw = decode64(one["cosignature"])
            except ValueError:
                raise IntegrityError("LED-047", reason="it is not base64") from None
            made = cosign.check(text, one["name"], raw_key(one["publicKey"]), raw)
            if utc_text(made.at) != one["at"]:
                raise IntegrityError("LED-047", reason="the record states another time")
            found.append(made)
    return found


def check_witnessed(state: State, record: Record) -> None:
    """Check a record of this kind against the records before it; it changes nothing in the state.

    Raises
    ------
    UsageError
        KEY-009, KEY-010, KEY-011 when its signer may not say so.
    IntegrityError
        LED-013 when it names another root over all records before it, LED-047 for anything else.
    """
    roles.acting_role(state.enrolled(record.predicate["signer"]).roles, "checkpoint-witnessed")
    stated, subject = record.predicate["checkpoint"], record.subject[0]
    size, digest = stated["size"], subject["digest"]["sha256"]
    if size > record.index or subject["name"] != f"checkpoints/{size:012d}-{digest[:16]}.note":
        raise IntegrityError("LED-047", reason="the record names a checkpoint that cannot have stood before it")
    if size == state.tree.size and bytes.fromhex(stated["root"]) != state.tree.root():
        raise IntegrityError("LED-013", size=size)
    named = set()
    for one in record.predicate["anchors"]:
        if not _FIELDS[one["kind"]] <= one.keys():
            raise IntegrityError("LED-047", reason="the record leaves something out")
        named.add((one["kind"], one.get("name"), one.get("token")))
    if len(named) != len(record.predicate["anchors"]):
        raise IntegrityError("LED-047", reason="the record names one anchor twice")
    cosignatures_of(record, origin_of(state.dataset, state.first))
