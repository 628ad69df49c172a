"""The data management report: where the data come from, when, of which size, under whose control."""

from __future__ import annotations

from curator.release import layout
from curator.release.documents.common import answers, document, number, table
from curator.release.facts import Facts
from curator.release.requirements.evidence import evidence_of
from curator.report.model import Block, Cell, Document, Section, Text

SLUG, TITLE = "data-management", "Data Management Report"


def make(facts: Facts) -> Document:
    """Return the document."""
    found = evidence_of(facts)
    sites: list[Block] = []
    if facts.acquired:
        rows = [
            [
                one["site"],
                _year(one["from"], one["source"]),
                _year(one["to"], one["source"]),
                number(one["files"], one["source"]),
                number(one["undated"], one["source"]),
            ]
            for one in facts.acquired
        ]
        sites.append(
            table(
                "Sites and true years of acquisition",
                ("Site", "From", "To", "Dated files", "Undated files"),
                rows,
                (1, 2, 3, 4),
            )
        )
        sites.append(Text("Years were taken before dates were changed; days stay with the site.", "note"))
    else:
        sites.append(Text("No true period of acquisition is on record for these deliveries.", "unsure"))
    counted, source = facts.manifest["counts"], facts.source(layout.SAMPLES)
    studies = len({(one.patient, one.study) for one in facts.series})
    sizes = table(
        "Size of the dataset",
        ("What", "Number"),
        [
            ["Patients", number(facts.patients, source)],
            ["Studies", number(studies, source)],
            ["Image series", number(len(facts.series), source)],
            ["Samples", number(counted["samples"], source)],
            ["Bytes of samples", number(counted["sampleBytes"], source)],
            ["Files about several people", number(facts.shared, source)],
            ["Labels", number(counted["labels"], facts.source(layout.LABELS))],
            ["Signed records", number(counted["records"], facts.source(layout.RECORDS))],
            ["People with signing keys", number(counted["people"], facts.source(layout.RECORDS))],
        ],
        (1,),
    )
    kinds = table(
        "Samples by kind of file",
        ("Kind", "Samples"),
        [[name, number(count, source)] for name, count in sorted(facts.sample_kinds.items())],
        (1,),
    )
    shown = [
        table(
            "What the package shows",
            ("Topic", "Finding"),
            [
                [title, Cell(one.text, "plain" if found[name].complete else "unsure", one.source)]
                for name, title in _TOPICS
                for one in found[name].shown
            ],
        )
    ]
    return document(
        facts,
        TITLE,
        (
            Section("Sites and period", tuple(sites)),
            Section("Size", (sizes, kinds)),
            Section("Collection, quality and control", tuple(shown)),
            *answers(facts, SLUG),
        ),
    )


_TOPICS = (
    ("criteria", "Criteria"),
    ("selection", "Selection"),
    ("completeness", "Completeness"),
    ("processing", "Processing"),
    ("audit", "Audit"),
    ("version", "Version"),
    ("ledger", "Records"),
    ("signature", "Integrity"),
)


def _year(year: int | None, source: str) -> Cell:
    return Cell("-" if year is None else str(year), source=source)
