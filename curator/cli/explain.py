"""`curator explain`: what a code means. Reads the code tables and nothing of any project."""

from __future__ import annotations

import difflib

import click

from curator.cli.common import emit_json, json_option, say
from curator.core.errors import EXIT_OF_KIND, UsageError, codes


def _entry(code: str, entry: dict[str, str]) -> dict[str, str | int]:
    return {"code": code, "exit": EXIT_OF_KIND[entry["kind"]], **entry}


@click.command()
@click.argument("code", required=False)
@json_option
def explain(code: str | None, as_json: bool) -> None:
    """Say what a code means and what to do.

    CODE is a code such as DCM-007, from an error or from the journal; without it, all codes are listed. Words in
    braces stand for what the program fills in.
    """
    table = codes()
    if code is None:
        if as_json:
            emit_json([_entry(name, entry) for name, entry in table.items()])
            return
        for name, entry in table.items():
            say(f"{name}  {entry['sentence']}")
        return
    known = code.strip().upper()
    if known not in table:
        near = difflib.get_close_matches(known, table, n=1)
        raise UsageError("CLI-009", near=f"Did you mean {near[0]}? " if near else "")
    entry = table[known]
    if as_json:
        emit_json(_entry(known, entry))
        return
    say(f"{known} {entry['sentence']}")
    say(f"hint: {entry['hint']}")
    say(f"kind: {entry['kind']}, exit {EXIT_OF_KIND[entry['kind']]}")
