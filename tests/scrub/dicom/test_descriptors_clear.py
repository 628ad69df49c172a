"""A term goes where it is written as somebody's name: before a given name, beside an initial, small amid capitals."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.descriptors_terms import DOUBLE, called, cues, is_listed_name, kind_of
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))

GOES = [
    # a given name behind a comma or a caret
    ("XR KNEE ROSENBERG, DAVID", "XR KNEE"),
    ("XR HIP JUDET, PAUL", "XR HIP"),
    ("CT ABD Paget, Ellen", "CT ABD"),
    ("XR KNEE Rosenberg^Ethel", "XR KNEE"),
    ("XR HIP STRYKER, ANDRE", "XR HIP"),
    ("CT ABD Lisfranc, Omar", "CT ABD"),
    ("CT CHEST HAND, ELTON", "CT CHEST"),
    ("CT CHEST STILL, WILLIAM", "CT CHEST"),
    ("CT CHEST FIELDS, SALLY", "CT CHEST"),
    ("CT FACE Bone, Thomas", "CT FACE"),
    ("HAND, ELTON", ""),
    ("CT ABD Endo, Sarah", "CT ABD"),
    ("CT CHEST LUNG, CHEN", "CT CHEST"),
    ("CHEST PA^TUCKER", "CHEST PA"),
    # an initial
    ("CT ABD HODGKIN D", "CT ABD"),
    ("CT ABD D. Hodgkin", "CT ABD"),
    ("CT ABD J WATERS", "CT ABD"),
    ("CT ABD Waters JL", "CT ABD"),
    ("CT ABD Waters, J", "CT ABD"),
    ("reviewed with J. Waters", "reviewed"),
    ("CT ABD GUPTA J", "CT ABD"),
    ("CT ABD TRAN J", "CT ABD"),
    ("CT ABD FOURNIER J", "CT ABD"),
    ("CT ABD RAO J", "CT ABD"),
    ("CT ABD GRANT J", "CT ABD"),
    # small letters behind capitals
    ("CT ABD Rao", "CT ABD"),
    ("CT ABD Lima", "CT ABD"),
    ("CT ABD Park", "CT ABD"),
    ("CT ABD Vu", "CT ABD"),
]


@pytest.mark.parametrize(("text", "left"), GOES)
def test_what_is_written_as_a_name_goes(text: str, left: str) -> None:
    assert NOBODY.clean(text, vr="LO") == left


STAYS = [
    "Waters, PA",
    "SINUS WATERS PA",
    "SINUS WATERS L",
    "KNEE, LEFT",
    "Chest, PA/LAT",
    "HAND, AP",
    "Neck, Thyroid",
    "Brain, Stem",
    "Chiari I",
    "CROHN S DISEASE",
    "M. Crohn",
    "V. Galen malformation",
    "RAO 30 CAUDAL",
    "LCA RAO",
    "CABG LIMA LAD",
    "AX T1 Bravo",
    "CT ABD Routine",
    "CT ABD Stone",
    "MR KNEE Left",
    "CT HEAD Session",
    "PEG J",
    "US LIVER DOPPLER F",
    "LV GRAM RAO M",
    # sides and the like in other languages, and letters behind views, parts, sequences and machines
    "RX MÃO D",
    "RX DEDO E",
    "RX BASSIN JUDET G",
    "PIED G LISFRANC",
    "RTG LEGG H",
    "SONO LEBER D",
    "ECHO DOPPLER E",
    "ECHO DOPPLER MI D",
    "MR BRAIN PONS D",
    "CT ABD PEL D",
    "AX T1 GAD D",
    "AX FLASH D",
]


@pytest.mark.parametrize("text", STAYS)
def test_terms_in_other_forms_stay(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


def test_the_sex_behind_an_age_is_no_initial() -> None:
    assert NOBODY.clean("US LIVER DOPPLER 090Y F", vr="LO") == "US LIVER DOPPLER F"
    assert NOBODY.clean("US LIVER DOPPLER 045Y F", vr="LO") == "US LIVER DOPPLER 045Y F"


def test_what_was_examined_stays_before_a_given_name() -> None:
    assert NOBODY.clean("XR HAND, JOHN", vr="LO") == "XR HAND"
    assert NOBODY.clean("MR LEFT KNEE, SARAH", vr="LO") == "MR LEFT KNEE"


def test_the_lists_of_forms_are_sound() -> None:
    assert all(is_listed_name(word) for word in called()["capitals"] | cues()["short_names"])
    assert all(kind_of(word) == DOUBLE for word in cues()["ordinary"])


@pytest.mark.parametrize(
    "text", ["Megavoltage imager", "UNSEDATED TODDLER", "subcentimeter foci", "Nonrestrained passenger"]
)
def test_a_word_with_a_syllable_before_it_stays(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


def test_a_name_with_such_a_syllable_goes() -> None:
    assert NOBODY.clean("CT CHEST UNDERHILL", vr="LO") == "CT CHEST"
    assert NOBODY.clean("CT CHEST Parapetti", vr="LO") == "CT CHEST"
