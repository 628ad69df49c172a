"""The coverage of what FDA guidance asks: every item with its state and what shows it."""

from __future__ import annotations

from curator.release import layout
from curator.release.documents.common import document, number, signer, table
from curator.release.facts import Facts
from curator.release.requirements.evidence import standings
from curator.release.requirements.table import Class, Stage, Standing, counted
from curator.report.model import Cell, Document, Fold, Section, Table, Text, Tone

SLUG, TITLE = "requirements", "Coverage of Requirements"
CLASSES = {
    Class.MACHINE: "made by the program",
    Class.PREFILLED: "prefilled, and gated on a person's sentence",
    Class.HUMAN: "a person's sentence alone",
}
TONES: dict[Stage, Tone] = {Stage.MADE: "good", Stage.GIVEN: "good", Stage.WAITING: "bad", Stage.MISSING: "unsure"}


def make(facts: Facts) -> Document:
    """Return the document."""
    all_of = standings(facts)
    sums, source = counted(all_of), facts.source(layout.RECORDS)
    summary = table(
        "Items by class and state",
        ("Class", "Who makes it", *Stage, "All"),
        [
            [
                str(kind),
                CLASSES[kind],
                *(number(sums[kind][stage], source) for stage in Stage),
                number(sums[kind].total(), source),
            ]
            for kind in Class
        ],
        (2, 3, 4, 5, 6),
    )
    note = Text(
        "The clauses and lines are of the guidance and editions that the program's table names. Evidence that "
        "is lacking is said to be lacking; nothing here is a finding of FDA.",
        "note",
    )
    sources = sorted({one.item.source for one in all_of})
    return document(
        facts,
        TITLE,
        (
            Section("Summary", (summary, note)),
            *(Section(f"Items of {name}", (_list(name, all_of), _details(facts, name, all_of))) for name in sources),
        ),
    )


def _list(source: str, all_of: tuple[Standing, ...]) -> Table:
    rows = [
        [one.item.id, str(one.item.kind), one.item.clause, one.item.asks, Cell(str(one.stage), TONES[one.stage])]
        for one in all_of
        if one.item.source == source
    ]
    return table(f"Items of {source}", ("Item", "Class", "Clause", "Asks for", "State"), rows)


def _details(facts: Facts, source: str, all_of: tuple[Standing, ...]) -> Fold:
    rows: list[list[str | Cell]] = []
    for one in all_of:
        if one.item.source != source:
            continue
        rows += [[one.item.id, "evidence", Cell(shown.text, source=shown.source)] for shown in one.shown]
        if one.answer is not None:
            said = Cell(f"text by {signer(facts, one.answer.signer)}", source=f"leaf {one.answer.leaf}")
            rows.append([one.item.id, "answer", said])
        rows.append([one.item.id, "stands in", ", ".join(one.item.shown)])
    return Fold("Evidence", (table(f"Evidence of {source}", ("Item", "What", "Which"), rows),))
