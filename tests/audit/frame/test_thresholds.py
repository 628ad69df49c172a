"""Settings are held against what the checks have: a slip is refused, and the table of thresholds is the whole truth."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest

import curator.audit
from curator.audit import catalog
from curator.audit.catalog import table
from curator.audit.settings import disabled
from curator.audit.thresholds import known
from curator.core.errors import UsageError

ROOT = Path(curator.audit.__file__).parent


def asked():
    """Return the names and the literal defaults that the modules of the audit ask for, by module."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "threshold":
                name, default = node.args[1:3]
                if isinstance(name, ast.Constant):
                    yield path.stem, name.value, default


def test_every_threshold_that_a_check_asks_for_stands_in_the_table():
    module_of = {place.partition(":")[0]: check for check, place in table().items()}
    for module, name, default in asked():
        rows = {module_of[module]: known()[module_of[module]]} if module in module_of else known()
        assert any(name in one for one in rows.values()), (module, name)
        if module in module_of and isinstance(default, ast.Constant | ast.List | ast.UnaryOp):
            assert known()[module_of[module]][name]["default"] == ast.literal_eval(default), (module, name)


def test_the_table_names_checks_that_there_are_and_each_default_may_be_given():
    assert set(known()) <= set(table())
    given = {check: {name: row["default"] for name, row in rows.items()} for check, rows in known().items()}
    assert disabled(given, table()) == frozenset()


@pytest.mark.parametrize(
    ("check", "given", "said"),
    [
        ("labels/agreement", {"lest": 0.8}, "it has by, least, samples, statistic"),
        ("privacy/dates", {"finest": "month"}, "it has none"),
        ("labels/drift", {"most": 10}, "not between 0 and 1"),
        ("labels/agreement", {"least": float("nan")}, "not between -1 and 1"),
        ("labels/agreement", {"least": "high"}, "another type"),
        ("labels/agreement", {"by": "pairable"}, "none of low, value"),
        ("privacy/k-anonymity", {"k": 0}, "below 1"),
        ("representation/sex", {"least": {"F": 40}}, "not between 0 and 1"),
        ("representation/sex", {"least": {"F": "half"}}, "no number"),
        ("representation/thin-strata", {"by": ["sexx"]}, "none of sex"),
    ],
)
def test_a_slip_in_a_threshold_is_refused(check, given, said):
    with pytest.raises(UsageError) as caught:
        disabled({check: given}, table())
    assert caught.value.code == "AUD-002"
    assert said in str(caught.value)


def test_checks_of_others_say_themselves_what_they_ask_for():
    assert disabled({"site/own": {"anything": 1}}, {**table(), "site/own": ""}) == frozenset()


def test_a_check_of_an_installed_package_is_named_by_package_and_version(monkeypatch):
    class Entry:
        name = "own"
        dist = SimpleNamespace(name="site-checks", version="1.2")

        @staticmethod
        def load():
            return SimpleNamespace(
                id="site/own", title="t", severity="minor", clause="c", needs=(), run=lambda _subject: None
            )

    monkeypatch.setattr(catalog, "entry_points", lambda **_: [Entry()])
    assert catalog.catalog()[-1].origin == "installed package site-checks 1.2"
