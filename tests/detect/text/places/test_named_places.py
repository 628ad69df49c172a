"""Houses with a number, churches by what is holy, streets of other countries; and what only looks so. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def places(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rides with American Legion Post 217 today", "American Legion Post 217"),
        ("drinks at the VFW on Fridays", "VFW"),
        ("crew of Fire Station 14, on scene", "Fire Station 14"),
        ("member of Teamsters Local 90", "Teamsters Local 90"),
        ("goes to PS 118 in the mornings", "PS 118"),
        ("LifeNet 4 took off", "LifeNet 4"),
        ("shot given at Fairview HS gym", "Fairview HS"),
        ("prays at Our Lady of Perpetual Help, daily", "Our Lady of Perpetual Help"),
        ("married at Holy Cross", "Holy Cross"),
        ("a priest from st brendans came", "st brendans"),
        ("went to McDonalds on Frontage Rd", "McDonalds on Frontage Rd"),
        ("cabin on Loon Lake.", "Loon Lake"),
        ("lives at 56, bd. Victor Hugo, alone", "56, bd. Victor Hugo"),
        ("wohnt Am Alten Markt 2, allein", "Am Alten Markt 2"),
        ("vive en C/ Alcalá 110, 2º B, sola", "C/ Alcalá 110, 2º B"),
        ("city=Valdosta\nzip=31601", "Valdosta"),
        ("12 Oak St     Valdosta     GA   31601", "Valdosta"),
        ("lived at Blue Heron Bistro; worked there", "Blue Heron Bistro"),
        ("seen at Rapid City Dialysis Center", "Rapid City Dialysis Center"),
    ],
)
def test_a_place_by_its_form_is_found(text, wanted):
    assert any(wanted in place for place in places(text))


@pytest.mark.parametrize(
    "text",
    [
        "Station 3 lymph nodes were sampled",
        "MS 3 is present",
        "fetal station -2",
        "local recurrence of disease",
        "seen in the Heart Failure Clinic",
        "seen in Cleft Clinic",
        "In the R. arm 10 mg",
        "st elevations in v2",
        "holy water was declined",
        "Our patient is well",
        "Medicine was given",
    ],
)
def test_what_only_looks_like_a_place_stays(text):
    assert not places(text)
