"""What a label says of itself must hold: digest, scale, place, proposals, what qualifies the signer."""

from __future__ import annotations

from typing import Any

import pytest
from ledger_world import World

from curator.core.errors import UsageError
from curator.provenance.label_facts import check_confidence, digest_of, scale_of
from curator.provenance.verify import verify_ledger


@pytest.fixture
def ready(world: World) -> World:
    return world.people().guide()


def test_the_digest_of_the_value_is_written_and_computed_again(ready: World) -> None:
    (made,) = ready.sign(ready.label(1))
    assert made.predicate["digestOfValue"] == digest_of(made.predicate["value"])
    assert len(made.predicate["digestOfValue"]) == 64


def test_the_value_stays_the_last_key_of_the_predicate(ready: World) -> None:
    from curator.core.schema import load_schema

    names = load_schema("record-label")["properties"]["predicate"]["properties"]
    assert max(names) == "value"


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("LBL-035", {"digestOfValue": "0" * 64}),
        ("LBL-007", {"confidence": "1.5", "confidenceScale": "probability-0-1"}),
        ("LBL-007", {"confidence": "1.5"}),
        ("LBL-007", {"confidence": "0", "confidenceScale": "likert-1-5"}),
        ("LBL-007", {"confidence": "4.5", "confidenceScale": "likert-1-5"}),
        ("LBL-039", {"confidence": "4", "confidenceScale": "likert-5-1"}),
        ("LBL-030", {"confidence": None, "confidenceScale": "likert-1-5"}),
        ("LBL-036", {"location": {}}),
        ("LBL-036", {"location": {"frames": [1], "slice": 1}}),
        ("LBL-036", {"location": {"frames": [2, 1]}}),
        ("LBL-036", {"location": {"frames": [2, 2]}}),
        ("LBL-037", {"preLabel": {"shown": False, "changed": True}}),
        ("LBL-037", {"preLabel": {"shown": False, "origin": "model-7"}}),
        ("LBL-038", {"qualification": "0" * 64}),
        ("LBL-040", {"informationShown": ["report", "report"]}),
        ("LBL-046", {"toolReviews": [{"outcome": "accepted", "reviewer": "nobody"}]}),
        ("LBL-046", {"toolReviews": [{"outcome": "accepted"}, {"outcome": "rejected", "at": "2999-01-01T00:00:00Z"}]}),
    ],
)
def test_a_label_that_contradicts_itself_is_refused(ready: World, code: str, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        ready.sign(ready.label(1, **more))
    assert caught.value.code == code
    assert caught.value.hint
    assert verify_ledger(ready.folder).require().size == 5


@pytest.mark.parametrize(
    "more",
    [
        {"confidence": "4", "confidenceScale": "likert-1-5"},
        {"confidence": "99.5", "confidenceScale": "percent-0-100"},
        {"location": {"slice": 12}},
        {"location": {"frames": [1, 7, 9]}},
        {"informationShown": []},
        {"preLabel": {"shown": True, "changed": False, "origin": "model-7"}},
        {"preLabel": {"shown": False}},
        {"blinded": False, "independent": True, "truthBasis": "pathology"},
        {
            "toolReviews": [
                {"outcome": "rejected", "at": "2026-01-01T00:00:00Z"},
                {"outcome": "accepted", "reviewer": "ben"},
            ]
        },
    ],
)
def test_what_a_label_states_is_kept_as_stated_and_nothing_is_added(ready: World, more: dict[str, Any]) -> None:
    (made,) = ready.sign(ready.label(1, **more))
    optional = {"location", "informationShown", "preLabel", "blinded", "independent", "truthBasis", "confidenceScale"}
    optional |= {"toolReviews"}
    assert {name: made.predicate[name] for name in optional & made.predicate.keys()} == {
        name: value for name, value in more.items() if name in optional
    }


def test_what_qualifies_a_signer_is_the_record_of_the_own_enrollment(ready: World) -> None:
    """21 CFR 11.10(i): who signs has the education, training and experience, by a record that is named."""
    seen: list[Any] = []
    state = verify_ledger(ready.folder, visit=seen.append).require().state
    by_person = {
        one.subject[0]["name"].removeprefix("people/"): one.leaf.hex() for one in seen if "request" in one.predicate
    }
    assert {name: leaves[-1] for name, leaves in state.qualifies.items()} == by_person
    ready.sign(ready.label(1, qualification=by_person["ada"]))
    with pytest.raises(UsageError, match="LBL-038"):
        ready.sign(ready.label(2, qualification=by_person["ben"]))


def test_a_new_enrollment_replaces_what_qualified_before(ready: World) -> None:
    from curator.provenance.enroll import revoke

    (old,) = verify_ledger(ready.folder).require().state.qualifies["ben"]
    revoke(ready.ledger, "ben", "lost", World.key("rita"), ready.clock)
    ready.enroll("ben", "rita", salt="new")
    (new,) = verify_ledger(ready.folder).require().state.qualifies["ben"]
    assert new != old


@pytest.mark.parametrize("scale", ["likert", "likert-1", "likert-1-1", "Likert-1-5", "a-b-c", "likert-1-5-9", ""])
def test_a_scale_of_another_form_is_refused(scale: str) -> None:
    with pytest.raises(UsageError, match="LBL-039"):
        scale_of(scale)


def test_the_ends_of_a_scale_belong_to_it() -> None:
    for value in ("0", "1", "0.000000001"):
        check_confidence(value, None)
    for value in ("1", "5", "3"):
        check_confidence(value, "likert-1-5")
    for value in ("-0.1", "1.000000001", "NaN", "x"):
        with pytest.raises(UsageError, match="LBL-007"):
            check_confidence(value, "probability-0-1")
