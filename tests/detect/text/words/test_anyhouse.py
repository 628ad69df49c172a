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


@pytest.mark.parametrize(
    "text",
    [
        "At noon he was wheeled to the Operating Room and laid on his side.",
        "He was brought to Operative Suite #5 and placed supine.",
        "Awake, he came to the Postanesthesia Care Unit at four.",
        "He went to the Postoperative Care Unit awake.",
        "The baby went to Newborn Nursery after birth.",
        "He was brought to the Angio Suite for the study.",
        "The INR is followed by the Homeless Clinic.",
        "They came to our Bariatric Surgery Seminar in the spring.",
        "The case goes to Combined Cardiology and Cardiothoracic Surgery Case Conference.",
        "She is managed at her Maintenance Clinic.",
        "Both Surgery and Anesthesia thought this too early.",
        "A bed was found in the Long-Term Acute Care Facility.",
        "BRIEF SUMMARY OF HOSPITAL COURSE: Fever fell on day two.",
        "PERTINENT LABORATORIES: Creatinine of 1.4.",
        "X-RAY AND LABORATORY DATA: White count 9.2.",
    ],
)
def test_rooms_and_headings_stay(text: str) -> None:
    assert not covered(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wheeled to Operating Room #2 at Elmswood General Hospital.", "Elmswood"),
        ("Moved to Newton Nursery on the second floor.", "Newton"),
        ("Seen at Jefferson Hospital for this.", "Jefferson"),
        ("PENROSE HOSPITAL COURSE: stable, sent home.", "PENROSE"),
        ("Nurse Ward took her to the Operating Room.", "Ward"),
        ("Brought to the Quillfeder Suite after the birth.", "Quillfeder"),
    ],
)
def test_rooms_and_headings_with_a_name_are_found(text: str, name: str) -> None:
    at = text.index(name)
    assert set(range(at, at + len(name))) <= covered(text)
