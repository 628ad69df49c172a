"""``curator columns``: what would become of each column of a table, and why, without a value of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, note, say


@click.command("columns")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--policy", default="safe-harbor", show_default=True, metavar="NAME", help="A policy's name or path.")
@click.option("--names", is_flag=True, help="Also print names that no table lists; they may be identifiers.")
@click.option(
    "--toml", "as_toml", is_flag=True, help="Print a [columns] section to look through and put into a policy."
)
@json_option
def columns(file: Path, policy: str, names: bool, as_toml: bool, as_json: bool) -> int:
    """Propose a role for each column of FILE (CSV, TSV, .xlsx or Parquet), by its name and by what it holds.

    Reads the whole file and prints no value. A name is printed when the program's table or the policy lists it; any
    other may itself be an identifier, and is printed with --names alone. A column that nobody knows is dropped.
    Needs no project.

    \b
    Examples:
      curator columns labs.csv
      curator columns labs.csv --names --toml >> my-policy.toml
    """
    from curator.core.errors import CheckError, ItemError
    from curator.scrub.policy import load_policy
    from curator.scrub.tabular.propose import proposals

    rules = load_policy(policy)
    try:
        with _opened(file) as stream:
            found = proposals(stream, rules)
    except ItemError as error:
        raise CheckError("TAB-019", reason=error.code, why=error.sentence) from None
    rows = [_row(one, names=names) for one in found]
    if as_json:
        emit_json({"columns": rows})
    elif as_toml:
        _toml(rows)
    else:
        for row in rows:
            table = f"{row['table']}." if len({one["table"] for one in rows}) > 1 else ""
            say(
                f"{table}{row['position']:<5} {row['name'] or '(column ' + str(row['position']) + ')':<32} "
                f"{row['role']:<11} {row['why']}"
            )
    unknown = sum(1 for row in rows if row["why"] == "unknown name")
    if unknown:
        note(
            f"{unknown:,} of {len(rows):,} columns are not known and would be dropped"
            + ("" if names else "; --names prints their names")
        )
    return 0


def _row(one: Any, *, names: bool) -> dict[str, Any]:
    return {
        "table": one.table,
        "position": one.position,
        "name": one.name if one.listed or names else None,
        "role": one.role,
        "why": one.why,
    }


def _toml(rows: list[dict[str, Any]]) -> None:
    import json

    from curator.scrub.policy.load import folded_column

    say("[columns]")
    seen: set[str] = set()
    for row in rows:
        name = folded_column(row["name"] or "")
        if not name:
            say(f"# column {row['position']}: {row['role']} ({row['why']})")
        elif name not in seen:
            seen.add(name)
            say(f'{json.dumps(name)} = "{row["role"]}"  # {row["why"]}')


def _opened(file: Path) -> Any:
    from curator.core.errors import UsageError

    try:
        return file.open("rb")
    except OSError:
        raise UsageError("TAB-020") from None
