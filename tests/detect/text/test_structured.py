"""Identifiers with a form or a label, and what only looks like one. All values are made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors()


def found(text):
    return {(text[f.start : f.end], f.category.name) for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    ("text", "value", "category"),
    [
        ("seen 03/14/2021 for", "03/14/2021", "DATE"),
        ("on 2021-03-14 he", "2021-03-14", "DATE"),
        ("14.03.2021 Visit", "14.03.2021", "DATE"),
        ("on March 3rd, 2021 he", "March 3rd, 2021", "DATE"),
        ("on 3-Mar-21 he", "3-Mar-21", "DATE"),
        ("taken 03MAR2021", "03MAR2021", "DATE"),
        ("returned on 3/14 for", "3/14", "DATE"),
        ("am 3. März 2021 gesehen", "3. März 2021", "DATE"),
        ("a 93-year-old woman", "93", "DATE"),
        ("a ninety-two year old man", "ninety-two", "DATE"),
        ("She is a nonagenarian.", "nonagenarian", "DATE"),
        ("call (701) 555-0133", "(701) 555-0133", "PHONE"),
        ("Tel +44 20 7946 0958 today", "+44 20 7946 0958", "PHONE"),
        ("Fax: 701-555-0199", "701-555-0199", "FAX"),
        ("mail a.b@mail.example.org now", "a.b@mail.example.org", "EMAIL"),
        ("SSN 219-09-9999", "219-09-9999", "SSN"),
        ("MRN: 00482913", "00482913", "RECORD_NUMBER"),
        ("Medical Record No. A-448213", "A-448213", "RECORD_NUMBER"),
        ("Acct # 77-8822", "77-8822", "ACCOUNT"),
        ("Member ID: XYH889123", "XYH889123", "HEALTH_PLAN"),
        ("DEA AB1234563", "AB1234563", "LICENSE"),
        ("drove 1HGCM82633A004352 here", "1HGCM82633A004352", "VEHICLE"),
        ("License plate 7ABC123", "7ABC123", "VEHICLE"),
        ("Pacemaker serial no. PJN4428190", "PJN4428190", "DEVICE"),
        ("see https://portal.example.org/p?mrn=882 for", "https://portal.example.org/p?mrn=882", "URL"),
        ("from 203.0.113.7 at", "203.0.113.7", "IP"),
        ("host 2001:db8::ff00:42:8329 up", "2001:db8::ff00:42:8329", "IP"),
        ("photo wound_8831.jpg taken", "wound_8831.jpg", "PHOTOGRAPH"),
        ("lives in Fargo, ND 58102", "58102", "GEOGRAPHY"),
        ("lives in Fargo, ND 58102", "Fargo", "GEOGRAPHY"),
        ("at 1420 N. Elm Street today", "1420 N. Elm Street", "GEOGRAPHY"),
        ("MRN OO482l93", "OO482l93", "RECORD_NUMBER"),
        ("DOB O3/l4/1931", "O3/l4/1931", "DATE"),
    ],
)
def test_a_value_is_found_and_its_label_is_not(text, value, category):
    assert (value, category) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "strength 4/5 in both legs, pain 5/10",
        "BP 120/80, HR 78, RR 16, SpO2 98% on 2 L",
        "Hgb 12.5, WBC 7.2, platelets 250,000, Na 138",
        "metformin 500 mg po bid, may repeat in 2 weeks",
        "a 54-year-old man, GCS 15, NIHSS 3",
        "visual acuity 20/40 in the right eye",
        "Foley catheter in place; known Parkinson disease",
        "2/6 systolic murmur, 1+ edema",
        "since 2019 he has had Crohn's disease",
        "T 98.6, weight 82.5 kg, BMI 27.1",
    ],
)
def test_scores_vitals_doses_and_eponyms_are_left_alone(text):
    assert found(text) == set()
