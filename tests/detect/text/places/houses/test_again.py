"""Houses by a part of their name, and universities by one word. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def places(text):
    return [text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"]


def found(text):
    """Return what is found; a house's word that is a family name, too, may be found as one."""
    return [text[f.start : f.end] for f in find_all(text, OURS)]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("He was taken to Tilden General Hospital. At Tilden they said that nothing was broken.", "Tilden"),
        ("First he was at Tacoma Memorial Hospital, then from Tacoma they flew him here.", "Tacoma"),
        ("She went to Ogden General Hospital. The Ogden ER gave her fluids.", "Ogden"),
        ("He is of Fallbrook Medical Center and wants to go back to Fallbrook.", "Fallbrook"),
    ],
)
def test_the_short_form_of_a_house_that_was_named_is_found(text, short):
    assert sum(short in each for each in found(text)) > 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Upon review of the Lutheran lab system, nothing was on file.", "Lutheran"),
        ("Per the Methodist records, the culture was negative.", "Methodist"),
        ("I looked at the scan in the Deaconess chart and at the Mercy ED.", "Mercy"),
        ("He was discharged from Methodist yesterday.", "Methodist"),
        ("The Care Center at Ridgedale called.", "Care Center at Ridgedale"),
        ("She went to, what was it, Mayo in Jacksonville, for the protocol.", "Mayo"),
        ("Second opinion at MD Anderson last year.", "MD Anderson"),
        ("He has been to Cleveland Clinic for the pump.", "Cleveland Clinic"),
        ("The scanner at Stanford was used.", "Stanford"),
        ("We were traveling to Duke.", "Duke"),
        ("I got hurt in a game against Gonzaga.", "Gonzaga"),
        ("We were playing Georgetown when it happened.", "Georgetown"),
        ("She got a scholarship to Xavier.", "Xavier"),
    ],
)
def test_a_house_by_one_word_is_found(text, wanted):
    assert any(wanted in each for each in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "He is a Baptist minister.",
        "She is of the Lutheran faith.",
        "He was sent to Lutheran church for the meeting.",
        "Duke criteria were not met.",
        "He plays soccer for fun and is a senior.",
        "He had a degree of pain at rest.",
        "The needle was passed to Mayo stand and to Mayo scissors.",
        "It was close to Stanford type A.",
    ],
)
def test_a_faith_a_score_and_a_sport_stay(text):
    assert places(text) == []
