"""The signature manifest: who signed how much, when, with what meaning (21 CFR 11.50), and what proves it."""

from __future__ import annotations

from collections import Counter

from curator.provenance.keys import key_id
from curator.provenance.view import KINDS
from curator.release import layout
from curator.release.documents.common import answers, document, number, table
from curator.release.facts import Facts
from curator.report.model import Cell, Document, Section, Text

SLUG, TITLE = "signatures", "Signature Manifest"


def make(facts: Facts) -> Document:
    """Return the document."""
    records = facts.source(layout.RECORDS)
    acts: Counter[tuple[str, str, str]] = Counter()
    span: dict[tuple[str, str, str], tuple[str, str, str]] = {}

    def note(signer: str, meaning: str, kind: str, at: str, leaf: str) -> None:
        act = (signer, meaning, kind)
        acts[act] += 1
        first, last, _ = span.get(act, (at, at, leaf))
        span[act] = (min(first, at), max(last, at), leaf)

    for label in facts.labels:
        note(label.signer, label.meaning, "label", label.signed, label.leaf)
    for one in facts.events:
        note(one.said["signer"], one.said["meaning"], KINDS.get(one.kind, "record"), one.said["signedAt"], one.leaf)
    rows: list[list[str | Cell]] = []
    for act, count in sorted(acts.items()):
        name, meaning, kind = act
        person = facts.state.people.get(name)
        first, last, leaf = span[act]
        rows.append(
            [
                name if person is None else person.printed_name,
                name,
                meaning,
                kind,
                number(count, f"leaf {leaf}"),
                first,
                last,
            ]
        )
    people = table(
        "Keys of the people who may sign",
        ("Printed name", "Id", "Roles", "Key ID", "Enrolled in record", "Revoked in record"),
        [
            [
                one.printed_name,
                one.id,
                ", ".join(one.roles),
                Cell(key_id(one.public), source=f"data/ledger/keys/{key_id(one.public)}.pem"),
                str(one.since),
                "-" if one.revoked is None else str(one.revoked),
            ]
            for one in facts.state.roster()
        ],
    )
    said = facts.manifest["ledger"]
    proof = table(
        "What proves the records",
        ("What", "Value"),
        [
            ["Records", number(said["size"], facts.source(layout.LEAVES))],
            ["Root of all leaf hashes", Cell(said["root"], source=facts.source(layout.CHECKPOINT))],
            ["Operator's key ID", Cell(said["operatorKeyId"], source=layout.OPERATOR_PEM)],
            ["Origin of the log", Cell(said["origin"], source=facts.source(layout.CHECKPOINT))],
        ],
    )
    acted = table(
        "Signatures by person, meaning and kind",
        ("Printed name", "Id", "Meaning", "Kind", "Records", "First (UTC)", "Last (UTC)"),
        rows,
        (4,),
    )
    how = Text(
        "Each record names its sample's digest, its place, its signer and the time; its signature covers all of it. "
        "README.txt in the package says how to check this by hand."
    )
    return document(
        facts,
        TITLE,
        (
            Section("Signatures", (how, acted)),
            Section("People and keys", (people,)),
            Section("Proof", (proof, Text(f"All records stand in {records}.", "note"))),
            *answers(facts, SLUG),
        ),
    )
