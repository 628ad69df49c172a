"""Single letters that are sides, levels of the spine or kinds of tubes stay when the name beside them goes."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_terms import NAME, behind_it, kind_of
from curator.scrub.policy import load_policy

SAFE_HARBOR = load_policy("safe-harbor")
NOBODY = Descriptors((), SAFE_HARBOR)

WHOLE = [
    "MR C SPINE",
    "MR T SPINE",
    "MR T SPINE W/O",
    "MR C SPINE W/WO CONTRAST",
    "MR L SPINE W/O",
    "MR T L SPINE",
    "MR C T L SPINE",
    "CT T AND L SPINE",
    "CT C SPINE",
    "DR C SPINE PORTABLE",
    "PT C SPINE",
    "MR J TUBE CHECK",
    "Mr T Spine W/O",
    "DR SHOULDER R Y VIEW",
    "Mr Knee R W",
    "MR A/P",
]


@pytest.mark.parametrize("text", WHOLE)
def test_levels_tubes_and_views_are_no_initials(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


SIDES = [
    ("MG DIAG R PETERSON", "MG DIAG R"),
    ("MG DIAG L PETERSON^ANN", "MG DIAG L"),
    ("CT NECK L RODRIGUEZ", "CT NECK L"),
    ("MR KNEE L Mia", "MR KNEE L"),
    ("MR KNEE L Emma W", "MR KNEE L"),
    ("MR KNEE L PARK JI-HOON", "MR KNEE L"),
    ("XR FEMUR L, GRUBER", "XR FEMUR L"),
    ("XR FEMUR_L_GRUBER", "XR FEMUR_L"),
    ("US BREAST L MARTINEZ ROSA", "US BREAST L"),
    ("XR HAND (L) THOMPSON", "XR HAND (L)"),
    ("XR ANKLE 3V R WEBER", "XR ANKLE 3V R"),
    ("CT A/P W KELLERMAN", "CT A/P W"),
    ("MR A/P DAVIS", "MR A/P"),
    ("MR C SPINE DAVIS JAMES", "MR C SPINE"),
    ("MR C SPINE DR DAVIS", "MR C SPINE"),
    ("MR T SPINE W/O FOR DAVIS", "MR T SPINE W/O"),
    ("CT HEAD W/O_FUCHS_LINH", "CT HEAD W/O"),
    ("CT_HEAD_W_O_SMITH_JOHN", "CT_HEAD_W_O"),
    ("CT HEAD W/C_SMITH_JOHN", "CT HEAD W/C"),
    ("CT C/A/P SMITH JOHN", "CT C/A/P"),
    ("CT HEAD SMITH JOHN C+", "CT HEAD C+"),
    ("CT HEAD SMITH JOHN C-", "CT HEAD C-"),
    ("CT HEAD I- SMITH, JOHN", "CT HEAD I-"),
    ("IRM GENOU G DUPONT JEAN", "IRM GENOU G"),
    ("RM RODILLA D MORENO", "RM RODILLA D"),
    # an initial has a point, or stands behind a word for somebody
    ("XR KNEE R. PETERSON", "XR KNEE"),
    ("XR KNEE REF L PETERSON", "XR KNEE"),
    ("CT R PETERSON", "CT"),
]


@pytest.mark.parametrize(("text", "left"), SIDES)
def test_a_side_stays_when_the_name_behind_it_goes(text: str, left: str) -> None:
    assert NOBODY.clean(text, vr="LO") == left


def test_of_a_known_person_a_letter_beside_the_name_may_be_an_initial() -> None:
    somebody = Descriptors((("name", "Head^Robert"),), SAFE_HARBOR)
    assert "HEAD" not in somebody.clean("CT HEAD R", vr="LO")
    assert somebody.clean("CT HEAD", vr="LO") == "CT HEAD"


RELATIVES = [
    ("Alzheimer dementia, daughter Rosalind at bedside", "Alzheimer dementia, daughter at bedside"),
    ("pt states husband Tom drove", "husband drove"),
    ("Penicillin (per mother, Dolores)", "Penicillin (per mother)"),
]


@pytest.mark.parametrize(("text", "left"), RELATIVES)
def test_a_relative_stays_without_the_name(text: str, left: str) -> None:
    assert NOBODY.clean(text, vr="LO") == left


def test_words_with_a_letter_before_them_are_terms() -> None:
    assert "spine" in behind_it("c")
    assert behind_it("q") == frozenset()
    assert not any(kind_of(head) == NAME for letter in "cgjlty" for head in behind_it(letter))
