"""The tables of codes and the code that raises them say the same."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest

import curator
from curator.core import errors
from curator.core.errors import EXIT_OF_KIND, CuratorError, codes

PACKAGE = Path(curator.__file__).parent
CODE = re.compile(r"[A-Z]{3}-[0-9]{3}")
TABLES = sorted((PACKAGE / "core" / "codes").glob("*.toml"))


@cache
def trees() -> list[tuple[str, list[ast.AST]]]:
    """Each module with its classes, calls and constants."""
    told = (ast.ClassDef, ast.Call, ast.Constant)
    return [
        (
            path.relative_to(PACKAGE).as_posix(),
            [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, told)],
        )
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


@cache
def kinds() -> dict[str, str]:
    """Every error class of the package by its name, with its kind."""
    found = {
        name: cls.kind for name, cls in vars(errors).items() if isinstance(cls, type) and issubclass(cls, CuratorError)
    }
    for _, nodes in trees():
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in found]
                own = [
                    item.value.value
                    for item in node.body
                    if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "kind"
                ]
                if bases:
                    found[node.name] = own[0] if own else found[bases[0]]
    return found


@cache
def raised() -> list[tuple[str, int, str, str, set[str] | None]]:
    """File, line, class, code and names of the facts of every error that is made with a literal code."""
    known, out = kinds(), []
    for name, nodes in trees():
        for node in nodes:
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in known
                and node.args
            ):
                first = node.args[0]
                options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                facts = {word.arg for word in node.keywords if word.arg}
                for option in options:
                    if isinstance(option, ast.Constant) and isinstance(option.value, str):
                        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                        star = any(word.arg is None for word in node.keywords)
                        out.append((name, node.lineno, called, option.value, None if star else facts))
    return out


def test_the_search_sees_the_errors() -> None:
    assert len(raised()) > 100


def test_every_code_raised_stands_in_a_table_under_the_kind_of_its_class() -> None:
    known, table = kinds(), codes()
    wrong = [
        f"{name}:{line} {called}({code})"
        for name, line, called, code, _ in raised()
        if code not in table or (known[called] != table[code]["kind"] and called != "CuratorError")
    ]
    assert wrong == []


def test_every_code_raised_brings_the_facts_that_its_words_need() -> None:
    table = codes()
    wrong = []
    for name, line, _, code, facts in raised():
        if code in table and facts is not None:
            words = table[code]["sentence"] + table[code]["hint"]
            needed = {field for _, field, _, _ in string.Formatter().parse(words) if field}
            if needed - facts:
                wrong.append(f"{name}:{line} {code} lacks {sorted(needed - facts)}")
    assert wrong == []


def test_every_code_named_anywhere_in_the_source_stands_in_a_table() -> None:
    table = codes()
    unknown = {
        f"{name} {node.value}"
        for name, nodes in trees()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
        if node.value not in table
    }
    assert unknown == set()


def test_every_code_of_a_table_is_used() -> None:
    used = {
        node.value
        for _, nodes in trees()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(codes()) - used) == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_is_in_order_and_complete(path: Path) -> None:
    import tomllib

    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(table) == sorted(table)
    for code, entry in table.items():
        assert CODE.fullmatch(code)
        assert path.stem.startswith(code[:3])
        limits = {name for name in ("limit", "most") if f"{{{name}}}" in entry["sentence"]}
        assert {"kind", "sentence", "hint"} <= set(entry) <= {"kind", "sentence", "hint", *limits}
        assert entry["kind"] in EXIT_OF_KIND
        assert entry["sentence"].endswith((".", ": {why}"))
        assert entry["hint"].endswith((".", ")"))
        assert "\n" not in entry["sentence"] + entry["hint"]


def test_no_code_stands_in_two_tables() -> None:
    import tomllib

    names = [code for path in TABLES for code in tomllib.loads(path.read_text(encoding="utf-8"))]
    assert len(names) == len(set(names))
