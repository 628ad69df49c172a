"""The changelog: this version, the one before it, what was added, removed and changed, and why."""

from __future__ import annotations

import json
from typing import Any

from curator.release import layout
from curator.release.documents.common import answers, document, number, table
from curator.release.facts import Facts
from curator.release.tree import content_of
from curator.report.model import Block, Cell, Document, Section, Text

SLUG, TITLE = "changelog", "Changelog"
MAX_DOCUMENT = 64 << 20


def make(facts: Facts) -> Document:
    """Return the document."""
    said = facts.manifest
    source = facts.source(layout.MANIFEST)
    parent = said.get("parent")
    version = table(
        "Version",
        ("What", "Value"),
        [
            ["This version", Cell(said["version"], source=source)],
            ["Date", Cell(said["date"], source=source)],
            ["Earlier version", Cell(str(parent["version"]) if isinstance(parent, dict) else "none", source=source)],
            ["Samples", number(said["counts"]["samples"], source)],
            ["Labels", number(said["counts"]["labels"], source)],
            ["Records", number(said["counts"]["records"], source)],
        ],
    )
    return document(
        facts,
        TITLE,
        (
            Section("Version", (version,)),
            Section("Changes", _changes(facts)),
            Section("Withdrawals and recalls", (_withdrawn(facts),)),
            *answers(facts, SLUG),
        ),
    )


def _changes(facts: Facts) -> tuple[Block, ...]:
    data = content_of(facts.folder / layout.CHANGELOG, MAX_DOCUMENT)
    if data is None:
        return (Text("There is no earlier version, and so no change."),)
    said = json.loads(data)
    source = facts.source(layout.CHANGELOG)
    level = Text(f"The differences ask for a step of at least: {said['level']}.")
    sums = table(
        "Samples by change",
        ("Change", "Samples"),
        [[name, number(count, source)] for name, count in sorted(said["samples"].items())],
        (1,),
    )
    cases = table(
        "Cases added, removed and changed",
        ("Case", "Change", "Samples", "Reason"),
        [
            [Cell(one["case"], source=_record(one, source)), one["change"], _counted(one["samples"]), one["reason"]]
            for one in said["cases"]
        ]
        or [["-", "none", "-", "-"]],
    )
    labels = table(
        "Labels added, removed and changed",
        ("Change", "Kind", "Guideline", "Labels", "Reason"),
        [
            [one["change"], one["kind"], one["guideline"], number(one["count"], source), one["reason"]]
            for one in said["labels"]
        ]
        or [["none", "-", "-", "0", "-"]],
        (3,),
    )
    rest = table(
        "Other changes",
        ("What", "Reason"),
        [[name, said[name]["reason"]] for name in ("policy", "splits", "guidelines") if said[name] is not None]
        or [["none", "-"]],
    )
    return (level, sums, cases, labels, rest)


def _record(one: dict[str, Any], source: str) -> str:
    return source if one["record"] is None else f"leaf {one['record']}"


def _counted(samples: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(samples.items()))


def _withdrawn(facts: Facts) -> Block:
    rows: list[list[str | Cell]] = []
    for name, what in (
        ("consent-withdrawn", "consent withdrawn"),
        ("recall", "recall"),
        ("label-withdrawn", "labels withdrawn"),
    ):
        rows += [
            [
                Cell(str(one.place), source=f"leaf {one.leaf}"),
                what,
                one.said["signer"],
                one.said["signedAt"][:10],
                str(one.said.get("reason", one.said.get("reasonCode", ""))),
            ]
            for one in facts.of_kind(name)
        ]
    return table(
        "Signed withdrawals and recalls",
        ("Record", "What", "By", "On", "Reason"),
        rows or [["-", "none", "-", "-", "-"]],
    )
