"""The dataset card, and the data block of a model card (FDA AI-DSF draft, Appendix E)."""

from __future__ import annotations

from collections import Counter

from curator.release import layout
from curator.release.cases import code
from curator.release.documents.common import answers, document, groups_of, number, shares, table
from curator.release.documents.limitations import limitations
from curator.release.documents.representativeness import COVARIATES
from curator.release.facts import Facts
from curator.report.model import Block, Cell, Document, Section, Text
from curator.report.model import Facts as Pairs

SLUG, TITLE = "dataset-card", "Dataset Card"
#: Names of splits that hold data for testing; all others are for development.
TESTS = ("test", "validation", "holdout")


def make(facts: Facts) -> Document:
    """Return the document."""
    said, source = facts.manifest, facts.source(layout.SAMPLES)
    years = [one[name] for one in facts.acquired for name in ("from", "to") if one[name] is not None]
    about = Pairs(
        (
            ("Name", f"{said['dataset']} {said['version']}"),
            ("Released", said["date"]),
            ("By", said["organization"] or "not stated"),
            ("Patients", f"{facts.patients:,}"),
            ("Samples", f"{said['counts']['samples']:,}"),
            ("Labels", f"{said['counts']['labels']:,}"),
            ("Acquired", f"{min(years)} to {max(years)}" if years else "not on record"),
            ("De-identified under", f"{facts.policy['name']}: {facts.policy['claim']}"),
            ("License", "as agreed with the organization; none is granted by this document"),
        )
    )
    modalities = shares(
        "Modality", "Modality", Counter(code(one.values.get("modality", "")) for one in facts.series), source
    )
    use = Text("Made for developing and testing medical AI. It supports FDA review; it is no clearance and no advice.")
    return document(
        facts,
        TITLE,
        (
            Section("About", (about, use)),
            Section("Composition", (modalities,)),
            Section("Data block of a model card", _block(facts, source)),
            Section("Known gaps", (_gaps(facts),)),
            Section("Case-level data", (_case_data(),)),
            *answers(facts, SLUG),
        ),
    )


def _block(facts: Facts, source: str) -> tuple[Block, ...]:
    cases = {case.patient: case for case in facts.cases}
    splits = {name: own for name, own in groups_of(facts).items() if name != "all"}
    parts = {
        "Development data": [one for name, own in splits.items() if name not in TESTS for one in own],
        "Test data": [one for name, own in splits.items() if name in TESTS for one in own],
    }
    if not splits:
        parts = {"All data (no splits made)": list(cases)}
    made: list[Block] = []
    for title, own in parts.items():
        rows: list[list[str | Cell]] = [["Patients", "", number(len(own), source)]]
        for name, of in COVARIATES.items():
            rows += [
                [name, value, number(count, source)]
                for value, count in sorted(Counter(of(cases[one]) for one in own).items())
            ]
        made.append(table(title, ("Characteristic", "Value", "Patients"), rows, (2,)))
    return tuple(made)


def _gaps(facts: Facts) -> Block:
    rows = [[what, Cell(how, source=source)] for what, how, source in limitations(facts)]
    return table("Known gaps", ("Gap", "How much"), rows or [["None found", "-"]])


def _case_data() -> Block:
    from curator.release.case_data import DATA_SETS

    rows = [[one.file, one.structure, str(len(one.variables))] for one in DATA_SETS]
    return table("SAS transport files, described by define.xml", ("File", "Record", "Variables"), rows, (2,))
