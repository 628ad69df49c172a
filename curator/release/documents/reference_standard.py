"""The reference-standard report: who read, by which rules, knowing what, how far they agree, how it was decided."""

from __future__ import annotations

from curator.release import layout
from curator.release.documents.common import answers, document, number, shares, table
from curator.release.facts import Facts
from curator.release.requirements.evidence import authors
from curator.release.shares import agreeing, share_text
from curator.report.model import Bars, Block, Cell, Document, Section, Text

SLUG, TITLE = "reference-standard", "Reference Standard Report"


def make(facts: Facts) -> Document:
    """Return the document."""
    source = facts.source(layout.LABELS)
    return document(
        facts,
        TITLE,
        (
            Section("Readers", _readers(facts)),
            Section("Guidelines", (_guidelines(facts),)),
            Section(
                "How labels were made",
                (
                    shares("Basis of the truth", "Basis", facts.count_labels(lambda one: one.truth), source),
                    shares("Whose work the labels are", "Origin", facts.count_labels(lambda one: one.origin), source),
                    shares("Stage of reading", "Stage", facts.count_labels(lambda one: one.stage), source),
                    shares("Meaning of the signature", "Meaning", facts.count_labels(lambda one: one.meaning), source),
                    shares("What became of the labels", "State", facts.count_labels(lambda one: one.status), source),
                ),
            ),
            Section("Blinding and information shown", _blinding(facts, source)),
            Section("Agreement", _agreement(facts, source)),
            Section("Adjudication and correction", _decided(facts)),
            *answers(facts, SLUG),
        ),
    )


def _readers(facts: Facts) -> tuple[Block, ...]:
    counted = facts.count_labels(lambda one: one.author)
    rows: list[list[str | Cell]] = []
    for name in authors(facts):
        person = facts.state.people.get(name)
        trained = facts.state.facts.trained.get(name, ())
        proof = f"leaf {facts.state.qualifies[name][-1]}" if facts.state.qualifies.get(name) else ""
        rows.append(
            [
                Cell(name, source=proof),
                "-" if person is None else person.specialty or "not stated",
                "-" if person is None or person.years is None else str(person.years),
                "-" if person is None else person.qualification or "not stated",
                ", ".join(f"{one.course} until {one.until}" for one in trained) or "none on record",
                number(counted[name], facts.source(layout.LABELS)),
            ]
        )
    if not rows:
        return (Text("No label is part of this package.", "unsure"),)
    head = ("Reader", "Specialty", "Years", "Qualification", "Training", "Labels")
    return (table("Readers whose labels are in this package", head, rows, (2, 5)),)


def _guidelines(facts: Facts) -> Block:
    used = facts.count_labels(lambda one: one.guideline)
    rows: list[list[str | Cell]] = []
    for one in facts.manifest["guidelines"]:
        count = used[f"{one['id']} {one['version']}"]
        rows.append(
            [
                one["id"],
                one["version"],
                Cell(one["sha256"], source=one["path"]),
                number(count, facts.source(layout.LABELS)),
            ]
        )
    if not rows:
        return Text("No guideline is registered.", "unsure")
    return table(
        "Registered guidelines; each is packed whole",
        ("Guideline", "Version", "Digest (SHA-256)", "Labels"),
        rows,
        (3,),
    )


def _told(value: bool | None) -> str:
    return "not stated" if value is None else "yes" if value else "no"


def _blinding(facts: Facts, source: str) -> tuple[Block, ...]:
    shown = facts.count_labels(lambda one: "not stated" if one.shown is None else ", ".join(one.shown) or "nothing")
    return (
        shares("Readers blinded", "Blinded", facts.count_labels(lambda one: _told(one.blinded)), source),
        shares(
            "Read without other readers' labels",
            "Independent",
            facts.count_labels(lambda one: _told(one.independent)),
            source,
        ),
        shares("What the reader could see besides the sample", "Shown", shown, source),
    )


def _agreement(facts: Facts, source: str) -> tuple[Block, ...]:
    agreed, read, classes = agreeing([name for name, _ in one.values()] for one in facts.readings.values())
    if not read:
        return (Text("No sample was read by two readers: how uncertain the reference is cannot be told.", "unsure"),)
    said = Text(
        f"All readers agree on {agreed:,} of {read:,} samples that two or more read: {share_text(agreed, read)}. "
        "What a reader said counts, also where an adjudication decided otherwise; labels of an adjudication or "
        "consensus, withdrawn, superseded and rejected labels, and those of models, do not count."
    )
    rows = [
        [name, number(seen, source), number(split, source), share_text(split, seen)]
        for name, (split, seen) in classes.items()
    ]
    by_class = table(
        "Disagreement by class",
        ("Class", "Samples on which somebody gave it", "Not all gave it", "Share (95 % interval)"),
        rows,
        (1, 2, 3),
    )
    pairs: dict[tuple[str, str], list[int]] = {}
    for one in facts.readings.values():
        names = sorted(one)
        for at, first in enumerate(names):
            for second in names[at + 1 :]:
                entry = pairs.setdefault((first, second), [0, 0])
                entry[0] += one[first][0] == one[second][0]
                entry[1] += 1
    by_pair = table(
        "Agreement by pair of readers",
        ("Readers", "Samples both read", "Agree", "Share (95 % interval)"),
        [
            [f"{a} and {b}", number(total, source), number(same, source), share_text(same, total)]
            for (a, b), (same, total) in sorted(pairs.items())
        ],
        (1, 2, 3),
    )
    audit = [Text(f"{one['id']}: {one.get('outcome')}. {one.get('summary', '')}") for one in facts.checks("labels/")]
    chart = Bars(
        "Disagreement by class",
        tuple(classes),
        (("Share of samples", tuple(split / seen for split, seen in classes.values())),),
        unit="share",
        high=1.0,
    )
    return (said, by_class, chart, by_pair, *audit)


def _decided(facts: Facts) -> tuple[Block, ...]:
    rows: list[list[str | Cell]] = [
        [
            Cell(str(one.place), source=f"leaf {one.leaf}"),
            one.said["signer"],
            one.said["signedAt"][:10],
            str(len(one.subject)),
            one.said["result"]["labelId"],
        ]
        for one in facts.of_kind("label-adjudicated")
    ]
    replaced = [
        [Cell(str(one.place), source=f"leaf {one.leaf}"), one.author, one.supersedes, one.reason]
        for one in facts.labels
        if one.supersedes
    ]
    equivocal = sum(len({name for name, _ in one.values()}) > 1 for one in facts.readings.values())
    unlabeled = len(facts.sample_paths) - len(facts.labeled)
    return (
        table(
            "Equivocal and missing truth",
            ("What", "Samples"),
            [
                ["Samples on which readings differ", number(equivocal, facts.source(layout.LABELS))],
                ["Samples without a label that stands", number(unlabeled, facts.source(layout.LABELS))],
                ["Adjudications", number(len(rows), facts.source(layout.RECORDS))],
            ],
            (1,),
        ),
        table(
            "Adjudications",
            ("Record", "By", "On", "Labels resolved", "Result"),
            rows or [["-", "-", "-", "0", "none"]],
            (3,),
        ),
        table(
            "Labels that supersede another",
            ("Record", "Author", "Supersedes", "Reason"),
            replaced or [["-", "-", "-", "none"]],
        ),
    )
