"""The changelog: this version, the one before it, what was added, removed and changed, and why."""

from __future__ import annotations

import json

from curator.release import layout
from curator.release.documents.common import answers, document, number, table
from curator.release.facts import Facts
from curator.release.tree import content_of
from curator.report.model import Block, Cell, Document, Section, Text

SLUG, TITLE = "changelog", "Changelog"
#: Where a package states its changes against its parent, if it has one.
CHANGES = "data/changes.json"


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
    data = content_of(facts.folder / CHANGES, 64 << 20)
    if data is None:
        return (Text("No list of changes is part of this package: no earlier version is named."),)
    changes = json.loads(data)
    entries = changes.get("entries", []) if isinstance(changes, dict) else []
    source = facts.source(CHANGES)
    rows = [
        [
            str(one.get("change", "")),
            str(one.get("what", "")),
            Cell(str(one.get("count", "")), source=source),
            str(one.get("reason", "")),
        ]
        for one in entries
        if isinstance(one, dict)
    ]
    return (
        table(
            "Changes against the earlier version",
            ("Change", "What", "Number", "Reason"),
            rows or [["-", "-", "0", "none"]],
            (2,),
        ),
    )


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
