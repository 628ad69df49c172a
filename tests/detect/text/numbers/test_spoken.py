"""Dates and ages over 89 that are said word by word are found; counts, shares and verbs that are months stay."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.findings import merge


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in merge(find_all(text, detectors(weighed=False)))]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It began on June thirtieth O three, she says.", ["June thirtieth O three"]),
        ("The scan was in May two thousand and six.", ["May two thousand and six"]),
        ("It was April thirty two thousand and five.", ["April thirty two thousand and five"]),
        ("Her fall was in October O seven.", ["October O seven"]),
        ("A stent was placed in August of ninety six.", ["August of ninety six"]),
        ("He fell at the end of March nineteen ninety one.", ["March nineteen ninety one"]),
        ("It was on the twenty fourth of June in ninety three.", ["the twenty fourth of June in ninety three"]),
        ("She stayed from June ninth until the twentieth of last year.", ["June ninth", "the twentieth"]),
        ("It was on May one.", ["May one"]),
        ("Nurse: How old are you?\nPatient: I am ninety four.\nNurse: Wow.", ["ninety four"]),
        ("Nurse: How old is your aunt?\nPatient: Ninety two.\nNurse: Wow.", ["Ninety two"]),
        ("I'm ninety six years young.", ["ninety six"]),
    ],
)
def test_what_is_said_of_days_and_ages_is_found(text: str, values: list[str]) -> None:
    assert found(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "It may one day get better, and you may two or three times a day take it.",
        "They march eight times around the yard.",
        "I'm a hundred percent sure. I am ninety percent better.",
        "Nurse: How old are you?\nPatient: I am eighty nine.\nNurse: Thanks.",
        "Your pulse is ninety four, and I am one ninety five pounds.",
        "I quit in nineteen ninety one, or in ninety two.",
    ],
)
def test_what_is_counted_stays(text: str) -> None:
    assert found(text) == []
