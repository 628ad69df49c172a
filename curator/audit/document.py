"""The audit's report for people's eyes, as a document that is rendered as HTML and PDF.

Built from the JSON document alone, so that whoever has the signed file can render it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.report.model import Bars, Block, Cell, Document, Facts, Fold, Section, Table, Text, Tone

_TONES: dict[str, Tone] = {
    "PASS": "good",
    "ATTESTED": "good",
    "FAIL": "bad",
    "COULD_NOT_CHECK": "unsure",
    "NOT_RUN": "unsure",
    "NOT_APPLICABLE": "plain",
}
_WORDS = {
    "PASS": "passed",
    "FAIL": "failed",
    "COULD_NOT_CHECK": "could not be checked",
    "ATTESTED": "attested",
    "NOT_APPLICABLE": "does not apply",
    "NOT_RUN": "not run",
}
_GATE = {
    "PASS": "The gate is open: nothing that was checked stands against release.",
    "FAIL": "The gate is closed: checks failed.",
    "COULD_NOT_CHECK": "The gate is closed: not everything could be checked.",
}
#: Rows of a table that are shown; all are in the JSON report.
ROWS = 200
#: What no audit of this program can find, said in each report.
LIMITS = (
    "An identifier that nobody could recognize as one, and that the vault does not know.",
    "What a compromised operating system hid from this program.",
    "What people did outside of this program, unless a named person put it on record.",
    "Without an outside time-stamp on the ledger, what a holder of all keys rewrote.",
)


def document_of(report: dict[str, Any], digest: str) -> Document:
    """Build the document.

    Parameters
    ----------
    report
        By schemas/audit-report.schema.json; its ``run`` is shown where it is there.
    digest
        SHA-256 of the report's file, which every number in the document is from.
    """
    run = report.get("run", {})
    about = report["subject"]
    facts = [
        ("Audited", about["kind"] + (f" {about['dataset']}" if about["dataset"] else "")),
        ("Outcome", gate_words(report["gate"])),
        ("Files", _number(about["files"]) + (f", {about['bytes']:,} bytes" if about["bytes"] is not None else "")),
        ("Payload", about["payload"] or "could not be listed"),
        (
            "Ledger",
            f"{about['ledger']['size']:,} records, root {about['ledger']['root']}" if about["ledger"] else "none",
        ),
        ("Policy", f"{about['policy']['name']}: {about['policy']['claim']}" if about["policy"] else "none"),
        ("At hand", ", ".join(about["at_hand"]) or "the files alone"),
        ("Report", digest),
        ("Program", report["program"]),
    ]
    if run:
        facts.append(("Audited at", run["at"]))
        facts.append(("Looked at anew", f"{run['anew']:,} files; {run['kept']:,} as known from before"))
    sections = [Section("The gate", tuple(_gate(report, digest)))]
    if report["waivers"]:
        sections.append(Section("Waivers", (_waivers(report["waivers"]),)))
    if report["settings"]:
        sections.append(Section("Settings", (_settings(report["settings"]),)))
    sections.append(Section("All checks", (_overview(report, digest),)))
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in report["checks"]:
        groups.setdefault(one["id"].partition("/")[0], []).append(one)
    for name, checks in groups.items():
        sections.append(Section(name.capitalize(), (), tuple(_check(one, report["gate"], digest) for one in checks)))
    sections.append(Section("What an audit cannot find", tuple(Text(text) for text in LIMITS)))
    incomplete = "" if report["complete"] else "PART OF AN AUDIT"
    return Document(
        "Pre-release audit", about["dataset"] or "", tuple(facts), tuple(sections), run.get("at", ""), incomplete
    )


def _number(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return " to ".join(_number(one) for one in value) if len(value) == 2 else ", ".join(map(_number, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(inner)}" for name, inner in value.items()) or "none"
    return str(value)


def gate_words(gate: dict[str, Any]) -> str:
    """Return a gate's outcome, and how many checks did not pass and were waived: never the one without the other."""
    count = len(gate["waived"])
    return str(gate["outcome"]) + (f", {count:,} {'check' if count == 1 else 'checks'} waived" if count else "")


def _gate(report: dict[str, Any], digest: str) -> Iterator[Block]:
    gate = report["gate"]
    if gate["outcome"] == "PASS" and gate["waived"]:
        yield Text(
            "The gate is open by signed waivers alone: the checks that are named below did not pass, and a person "
            "answers for each.",
            "note",
        )
    else:
        yield Text(_GATE[gate["outcome"]], _TONES[gate["outcome"]])
    counts = Table(
        "Checks by outcome",
        ("Outcome", "Checks"),
        tuple(
            (Cell(_WORDS[name], _TONES[name]), Cell(f"{count:,}", source=digest))
            for name, count in report["counts"].items()
        ),
        (1,),
    )
    yield counts
    for key, text in (
        ("failed", "Failed, and no waiver holds"),
        ("unsure", "Could not be checked, or not run, and no waiver holds"),
        ("waived", "Waived"),
        ("expired", "A waiver is past its last day"),
    ):
        if gate[key]:
            yield Text(f"{text}: {', '.join(gate[key])}", "note" if key == "waived" else "bad")
    if not report["complete"]:
        yield Text("Only some checks were asked for; this is no whole audit.", "unsure")


def _settings(settings: dict[str, Any]) -> Table:
    rows = [("all checks", "disabled", _number(settings["disabled"]))] if settings.get("disabled") else []
    for check in sorted(settings.keys() - {"disabled"}):
        rows += [(check, name, _number(value)) for name, value in sorted(settings[check].items())]
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    return Table("What the settings ask for in place of the program's defaults", ("Check", "Setting", "Value"), cells)


def _waivers(waivers: list[dict[str, Any]]) -> Table:
    rows = tuple(
        (
            Cell(one["check"]),
            Cell(one["reason"]),
            Cell(one["until"]),
            Cell(f"{one['printedName']} ({one['signer']}), {one['at']}", source=one["leaf"]),
        )
        for one in waivers
    )
    return Table("Signed waivers; one counts to its last day", ("Check", "Reason", "Until", "Signed by"), rows)


def _state(one: dict[str, Any], gate: dict[str, Any]) -> str:
    """Return the outcome in words; a waiver counts only where it was needed and is not past its last day."""
    return _WORDS[one["outcome"]] + (", waived" if one["id"] in gate["waived"] else "")


def _overview(report: dict[str, Any], digest: str) -> Table:
    rows = tuple(
        (
            Cell(one["id"], source=digest),
            Cell(one["severity"]),
            Cell(_state(one, report["gate"]), _TONES[one["outcome"]]),
            Cell(one["summary"]),
        )
        for one in report["checks"]
    )
    return Table(
        "Each check, its outcome, and the numbers that decide", ("Check", "Severity", "Outcome", "Summary"), rows
    )


def _check(one: dict[str, Any], gate: dict[str, Any], digest: str) -> Section:
    facts = [
        ("Outcome", _state(one, gate)),
        ("Holds when it passes", one["title"]),
        ("Severity", one["severity"]),
        ("Serves", one["clause"]),
        ("Needs", ", ".join(one["needs"]) or "the files alone"),
    ]
    if one["origin"]:
        facts.append(("Added by", one["origin"]))
    if one["attested"]:
        word = one["attested"]
        facts.append(("Attested by", f"{word['printedName']} ({word['signer']}) at {word['at']}"))
    if one["waiver"]:
        past = " and no more: its last day is over" if one["id"] in gate["expired"] else ""
        facts.append(("Waived", f"until {one['waiver']['until']} by {one['waiver']['printedName']}{past}"))
    blocks: list[Block] = [Text(one["summary"], _TONES[one["outcome"]]), Facts(tuple(facts))]
    if one["figures"]:
        rows = tuple(
            (Cell(name.replace("_", " ")), Cell(_number(value), source=digest))
            for name, value in one["figures"].items()
        )
        blocks.append(Table("Figures", ("Figure", "Value"), rows, (1,)))
    for name, rows_ in one["tables"].items():
        blocks.extend(_table(name, rows_, digest))
    if one["findings"]:
        found = tuple(
            (Cell(item["where"]), Cell(item["what"]), Cell(f"{item['count']:,}", source=digest))
            for item in one["findings"]
        )
        left = one["total"] - len(found)
        omitted = f"{left:,} more are counted and not listed" if left > 0 else ""
        table = Table("Evidence", ("Where", "What", "How often"), found, (2,), omitted)
        blocks.append(Fold(f"{one['total']:,} findings", (table,)))
    return Section(one["id"], tuple(blocks))


def _table(name: str, rows: list[dict[str, Any]], digest: str) -> Iterator[Block]:
    if not rows:
        return
    head = list(rows[0])
    numeric = tuple(
        at for at, key in enumerate(head) if all(isinstance(row.get(key), int | float | None) for row in rows)
    )
    body = tuple(
        tuple(Cell(_number(row.get(key)), source=digest if at in numeric else "") for at, key in enumerate(head))
        for row in rows[:ROWS]
    )
    omitted = f"{len(rows) - ROWS:,} more rows stand in the JSON report" if len(rows) > ROWS else ""
    table = Table(name, tuple(key.replace("_", " ") for key in head), body, numeric, omitted)
    bars = _bars(name, rows, [key for at, key in enumerate(head) if at not in numeric])
    if bars is not None:
        yield bars
        yield Fold(f"{name}, as numbers", (table,))
    else:
        yield table


def _bars(name: str, rows: list[dict[str, Any]], words: list[str]) -> Bars | None:
    """Draw a table that has shares with intervals: rows of some names, ``share``, ``low``, ``high``."""
    if not words or len(rows) > 40 or not all({"share", "low", "high"} <= row.keys() for row in rows):
        return None
    if any(isinstance(row["share"], str) for row in rows):
        return None
    labels = tuple(" · ".join(_number(row[key]) for key in words) for row in rows)
    intervals = tuple(
        (float(row["low"]), float(row["high"])) if row["low"] is not None and row["high"] is not None else None
        for row in rows
    )
    return Bars(name, labels, (("share", tuple(row["share"] for row in rows)),), (intervals,), low=0.0, high=1.0)
