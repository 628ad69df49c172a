"""Stores, firms, hospitals, quarters and regions that the list has by name. All notes are made up."""

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.lists.lexicon import data_text, lexicon

OURS, WITHOUT = detectors(weighed=False), detectors(facilities=False, weighed=False)


def covers(text, value, ours=OURS):
    start = text.index(value)
    covered = {at for f in find_all(text, ours) for at in range(f.start, f.end)}
    return all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("slipped on ice outside Trader Joe's in May", "Trader Joe's"),
        ("Prior admission Harborview, then home", "Harborview"),
        ("BIBA from Motel 6, short of breath", "Motel 6"),
        ("Rx sent: Walgreens #4417, ready at 5", "Walgreens #4417"),
        ("Pharmacy Rite Aid, Maple & 3rd", "Rite Aid, Maple & 3rd"),
        ("out of her meds and walgreens says no refills", "walgreens"),
        ("scan from 2019, BIDMC, normal", "BIDMC"),
        ("Cedars-Sinai Medical Center faxed", "Cedars-Sinai Medical Center"),
        ("chair 4, DAVITA, second shift", "DAVITA"),
    ],
)
def test_a_listed_house_is_found_wherever_it_stands_and_left_when_houses_may_stay(text, value):
    assert covers(text, value)
    assert not covers(text, value, WITHOUT)


@pytest.mark.parametrize("value", ["Bed-Stuy", "NYC", "Outer Banks", "Jackson Heights", "Fort Bragg", "Key Largo"])
def test_a_listed_quarter_or_region_is_found_in_both_modes(value):
    text = f"Ruth came back, {value}, feeling well"
    assert covers(text, value)
    assert covers(text, value, WITHOUT)


@pytest.mark.parametrize(
    "text",
    [
        "Mayo scissors and a Mayo stand were used.",
        "best buy in for a second opinion",
        "He lost the keys and the big lots of samples.",
        "Ballard 31, Parkland formula 8.2 L, Rancho level VI.",
        "Nyc was typed by error.",
    ],
)
def test_a_term_or_words_in_small_letters_are_no_listed_house(text):
    assert not [f for f in find_all(text, OURS) if f.rule == "place.named"]


def test_no_listed_name_of_one_word_is_a_term_of_medicine_or_a_word_of_everyday_when_it_is_short():
    names = [
        name
        for line in data_text("named.txt").split("\n")
        if line and not line.startswith("#") and not line.startswith(("facility loud", "city loud"))
        for name in line.partition(": ")[2].split("; ")
    ]
    assert len(names) > 900
    short = [name for name in names if " " not in name and len(name) < 5]
    assert not [name for name in short if name in lexicon().medical and name in lexicon().words]
