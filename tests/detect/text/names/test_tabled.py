"""Names, towns and days below heads of columns, in lists and in logs; heads and terms are none. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def found(text, category):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == category}


def covers(text, value):
    start = text.index(value)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    return all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


SHEET = """PATIENT FACE SHEET
Last Name         First Name        MI     Suffix
Order             Shlomo            R
City              State   Zip
Peoria            Mass.   01002
Emergency Contact        Relationship     Phone
April Snow               Spouse           701-555-0134
"""
LIST = "Rm    Patient       RN       To do\n401   Le, Tam       Kalpit   diurese\n402   Steak, Art    An       hip fx\n"
ONSET = """ID  Name          Room   Onset   Stool
1   Rajko Moss    104A   11-5    pend
2   Bill Cash     110    3/8     neg
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (SHEET, "Order"),
        (SHEET, "Shlomo"),
        (SHEET, "Peoria"),
        (SHEET, "April Snow"),
        (LIST, "Kalpit"),
        (LIST, "Steak, Art"),
        (ONSET, "Bill Cash"),
        (ONSET, "11-5"),
        ("Name\tCity\nWill Power\tMobile\n", "Will Power"),
        ("Name\tCity\nWill Power\tMobile\n", "Mobile"),
        ("GEN SURG\n1) Peacock 68F s/p sigmoid\n2) Pool 41M appy", "Pool"),
        ("0610 Andersen 4W-412 to CT\n0635 Berger 3E-7 to US", "Berger"),
        ("Attending\nWood, Katherine\n", "Wood, Katherine"),
    ],
)
def test_what_stands_below_a_head_or_in_a_list_is_found(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (SHEET, "Relationship"),
        (SHEET, "Emergency Contact"),
        (SHEET, "Spouse"),
        (LIST, "diurese"),
        (ONSET, "104A"),
        ("Name        Result   Units\nSodium      138      mmol/L\nPotassium   4.1      mmol/L\n", "Potassium"),
        ("Drug          Dose\nLisinopril    10 mg\nWarfarin      5 mg\n", "Warfarin"),
        ("1) Patient 68F with chest pain\n2) Pain 7/10", "Patient"),
        ("0610 Foley out\n0635 Tylenol given", "Tylenol"),
        ("Cough, Fever\nDiet, Regular\n", "Diet, Regular"),
    ],
)
def test_heads_results_and_terms_stay(text, kept):
    start = text.index(kept)
    assert not any(f.start < start + len(kept) and f.end > start for f in find_all(text, OURS))
