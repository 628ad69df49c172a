"""Houses by the words their names are made of, lists of houses and towns, houses in small letters. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS, WITHOUT = detectors(weighed=False), detectors(facilities=False, weighed=False)


def found(text, ours=OURS):
    return {text[f.start : f.end] for f in find_all(text, ours)}


def covers(text, value, ours=OURS):
    start = text.index(value)
    covered = {at for f in find_all(text, ours) for at in range(f.start, f.end)}
    return all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("transferred from Copper Hills Integrated Care today", "Copper Hills Integrated Care"),
        ("she was seen at The Evergreen last week", "The Evergreen"),
        ("PT recommended Golden Oaks Rehab but family declined", "Golden Oaks Rehab"),
        ("labs at Wellspring Imaging, Bayview Dental and Summit Detox", "Summit Detox"),
        ("pharmacy: Bluestem Apothecary in town", "Bluestem Apothecary"),
        ("works at Ironwood Foundry since then", "Ironwood Foundry"),
        ("an inmate at FCI Lodi for years", "FCI Lodi"),
        ("dialysis at Our Lady of Sorrows Medical Center", "Our Lady of Sorrows Medical Center"),
        ("seen by Little Sisters of the Valley", "Little Sisters of the Valley"),
        ("transferred from HCMC overnight", "HCMC"),
        ("a BNSF worker with back pain", "BNSF"),
        ("to North Memorial by ground", "North Memorial"),
        ("CHI St. Alexius called", "CHI St. Alexius"),
        ("from mercy hospital by ground", "mercy hospital"),
        ("transferred from lakeview nursing home", "lakeview nursing home"),
        ("works at walmart nights", "walmart"),
        ("Dtr is RN @ Lakeland", "Lakeland"),
        ("served aboard the USS Harrowgate", "Harrowgate"),
    ],
)
def test_a_house_is_found_by_its_words_and_left_when_houses_may_stay(text, value):
    assert covers(text, value)
    assert not covers(text, value, WITHOUT)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Family in Lubbock and Show Low.", "Show Low"),
        ("travels between Coos Bay and Cody", "Coos Bay"),
        ("a Duluth-area farmer", "Duluth"),
        ("lives in walla walla with his son", "walla walla"),
        ("home in fargo, nd, with him", "fargo"),
        ("raised in the Bronx by an aunt", "Bronx"),
    ],
)
def test_towns_of_a_list_and_towns_that_what_follows_tells_are_found(text, value):
    assert covers(text, value)
    assert covers(text, value, WITHOUT)


@pytest.mark.parametrize(
    "text",
    [
        "Referred to Physical Therapy and to Wound Care.",
        "Discharged home in Stable condition with Return Precautions.",
        "Positive for Low Back Pain; requires Min Assist for Bed Mobility.",
        "seen at the eye clinic and at an outpatient clinic",
        "CAM-ICU negative, transferred to PACU, then to MICU",
        "Stage IIIA Non-Small Cell Lung Cancer",
        "lives in a Single Story Home",
        "given to the ward by the pharmacy at bedside, at Baseline, at Time of transfer",
    ],
)
def test_departments_conditions_and_kinds_of_houses_are_left(text):
    assert found(text) == set()


def test_a_house_ends_before_the_day_of_a_month() -> None:
    text = "Seen at Mercy Hospital on March 14, 2021."
    assert {"Mercy Hospital", "March 14, 2021"} <= found(text)
    assert {"Fairview Medical Center", "March 2021"} <= found("Seen at Fairview Medical Center in March 2021.")
