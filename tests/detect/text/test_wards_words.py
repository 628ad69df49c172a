"""What stands in notes of wards, warehouses and dictation: words that are nobody, days, ages, hours. All made up."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

OURS, WEIGHED = detectors(weighed=False), detectors()


def found(text, use=OURS):
    return [text[one.start : one.end] for one in find_all(text, use)]


def covers(text, value, use=OURS):
    at = text.index(value)
    return any(one.start <= at and one.end >= at + len(value) for one in find_all(text, use))


@pytest.mark.parametrize(
    "text",
    [
        "Found 40 yr old man sitting up.",
        "Sober 6 years, attends meetings.",
        "Fam - large, in and out all night.",
        "Discharge: Home With Service",
        "HE STEPPED ON A NAIL AT WORK AND HAS A RED STREAK.",
        "A 61 YEAR OLD GENTLEMAN FROM OUT OF STATE WITH PAIN",
        "Aspirin 81 mg P.O. Q.D. and heparin S.Q. B.I.D. were given.",
        "3-11: alert, up in the chair.",
        "11-7 found asleep on rounds.",
    ],
)
def test_words_and_shifts_at_the_head_of_a_line_stay(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Mrs. Sober was seen.", "Sober"),
        ("Attending: Test, Maria", "Test, Maria"),
        ("SEEN BY A NAIL, MD.", "A NAIL"),
        ("Seen 3-11 by Dr. Roe.", "3-11"),
        ("Admitted on 11-7 with fever.", "11-7"),
        ("Approved by P.O. Kim", "Kim"),
        ("Her daughter Faith called about the results.", "Faith"),
        ("Son Banff is here.", "Banff"),
        ("RN Bridge aware.", "Bridge"),
    ],
)
def test_somebody_or_a_day_of_the_same_form_goes(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("She was born on March\n4, 1988, in the spring.", "March\n4, 1988"),
        ("Seen on October\r\n  21, 2009 for a cough.", "October\r\n  21, 2009"),
        ("Inpatient from 14.11. to 27.11.2022.", "14.11"),
        ("Aufenthalt 05.11. - 12.11.18", "05.11"),
    ],
)
def test_a_day_over_the_end_of_a_line_or_without_its_year_goes(text, value):
    assert covers(text, value)


def test_a_list_behind_a_month_is_no_day():
    assert found("Return in June\n2. Continue metoprolol, 30 tablets.") == ["June"]
    assert "1.2" not in "".join(found("Version 1.2. to 1.3.2 was installed."))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"I\'m ninety, and my sister is younger," she said.', "ninety"),
        ("His father was cared for at ninety-nine.", "ninety-nine"),
        ("She was ninety-one, and the cane is new.", "ninety-one"),
        ("Aged ninety-one and a half, she has buried two husbands.", "ninety-one"),
        ("Q2. How old?\nA2. Ninety-seven.", "Ninety-seven"),
        ("He is ninety-something.", "ninety"),
    ],
)
def test_an_age_in_words_goes(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "The heart rate was ninety.",
        "Oxygen saturation was ninety-two, and stable.",
        "The pulse is ninety, and regular.",
        "Blood pressure of ninety over sixty.",
        "Observed for ninety minutes.",
    ],
)
def test_a_measure_in_words_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("WET READ: JKwn SAT 8:03 PM", "JKwn"),
        ("Prelim Read: TAYLORS 3/9 tube is low", "TAYLORS"),
        ("SUMMARY\nTR :\ngj1\nDD :\n", "gj1"),
        ("Next visit by Bay Path VNA.", "Bay Path VNA"),
        ("sib mateo w/ neighbor.", "mateo"),
        ("seen c/ Flores today", "Flores"),
    ],
)
def test_who_read_typed_or_came_goes(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "finger ext 1/5, R LE 2/5, deltoid 3/5.",
        "Fax page 2/3, sheet 1/4.",
        "Major Surgical or Invasive Procedure: none",
        "HER2 negative (ASCO/CAP 2018).",
        "IVSd 1.3 cm, PWd 1.2 cm, LA 4.1 cm",
        "Sutures out 10-12 d.",
        "Alcohol withdrawal, CIWA 12-16, on lorazepam.",
        "Well treated on BPAP 17/12.",
        "Referral to Area Agency on Aging.",
        "Pacemaker (Cypher, 2006, left) is in place.",
        "0400 awake. 0600 weighed. 0800 turned. Bath at 0930 given. Ate well; 1100 asleep.",
        "VNA will visit. Referred to VNA.",
    ],
)
def test_a_strength_a_page_a_year_and_an_hour_stay(text):
    assert [one for one in found(text, WEIGHED) if any(mark.isdigit() for mark in one) or one == "VNA"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Crown cemented with Temp-Bond.",
        "Smear shows Pelger-Huet forms and 3% blasts.",
        "Because of Jervell and Lange-Nielsen the dose was halved.",
        "Open fracture, Gustilo-Anderson IIIA, washed out.",
        "Warmed with a Bear Hugger overnight.",
        "Pergonal was stopped and Balziva begun.",
        "Pain 3/10 by Wong-Baker.",
    ],
)
def test_what_is_called_after_two_people_stays(text):
    assert found(text, WEIGHED) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Seen by Dr. Temp-Bond today.", "Temp-Bond"),
        ("Mrs. Lange-Nielsen called.", "Lange-Nielsen"),
        ("Her daughter Anna Gustilo-Anderson drives her.", "Anna Gustilo-Anderson"),
        ("Discussed with O'Connor at noon.", "O'Connor"),
        ("Plan agreed; D'Amico paged.", "D'Amico"),
        ("The Du Bois sisters visited.", "Du Bois"),
        ("Seen by Marzia at the desk.", "Marzia"),
        ("CAP 00184 Roma", "00184"),
        ("pwd: hunter2", "hunter2"),
        ("BPAP begun on 7/12.", "7/12"),
    ],
)
def test_somebody_of_both_names_goes(text, value):
    assert covers(text, value, WEIGHED)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("402917735 | SVH | 18827704 | | 559213 | CHF | Signed", "SVH"),
        ("123547445\nFIH\n7111426\nDischarge Summary\n", "FIH"),
        ("Reichenau, M.D.  [MD Number 1351]", "1351"),
        ("ET/MEDQ  D: 02/11/2007", "ET"),
        ("dictated but not read  ghw", "ghw"),
        ("dd 3/9/00 dt 3/10/00 bjw doc 288140", "bjw"),
        ("TR :\nljk / ar\nDD :\n", "ar"),
        ("- pulido, asdrubal / icd\n", "pulido, asdrubal"),
        ("Everybody calls me Sparky, at work too.", "Sparky"),
        ("night float → Sully\n", "Sully"),
        ("Comparison is made with 3/8. The tube is in place.", "3/8"),
        ("Twin A went home 2/6. His mother is well.", "2/6"),
    ],
)
def test_headers_of_warehouses_and_marks_of_dictation_go(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "4829173 seen. DIS Signed",
        "ET/OT evaluation done.",
        "Wound not read again, ok",
        "- apixaban, aspirin / daily\n",
        "It called him back.",
        "Pulse → Normal\n",
        "Compared with 3/5 strength before.",
    ],
)
def test_what_only_looks_like_these_stays(text):
    assert [one for one in found(text) if not one[0].isdigit()] == []


def test_the_labels_of_typing_stay():
    assert "TR" not in found("ROE , M.D.\nTR :\nljk\nDD :\n10/20/1994\nTD :\n", WEIGHED)
