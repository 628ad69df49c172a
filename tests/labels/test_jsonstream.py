"""Values out of long JSON: exact, in order, and only coded errors for a broken file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import UsageError
from curator.labels.jsonstream import values
from curator.labels.seen import Seen


def every(path: Path, text: str | bytes, place: tuple = ()) -> list:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [value for _, value in values(path, lambda at, form: at == place)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc.", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_value_comes_back_as_it_was_written(tmp_path: Path, value: object) -> None:
    assert every(tmp_path / "a.json", json.dumps(value)) == [value]
    assert every(tmp_path / "a.json", json.dumps([value, value]), (None,)) == [value, value]
    assert every(tmp_path / "a.json", json.dumps({"x": [1], "y": {"z": value}}), ("y", "z")) == [value]


def test_numbers_keep_their_digits_and_dots_in_keys_lead_nowhere(tmp_path: Path) -> None:
    text = '\ufeff{"a.b": [1.10], "a": {"b": [2.50, 3e2]}}'
    assert [str(value) for value in every(tmp_path / "a.json", text, ("a", "b", None))] == ["2.50", "3E+2"]
    assert isinstance(every(tmp_path / "a.json", text, ("a", "b", None))[0], Decimal)


BROKEN = ['{"a":1,"a":2}', '{"x":{"a":1,"b":2,"a":3}}', "[1,2", "[NaN]", "[Infinity]", "[1]x", "", "[01]", "{'a':1}"]


@pytest.mark.parametrize(
    "text",
    [
        *BROKEN,
        "[" * 200 + "]" * 200,
        "[" + "9" * 6000 + "]",
        " " * 65_000 + "[" + "9" * 2000 + "]",
        "[1e99999999999999999999]",
    ],
)
@pytest.mark.parametrize("place", [(), (None,), ("other",)])
def test_broken_json_is_refused_without_showing_it(tmp_path: Path, text: str, place: tuple) -> None:
    with pytest.raises(UsageError) as caught:
        every(tmp_path / "a.json", text, place)
    assert caught.value.code == "IMP-003"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert "{" not in str(caught.value)


def test_bytes_that_are_not_utf8_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="IMP-003"):
        every(tmp_path / "a.json", b'["\xff"]')
    with pytest.raises(UsageError, match="IMP-002"):
        list(values(tmp_path / "none.json", lambda at, form: True))


def test_an_id_is_first_once() -> None:
    with Seen() as seen:
        assert [seen.first(name) for name in ("a", "b", "a", "A", "a")] == [True, True, False, True, False]
