"""The splits and independence report: who is in which split, what was sealed when, who had access."""

from __future__ import annotations

from curator.release import layout
from curator.release.documents.common import answers, document, groups_of, number, table
from curator.release.facts import Facts
from curator.release.facts_labels import Event
from curator.report.model import Block, Cell, Document, Section, Text, Tone

SLUG, TITLE = "splits", "Splits and Independence Report"


def make(facts: Facts) -> Document:
    """Return the document."""
    return document(
        facts,
        TITLE,
        (
            Section("Splits", _splits(facts)),
            Section("Sequestration", _sealed(facts)),
            Section("Access", _accesses(facts)),
            Section("Independence", _independence(facts)),
            *answers(facts, SLUG),
        ),
    )


def _splits(facts: Facts) -> tuple[Block, ...]:
    if facts.splits_path is None:
        return (Text("No assignment of patients to splits is part of this package: it is one whole.", "unsure"),)
    source = facts.source(facts.splits_path)
    held = {case.patient: case for case in facts.cases}
    labels: dict[str, int] = {}
    for one in facts.labels:
        if one.stands:
            labels[one.patient] = labels.get(one.patient, 0) + 1
    rows = [
        [
            name,
            number(len(own), source),
            number(sum(held[one].studies for one in own), source),
            number(sum(held[one].images for one in own), source),
            number(sum(held[one].samples for one in own), source),
            number(sum(labels.get(one, 0) for one in own), facts.source(layout.LABELS)),
        ]
        for name, own in groups_of(facts).items()
    ]
    return (
        table(
            "Size of each split", ("Split", "Patients", "Studies", "Images", "Samples", "Labels"), rows, (1, 2, 3, 4, 5)
        ),
    )


def _sealed(facts: Facts) -> tuple[Block, ...]:
    accessed = facts.of_kind("sample-accessed")
    first: dict[str, Event] = {}
    for one in accessed:
        for subject in one.subject:
            first.setdefault(subject.get("name", ""), one)
    rows: list[list[str | Cell]] = []
    for one in facts.of_kind("split-sealed"):
        name = one.subject[0]["name"]
        used = first.get(name)
        order = "not accessed" if used is None else "sealed first" if one.place < used.place else "accessed before"
        tone: Tone = "bad" if order == "accessed before" else "good"
        rows.append(
            [
                Cell(name.removeprefix("splits/"), source=f"leaf {one.leaf}"),
                number(one.said["count"], f"leaf {one.leaf}"),
                one.said["signedAt"],
                one.said["signer"],
                one.subject[0]["digest"]["sha256"],
                Cell(order, tone, f"leaf {used.leaf}" if used else ""),
            ]
        )
    if not rows:
        return (Text("No split is sealed by a signed record.", "unsure"),)
    return (
        table("Sealed splits", ("Split", "Samples", "At", "By", "SHA-256 of its samples", "First access"), rows, (1,)),
    )


def _accesses(facts: Facts) -> tuple[Block, ...]:
    rows: list[list[str | Cell]] = []
    for one in facts.of_kind("sample-accessed"):
        what = one.subject[0].get("name", f"{len(one.subject)} samples")
        how = "asserted by a person" if one.said.get("asserted") else "recorded"
        rows.append(
            [
                Cell(str(one.place), source=f"leaf {one.leaf}"),
                what,
                one.said["accessor"],
                one.said["purpose"],
                one.said["signedAt"],
                how,
            ]
        )
    note = Text("What goes on outside of this program is known only as far as somebody says so.", "note")
    if not rows:
        return (Text("No access to samples is on record.", "unsure"), note)
    return (table("Accesses", ("Record", "To", "By", "Purpose", "At", "Known how"), rows), note)


def _independence(facts: Facts) -> tuple[Block, ...]:
    checks = facts.checks("splits/")
    if not checks or facts.audit is None:
        said = "No audit report in this package tells whether patients, studies, sites or images stand in two splits."
        once = "Patients cannot: each pseudonym is assigned once." if facts.splits_path is not None else ""
        return (Text(f"{said} {once}".strip(), "unsure"),)
    source = facts.source(facts.audit[0])
    rows = [
        [
            str(one["id"]),
            Cell(str(one.get("outcome")), "good" if one.get("outcome") == "PASS" else "bad", source),
            str(one.get("summary", "")),
        ]
        for one in checks
    ]
    return (table("Checks of the audit", ("Check", "Outcome", "Finding"), rows),)
