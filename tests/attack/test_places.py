"""Identifiers of a made-up person in every kind of place of real files, under every policy: none may come out.

A sample of the whole matrix, so that it runs in seconds; scripts/soak/planted runs all of it.
"""

from __future__ import annotations

from collections import Counter

import pytest
from places import PLACES
from planting import (
    BASES,
    HEADER,
    OPTIONS,
    SPELLINGS,
    TELLING,
    accepts,
    base,
    found_in,
    person,
    planted,
    policies,
    scrubbed,
    tells,
    written,
)

from curator.core.errors import ItemError

_ALL = [(kind, value) for kind, values in SPELLINGS.items() for value in values]
_RULES = list(policies().items())


def test_there_are_at_least_60_kinds_of_place_a_dozen_files_and_every_option_is_carried_out_or_refused() -> None:
    assert len(PLACES) >= 60
    assert len(BASES) >= 12
    assert {name for name, _ in _RULES} >= {"safe-harbor", "expert", "limited-dataset"}
    assert {option for option in OPTIONS if accepts(option)} <= set(policies())


def test_the_search_finds_what_it_shall_find() -> None:
    for kind, value in _ALL:
        assert found_in(b"abc" + value + b"xyz", value, kind)
        assert found_in((b"abc" + value + b"xyz!")[::-1], value, kind)
        assert found_in(b"ab" + "~".join(value.decode("latin-1")).encode("utf-16-be"), value, kind) or b"\0" in value
        assert not found_in(b"Doe^Jane 617-555-0199 MRN-1 19570312", value, kind)


@pytest.mark.parametrize("name", BASES)
def test_a_person_that_is_known_comes_out_of_no_place(name: str) -> None:
    first = BASES.index(name)
    step = 9 if name == "waveform_ecg.dcm" else 4
    outputs = Counter[str]()
    for at, (place_name, place) in enumerate(PLACES.items()):
        if (at + first) % step:
            continue
        kind, value = _ALL[(first * 7 + at * 5) % len(_ALL)]
        source = planted(place, name, value, header=True)
        assert found_in(source.data, value, kind), place_name
        policy_name, rules = _RULES[(first + at // step) % len(_RULES)]
        result = scrubbed(source.data, rules.policy)
        if isinstance(result, ItemError):
            assert place.held, (place_name, result.code)
            continue
        outputs[policy_name] += 1
        if tells(kind, rules.policy) and place.compares(value):
            assert not found_in(result.data, value, kind, source.pixels), (place_name, policy_name, kind)
            assert value.decode("latin-1") not in repr(result.actions)
        if source.pixels is not None:
            assert bytes(source.pixels) in result.data or name == "image_dfl.dcm"
    assert sum(outputs.values()) > 0.9 * len(PLACES) / step
    assert len(outputs) == len(_RULES)


@pytest.mark.parametrize("kind", SPELLINGS)
def test_a_person_that_nobody_knows_comes_out_of_no_place_that_goes_and_by_its_form_out_of_none(kind: str) -> None:
    looked = 0
    for at, (place_name, place) in enumerate(PLACES.items()):
        value = SPELLINGS[kind][at % len(SPELLINGS[kind])]
        policy_name, rules = _RULES[at % len(_RULES)]
        if not tells(kind, rules.policy) or not place.hides(value, rules.options, telling=kind in TELLING):
            continue
        source = planted(place, ("CT_small.dcm", "test-SR.dcm")[at % 2], value, header=False)
        result = scrubbed(source.data, rules.policy)
        if not isinstance(result, ItemError):
            looked += 1
            assert not found_in(result.data, value, kind, source.pixels), (place_name, policy_name, value)
    assert looked > 0.4 * len(PLACES)


def test_what_another_file_of_the_person_told_is_taken_out_of_texts_that_stay() -> None:
    kept = {name: place for name, place in PLACES.items() if place.stays(frozenset(OPTIONS))}
    for at, (place_name, place) in enumerate(kept.items()):
        for step, (policy_name, rules) in enumerate(_RULES):
            kind, value = _ALL[(at * 5 + step * 11) % len(_ALL)]
            source = planted(place, "MR_small.dcm", value, header=False)
            result = scrubbed(source.data, rules.policy, person())
            assert not isinstance(result, ItemError), place_name
            if tells(kind, rules.policy) and place.compares(value):
                assert not found_in(result.data, value, kind, source.pixels), (place_name, policy_name, value)


def test_the_texts_that_stay_do_stay_when_they_name_nobody() -> None:
    for place_name, place in PLACES.items():
        if not place.kept or place_name in {"body part", "lookup table bytes"}:
            continue
        value = b"SOFT" if place_name in {"scan options", "image type"} else b"Soft tissue"
        source = planted(place, "CT_small.dcm", value, header=True)
        result = scrubbed(source.data, policies()["safe-harbor"].policy)
        assert not isinstance(result, ItemError), place_name
        assert value in result.data, place_name


def test_real_files_hold_nothing_of_the_made_up_person() -> None:
    for name in BASES:
        data = written(base(name, header=False))
        for kind, values in SPELLINGS.items():
            assert not found_in(data, values[0], kind), (name, kind)
    assert len(HEADER) == 7


@pytest.mark.parametrize("value", [b"QUILLFEATHER", b"ZEBEDIAH"])
def test_a_name_alone_is_no_code_of_a_safe_private_element_whatever_else_a_policy_cleans(value: bytes) -> None:
    source = planted(PLACES["safe private decimal, misused"], "MR_small_implicit.dcm", value, header=False)
    result = scrubbed(source.data, policies()["retain_safe_private"].policy)
    assert not isinstance(result, ItemError)
    assert not found_in(result.data, value, "name", source.pixels)
