"""Representativeness tables: who and what is in the data, split by split, with what is missing shown as such."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable

from curator.release import layout
from curator.release.cases import OTHER_WORDS, UNKNOWN, Case, Series, code, words
from curator.release.documents.common import NO_SPLIT, answers, crossed, document, groups_of, number, shares, table
from curator.release.facts import Facts
from curator.release.shares import difference, half_width, percent
from curator.report.model import Bars, Block, Cell, Document, Section, Text, Tone

SLUG, TITLE = "representativeness", "Representativeness Tables"
COVARIATES: dict[str, Callable[[Case], str]] = {
    "Sex": lambda case: case.sex,
    "Age band in years": lambda case: case.band,
    "Race or ethnicity": lambda case: case.origin,
}
#: A standardized difference above it asks for an explanation (Austin 2009).
LARGE = 0.1
#: Columns of the audit's tables as they are read: whose, of what, how many, between which bounds.
ORDER = (
    "split", "against", "what", "value", "sex", "age", "cases", "of", "share", "difference", "low", "high", "thin",
)  # fmt: skip


def make(facts: Facts) -> Document:
    """Return the document."""
    source = facts.source(layout.SAMPLES)
    groups = groups_of(facts)
    cases = {case.patient: case for case in facts.cases}
    demographics: list[Block] = []
    for name, of in COVARIATES.items():
        counted = {group: Counter(of(cases[one]) for one in own) for group, own in groups.items()}
        demographics.append(crossed(name, name, counted, source))
    ages = Counter(case.band for case in facts.cases)
    order = sorted(
        ages, key=lambda band: (not band[0].isdigit(), int(band.split("-")[0]) if band[0].isdigit() else 0, band)
    )
    demographics.append(
        Bars("Patients by age band", tuple(order), (("Patients", tuple(float(ages[band]) for band in order)),))
    )
    demographics.append(_measures(groups, cases, source))
    return document(
        facts,
        TITLE,
        (
            Section(
                "Demographics",
                (
                    Text(
                        "One case is one patient. What headers do not state is counted, never filled in. "
                        "Intervals are Wilson's at 95 %."
                    ),
                    *demographics,
                ),
            ),
            Section("Equipment and acquisition", _equipment(facts, source)),
            Section("Conditions", _conditions(facts, groups)),
            Section("Differences between splits", _differences(groups, cases, source)),
            Section("Precision of subgroups", _precision(facts, source)),
            Section("Checks of the audit", _audit(facts)),
            *answers(facts, SLUG),
        ),
    )


def _measures(groups: dict[str, list[str]], cases: dict[str, Case], source: str) -> Block:
    rows: list[list[str | Cell]] = []
    measures: tuple[tuple[str, str, Callable[[Case], float | None]], ...] = (
        ("Height", "m", lambda case: case.height),
        ("Weight", "kg", lambda case: case.weight),
    )
    for name, unit, of in measures:
        for group, own in groups.items():
            values = sorted(value for one in own if (value := of(cases[one])) is not None)
            rows.append(
                [
                    f"{name} ({unit})",
                    group,
                    number(len(values), source),
                    number(len(own) - len(values), source),
                    f"{values[len(values) // 2]:.2f}" if values else "-",
                    f"{values[0]:.2f} to {values[-1]:.2f}" if values else "-",
                ]
            )
    return table(
        "Height and weight", ("Measure", "Split", "Stated", "Not stated", "Median", "Range"), rows, (2, 3, 4, 5)
    )


def _equipment(facts: Facts, source: str) -> tuple[Block, ...]:
    series = facts.series
    unreadable = sum(not one.readable for one in series)
    made: list[Block] = [Text(f"{len(series):,} series; {unreadable:,} have a first header that could not be read.")]
    for caption, name in (("Modality", "modality"), ("Body part", "body_part"), ("Laterality", "laterality")):
        made.append(shares(caption, caption, _counted(series, name, code), source))
    for caption, name in (("Manufacturer", "manufacturer"), ("Model", "model")):
        made.append(shares(caption, caption, _counted(series, name, lambda text: words(text, facts.guard)), source))
    for caption, name in (
        ("Peak kilovoltage", "kvp"),
        ("Slice thickness in mm", "slice_thickness"),
        ("Field strength in tesla", "field_strength"),
    ):
        counted = _counted(series, name, _plain)
        if set(counted) - {UNKNOWN}:
            made.append(shares(caption, caption, counted, source))
    return tuple(made)


def _counted(series: Iterable[Series], name: str, shown: Callable[[str], str]) -> Counter[str]:
    """Count what is shown of a header's value; what many headers state is looked at once."""
    made = Counter[str]()
    for text, count in Counter(one.values.get(name, "") for one in series).items():
        made[shown(text)] += count
    return made


def _plain(text: str) -> str:
    from curator.release.cases import number as numeric

    value = numeric(text)
    return UNKNOWN if value is None else f"{value:g}"


def _conditions(facts: Facts, groups: dict[str, list[str]]) -> tuple[Block, ...]:
    of_patient: dict[str, set[str]] = {}
    for one in facts.labels:
        if one.stands and one.named:
            of_patient.setdefault(one.patient, set()).add(f"{one.kind}: {one.named}")
    if not of_patient:
        return (Text("No label that stands names a class.", "unsure"),)
    source = facts.source(layout.LABELS)
    counted = {
        name: Counter(one for patient in own for one in of_patient.get(patient, {"no label"}))
        for name, own in groups.items()
    }
    names = sorted({one for each in counted.values() for one in each})
    rows = [[one, *(number(each[one], source) for each in counted.values())] for one in names]
    note = Text("Patients with at least one label of the class that stands; a patient may count under several.", "note")
    return (table("Patients by class of label", ("Class", *counted), rows, tuple(range(1, len(counted) + 1))), note)


def _differences(groups: dict[str, list[str]], cases: dict[str, Case], source: str) -> tuple[Block, ...]:
    names = [name for name in groups if name not in {"all", NO_SPLIT}]
    if len(names) < 2:
        return (Text("There are no two splits to compare.", "unsure"),)
    rows: list[list[str | Cell]] = []
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            for name, of in COVARIATES.items():
                one, two = (
                    Counter(value for each in groups[group] if (value := of(cases[each])) not in {UNKNOWN, OTHER_WORDS})
                    for group in (first, second)
                )
                found = difference(one, two)
                text = "not known" if found is None else "unlimited" if math.isinf(found) else f"{found:.2f}"
                tone: Tone = "unsure" if found is None else "bad" if found > LARGE else "good"
                rows.append([name, f"{first} and {second}", Cell(text, tone, source)])
    said = Text(
        f"Above {LARGE} a difference asks for an explanation (DM-30). Patients without a value are left out.", "note"
    )
    return (table("Standardized differences", ("Covariate", "Splits", "Difference"), rows, (2,)), said)


def _precision(facts: Facts, source: str) -> tuple[Block, ...]:
    rows: list[list[str | Cell]] = []
    for name, of in COVARIATES.items():
        for value, count in sorted(Counter(of(case) for case in facts.cases).items()):
            rows.append([name, value, number(count, source), percent(half_width(count))])
    head = ("Covariate", "Subgroup", "Patients", "Half-width at a share of one half")
    return (table("What the size of a subgroup allows", head, rows, (2, 3)),)


def _audit(facts: Facts) -> tuple[Block, ...]:
    checks = facts.checks("representation/")
    if not checks or facts.audit is None:
        return (Text("No audit report in this package tells of representation.", "unsure"),)
    source = facts.source(facts.audit[0])
    made: list[Block] = [
        table(
            "Checks",
            ("Check", "Outcome", "Finding"),
            [
                [str(one["id"]), Cell(str(one.get("outcome")), source=source), str(one.get("summary", ""))]
                for one in checks
            ],
        )
    ]
    for one in checks:
        for caption, rows in sorted((one.get("tables") or {}).items()):
            if rows:
                made.append(_evidence(f"{one['id']}: {caption}", rows, source))
    return tuple(made)


def _evidence(caption: str, rows: list[dict[str, object]], source: str) -> Block:
    """Return a table of the audit; in its report the names are in the order of letters, which is none for a reader."""
    head = sorted(rows[0], key=lambda name: (name not in ORDER, ORDER.index(name) if name in ORDER else 0, name))
    counted = tuple(
        at
        for at, name in enumerate(head)
        if all(isinstance(row.get(name), int | float) and not isinstance(row.get(name), bool) for row in rows)
    )
    body = [
        [Cell(_said(row.get(name)), source=source if at in counted else "") for at, name in enumerate(head)]
        for row in rows
    ]
    return table(caption, head, body, counted)


def _said(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
