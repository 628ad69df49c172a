"""Wards that bear a name and a number are found; doses, scores, steps and days with a number stay."""

from __future__ import annotations

import pytest

from curator.detect.text.engine import TextDetector
from curator.identifiers.categories import Category


def found(text: str, *, facilities: bool = True) -> set[str]:
    made = TextDetector(facilities=facilities, weighed=False).find(text)
    return {text[one.start : one.end] for one in made if one.category is Category.GEOGRAPHY}


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("to Pilgrim 5 with the team", "Pilgrim 5"),
        ("ROOM:     Phillips 21", "Phillips 21"),
        ("Dispo RR → Vincent 3.", "Vincent 3"),
        ("moved to Shapiro 6 West overnight", "Shapiro 6 West"),
    ],
)
def test_a_ward_is_found_with_its_number(text: str, ward: str) -> None:
    assert ward in found(text)
    assert ward not in found(text, facilities=False)


@pytest.mark.parametrize(
    "text",
    [
        "started on Lasix 40 mg",
        "on Keppra 10 for now",
        "to Stage 3 by then",
        "at Day 5 of it",
        "from Room 5 to Bed 4",
        "to Norton 14 and Braden 18",
        "on Ritalin 10 bid",
        "in Psalm 23 she read",
        "drops from Miller 5 mg each",
    ],
)
def test_doses_scores_and_steps_stay(text: str) -> None:
    assert not found(text)
