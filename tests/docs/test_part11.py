"""The page on 21 CFR Part 11 names tests and commands that exist, and has a test for every clause that can have one."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from curator.cli.lazy import LazyGroup
from curator.validation.catalog import catalog
from curator.validation.clauses import clauses, duties

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "part-11.md"


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PART11 = loaded(ROOT / "scripts" / "part11.py")
SHARED = loaded(ROOT / "tests" / "conftest.py")


def clauses_in_source(test: str) -> list[str]:
    """The clauses that the docstring of a test, or of its module, begins with; none where there is no such test."""
    path, name = test.split("::")
    if not (ROOT / path).is_file():
        return []
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    for node in (*own, *([tree] if own else [])):
        found = SHARED.clauses_of(ast.get_docstring(node))
        if found is not None:
            return [PART11.clause_of(one) for one in found[0]]
    return []


def test_every_clause_has_a_row_and_a_test_that_exists_or_stays_with_the_customer() -> None:
    rows = PART11.read_page(PAGE.read_text(encoding="utf-8"))
    assert list(rows) == [one.id for one in clauses()]
    for one in clauses():
        assert bool(rows[one.id]) is not one.alone, one.id
        for test in rows[one.id]:
            assert one.id in clauses_in_source(test), f"{one.id}: {test}"
    assert [one.id for one in clauses() if one.alone] == ["11.100(c)"]


def test_the_page_has_the_form_that_the_script_writes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert PART11.page(PART11.read_page(text)) == text


def test_every_command_of_the_table_exists() -> None:
    group = LazyGroup("curator")
    context = click.Context(group)
    for one in clauses():
        for command in one.commands:
            at: Any = group
            for word in command.split():
                at = at.get_command(context, word)
                assert at is not None, command


def test_every_duty_that_a_clause_names_is_told_and_every_check_stands_in_its_row() -> None:
    told = {one.id for one in duties()}
    assert {name for one in clauses() for name in one.duty} == told
    lines = {line.split(" | ")[0].strip("| "): line for line in PAGE.read_text(encoding="utf-8").splitlines()}
    for check in catalog():
        assert check.id in lines[check.clause]


def test_a_finer_clause_falls_under_the_one_of_the_table_and_an_unknown_one_is_refused() -> None:
    assert PART11.clause_of("11.200(a)(1)(ii)") == "11.200(a)(1)"
    assert PART11.clause_of("11.30") == "11.30"
    for text in ("11.3", "11.10(z)", "11.1"):
        with pytest.raises(ValueError, match="not in the table"):
            PART11.clause_of(text)


def test_every_clause_that_a_test_names_is_in_the_table() -> None:
    named = 0
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in (tree, *ast.walk(tree)):
            if isinstance(node, (ast.Module, ast.FunctionDef)):
                text = ast.get_docstring(node) or ""
                found = SHARED.clauses_of(text)
                assert (found is not None) == text.startswith("21 CFR"), f"{path.name}: {text[:60]}"
                named += sum(bool(PART11.clause_of(one)) for one in (found[0] if found else ()))
    assert named > 80


RUN = '''
"""Tests of a made-up suite."""
import pytest

def test_one():
    """21 CFR 11.70 and 11.10(a): it holds."""

@pytest.mark.parametrize("at", [1, 2])
def test_two(at):
    """21 CFR 11.50(a): it holds once."""
    assert at == 1

def test_three():
    """21 CFR 11.50(b): it is left out."""
    pytest.skip("not here")

def test_four():
    """It names no clause."""
'''


@pytest.mark.parametrize("workers", ["0", "2"])
def test_only_tests_that_ran_and_passed_are_collected(tmp_path: Path, workers: str) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_made_up.py").write_text(RUN)
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", workers, "--clauses", "ran.json"]
    done = subprocess.run([*line, "."], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1, done.stdout + done.stderr
    ran = json.loads((tmp_path / "ran.json").read_text())["tests"]
    assert ran == [
        {"clauses": ["11.70", "11.10(a)"], "test": "test_made_up.py::test_one", "sentence": "it holds.", "passed": 1}
    ]
    found = PART11.read_run(tmp_path / "ran.json")
    assert found["11.70"] == found["11.10(a)"] == ["test_made_up.py::test_one"]
    assert (found["11.50(a)"], found["11.50(b)"]) == ([], [])
    assert f"| {PART11.NO_TEST} |" in PART11.page(found)
