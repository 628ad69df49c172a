"""Every check passes on a sound machine, and none passes when what it checks is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from saboteurs import BREAKS, Break

from curator.core.errors import UsageError
from curator.validation.catalog import catalog, chosen
from curator.validation.clauses import clauses
from curator.validation.model import COULD_NOT_CHECK, FAIL, PASS, Check, NotAsExpectedError, expect, refused
from curator.validation.runner import run_check, run_checks

#: Checks that look at the installation itself; test_installed.py breaks made-up installations for them.
ELSEWHERE = {"IQ-02"}
PAIRS = [(one, broken) for one in catalog() for broken in BREAKS.get(one.id, ())]


def named(name: str) -> Check:
    return next(one for one in catalog() if one.id == name)


@pytest.mark.parametrize("one", catalog(), ids=lambda one: one.id)
def test_a_check_passes_on_a_sound_machine(one: Check, tmp_path: Path) -> None:
    """21 CFR 11.10(a): each check of the qualification finds the program in order."""
    result = run_check(one, tmp_path / "check")
    wanted = {PASS, COULD_NOT_CHECK} if one.id in ELSEWHERE else {PASS}
    assert result.outcome in wanted, result.evidence
    assert result.evidence


@pytest.mark.parametrize(("one", "broken"), PAIRS, ids=[f"{one.id}-{broken.__name__}" for one, broken in PAIRS])
def test_a_check_fails_when_what_it_checks_is_broken(
    one: Check, broken: Break, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """21 CFR 11.10(a): no check of the qualification passes on a program that was broken on purpose."""
    broken(monkeypatch)
    result = run_check(one, tmp_path / "check")
    monkeypatch.undo()
    wanted = (FAIL, COULD_NOT_CHECK) if one.id.startswith("IQ") else (FAIL,)
    assert result.outcome in wanted, result.evidence
    # It is the check that found it, not an accident of breaking.
    assert not result.evidence.startswith("stopped at"), result.evidence


def test_there_is_a_way_to_break_every_check() -> None:
    assert {one.id for one in catalog()} - ELSEWHERE == set(BREAKS)


def test_every_check_names_a_clause_of_the_table_and_every_clause_that_a_program_can_support_has_a_check() -> None:
    there = {one.id for one in clauses()}
    checked = {one.clause for one in catalog()}
    assert checked <= there
    assert {one.id for one in clauses() if not one.alone} == checked


def test_no_text_of_a_check_promises_more_than_a_check_can() -> None:
    texts = " ".join(f"{one.requirement} {one.expected}" for one in catalog())
    texts += " ".join(f"{one.asks} {one.program}" for one in clauses())
    assert not re.search(r"compliant|certif(?!y|ication)|guarantee", texts, re.IGNORECASE)


def test_checks_are_chosen_by_id_or_by_its_beginning() -> None:
    assert [one.id for one in chosen(("OQ-11.70-1", "IQ-01"))] == ["IQ-01", "OQ-11.70-1"]
    assert {one.id.split("-")[0] for one in chosen(("OQ",))} == {"OQ"}
    assert len(chosen(("OQ-11.70",))) == 4
    assert chosen(()) == catalog()
    for name in ("OQ-11.7", "IQ-0", "", "oq", "QUILLFEATHER"):
        with pytest.raises(UsageError, match="VAL-001"):
            chosen((name,))


def test_whatever_a_check_raises_becomes_a_result_without_its_text(tmp_path: Path) -> None:
    from dataclasses import replace

    def burst(_bench: object) -> str:
        raise ValueError("QUILLFEATHER")

    def starved(_bench: object) -> str:
        raise OSError("QUILLFEATHER")

    one = named("IQ-01")
    result = run_check(replace(one, run=burst), tmp_path / "a")
    assert (result.outcome, "QUILL" in result.evidence) == (FAIL, False)
    result = run_check(replace(one, run=starved), tmp_path / "b")
    assert (result.outcome, "QUILL" in result.evidence) == (COULD_NOT_CHECK, False)


def test_a_refusal_with_another_code_or_none_is_not_as_expected() -> None:
    with refused("KEY-001"):
        raise UsageError("KEY-001")
    with pytest.raises(NotAsExpectedError, match="KEY-002 where KEY-001"), refused("KEY-001"):
        raise UsageError("KEY-002")
    with pytest.raises(NotAsExpectedError, match="not refused"), refused("KEY-001"):
        pass
    with pytest.raises(NotAsExpectedError, match="so"):
        expect([], "so")


def test_the_scratch_folder_is_private_while_it_is_there_and_gone_afterwards(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def look(_result: object) -> None:
        (base,) = tmp_path.iterdir()
        seen.append((base.stat().st_mode & 0o777, len(list(base.iterdir()))))

    run_checks(chosen(("IQ-10", "IQ-11")), tmp_path, look)
    assert seen == [(0o700, 0), (0o700, 0)]
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    def stop(_result: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_checks(chosen(("IQ-10",)), tmp_path, stop)
    assert list(tmp_path.iterdir()) == []
