"""``curator journal``: what was done and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, project_option, say

WHAT = ("summary", "quarantine", "files", "actions", "stale")


@click.group("journal")
def journal() -> None:
    """Read the journal: what was done with each file, and why a file was held back. It holds no identifier."""


@journal.command("show")
@click.argument("what", type=click.Choice(WHAT), default="summary")
@project_option
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="Most lines to print; 0 for all.")
@json_option
def show(what: str, project: Path, limit: int, as_json: bool) -> None:
    """Show the journal's summary, the files held back, all files, or what was done to which attribute or field.

    Stale files hold what a later delivery told of their person; scrub their source again.

    Sources appear as keyed digests. The holder of the vault finds the file behind one with 'curator crosswalk lookup'.

    \b
    Examples:
      curator journal show
      curator journal show quarantine
      curator journal show files --limit 0 --json
    """
    from curator.project.paths import open_project

    place = open_project(project)
    rows = {"summary": _summary, "quarantine": _quarantine, "files": _files, "actions": _actions, "stale": _stale}[
        what
    ](place)
    shown = rows if not limit or as_json else rows[:limit]
    if as_json:
        emit_json({what: rows})
        return
    for row in shown:
        say(_line(what, row))
    if len(rows) > len(shown):
        say(f"… {len(rows) - len(shown):,} more with --limit 0")
    if not rows:
        say("nothing yet")


def _line(what: str, row: dict[str, Any]) -> str:
    if what == "summary":
        return (
            f"delivery {row['delivery']}: {row['found']:,} found · {row['scrubbed']:,} scrubbed · "
            f"{row['duplicate']:,} duplicate · {row['quarantined']:,} quarantined"
            + "".join(f"\n  {count:>9,}   {code}" for code, count in row["by_code"].items())
        )
    if what == "quarantine":
        return f"{row['source']}  {row['code']}  {row['sentence']}"
    if what == "stale":
        return f"{row['source']}  delivery {row['delivery']}, told of by delivery {row['later']}"
    if what == "files":
        return f"{row['source']}  {row['outcome']:<11}  {row['path'] or row['code'] or row['duplicate_of']}"
    return f"{row['elements']:>9,}  {row['action']:<8} {row['attribute']}"


def _summary(place: Any) -> list[dict[str, Any]]:
    from curator.project.journal import deliveries
    from curator.scrub.delivery.report import count

    found = []
    for number in deliveries(place):
        report = count(place, number)
        names = ("delivery", "found", "scrubbed", "duplicate", "quarantined", "by_code", "patients", "studies")
        found.append({name: getattr(report, name) for name in names})
    return found


def _quarantine(place: Any) -> list[dict[str, Any]]:
    from curator.core.errors import CuratorError
    from curator.project.journal import all_rows

    return [
        {
            "delivery": row["delivery"],
            "source": row["source"],
            "kind": row["kind"],
            "code": row["code"],
            "sentence": CuratorError(row["code"]).sentence,
            "hint": CuratorError(row["code"]).hint,
        }
        for row in all_rows(place, ["outcome", "code", "kind"])
        if row["outcome"] == "quarantined"
    ]


def _files(place: Any) -> list[dict[str, Any]]:
    from curator.project.journal import all_rows

    columns = ["outcome", "code", "kind", "path", "sha256", "bytes", "uid", "content", "risk", "pixel_record"]
    return list(all_rows(place, [*columns, "duplicate_of", "method_codes"]))


def _actions(place: Any) -> list[dict[str, Any]]:
    from collections import Counter

    from curator.project.journal import all_rows

    counts: Counter[tuple[str, str]] = Counter()
    for row in all_rows(place, ["actions"]):
        for action in row["actions"] or []:
            counts[action["path"], action["action"]] += action["count"]
    return [
        {"attribute": path, "action": action, "elements": count}
        for (path, action), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _stale(place: Any) -> list[dict[str, Any]]:
    from curator.project.journal import stale

    return [
        {"delivery": delivery, "source": source, "later": later} for delivery, source, later in sorted(stale(place))
    ]
