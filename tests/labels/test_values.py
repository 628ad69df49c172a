"""What the value of each kind may hold: by the program and by the published schema alike."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import CuratorError, ItemError, UsageError
from curator.core.schema import violation
from curator.labels.checks import plain
from curator.labels.codings import sound_snomed
from curator.labels.item import KINDS
from curator.labels.reading import Digits
from curator.labels.values import check_value, free_values, known_form, settled, written

D = Decimal
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("class", {"class": "nodule"}),
    ("classes", {"classes": ["effusion", "nodule"]}),
    ("grade", {"scale": "birads", "grade": 3}),
    ("grade", {"scale": "likert", "grade": D("2.5")}),
    ("sentiment", {"sentiment": "negative"}),
    ("box", {"class": "a", "box": [1, D("2.50"), 3, 4], "rotation": D("12.5")}),
    ("polygon", {"class": "a", "rings": [[0, 0, 1, 0, 1, 1], [0, 0, D("0.5"), 0, D("0.5"), D("0.5")]]}),
    ("polyline", {"class": "a", "line": [0, 0, 1, 1]}),
    ("point", {"class": "a", "point": [D("-0.0001"), 2]}),
    ("ellipse", {"class": "a", "center": [5, 5], "radii": [1, 2]}),
    ("keypoints", {"class": "a", "points": [{"name": "apex", "x": 1, "y": 2, "visibility": 2}]}),
    ("mask", {"class": "a", "size": [2, 3], "runs": [1, 4, 1]}),
    ("volume-mask", {"class": "a", "size": [3, 2, 4], "voxels": 5, "slices": {"1": [1, 4, 1], "4": [5, 1]}}),
    ("box3d", {"class": "a", "space": "voxel", "box": [0, 0, 0, 1, 1, 1], "plane": "axial"}),
    ("box3d", {"class": "a", "space": "patient", "box": [0, 0, 0, 1, 1, 1], "rotation": D("-12.5")}),
    ("points3d", {"class": "a", "space": "patient", "points": [[D("-1.5"), 2, 3]], "closed": True}),
    (
        "track",
        {
            "class": "a",
            "track": "t1",
            "frames": [
                {"frame": 1, "kind": "box", "value": {"class": "a", "box": [0, 0, 1, 1]}, "interpolated": False},
                {"frame": 3, "kind": "point", "value": {"class": "a", "point": [0, 0]}, "interpolated": True},
            ],
        },
    ),
    ("span", {"type": "drug", "start": 0, "end": 4}),
    ("span", {"type": "drug", "pieces": [[0, 4], [9, 12]]}),
    ("relation", {"type": "of", "from": "a-1", "to": "a-2"}),
    ("transcript", {"text": "so far so good", "start": D("0.5"), "end": 2}),
    ("measurement", {"what": "diameter", "amount": D("12.5"), "unit": "mm", "points": [[0, 0], [3, 4]]}),
    ("code", {"system": "SCT", "code": "39607008", "meaning": "Lung structure"}),
    ("mask", {"class": "a", "whole": {"sha256": "0" * 64, "bytes": 70_000}}),
]


def published(kind: str, value: Any) -> bool:
    return violation("label-value", {"kind": kind, "value": plain(settled(value))}) is None


def code_of(kind: str, value: Any) -> str | None:
    try:
        check_value(kind, value)
    except ItemError as error:
        return error.code
    return None


def test_every_kind_has_an_example_that_passes() -> None:
    assert {kind for kind, _ in GOOD} == set(KINDS)


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_good_values_pass_as_read_as_settled_and_by_the_schema(kind: str, value: dict[str, Any]) -> None:
    check_value(kind, value)
    check_value(kind, settled(value))
    assert known_form(kind, settled(value))
    assert published(kind, value)


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_a_key_too_many_or_too_few_is_refused_by_both(kind: str, value: dict[str, Any]) -> None:
    more = {**value, "Quillfeather": 1}
    assert code_of(kind, more) == "IMP-061"
    assert not published(kind, more)
    for name in value:
        less = {key: inner for key, inner in value.items() if key != name}
        assert (code_of(kind, less) is None) == published(kind, less)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("box", {"class": "a", "box": [1, 2, 0, 4]}, "IMP-021"),
        ("box", {"class": "a", "box": [1, 2, -3, 4]}, "IMP-021"),
        ("box", {"class": "a", "box": [1.5, 2, 3, 4]}, "IMP-020"),
        ("box", {"class": "a", "box": [True, 2, 3, 4]}, "IMP-020"),
        ("box", {"class": "a", "box": [D("NaN"), 2, 3, 4]}, "IMP-020"),
        ("box", {"class": "a", "box": [D("Infinity"), 2, 3, 4]}, "IMP-020"),
        ("box", {"class": "a", "box": [D("1E+9"), 2, 3, 4]}, "IMP-021"),
        ("box", {"class": "a", "box": [D("1E-99999"), 2, 3, 4]}, "IMP-061"),
        ("box", {"class": "a", "box": [Digits("1e999999999"), 2, 3, 4]}, "IMP-061"),
        ("polygon", {"class": "a", "rings": [[0, 0, 1, 0]]}, "IMP-061"),
        ("polygon", {"class": "a", "rings": [[0, 0, 1, 0, 1, 1, 1]]}, "IMP-061"),
        ("box", {"class": "a", "box": [1, 2, 3, 4], "rotation": 4829104}, "IMP-061"),
        ("transcript", {"text": "a", "start": 4829104}, "IMP-061"),
        ("mask", {"class": "a", "size": [2, 3], "runs": [1, 4]}, "IMP-024"),
        ("mask", {"class": "a", "size": [2, 3], "runs": [1, -4, 9]}, "IMP-061"),
        ("volume-mask", {"class": "a", "size": [3, 2, 4], "voxels": 4, "slices": {"4": [5, 1]}}, "IMP-024"),
        ("volume-mask", {"class": "a", "size": [3, 2, 4], "voxels": 4, "slices": {"5": [2, 4]}}, "IMP-024"),
        ("volume-mask", {"class": "a", "size": [3, 2, 4], "voxels": 4, "slices": {"0": [2, 4]}}, "IMP-061"),
        ("span", {"type": "a", "start": 4, "end": 4}, "IMP-021"),
        ("span", {"type": "a", "start": 0, "end": 4, "pieces": [[0, 4]]}, "IMP-061"),
        ("span", {"type": "a", "start": 0, "end": 4, "text": "John"}, "IMP-061"),
        ("transcript", {"text": "a", "start": 2, "end": 1}, "IMP-061"),
        ("class", {"class": ""}, "IMP-061"),
        ("class", {"class": 5}, "IMP-061"),
        ("class", "nodule", "IMP-061"),
        ("nonsense", {"class": "a"}, "IMP-061"),
    ],
)  # fmt: skip
def test_values_that_say_nothing_sound_are_refused(kind: str, value: Any, code: str) -> None:
    assert code_of(kind, value) == code
    assert not known_form(kind, value)


def test_frames_of_a_track_rise_and_hold_what_their_kind_holds() -> None:
    value = dict(GOOD)["track"]
    for change in (
        {"frames": value["frames"][::-1]},
        {"frames": value["frames"] * 2},
        {"frames": [{**value["frames"][0], "value": {"class": "a"}}]},
        {"frames": [{**value["frames"][0], "kind": "track"}]},
        {"frames": []},
    ):
        assert code_of("track", {**value, **change}) == "IMP-061"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(example=st.sampled_from(GOOD), bad=junk, picked=st.randoms(use_true_random=False))
def test_whatever_stands_at_any_place_it_passes_or_is_refused_with_a_code(
    example: tuple[str, dict[str, Any]], bad: Any, picked: Any
) -> None:
    kind, value = example[0], copy.deepcopy(example[1])
    at: Any = value
    while True:
        key = picked.choice(list(at) if isinstance(at, dict) else range(len(at)))
        if isinstance(at[key], dict | list) and at[key] and picked.random() < 0.6:
            at = at[key]
            continue
        at[key] = bad
        break
    try:
        check_value(kind, value)
    except ItemError:
        assert not known_form(kind, value)
        return
    with suppress(UsageError):  # LBL-015: what no record takes, such as a text with control characters
        assert published(kind, value)
    assert isinstance(written(settled(value)), str)


def test_digits_stay_as_they_are_and_whole_numbers_become_whole() -> None:
    value = settled({"box": [D("1.50"), D("2"), D("3E+1"), D("4E-2")]})
    assert value == {"box": [Digits("1.50"), 2, 30, Digits("0.04")]}
    assert written(value) == '{"box":[1.50,2,30,0.04]}'
    assert json.loads(written({"b": "é\n", "a": [True, None]})) == {"b": "é\n", "a": [True, None]}
    assert plain(value) == {"box": [{"$decimal": "1.50"}, 2, 30, {"$decimal": "0.04"}]}


def test_every_text_that_a_person_chose_is_shown_to_a_guard() -> None:
    seen: set[str] = set()
    for _, value in GOOD:
        seen |= {str(one) for _, one in free_values(value)}
    wanted = {"nodule", "effusion", "birads", "3", "2.5", "negative", "a", "apex", "t1", "drug", "of", "a-1", "axial"}
    assert wanted | {"so far so good", "diameter", "mm", "12.5", "Lung structure", "SCT"} <= seen
    assert "39607008" not in seen


def test_a_concept_id_is_told_from_a_number_by_its_check_digit() -> None:
    good = ("39607008", "80891009", "22298006", "404684003", "73211009", "900000000000207008")
    assert all(map(sound_snomed, good))
    assert not any(map(sound_snomed, ("39607009", "48291047", "12345678", "0039607008", "39607018", "", "x")))


def test_a_number_behind_a_coding_system_without_a_check_is_shown_to_the_guard() -> None:
    assert ("code", "48291047") in set(free_values({"system": "SCT", "code": "48291047"}))


def test_bad_texts_are_refused_when_they_are_signed() -> None:
    with pytest.raises(CuratorError):
        plain(settled({"class": "a\x00b"}))
