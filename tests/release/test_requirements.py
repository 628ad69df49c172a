"""The table of requirements, what shows each, and how people's answers count."""

from __future__ import annotations

import json
import math
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from curator.core.errors import GateError, UsageError
from curator.provenance.facts import Answer
from curator.provenance.facts import Facts as ProvenanceFacts
from curator.provenance.kinds_answers import MAX_ANSWER, answer
from curator.provenance.verify import verify_ledger
from curator.release.documents import deidentification
from curator.release.documents.common import table
from curator.release.documents.table import DOCUMENTS
from curator.release.facts import Facts
from curator.release.facts_labels import class_of
from curator.release.made import check_answered
from curator.release.project_facts import ProjectFacts
from curator.release.requirements.evidence import FINDERS, standings
from curator.release.requirements.legal import legal
from curator.release.requirements.table import Class, Stage, counted, requirement, requirements, unanswered
from curator.release.shares import agreeing, difference, share_text, wilson
from curator.release.verify import verify_package
from curator.report.html import html_page
from curator.report.model import Cell
from curator.scrub.policy import load_policy


def test_the_table_has_94_items_of_three_classes() -> None:
    counts = Counter(str(one.kind) for one in requirements())
    assert counts == {"A": 43, "P": 42, "H": 9}
    assert len({one.id for one in requirements()}) == 94


def test_every_item_names_evidence_and_documents_that_exist() -> None:
    slugs = {one.SLUG for one in DOCUMENTS}
    for one in requirements():
        assert set(one.evidence) <= FINDERS.keys(), one.id
        assert set(one.shown) <= slugs, one.id
        assert one.evidence or one.kind == Class.HUMAN, one.id
    assert {name for one in requirements() for name in one.evidence} == FINDERS.keys()


def test_an_item_is_found_by_its_id_in_any_case() -> None:
    assert requirement("dm-04").kind == Class.HUMAN
    with pytest.raises(UsageError, match="SUB-014"):
        requirement("XX-99")


def test_unanswered_items_block_and_answered_ones_do_not() -> None:
    said = Answer("It is so.", "rev", 3, "0" * 64)
    assert len(unanswered({})) == 51
    state = SimpleNamespace(facts=SimpleNamespace(answers={}))
    with pytest.raises(GateError, match=r"SUB-011.*51.*DM-01.*CA-04"):
        check_answered(state)  # type: ignore[arg-type]
    state.facts.answers = {one.id: said for one in requirements() if one.needs_text}
    check_answered(state)  # type: ignore[arg-type]


@pytest.mark.parametrize(("needs", "wanted"), [(None, "LC-01"), ("determination", "LC-02"), ("agreement", "LC-03")])
def test_a_claim_needs_its_own_statement_signed_under_the_policy_in_force(needs: Any, wanted: str) -> None:
    facts, policy = ProvenanceFacts(), SimpleNamespace(needs_document=needs)
    facts.answers = {one.id: Answer("It is so.", "rev", 3, "0" * 64) for one in requirements()}
    state = SimpleNamespace(facts=facts)
    with pytest.raises(GateError, match=rf"SUB-011.*{wanted}"):
        check_answered(state, policy)  # type: ignore[arg-type]
    facts.answers |= {f"LC-0{n}": Answer("It is so.", "rev", 4, "1" * 64) for n in (1, 2, 3) if f"LC-0{n}" != wanted}
    assert (legal(needs, facts).item.id, legal(needs, facts).stage) == (wanted, Stage.WAITING)
    facts.answers[wanted] = Answer("It is so.", "rev", 5, "2" * 64)
    check_answered(state, policy)  # type: ignore[arg-type]
    facts.policy_place = 6
    assert legal(needs, facts).answer is None
    assert requirement(wanted.lower()).id == wanted


def test_the_report_shows_the_statement_that_the_claim_needs(whole: SimpleNamespace) -> None:
    def page() -> str:
        state = verify_package(whole.folder).contents.state
        state.facts.answers |= said
        return html_page(deidentification.make(Facts(whole.folder, state, whole.inputs.further.guard))).decode()

    said: dict[str, Answer] = {}
    assert "No person has signed it yet (LC-01" in page()
    said["LC-01"] = Answer("Nobody here knows of a way.", "rev", 5, "2" * 64)
    assert "Nobody here knows of a way." in page()
    assert "No person has signed it yet" not in page()


def test_a_package_shows_every_item_with_its_state(whole: SimpleNamespace) -> None:
    facts = Facts(whole.folder, verify_package(whole.folder).contents.state, whole.inputs.further.guard)
    found = {one.item.id: one for one in standings(facts)}
    assert found["DM-03"].stage == Stage.MADE
    assert "site-1: 2019 to 2023" in found["DM-03"].shown[0].text
    assert "acquired.json sha256:" in found["DM-03"].shown[0].source
    assert found["DM-04"].stage == Stage.GIVEN
    assert found["DM-09"].stage == Stage.WAITING
    assert (found["DM-27"].stage, found["DM-27"].lacking) == (Stage.MISSING, ("splits",))
    assert found["PV-01"].stage == Stage.MADE
    sums = counted(found.values())
    assert [sums[kind].total() for kind in "APH"] == [43, 42, 9]
    assert sums["P"][Stage.GIVEN] + sums["P"][Stage.MISSING] == 1


def test_a_project_shows_the_same_as_its_package(whole: SimpleNamespace) -> None:
    site, guard = whole.site, whole.inputs.further.guard
    state = verify_ledger(site.project.ledger).require().state
    own = standings(ProjectFacts(site.project, state, load_policy("safe-harbor"), guard))
    package = Facts(whole.folder, verify_package(whole.folder).contents.state, guard)
    assert [(one.item.id, one.stage, one.lacking) for one in own] == [
        (one.item.id, one.stage, one.lacking) for one in standings(package)
    ]


def test_an_answer_is_a_record_and_the_newest_counts(site: Any) -> None:
    for text in ("First.", "Second,\nin two lines."):
        site.sign(answer("DM-04", text, lambda _: True))
    state = verify_ledger(site.project.ledger).require().state
    assert state.facts.answers["DM-04"].text == "Second,\nin two lines."
    assert state.facts.answers["DM-04"].signer == "rev"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_ANSWER + 1), "a\x07b", "\u202eevil"])
def test_an_answer_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="SUB-010"):
        answer("DM-04", text, lambda _: True)
    with pytest.raises(UsageError, match="SUB-010"):
        answer("dm 4", "fine", lambda _: True)


def test_an_identifier_in_an_answer_is_refused_by_line_and_not_repeated() -> None:
    def guard(text: str) -> bool:
        return "Otilia Brandywine" not in text

    with pytest.raises(UsageError, match=r"SUB-018.*line 2") as raised:
        answer("DM-04", "One.\nSeen by Otilia Brandywine.\nThree.", guard)
    assert "Otilia" not in str(raised.value)
    with pytest.raises(UsageError, match="SUB-018"):
        answer("DM-04", "Seen by Otilia\n  Brandywine.", guard)


def test_intervals_are_wilsons() -> None:
    low, high = wilson(5, 10)
    assert (round(low, 4), round(high, 4)) == (0.2366, 0.7634)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
    assert share_text(1, 4) == "25.0 % (4.6 to 69.9)"


def test_differences_of_two_groups_are_standardized() -> None:
    assert difference(Counter(a=5, b=5), Counter(a=5, b=5)) == 0
    found = difference(Counter(a=6, b=4), Counter(a=4, b=6))
    assert found is not None
    assert math.isclose(found, 0.2 / math.sqrt(0.24))
    assert difference(Counter(a=3), Counter(b=3)) == math.inf
    assert difference(Counter(), Counter(b=3)) is None


def test_agreement_counts_only_what_two_readers_read() -> None:
    agreed, read, classes = agreeing([["a", "a"], ["a", "b"], ["b"]])
    assert (agreed, read) == (1, 2)
    assert classes == {"a": (1, 2), "b": (1, 1)}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("nodule", "nodule"),
        ({"class": "x"}, "x"),
        ({"classes": ["b", "a"]}, "a, b"),
        ({"x": 1}, ""),
        ("y" * 99, ""),
        (3, ""),
    ],
)
def test_a_class_is_read_from_a_value(value: Any, name: str) -> None:
    assert class_of(json.loads(json.dumps(value))) == name


def test_a_number_of_a_table_names_where_it_comes_from() -> None:
    row = ["ann", Cell("12", source="leaf a"), "50.0 % (1.0 to 99.0)", "2026-11-20", Cell("3", source="leaf b"), "7"]
    made = table("Counts", ("a", "b", "c", "d", "e", "f"), [["17", *row[1:]], ["1", "2", "x", "-", "", ""]])
    assert [one.source for one in made.rows[0]] == ["leaf a", "leaf a", "leaf a", "", "leaf b", "leaf b"]
    assert {one.source for one in made.rows[1]} == {""}
