"""The shape of a free value takes nothing that the JSON reader and the canonical encoder refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.canonical import MAX_INTEGER, canonical_bytes, strict_loads
from curator.core.errors import UsageError
from curator.provenance import quick
from curator.provenance.free import NoShapeError, Shapes, pattern_of

PLAIN = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=12,
)


def canonical(text: str) -> bool:
    try:
        return canonical_bytes(strict_loads(text)).decode() == text
    except UsageError:
        return False


@given(VALUES, VALUES)
def test_a_value_fits_its_own_shape_and_another_one_only_where_it_is_built_alike(value: Any, other: Any) -> None:
    shapes = Shapes()
    shapes.learn(value)
    text = canonical_bytes(value).decode()
    if shapes._known and "\\" not in text:
        assert shapes.fits(text) == all(abs(one) < 10**15 for one in numbers(value))
    if shapes.fits(canonical_bytes(other).decode()):
        assert pattern_like(other) <= pattern_like(value)


def numbers(value: Any) -> list[int]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [one for inner in value for one in numbers(inner)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def pattern_like(value: Any, at: str = "") -> set[str]:
    """Return the paths of a value and the types at their ends, items of a list taken together."""
    if isinstance(value, dict):
        return {f"{at}{{}}"}.union(*(pattern_like(one, f"{at}/{key}") for key, one in value.items()))
    if isinstance(value, list):
        return {f"{at}[]"}.union(*(pattern_like(one, f"{at}[]") for one in value))
    return {f"{at}:{type(value).__name__}"}


@given(VALUES, st.data())
def test_what_fits_is_canonical_however_its_text_was_changed(value: Any, data: st.DataObject) -> None:
    shapes = Shapes()
    shapes.learn(value)
    text = canonical_bytes(value).decode()
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(len(text), at + 3)))
    put = data.draw(st.sampled_from([*'"\\{}[],:-0123456789.eE tfn\x00\x7f', "", "-0", "01", '"a":1,']))
    made = text[:at] + put + text[end:]
    if shapes.fits(made):
        assert canonical(made)


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (1, ["-0", "01", "1.0", "1e3", " 1", "1 ", "+1", "9007199254740993"]),
        ("a", ['"\\u0041"', '"\n"', '"a', "'a'", '"a"b"']),
        ({"a": 1, "b": 2}, ['{"b":2,"a":1}', '{"a":1,"a":1,"b":2}', '{"a":1, "b":2}', '{"a":1}', '{"a":1,"b":2,}']),
        ([1], ["[1,]", "[,1]", "[]1", "[1 ,2]", "[1,true]"]),
        ([1, "a", None], ["[1,a]", "[nul]"]),
    ],
)
def test_other_spellings_do_not_fit(value: Any, texts: list[str]) -> None:
    shapes = Shapes()
    shapes.learn(value)
    assert shapes.fits(canonical_bytes(value).decode())
    assert [text for text in texts if shapes.fits(text)] == []


def test_no_shape_is_made_of_what_is_too_deep_too_mixed_or_escaped() -> None:
    deep: Any = 1
    for _ in range(20):
        deep = [deep]
    for value in (deep, [1, "a", None, True, {"a": 1}], {"ü": 1}, {'a"': 1}, 1.5):
        with pytest.raises(NoShapeError):
            pattern_of(value)


def test_as_many_shapes_are_kept_as_are_said_and_one_that_fits_comes_to_the_front() -> None:
    shapes = Shapes()
    for number in range(40):
        shapes.learn({f"k{number}": 1})
    assert len(shapes._known) == 16
    assert not shapes.fits('{"k39":1}')
    assert shapes.fits('{"k3":7}')
    assert shapes._known[0].fullmatch('{"k3":9}')


def test_a_long_text_is_read_in_time_that_grows_with_its_length() -> None:
    shapes = Shapes()
    shapes.learn([[1, 2], "a"])
    assert shapes.fits("[" + "[1,2]," * 10_000 + '"b"]')
    assert not shapes.fits("[" + "[1,2]," * 10_000 + '"b"')


def test_a_value_that_nobody_asked_for_is_no_value_for_any_encoder() -> None:
    quick._digests.clear()
    text = '{"box":[1,2],"class":"x"}'
    wanted = quick._value(text)
    assert wanted is not None
    assert wanted[0] == {"box": [1, 2], "class": "x"}
    for _ in range(2):
        found = quick._value(text, wanted=False)
        assert found is not None
        assert found == (quick.UNREAD, wanted[1])
    with pytest.raises(UsageError):
        canonical_bytes(found[0])
