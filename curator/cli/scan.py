"""``curator scan``: what is here, and where identifiers stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, progress, say

if TYPE_CHECKING:
    from curator.scrub.scan import ScanReport

MOST_LINES = 12


@click.command("scan")
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--project", "_project", expose_value=False, hidden=True, help="Taken like everywhere; a scan needs none."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that read. [default: one a core]")
@click.option("--all", "show_all", is_flag=True, help="List every attribute, not just the most frequent.")
@json_option
def scan(source: Path, workers: int | None, show_all: bool, as_json: bool) -> None:
    """Say what a source folder holds, by content and not by file name, and in which attributes identifiers stand.

    Nothing is written, and no value is ever printed. Needs no project.

    \b
    Examples:
      curator scan /mnt/pacs/export
      curator scan /mnt/pacs/export --json
    """
    from curator.cli.engines import local_engine
    from curator.scrub.scan import scan as run

    report = run(source, engine=local_engine(workers), watch=progress)
    if as_json:
        emit_json(_document(report))
        return
    say(f"found        {report.found:>9,}   {report.size / 1e6:,.1f} MB")
    for title, counter in (
        ("kinds", report.kinds),
        ("modalities", report.modalities),
        ("syntaxes", report.transfer_syntaxes),
        ("SOP classes", report.sop_classes),
        ("not usable", report.codes),
    ):
        if counter:
            say(f"{title:<12} " + " · ".join(f"{count:,} {name}" for name, count in counter.most_common(MOST_LINES)))
    _identifiers(report, show_all)
    say("next: curator scrub SOURCE · what a code means: curator explain CODE")


def _identifiers(report: ScanReport, show_all: bool) -> None:
    from curator.identifiers.categories import letter_of

    lines = report.identifiers.most_common(None if show_all else MOST_LINES)
    if not lines:
        return
    say(f"identifiers  in {len(report.identifiers):,} attributes (files · letter of 164.514(b)(2)(i) · what)")
    for (path, category), count in lines:
        say(f"  {count:>8,}  {letter_of(category)}  {category:<11}  {path}")
    if len(report.identifiers) > len(lines):
        say(f"  … {len(report.identifiers) - len(lines):,} more with --all")


def _document(report: ScanReport) -> dict[str, object]:
    from curator.identifiers.categories import letter_of

    return {
        "found": report.found,
        "bytes": report.size,
        "kinds": dict(report.kinds),
        "modalities": dict(report.modalities),
        "transfer_syntaxes": dict(report.transfer_syntaxes),
        "sop_classes": dict(report.sop_classes),
        "by_code": dict(report.codes),
        "identifiers": [
            {"attribute": path, "category": category, "letter": str(letter_of(category)), "files": count}
            for (path, category), count in sorted(report.identifiers.items())
        ],
    }
