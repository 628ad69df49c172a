"""More is asked of words where the rules have found hardly anything; labels glued to numbers, generic departments."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.odds.odds import RARE, SCARCE, SHORT, _more
from curator.detect.text.odds.view import View
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

PLAIN = "both layers were sewn and he woke up well and was wheeled back to the ward . " * 8


def test_more_is_asked_of_a_long_text_with_nothing_in_it() -> None:
    assert _more(View(PLAIN, [])) == SCARCE
    assert _more(View("closed in layers . " * 4, [])) < SCARCE


def test_less_is_asked_the_more_was_found() -> None:
    size = len(View(PLAIN, []).tokens)
    assert size > SHORT
    findings = [Finding(4 * at, 4 * at + 2, Category.NAME, "name", "given", 0.9) for at in range(int(RARE * size) + 2)]
    asked = [_more(View(PLAIN, findings[:count])) for count in range(len(findings) + 1)]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] == SCARCE
    assert asked[-1] == 0


@pytest.mark.parametrize(("text", "value"), [("new patient , mrnq27631 .", "27631"), ("mrn48813 today", "48813")])
def test_a_number_that_ran_into_its_label_is_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_all(text, detectors(weighed=False))]


@pytest.mark.parametrize(
    "text",
    [
        "It was sent to Bacteriology Department at once.",
        "He was seen at the Physiatry Clinic.",
        "ALLERGIES: See Patient History.",
        "Serum Iron studies revealed anemia.",
        "NO TRUE ALLERGY TO ASPIRIN.",
    ],
)
def test_departments_and_notes_of_every_hospital_stay(text: str) -> None:
    assert not find_all(text, detectors())
