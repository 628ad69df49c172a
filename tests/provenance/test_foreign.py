"""Python packages that share no code with this one accept what it exports, and refuse what was changed.

The other verifiers (openssl, Go, npm, signify) are asked by scripts/interop/verifiers, which needs them installed.
"""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import evidence
import foreign
import pytest
import runners
import sample
import verifiers

SCRIPTS = Path(evidence.__file__).parent
PACKAGES = {"securesystemslib", "in-toto-attestation", "rfc3161-client"}
ENTRIES = {entry["name"]: entry for entry in tomllib.loads((SCRIPTS / "verifiers.toml").read_text())["verifier"]}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("foreign")
    sample.make(folder / "ledger", (12, 17, 20, 27, 33))
    (folder / "work").mkdir()
    return verifiers.gather(folder / "ledger", folder / "work", 6)


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_a_foreign_package_accepts_all_that_is_good_and_refuses_all_that_was_changed(name: str, cases: Any) -> None:
    """21 CFR 11.10(a): altered records are discerned, by software of others too."""
    blind = ENTRIES[name].get("blind", {})
    given = [case for job in ENTRIES[name]["jobs"] for case in cases[job] if case.wrong not in blind]
    assert sum(not case.wrong for case in given) >= 5
    assert sum(bool(case.wrong) for case in given) >= 6
    for case in given:
        assert foreign.accepts(name, case.job, case.data) == (not case.wrong), f"{case.job}: {case.wrong}"


def test_what_a_package_is_excused_from_it_really_does_not_notice(cases: Any) -> None:
    for name in sorted(PACKAGES):
        blind = ENTRIES[name].get("blind", {})
        excused = [case for job in ENTRIES[name]["jobs"] for case in cases[job] if case.wrong in blind]
        assert len(excused) == len(blind)
        for case in excused:
            assert foreign.accepts(name, case.job, case.data), case.wrong


def test_each_job_has_good_and_wrong_evidence_and_no_name_twice(cases: Any) -> None:
    jobs = {
        "envelope",
        "p256-envelope",
        "statement",
        "checkpoint",
        "tree",
        "inclusion",
        "consistency",
        "tiles",
        "token",
    }
    assert set(cases) == jobs
    for job, some in cases.items():
        wrong = [case.wrong for case in some if case.wrong]
        assert len(wrong) == len(set(wrong)) >= 7, job
        assert any(not case.wrong for case in some), job


class Answering:
    """A stand-in for the runners: one verifier that always answers the same, breaks down, or is not there."""

    def __init__(self, answer: bool | None) -> None:
        self.answer = answer

    def of(self, name: str) -> Any:
        if self.answer is None:
            raise runners.NotRunError(name)
        return "1.0", lambda cases: [self.answer] * len(cases)


def test_a_verifier_that_accepts_everything_or_nothing_or_is_not_there_does_not_pass(cases: Any) -> None:
    entry = {"name": "x", "what": "trees", "jobs": ["tree"], "blind": {"another root": "says the test"}}
    lenient = verifiers.judge(entry, Answering(True), cases)
    assert (lenient.accepted, lenient.refused, lenient.wrong) == (lenient.good, 0, 6)
    assert len(lenient.failures) == 6
    strict = verifiers.judge(entry, Answering(False), cases)
    assert (strict.accepted, strict.refused, len(strict.failures)) == (0, 6, strict.good)
    absent = verifiers.judge(entry, Answering(None), cases)
    assert (absent.ran, absent.failures) == (False, [])
    page = verifiers.markdown([lenient, absent], cases)
    assert f"| x | 1.0 | trees | {lenient.good} of {lenient.good} | 0 of 6 |" in page
    assert "| x | not run | trees | not run | not run |" in page
    assert "another root (says the test)" in page
    assert "JUDGED WRONG  tree: an entry removed" in "\n".join(verifiers.lines([lenient]))
    without = verifiers.judge({**entry, "jobs": ["nothing"]}, Answering(True), cases)
    assert not without.ran


def test_a_verifier_that_breaks_down_has_accepted_nothing() -> None:
    for out, code in ((b"[true]", 1), (b"[true, true]", 0), (b"{}", 0), (b"", 0), (b"[1]", 0), (b"3", 0)):
        done = subprocess.CompletedProcess([], code, stdout=out)
        assert runners.answers(done, 1) == [False]
    assert runners.answers(subprocess.CompletedProcess([], 0, stdout=b"[true]"), 1) == [True]
