"""Known names of two letters, in the plural, or broken by a hyphen or a blank go; codes that look like them stay."""

from __future__ import annotations

import pytest

from curator.identifiers.spelling import words
from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.dicom.matcher import Matcher
from curator.scrub.policy import load_policy

SAFE_HARBOR = load_policy("safe-harbor")


def cleaned(text: str, *known: tuple[str, str]) -> str:
    return Descriptors(known, SAFE_HARBOR).clean(text, vr="LT")


NG, LE = ("name", "Ng^Bo"), ("name", "Le^Thu")

SHORT = [
    (NG, "XR CHEST DR NG", "XR CHEST"),
    (NG, "Mr. Ng tolerated the exam", "tolerated the exam"),
    (NG, "Mr Ng was claustrophobic", "was claustrophobic"),
    (NG, "Patient Ng refused contrast", "refused contrast"),
    (NG, "XR CHEST patient: Ng", "XR CHEST"),
    (NG, "XR CHEST NG B", "XR CHEST"),
    (NG, "XR CHEST Ng, B", "XR CHEST"),
    (NG, "XR CHEST B. Ng", "XR CHEST"),
    (NG, "XR CHEST for Ng", "XR CHEST"),
    (NG, "XR CHEST Frau Ng", "XR CHEST"),
    (LE, "Spoke with Dr Le about contrast", "Spoke about contrast"),
    (LE, "XR CHEST by Le", "XR CHEST"),
    (("name", "Li^Na"), "Mrs Li N was anxious", "was anxious"),
    (("name", "Ma^Po"), "CT Ms Ma", "CT"),
    (("name", "Ma^Po"), "XR CHEST tech Ma", "XR CHEST"),
    (("name", "Ng^Boris"), "XR CHEST NG BORIS", "XR CHEST"),
    (("name", "Li^Wei"), "LI WEI CT CHEST", "CT CHEST"),
    (("name", "Le^Linh"), "LE LINH CT CHEST", "CT CHEST"),
]


@pytest.mark.parametrize(("known", "text", "left"), SHORT)
def test_a_known_name_of_two_letters_goes_where_something_leads_to_it(
    known: tuple[str, str], text: str, left: str
) -> None:
    assert cleaned(text, known) == left


CODES = [
    (NG, "NG tube"),
    (NG, "XR ABD NG TUBE PLACEMENT"),
    (NG, "XR ABD for NG tube placement"),
    (NG, "CT NG"),
    (LE, "US LE venous duplex"),
    (LE, "MR LE W/O"),
    (("name", "Ma^Po"), "120 kV 80 mA"),
]


@pytest.mark.parametrize(("known", "text"), CODES)
def test_the_same_letters_stay_where_they_are_a_code(known: tuple[str, str], text: str) -> None:
    assert cleaned(text, known) == text


PLURALS = [
    ("Smith^John", "CT ABD SMITHS FILMS", "CT ABD FILMS"),
    ("Smith^John", "CT CHEST SMITHS'", "CT CHEST"),
    ("Brown^Al", "CT ABD BROWNS", "CT ABD"),
    ("Hill^Peter", "CT ABD HILLS FILMS", "CT ABD FILMS"),
    ("Wood^Robert", "CT ABD WOODS FILMS", "CT ABD FILMS"),
    ("Hart^Leo", "CT ABD HARTS FILMS", "CT ABD FILMS"),
    ("Jones^Amy", "CT ABD JONESES", "CT ABD"),
    ("Brown^Page", "CT ABD 2 PAGES", "CT ABD 2 PAGES"),
    ("Stone^William", "CT KIDNEY STONES", "CT KIDNEY STONES"),
    ("Doe^Jane", "Liver lesion does not enhance", "Liver lesion does not enhance"),
    ("Need^Ann", "needs repeat", "needs repeat"),
]


@pytest.mark.parametrize(("name", "text", "left"), PLURALS)
def test_a_known_family_goes_in_the_plural_too(name: str, text: str, left: str) -> None:
    assert cleaned(text, ("name", name)) == left


BROKEN = [
    (("name", "Smith^John"), "CT CHEST Smi-th", "CT CHEST"),
    (("name", "Smith^John"), "CT CHEST SMI TH", "CT CHEST"),
    (("name", "Foley^Ann"), "CT ABD Fol-ey", "CT ABD"),
    (("name", "Green^Phillip"), "CT ABD Gre-en", "CT ABD"),
    (("name", "Young^John"), "CT ABD You-ng", "CT ABD"),
    (("id", "AB12"), "CT ABD AB-12", "CT ABD"),
    (("id", "AB12"), "CT ABD AB 12", "CT ABD"),
    (("name", "Inman^Ed"), "mass in man", "mass in man"),
    (("id", "1012"), "10-12 weeks", "10-12 weeks"),
]


@pytest.mark.parametrize(("known", "text", "left"), BROKEN)
def test_a_known_value_goes_with_one_hyphen_or_blank_in_it(known: tuple[str, str], text: str, left: str) -> None:
    assert cleaned(text, known) == left


def test_plurals_are_found_as_whole_words_only() -> None:
    brown = Matcher([("name", "Brown^Al")])
    assert brown.hits("the browns")
    assert not brown.hits("sunbrownsea")
    assert "pages" not in Matcher([("name", "Brown^Page")]).weak


def test_what_somebody_else_is_asked_first_does_not_hide_a_short_name() -> None:
    text = "XR CHEST DR NG"
    cleaned(text, ("name", "Quillfeather^Ada"))
    assert "ng" not in words(cleaned(text, NG))
