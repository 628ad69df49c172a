"""Settings that all tests share, and the list of clauses of 21 CFR Part 11 whose tests ran (``--clauses FILE``)."""

from __future__ import annotations

import inspect
import json
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "started"))

# The same examples on every machine and run, and no clock in the verdict: a busy machine is not a failure.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
# `scripts/soak/fuzz` draws anew under seeds of its own.
settings.register_profile("drawn", derandomize=False, deadline=None, database=None)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Give back the handling of interrupts: a command that was stopped in this process ignores further ones."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


_ONE = r"11\.[0-9]+(?:\([a-z0-9]+\))*"
#: First line of a docstring, of a test or else of its module: clauses, a colon, a sentence.
CLAUSES = re.compile(rf"21 CFR ({_ONE}(?:(?:, | and ){_ONE})*): (\S.*)")
_NAME = "clauses"


def clauses_of(text: str | None) -> tuple[list[str], str] | None:
    """Return the clauses and the sentence that a docstring begins with."""
    found = CLAUSES.match((text or "").strip().split("\n")[0])
    return None if found is None else (re.findall(_ONE, found[1]), found[2])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clauses", metavar="FILE", help="write which clauses of 21 CFR Part 11 had tests that passed")


def pytest_configure(config: pytest.Config) -> None:
    # In the background of a shell that ignores interrupts, what the tests start would ignore them too.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("--clauses") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collector(Path(config.getoption("--clauses"))), "clauses")


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.config.getoption("--clauses"):
        function = getattr(item, "function", None)
        found = clauses_of(inspect.getdoc(function)) or clauses_of(
            getattr(getattr(item, "module", None), "__doc__", "")
        )
        if found is not None:
            item.user_properties.append((_NAME, json.dumps(found)))


class Collector:
    """Takes the reports of this process or, with xdist, of all workers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: dict[str, Any] = {}
        self.passed: dict[str, int] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = dict(report.user_properties).get(_NAME)
        if said is None:
            return
        test = report.nodeid.split("[")[0]
        self.said[test] = json.loads(str(said))
        if report.failed:
            self.failed.add(test)
        elif report.when == "call" and report.passed:
            self.passed[test] = self.passed.get(test, 0) + 1

    def pytest_sessionfinish(self) -> None:
        rows = [
            {"clauses": self.said[test][0], "test": test, "sentence": self.said[test][1], "passed": count}
            for test, count in sorted(self.passed.items())
            if test not in self.failed
        ]
        self.path.write_text(json.dumps({"format": 1, "tests": rows}, indent=1) + "\n", encoding="utf-8")
