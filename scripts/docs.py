"""Writes generated pages of docs/reference from the program itself; with --check says what is stale and exits 1.

With --part11 FILE, part-11.md too, from a run of ``pytest --clauses FILE``; else it keeps the tests that stand in it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import part11

from curator.audit.catalog import own
from curator.audit.thresholds import known as thresholds
from curator.cli.lazy import LazyGroup
from curator.core.errors import EXIT_OF_KIND, codes
from curator.labels.readers.table import READERS, reader
from curator.release.requirements.legal import STATEMENTS
from curator.release.requirements.table import Class, requirements

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def codes_page() -> str:
    lines = ["# Codes", "", "Written by `scripts/docs` from `curator/core/codes/`.", ""]
    lines += ["| code | exit | what happened | what to do |", "| --- | --- | --- | --- |"]
    for code, entry in codes().items():
        limits = {name: value for name, value in entry.items() if name in {"limit", "most"}}
        texts = [entry[name].replace("|", "\\|") for name in ("sentence", "hint")]
        for name, value in limits.items():
            texts = [text.replace(f"{{{name}}}", value) for text in texts]
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


def part11_page(arguments: list[str]) -> str:
    if "--part11" in arguments:
        return part11.page(part11.read_run(Path(arguments[arguments.index("--part11") + 1])))
    there = REFERENCE / part11.NAME
    return part11.page(part11.read_page(there.read_text(encoding="utf-8") if there.is_file() else ""))


def readers_page() -> str:
    lines = ["# Label readers", "", "Written by `scripts/docs` from the readers of `curator labels import`.", ""]
    lines += ["What a file does not say has to come from an option, or the label is refused.", ""]
    lines += [
        "| format | tool | never says | what would make the tool say it | may leave out | what makes the tool say it |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in READERS:
        one = reader(name)
        cells = [
            f"`{name}`",
            one.title,
            *(
                "<br>".join(told(lack) for lack in one.lacks if lack.partly == partly) or "-"
                for partly in (False, True)
                for told in (lambda lack: lack.what, lambda lack: lack.switch or "nothing")
            ),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def requirements_page() -> str:
    lines = ["# Requirements", "", "Written by `scripts/docs` from `curator/release/requirements/requirements.tsv`,"]
    lines += ["which names the guidance and editions. `curator release requirements` shows how each item stands.", ""]
    counts = Counter(one.kind for one in requirements())
    said = ", ".join(f"{counts[kind]} of class {kind}" for kind in Class)
    lines += [f"{len(requirements())} items: {said}. A is made by the program; P is prefilled, and needs a person's"]
    lines += ["sentence; H is a person's sentence alone.", ""]
    lines += ["| id | class | source | clause | asks for | evidence | stands in |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    for one in requirements():
        evidence, shown = ", ".join(one.evidence) or "-", ", ".join(one.shown)
        lines.append(f"| {one.id} | {one.kind} | {one.source} | {one.clause} | {one.asks} | {evidence} | {shown} |")
    lines += [
        "",
        "Beside them stands the statement that the legal claim of the data needs, as it is computed from the policy's",
    ]
    lines += [
        "decisions. A final version is not built without it; it holds for the policy under which it was signed.",
        "",
    ]
    lines += ["| id | clause | states | asked of a claim that needs |", "| --- | --- | --- | --- |"]
    for needs, one in STATEMENTS.items():
        lines.append(f"| {one.id} | {one.clause} | {one.asks} | {needs or 'no document (Safe Harbor)'} |")
    return "\n".join(lines) + "\n"


def checks_page() -> str:
    lines = ["# Checks of the audit", "", "Written by `scripts/docs` from the checks of `curator audit list`.", ""]
    lines += [
        "A check that lacks what it needs could not be made; what needs the vault may be attested by its holder.",
        "",
    ]
    lines += ["| check | severity | needs | holds when it passes | serves |", "| --- | --- | --- | --- | --- |"]
    for one in own():
        check = one.check
        cells = [f"`{check.id}`", str(check.severity), ", ".join(check.needs) or "-", check.title, check.clause]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += [
        "",
        "## Thresholds",
        "",
        'What `[audit."<check>"]` of `curator.toml`, or of the file given to `--settings`, may set. A share is a',
        "fraction. A name that a check does not have, or a value that it cannot have, is refused before the audit.",
        "",
        "| check | threshold | default | may be | what it is |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, rows in thresholds().items():
        for key, row in rows.items():
            bounds = [f"from {row['low']:g}"] if "low" in row else []
            bounds += [f"to {row['high']:g}"] if "high" in row else []
            may = ", ".join(row.get("of_one", ())) or " ".join(bounds) or "-"
            lines.append(f"| `{name}` | `{key}` | `{json.dumps(row['default'])}` | {may} | {row['says']} |")
    lines += [
        "",
        "## A check of your own",
        "",
        "A Python file for `--check FILE`, or a class under the entry point group",
    ]
    lines += [
        "`curator.audit_checks`: one object `check` with `id`, `title`, `severity` (`blocker`, `major`, `minor`),"
    ]
    lines += [
        "`clause`, `needs` and `run(subject)`, which returns an `Answer`; `curator/audit/model.py` is the contract, and"
    ]
    lines += [
        "`curator/audit/checks/` has a file for each check above. Work on single files goes into a probe, whose results"
    ]
    lines += [
        "are kept by the file's digest. An answer holds counts, its own words and paths, never a value of the data."
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    stale = 0
    pages = (
        ("codes.md", codes_page()),
        ("cli.md", cli_page()),
        (part11.NAME, part11_page(sys.argv[1:])),
        ("label-readers.md", readers_page()),
        ("requirements.md", requirements_page()),
        ("audit-checks.md", checks_page()),
    )
    for name, text in pages:
        path = REFERENCE / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/reference/{name} is stale: run scripts/docs", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
