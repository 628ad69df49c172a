"""Clinics that are called after what is done there stay; those with a name do not. All made up."""

import pytest

from curator.detect.text import detectors, find_all


def covered(text: str) -> set[int]:
    return {at for one in find_all(text, detectors()) for at in range(one.start, one.end)}


@pytest.mark.parametrize(
    "house",
    [
        "Retina Clinic",
        "Bone Marrow Transplant Unit",
        "Skilled Nursing Facility",
        "Neuro ICU",
        "Movement Disorders Clinic",
    ]
    + ["Women's Health Clinic", "High Risk OB Clinic", "Echo Lab", "Blood Bank", "Pharmacist Anticoagulation Clinic"],
)
@pytest.mark.parametrize(
    "text",
    [
        "She was seen in the {} this morning and is doing well on her pills.",
        "Referred to {} for follow up in two weeks.",
    ],
)
def test_a_house_that_every_hospital_has_stays(text: str, house: str) -> None:
    assert not covered(text.format(house))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Seen at the Quillfeder Retina Clinic today.", "Quillfeder"),
        ("He goes to Elmswood Cancer Center.", "Elmswood"),
        ("Cancer Center of Elmswood called.", "Elmswood"),
        ("Went to Eye Clinic at Fairmont.", "Fairmont"),
        ("Moved to Lawndale Skilled Nursing Facility last week.", "Lawndale"),
        ("Seen in Lawson Wound Care Center by the nurse.", "Lawson"),
        ("Referred to Young Clinic for follow up in two weeks.", "Young"),
        ("She was seen in the Stone Clinic this morning.", "Stone"),
        ("Seen in the Stone Eye Clinic this morning.", "Stone"),
        ("Referred to Young Cancer Center for follow up.", "Young"),
        ("Choices are White Transplant Institute and Case Clinic.", "Case"),
        ("QUILLFEDER PAIN CLINIC\n\nShe is doing well.", "QUILLFEDER"),
    ],
)
def test_a_house_with_a_name_is_found(text: str, name: str) -> None:
    at = text.index(name)
    assert set(range(at, at + len(name))) <= covered(text)
