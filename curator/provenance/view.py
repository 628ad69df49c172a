"""Records for people's eyes: who (printed name), when, with what meaning (21 CFR 11.50(b)), and all that was said."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from curator.provenance import records
from curator.provenance.keys import key_id
from curator.provenance.state import Record, State

KINDS = {
    records.GENESIS: "beginning",
    records.ENROLLMENT: "enrollment",
    records.REVOCATION: "revocation",
    records.GUIDELINE: "guideline",
    records.LABEL: "label",
    records.PIXELS: "pixels checked",
    records.REPLACEMENT: "sample replaced",
    records.WITNESSED: "checkpoint witnessed",
    records.OPERATOR_CHANGED: "operator changed",
    records.REVIEWED: "label reviewed",
    records.APPROVED: "label approved",
    records.ADJUDICATED: "label adjudicated",
    records.WITHDRAWN: "label withdrawn",
    records.TRAINING: "person trained",
    records.ROTATION: "key rotated",
    records.POLICY: "policy changed",
    records.EVENTS: "events sealed",
    records.ACCESS: "sample accessed",
    records.SPLIT: "split sealed",
    records.PATIENTS: "patients linked",
    records.CONSENT: "consent withdrawn",
    records.QUALIFIED: "reader qualified",
    records.RECALL: "recall",
    records.ANSWERED: "requirement answered",
    records.RELEASE_SENT: "release sent",
    records.PURGE: "purge ordered",
    records.AUDIT_REPORT: "audit report",
    records.AUDIT_WAIVER: "audit waiver",
    records.AUDIT_LOT: "audit lot",
    records.AUDIT_RESULT: "audit result",
    records.AUDIT_VERDICT: "audit verdict",
    records.CONTROLS: "controls sealed",
    records.JOINED: "site joined",
    records.PIXEL_SAMPLE: "pixels sampled",
    records.LEFT: "site left",
    records.ASSIGNED: "split assigned",
}
_SIGNATURE = ("signer", "signedAt", "utcOffset", "meaning", "dataset", "sequence", "previous")


def printed_name(state: State, person: str) -> str:
    """Return a person's printed name with the id, or the id alone for the operator and for who was never enrolled."""
    known = state.people.get(person)
    return person if known is None else f"{known.printed_name} ({person})"


def key_of(state: State, signer: str, index: int) -> bytes:
    """Return the raw public key with which somebody signed the record at an index.

    Parameters
    ----------
    state
        The state of the whole ledger.
    signer
        Id of the person, or ``operator``.
    index
        Index of the record.
    """
    own = [one for one in state.keys.values() if one.id == signer]
    if not own:
        return state.operator_at(max(index, 1))
    # The first two people's keys count from a record that one of them signed.
    before = [one for one in own if one.since < index] or own[:1]
    return before[-1].public


def local_time(predicate: dict[str, Any]) -> str:
    """Return the signer's local time of a record, ``YYYY-MM-DD HH:MM:SS``."""
    offset = predicate["utcOffset"]
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    at = datetime.strptime(predicate["signedAt"], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the offset is added here
    try:
        return (at - shift if offset[0] == "-" else at + shift).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return at.strftime("%Y-%m-%d %H:%M:%S")


def describe(
    record: Record, state: State, superseded_by: int | None = None, *, names: bool = True
) -> list[tuple[str, str]]:
    """Return a record as pairs of heading and text, nothing left out.

    Parameters
    ----------
    record
        The record.
    state
        The state of the ledger, for printed names.
    superseded_by
        Index of the label that took this one's place, if any.
    names
        False shows reader ids alone.
    """
    said = record.predicate
    made = [
        ("record", f"{record.index} · {KINDS[record.kind]}"),
        ("signed by", printed_name(state, said["signer"]) if names else said["signer"]),
        ("signed at", f"{said['signedAt']} (local time {local_time(said)}, local offset {said['utcOffset']})"),
        ("meaning", said["meaning"]),
    ]
    if "author" in said:
        made.append(("author", printed_name(state, said["author"]) if names else said["author"]))
    if superseded_by is not None:
        made.append(("superseded", f"by record {superseded_by}"))
    for one in record.subject:
        digests = " · ".join(f"{name}:{value}" for name, value in sorted(one["digest"].items()))
        made.append(("about", f"{one['name']} · {digests}" if "name" in one else digests))
        made += [("", f"{name} {value}") for name, value in sorted(one.get("annotations", {}).items())]
    for name, value in sorted(said.items()):
        if name not in (*_SIGNATURE, "author"):
            made.append(
                (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
            )
    made.append(("key", key_id(key_of(state, said["signer"], record.index))))
    made.append(("previous", said["previous"] or "none, this record begins the ledger"))
    made.append(("dataset", said["dataset"]))
    made.append(("leaf", record.leaf.hex()))
    return [(heading, shown(text)) for heading, text in made]


def shown(text: str) -> str:
    """Return a text of one line that cannot steer a terminal."""
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)


def summary(record: Record, state: State) -> str:
    """Return a record in one line."""
    said = record.predicate
    what = said.get("labelId") or record.subject[0].get("name", f"{len(record.subject):,} contents")
    when, who = said["signedAt"], printed_name(state, said["signer"])
    return shown(f"{record.index:>8}  {when}  {KINDS[record.kind]:<14}  {said['meaning']:<18}  {who}  {what}")


def as_document(record: Record, state: State, superseded_by: int | None = None) -> dict[str, Any]:
    """Return a record as JSON, with its signer's printed name."""
    signer = state.people.get(record.predicate["signer"])
    return {
        "index": record.index,
        "leaf": record.leaf.hex(),
        "kind": KINDS[record.kind],
        "predicateType": record.kind,
        "printedName": signer.printed_name if signer else None,
        "keyId": key_id(key_of(state, record.predicate["signer"], record.index)),
        "subject": record.subject,
        "predicate": record.predicate,
        "supersededBy": superseded_by,
    }
