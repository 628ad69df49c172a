"""Houses by their letters, together or spelled, and what only looks so. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def places(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("They transferred me to the U C S F on Monday.", "U C S F"),
        ("Guest_family: It was at U A B.", "U A B"),
        ("Guest_family: No, it was U I H C.", "U I H C"),
        ("He told me to follow up at M U S C.", "M U S C"),
        ("She had it out at U P M C last year.", "U P M C"),
        ("She is a patient of the U P M C heart clinic.", "U P M C"),
        ("We are at A B C Medical Center.", "A B C Medical Center"),
        ("Her next date is with the urology clinic at MCG, in June.", "MCG"),
        ("Follow up with the pain clinic at RMH next month.", "RMH"),
        ("He was transferred to UVMC for further care.", "UVMC"),
        ("The first operation at LSU went well.", "LSU"),
        ("A second opinion at JHH was offered.", "JHH"),
        ("The films from TGH are not here.", "TGH"),
        ("She checks her pressure at CVS once a week.", "CVS"),
        ("I work for A B M D.", "A B M D"),
    ],
)
def test_a_house_by_its_letters_is_found(text, wanted):
    assert any(wanted in place for place in places(text))


@pytest.mark.parametrize(
    "text",
    [
        "He was transferred to the ICU.",
        "He was transferred to the I C U.",
        "They took me to the O R.",
        "I was referred to P T after the fall.",
        "The images were obtained at OSH.",
        "Films from OSH.",
        "Labs at OSH were normal.",
        "She was seen at PCP last week.",
        "Her clinic at NPV was rescheduled.",
        "He was seen by the team at bedside.",
        "She was admitted to DOU and then to the SDU.",
        "Records from PMD were obtained.",
        "She is a resident at SNF.",
        "A biopsy at GEJ was negative.",
        "He was followed by GYN and by ENT.",
        "Normal to CVS exam.",
        "He was delivered at EGA of 39 weeks.",
        "Blood flows from ICA to MCA.",
        "He was treated by CHOP for six cycles.",
        "Blood was taken at HOB 30 degrees.",
        "It was seen by M R I.",
    ],
)
def test_wards_kinds_of_houses_and_terms_by_their_letters_stay(text):
    assert places(text) == set()
