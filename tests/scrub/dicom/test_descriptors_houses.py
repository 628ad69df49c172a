"""Facilities that are called by everyday words go as wholes, and the words stay where they mean what they mean."""

from __future__ import annotations

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

NOBODY = Descriptors((), load_policy("safe-harbor"))


@pytest.mark.parametrize(
    "house",
    [
        "Texas Children's",
        "Texas Heart",
        "Sacred Heart",
        "SACRED_HEART",
        "Presbyterian",
        "Methodist",
        "Cedars",
        "Cedars-Sinai",
    ]
    + [
        "County General",
        "COUNTY GENERAL",
        "Boston Childrens",
        "Guys and St Thomas",
        "Orlando Regional",
        "Kansas City General",
    ]
    + [
        "PO Box 441 Springfield",
        "P.O. BOX 441",
        "PO Box 1290",
        "Postfach 4410",
        "Apartado de correos 441",
        "350 Fifth Ave, New York NY 10118",
        "New York",
    ],
)
def test_a_facility_or_address_of_everyday_words_goes_whole(house: str) -> None:
    assert NOBODY.clean(f"CT CHEST {house}", vr="LO") == "CT CHEST"


def test_what_a_known_facility_is_called_besides_its_name_goes_with_it() -> None:
    known = (("institution", "St. Brendan Regional Medical Center"),)
    assert Descriptors(known, load_policy("safe-harbor")).clean("CT CHEST ST BRENDAN REGIONAL", vr="LO") == "CT CHEST"


@pytest.mark.parametrize(
    "text",
    ["General anesthesia", "CT HEART", "heart failure in children", "children's protocol", "CT PEDIATRIC CHILDRENS"]
    + [
        "regional block",
        "regional general anesthesia",
        "new lesion",
        "CT HEART GENERAL",
        "Boston brace",
        "oral contrast PO",
    ]
    + ["box 3", "2 N 3rd rib", "General survey", "texas tech phantom"],
)
def test_the_words_stay_elsewhere(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("CT CHEST 123 Main St", "CT CHEST"),
        ("CT CHEST 12 N MAIN STREET", "CT CHEST"),
        ("4 Center Rd", ""),
        ("MR KNEE call ext 4410", "MR KNEE call"),
        ("MR KNEE SN A4410-2", "MR KNEE"),
        ("3 HIGH RES T2", "3 HIGH RES T2"),
        ("1 ST PASS", "1 ST PASS"),
        ("EXT ROT 45", "EXT ROT 45"),
        ("SN T1 3D", "SN T1 3D"),
    ],
)
def test_streets_extensions_and_serial_numbers_amid_terms_go(text: str, clean: str) -> None:
    assert Descriptors((), load_policy("safe-harbor")).clean(text, vr="LO") == clean
