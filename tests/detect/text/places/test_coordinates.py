"""Two decimals are a place where something says so, and measures where they stand in a row."""

import pytest

from curator.detect.text import detectors
from curator.detect.text.protocol import find_all
from curator.identifiers.categories import Category


def found(text, category):
    return [text[one.start : one.end] for one in find_all(text, detectors()) if one.category is category]


@pytest.mark.parametrize(
    "text",
    [
        "The accident was at 46.8772, -96.7898 on the farm.",
        "Found at 46.8772 -96.7898.",
        "lat 46.8772, lon 96.7898",
        "GPS -122.4194 37.7749 12.5",
        "46.8772N, 96.7898W",
        "Site 46.87721234567, -96.78981234567",
        "The tracker gave 46.8772, 96.7898 today.",
        "Found at 46.8772 -96.7898 275.3 in the field.",
        "46.8772 -96.7898 46.8772 -96.7898",
    ],
)
def test_places_are_found_whole(text):
    for spot in found(text, Category.GEOGRAPHY):
        text = text.replace(spot, "")
    assert not any(part in text for part in ("46.877", "96.789", "122.4194", "37.7749"))


@pytest.mark.parametrize(
    "text",
    [
        "The vector 0.7071067 -0.123456789 0.57735027 was applied.",
        "Eigenvalues 0.0012 0.0009 0.0007 for the tensor.",
        "ratio 181.2345 95.1234 as measured",
        "1.23 4.5678 in the table",
    ],
)
def test_measures_side_by_side_are_no_place(text):
    assert found(text, Category.GEOGRAPHY) == []


@pytest.mark.parametrize(
    "text",
    [
        "Paid with 4111 1111 1111 1111 today.",
        "4111 1111 1111 1111 03/26 was noted",
        "Card 4111 1111 1111 1112 was refused",
        "4111-1111-1111-1112",
        "4111 1111 1111 1112 03/26",
        "She gave 3782 822463 10005 by phone",
        "He read 1234 5678 9012 3456 aloud",
    ],
)
def test_numbers_of_cards_are_found(text):
    assert len(found(text, Category.ACCOUNT)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "b-values 0 1000 1000 2000 1000 3000 1000 were used",
        "TI of 1000 1500 2000 2500 in ms",
        "counts 12 1024 1187 1290 1312 7",
    ],
)
def test_measures_in_groups_of_four_are_no_card(text):
    assert found(text, Category.ACCOUNT) == []
