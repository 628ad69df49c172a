"""Records for people's eyes: who (printed name), when, with what meaning (21 CFR 11.50(b)), and all that was said."""

from __future__ import annotations

import json
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
}
_SIGNATURE = ("signer", "signedAt", "utcOffset", "meaning", "dataset", "sequence", "previous")


def printed_name(state: State, person: str) -> str:
    """Return a person's printed name with the id, or the id alone for the operator and for who was never enrolled."""
    known = state.people.get(person)
    return person if known is None else f"{known.printed_name} ({person})"


def describe(record: Record, state: State, superseded_by: int | None = None) -> list[tuple[str, str]]:
    """Return a record as pairs of heading and text, nothing left out.

    Parameters
    ----------
    record
        The record.
    state
        The state of the ledger, for printed names.
    superseded_by
        Index of the label that took this one's place, if any.
    """
    said = record.predicate
    made = [
        ("record", f"{record.index} · {KINDS[record.kind]}"),
        ("signed by", printed_name(state, said["signer"])),
        ("signed at", f"{said['signedAt']} (local offset {said['utcOffset']})"),
        ("meaning", said["meaning"]),
    ]
    if "author" in said:
        made.append(("author", printed_name(state, said["author"])))
    if superseded_by is not None:
        made.append(("superseded", f"by record {superseded_by}"))
    for one in record.subject[:20]:
        digests = " · ".join(f"{name}:{value}" for name, value in sorted(one["digest"].items()))
        made.append(("about", f"{one['name']} · {digests}" if "name" in one else digests))
        made += [("", f"{name} {value}") for name, value in sorted(one.get("annotations", {}).items())]
    if len(record.subject) > 20:
        made.append(("", f"and {len(record.subject) - 20:,} more"))
    for name, value in sorted(said.items()):
        if name not in (*_SIGNATURE, "author"):
            made.append(
                (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
            )
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
        "keyId": key_id(signer.public if signer else state.operator),
        "subject": record.subject,
        "predicate": record.predicate,
        "supersededBy": superseded_by,
    }
