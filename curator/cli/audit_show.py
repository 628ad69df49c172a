"""``curator audit list`` and ``curator audit diff``: what is checked, and what two audits say differently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, note, say


@click.command("list")
@click.option(
    "--check", "extra", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="Add a check of your own."
)
@json_option
def list_checks(extra: tuple[Path, ...], as_json: bool) -> None:
    """List every check: id, severity, what has to be at hand, the clause it serves, what holds when it passes.

    \b
    Examples:
      curator audit list
      curator audit list --check our_check.py --json
    """
    from curator.audit.catalog import catalog

    listed = catalog(extra)
    if as_json:
        emit_json(
            [
                {
                    "id": one.check.id,
                    "title": one.check.title,
                    "severity": str(one.check.severity),
                    "clause": one.check.clause,
                    "needs": list(one.check.needs),
                    "origin": one.origin,
                }
                for one in listed
            ]
        )
        return
    width = max(len(one.check.id) for one in listed)
    for one in listed:
        needs = ", ".join(one.check.needs) or "-"
        say(f"{one.check.id:<{width}}  {one.check.severity!s:<7}  {needs}")
        say(f"{'':<{width}}  {one.check.title} · {one.check.clause}" + (f" · {one.origin}" if one.origin else ""))
    note(f"{len(listed)} checks")


@click.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@json_option
def diff(before: Path, after: Path, as_json: bool) -> None:
    """Say what the report AFTER says otherwise than BEFORE: outcomes, figures, findings.

    Both are files of a project's audit/, or what 'curator audit run --json' printed.

    \b
    Examples:
      curator audit run trial --json > monday.json
      curator audit diff monday.json friday.json
    """
    from curator.audit.diff import as_document, changes
    from curator.audit.report import read_report

    one, two = read_report(before), read_report(after)
    made = as_document(one, two)
    if as_json:
        emit_json(made)
        return
    say("same data" if made["same_data"] else "other data")
    say(f"gate     {made['gate']['before']} -> {made['gate']['after']}")
    for change in changes(one, two):
        same = change.before == change.after
        says = change.after if same else f"{change.before or 'not there'} -> {change.after or 'not there'}"
        say(f"{change.check}  {says}")
        for name, (old, new) in change.figures.items():
            say(f"    {name.replace('_', ' ')}: {_text(old)} -> {_text(new)}")
        for mark, items in (("+", change.new), ("-", change.gone)):
            for item in items[:20]:
                say(f"    {mark} {_text(item['where'])}: {_text(item['what'])}")
            if len(items) > 20:
                say(f"    {mark} … and {len(items) - 20:,} more")
    if not made["changes"]:
        say("no check says anything else")


def _text(value: Any) -> str:
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)[:160]
