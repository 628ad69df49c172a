"""The data flow: every item received, and what became of it; every count closes, or there is no document."""

from __future__ import annotations

from curator.core.errors import IntegrityError, sentence_of
from curator.release import layout
from curator.release.documents.common import NO_SPLIT, answers, document, groups_of, number, table
from curator.release.facts import Facts
from curator.report.model import Bars, Document, Section, Text

SLUG, TITLE = "data-flow", "Data Flow"
_OUTCOMES = ("scrubbed", "duplicate", "quarantined", "replaced")


def check_closed(facts: Facts) -> None:
    """Refuse counts that do not close (SUB-012): by outcome, by label, by split."""
    flow = facts.flow
    if sum(flow.outcome(one) for one in _OUTCOMES) != flow.received:
        raise IntegrityError("SUB-012", what="the outcomes do not add up to the items received")
    if sum(flow.reasons.values()) != flow.outcome("quarantined"):
        raise IntegrityError("SUB-012", what="the reasons do not add up to the items held back")
    if not facts.labeled <= set(facts.sample_paths):
        raise IntegrityError("SUB-012", what="a label is of a sample that is not in the package")
    if sum(case.samples for case in facts.cases) + facts.shared != flow.samples:
        raise IntegrityError("SUB-012", what="the patients' samples do not add up to the samples")
    groups = groups_of(facts)
    if len(groups) > 1 and sum(map(len, groups.values())) != 2 * facts.patients:
        raise IntegrityError("SUB-012", what="the splits do not add up to the patients")


def make(facts: Facts) -> Document:
    """Return the document (IntegrityError SUB-012 when a count does not close)."""
    check_closed(facts)
    flow, source = facts.flow, facts.source(layout.SAMPLES)
    rows = [
        [f"Delivery {one}", number(items, source), *(number(counts[name], source) for name in _OUTCOMES)]
        for one, items, counts in flow.deliveries
    ]
    rows.append(["All", number(flow.received, source), *(number(flow.outcome(one), source) for one in _OUTCOMES)])
    received = table(
        "Items received and their outcome",
        ("Delivery", "Received", "Scrubbed", "Duplicate", "Quarantined", "Replaced"),
        rows,
        (1, 2, 3, 4, 5),
    )
    reasons = table(
        "Items held back, by reason",
        ("Code", "Reason", "Items"),
        [[code, sentence_of(code) or "-", number(count, source)] for code, count in sorted(flow.reasons.items())]
        or [["-", "None was held back.", number(0, source)]],
        (2,),
    )
    labeled = len(facts.labeled)
    labels, records = facts.source(layout.LABELS), facts.source(layout.RECORDS)
    onward = table(
        "Samples scrubbed, released, labeled",
        ("Step", "Samples"),
        [
            ["Scrubbed", number(flow.outcome("scrubbed"), source)],
            *([f"Left out: {why}", number(count, records)] for why, count in flow.left.items()),
            ["In this package", number(flow.samples, source)],
            ["With a label that stands", number(labeled, labels)],
            ["Without one", number(flow.samples - labeled, labels)],
        ],
        (1,),
    )
    held = {case.patient: case.samples for case in facts.cases}
    groups = groups_of(facts)
    parts = [(name, own) for name, own in groups.items() if name != "all"]
    by_part = " + ".join(f"{sum(held[one] for one in own):,} {'in ' * (name == NO_SPLIT)}{name}" for name, own in parts)
    by_split = table(
        "Patients and samples by split",
        ("Split", "Patients", "Samples"),
        [[name, number(len(own), source), number(sum(held[one] for one in own), source)] for name, own in parts]
        + [["Files about several people", "-", number(facts.shared, source)]]
        + [["All", number(facts.patients, source), number(flow.samples, source)]],
        (1, 2),
    )
    noted = [] if len(groups) > 1 else [Text("No assignment of patients to splits is part of this package.", "unsure")]
    chart = Bars(
        "From receipt to release",
        ("Received", *(one.capitalize() for one in _OUTCOMES), "Released", "Labeled"),
        (
            (
                "Items",
                (
                    float(flow.received),
                    *(float(flow.outcome(one)) for one in _OUTCOMES),
                    float(flow.samples),
                    float(labeled),
                ),
            ),
        ),
    )
    closes = (
        f"{flow.received:,} received = "
        + " + ".join(f"{flow.outcome(one):,} {one}" for one in _OUTCOMES)
        + f"; {flow.outcome('scrubbed'):,} scrubbed = {flow.samples:,} in this package + {flow.left_out:,} left out; "
        f"{flow.samples:,} = {labeled:,} labeled + {flow.samples - labeled:,} not labeled"
        + (f"; {flow.samples:,} = {by_part} + {facts.shared:,} about several people." if parts else ".")
    )
    return document(
        facts,
        TITLE,
        (
            Section("Every count closes", (Text(closes, "good"), chart)),
            Section("Received", (received,)),
            Section(
                "Held back",
                (Text("A file that cannot be read whole, or may hold an identifier, is held back."), reasons),
            ),
            Section("Onward", (onward,)),
            Section("By split", (*noted, by_split)),
            *answers(facts, SLUG),
        ),
    )
