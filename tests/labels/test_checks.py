"""One label by itself: what is taken, in which form, and what is refused under which code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.canonical import canonical_bytes
from curator.core.errors import UsageError
from curator.labels.checks import check, named, plain, texts
from curator.labels.model import Label
from curator.labels.reading import Digits, read

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
GOOD = {
    "labelId": "l-1",
    "sample": "2.25.1",
    "kind": "finding",
    "value": {"text": "nodule"},
    "author": "ada",
    "labeledAt": "2026-05-04T10:15:00+02:00",
}


def made(**more: Any) -> Label:
    fields = {**GOOD, **more}
    return check(3, {k: v for k, v in fields.items() if v is not ...}, now=NOW)


def code(**more: Any) -> str:
    with pytest.raises(UsageError) as caught:
        made(**more)
    return caught.value.code


def test_times_are_kept_as_utc_with_the_offset_that_was_stated() -> None:
    """21 CFR 11.10(e): claimed times are kept in UTC with their offset, apart from the time of signing."""
    label = made()
    assert (label.labeled_at, label.labeled_offset, label.line) == ("2026-05-04T08:15:00Z", "+02:00", 3)
    assert made(labeledAt="2026-05-04T10:15:00.123456z").labeled_at == "2026-05-04T10:15:00Z"
    assert made(labeledAt="2026-05-04 06:15:00-05:45").labeled_at == "2026-05-04T12:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-04T10:15:00",
        "2026-05-04",
        "2026-05-04T10:15Z",
        "04/05/2026 10:15",
        "2026-13-04T10:15:00Z",
        "2026-05-04T24:15:00Z",
        "2026-02-30T10:15:00Z",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "2026-05-04T10:15:00+23:00",
        "20260504T101500Z",
        "2026-05-04T10:15:00Z\n",
        "٢٠٢٦-05-04T10:15:00Z",
    ],
)
def test_a_time_without_a_zone_or_of_another_form_is_refused(text: str) -> None:
    assert code(labeledAt=text) == "LBL-008"


@pytest.mark.parametrize("text", ["2026-05-04T12:00:01Z", "2026-05-04T13:00:01+01:00", "2999-01-01T00:00:00Z"])
def test_a_time_in_the_future_is_refused(text: str) -> None:
    assert code(labeledAt=text) == "LBL-009"


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("0.90", "0.90"),
        (0, "0"),
        (1, "1"),
        ("1.000", "1.000"),
        (Digits("0.5"), "0.5"),
        (Digits("5e-1"), "0.5"),
        ("-0", "0"),
    ],
)
def test_a_confidence_is_kept_digit_for_digit(given_: Any, kept: str) -> None:
    assert made(confidence=given_, confidenceScale="probability-0-1").confidence == kept


@pytest.mark.parametrize(
    "given_", ["1.1", "-0.1", "NaN", "Infinity", "high", 2, -1, "0.1234567890", Digits("1e-10"), Digits("1e5"), "", " "]
)
def test_a_confidence_outside_0_to_1_is_refused(given_: Any) -> None:
    assert code(confidence=given_) == "LBL-007"


@pytest.mark.parametrize("given_", [True, None, [], {"a": 1}])
def test_a_confidence_of_another_type_is_refused(given_: Any) -> None:
    assert code(confidence=given_) in {"LBL-004", "LBL-007"}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_required_field_is_required(name: str) -> None:
    assert code(**{name: ...}) == "LBL-004"


@pytest.mark.parametrize(
    "more",
    [
        {"labelId": ""},
        {"labelId": "a b"},
        {"labelId": "a\n"},
        {"labelId": 7},
        {"labelId": Digits("1.5")},
        {"kind": "Finding!"},
        {"author": "Dr. Who"},
        {"extra": 1},
        {"value": None},
        {"guideline": "chest"},
        {"tool": "viewer"},
        {"supersedes": "x"},
        {"reason": "x"},
        {"sample": ""},
    ],
)
def test_a_field_of_another_form_is_refused(more: dict[str, Any]) -> None:
    assert code(**more) == "LBL-004"


def test_the_refusal_names_the_place_and_never_the_value() -> None:
    with pytest.raises(UsageError) as caught:
        made(kind="QUILLFEATHER 1931!")
    assert "QUILLFEATHER" not in str(caught.value) + caught.value.hint
    assert "/kind" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["e\u0301", "x" * 10_001, "bell\x07", "a\u202eb", "\ud800", "a\x00"],
    ids=["nfd", "long", "bell", "bidi", "surrogate", "nul"],
)
def test_a_text_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    assert code(value=text) == "LBL-015"
    assert code(value={"a": [text]}) == "LBL-015"


def test_texts_may_hold_newlines_tabs_and_other_alphabets() -> None:
    assert made(value="größe\n\tНодуль 结节").value == "größe\n\tНодуль 结节"
    assert made(value="").value == ""


@pytest.mark.parametrize("value", [2**53, {"$decimal": "1"}, {"é": 1}, {"a\n": 1}])
def test_a_value_that_has_no_one_encoding_is_refused(value: Any) -> None:
    assert code(value=value) == "LBL-019"


def test_a_value_that_is_nested_too_deep_is_refused() -> None:
    value: Any = 1
    for _ in range(18):
        value = [value]
    assert code(value=value) == "LBL-019"


def test_a_fraction_is_kept_digit_for_digit() -> None:
    raw = next(read(b'{"value":[1.50,2e3,-0.0,7]}', "jsonl"))
    assert raw.fields is not None
    assert plain(raw.fields["value"]) == [{"$decimal": "1.50"}, {"$decimal": "2e3"}, {"$decimal": "-0.0"}, 7]


def test_a_guard_sees_every_text_and_refuses_without_repeating_it() -> None:
    seen: list[str] = []

    def guard(text: str) -> bool:
        seen.append(text)
        return "DOE" not in text

    fields = {**GOOD, "value": {"a": ["b", {"c": "d"}]}, "supersedes": "l-0", "reason": "why"}
    check(1, fields, now=NOW, guard=guard)
    assert sorted(seen) == ["a", "a: b", "b", "c", "c: d", "d", "finding", "l-1", "why"]
    with pytest.raises(UsageError) as caught:
        check(1, {**GOOD, "value": "JANE DOE"}, now=NOW, guard=guard)
    assert (caught.value.code, "(value)" in str(caught.value)) == ("LBL-017", True)
    assert "DOE" not in str(caught.value) + caught.value.hint + repr(caught.value)


@pytest.mark.parametrize("text", ["", "@", "a@", "@1", "a"])
def test_a_name_without_a_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="LBL-020"):
        named(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats().map(lambda f: Digits(repr(f))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_what_passes_can_be_signed(value: Any) -> None:
    try:
        kept = plain(value)
    except UsageError as error:
        kept = None
        assert error.code in {"LBL-015", "LBL-019"}  # noqa: PT017 (both outcomes are right)
    assert canonical_bytes(kept)
    assert all(isinstance(text, str) for text in texts(kept))


@given(st.dictionaries(st.sampled_from([*GOOD, "confidence", "stage", "tool", "reason", "x"]), JSON, max_size=8))
def test_no_fields_make_the_check_fail_in_another_way(fields: dict[str, Any]) -> None:
    codes = {"none"}
    try:
        check(1, {**GOOD, **fields}, now=NOW)
    except UsageError as error:
        codes = {error.code}
    assert codes <= {"none", *(f"LBL-{n:03d}" for n in (4, 7, 8, 9, 15, 17, 19))}


@pytest.mark.parametrize(
    ("where", "more"),
    [
        ("labelId", {"labelId": "DOE-1"}),
        ("stage", {"stage": "doe"}),
        ("reason", {"supersedes": "l-0", "reason": "DOE"}),
        ("value: class", {"kind": "class", "value": {"class": "DOE"}}),
        ("informationShown", {"informationShown": ["doe"]}),
    ],
)
def test_a_refused_text_is_told_by_where_it_stands(where: str, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="LBL-017") as caught:
        check(1, {**GOOD, **more}, now=NOW, guard=lambda text: "doe" not in text.lower())
    assert caught.value.facts == {"where": where}
