"""Writes docs/reference/codes.md and cli.md from the program itself; with --check says what is stale and exits 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from curator.cli.lazy import LazyGroup
from curator.core.errors import EXIT_OF_KIND, codes

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def codes_page() -> str:
    lines = ["# Codes", "", "Written by `scripts/docs` from `curator/core/codes/`.", ""]
    lines += ["| code | exit | what happened | what to do |", "| --- | --- | --- | --- |"]
    for code, entry in codes().items():
        texts = [entry[name].replace("|", "\\|") for name in ("sentence", "hint")]
        lines.append(f"| {code} | {EXIT_OF_KIND[entry['kind']]} | {texts[0]} | {texts[1]} |")
    return "\n".join(lines) + "\n"


def commands(group: click.Group, parent: click.Context, path: str) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        full = f"{path} {name}"
        context = click.Context(command, info_name=full, max_content_width=100, terminal_width=100)
        yield full, command.get_help(context)
        if isinstance(command, click.Group):
            yield from commands(command, context, full)


def cli_page() -> str:
    group = LazyGroup("curator")
    lines = ["# Commands", "", "Written by `scripts/docs` from the program's own help.", ""]
    for full, text in commands(group, click.Context(group, info_name="curator"), "curator"):
        lines += [f"## {full}", "", "```", text.rstrip(), "```", ""]
    return "\n".join(lines[:-1]) + "\n"


def main() -> int:
    stale = 0
    for name, text in (("codes.md", codes_page()), ("cli.md", cli_page())):
        path = REFERENCE / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/reference/{name} is stale: run scripts/docs", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
