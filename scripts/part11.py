"""The page docs/reference/part-11.md: a row a clause, with the tests that ran and passed, from ``pytest --clauses``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from curator.validation.catalog import catalog
from curator.validation.clauses import clauses, duties

NAME = "part-11.md"
NO_TEST = "no test"
ALONE = "none: no program can do it"
_ROW = re.compile(r"^\| (11\.[0-9()a-z]+) \|", re.MULTILINE)
_TEST = re.compile(r"`(tests/[A-Za-z0-9_/]+\.py::[A-Za-z0-9_]+)`")
HEAD = """\
# 21 CFR Part 11, clause by clause

Written by `scripts/docs --part11 FILE` from the tests that ran and passed (`pytest --clauses FILE`) and from the checks
of [`curator validate`](../how-to/validate.md). The program supports a system under Part 11; it makes none comply: what
stays with the customer stands in the last column and below. What a clause asks is told in short words of our own;
the regulation rules.

| clause | what it asks | how the program supports it | tests that ran | `curator validate` | with the customer |
| --- | --- | --- | --- | --- | --- |
"""


def clause_of(text: str) -> str:
    """Return the clause of the table under which a clause falls, such as 11.200(a)(1) for 11.200(a)(1)(i)."""
    found = [one.id for one in clauses() if text == one.id or text.startswith(f"{one.id}(")]
    if not found:
        raise ValueError(f"21 CFR {text} is not in the table")
    return max(found, key=len)


def read_run(path: Path) -> dict[str, list[str]]:
    """Read what ``pytest --clauses`` wrote: clause of the table to the ids of the tests that passed."""
    made: dict[str, set[str]] = {one.id: set() for one in clauses()}
    for row in json.loads(path.read_text(encoding="utf-8"))["tests"]:
        for clause in row["clauses"]:
            made[clause_of(clause)].add(row["test"])
    return {clause: sorted(tests) for clause, tests in made.items()}


def read_page(text: str) -> dict[str, list[str]]:
    """Read the ids of tests back from the page."""
    rows = {found[1]: line for line in text.splitlines() if (found := _ROW.match(line))}
    return {clause: _TEST.findall(line) for clause, line in rows.items()}


def page(tests: dict[str, list[str]]) -> str:
    """Write the page for clauses and the ids of their tests."""
    lines = []
    for one in clauses():
        commands = ", ".join(f"`curator {name}`" for name in one.commands)
        ran = "<br>".join(f"`{name}`" for name in tests.get(one.id, ())) or (ALONE if one.alone else NO_TEST)
        checks = "<br>".join(check.id for check in catalog() if check.clause == one.id) or "-"
        how = f"{one.program} {commands}".rstrip()
        lines.append(f"| {one.id} | {one.asks} | {how} | {ran} | {checks} | {', '.join(one.duty) or '-'} |")
    lines += ["", "## What stays with the customer", "", "| id | duty | what to do |", "| --- | --- | --- |"]
    lines += [f"| {one.id} | {one.title} | {one.text} |" for one in duties()]
    return HEAD + "\n".join(lines) + "\n"
