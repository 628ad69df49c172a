"""The audit report as it stands in the package: every check with its outcome; or the statement that there is none."""

from __future__ import annotations

from typing import Any

from curator.release.documents.common import answers, document, number, table
from curator.release.facts import Facts
from curator.report.model import Block, Cell, Document, Section, Text, Tone

SLUG, TITLE = "audit", "Audit Report"
_TONES: dict[str, Tone] = {"PASS": "good", "ATTESTED": "good", "FAIL": "bad", "COULD_NOT_CHECK": "unsure"}


def make(facts: Facts) -> Document:
    """Return the document."""
    if facts.audit is None:
        said = Text("The audit was not run: no signed audit report is part of this package.", "bad")
        return document(facts, TITLE, (Section("Outcome", (said,)), *answers(facts, SLUG)))
    name, report = facts.audit
    source = facts.source(name)
    checks: list[dict[str, Any]] = report.get("checks", [])
    record = facts.of_kind("audit-report")[-1]
    outcome = str(record.said.get("outcome"))
    outcomes = [str(one.get("outcome")) for one in checks]
    head: list[Block] = [
        Text(f"The gate's outcome is {outcome}.", _TONES.get(outcome, "note")),
        table(
            "Signed",
            ("Record", "By", "At", "SHA-256 of the report"),
            [
                [
                    Cell(str(record.place), source=f"leaf {record.leaf}"),
                    record.said["signer"],
                    record.said["signedAt"],
                    str(record.said.get("report")),
                ]
            ],
        ),
        table(
            "Outcomes",
            ("Outcome", "Checks"),
            [[one, number(outcomes.count(one), source)] for one in sorted(set(outcomes))],
            (1,),
        ),
    ]
    waivers: list[dict[str, Any]] = report.get("waivers", [])
    if waivers:
        head.append(
            table(
                "Signed waivers; a waiver changes no outcome of a check",
                ("Check", "Reason", "Until", "Signed by"),
                [
                    [
                        Cell(str(one.get("check")), source=f"leaf {one.get('leaf')}"),
                        str(one.get("reason")),
                        str(one.get("until")),
                        f"{one.get('printedName')} ({one.get('signer')}), {one.get('at')}",
                    ]
                    for one in waivers
                ],
            )
        )
    rows = [
        [
            str(one.get("id")),
            str(one.get("severity", "")),
            Cell(_outcome(one), _TONES.get(str(one.get("outcome")), "note"), source),
            str(one.get("summary", "")),
        ]
        for one in checks
    ]
    return document(
        facts,
        TITLE,
        (
            Section("Outcome", tuple(head)),
            Section("Checks", (table("Every check", ("Check", "Severity", "Outcome", "Finding"), rows),)),
            *answers(facts, SLUG),
        ),
    )


def _outcome(one: dict[str, Any]) -> str:
    return f"{one.get('outcome')}{', waived' if one.get('waiver') else ''}"
