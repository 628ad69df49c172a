"""Who signs, closes, is spoken to, is written by initials or by a login; and what only looks so. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def found(text):
    return {text[f.start : f.end] for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("RTC two years. - Seamus", {"Seamus"}),
        ("Report given.\n-Marisela\n", {"Marisela"}),
        ("Signed\n/es/ JAN KOTALA", {"JAN KOTALA"}),
        ("/es/ RICH LITTLE, MD\nSTAFF", {"RICH LITTLE"}),
        ("I told her it is benign. Geerts", {"Geerts"}),
        ("I will call you tomorrow.\nMireille\n", {"Mireille"}),
        ("It was at 2:15. Heather, please call to schedule", {"Heather"}),
        ("KHL is a 59yo who came. KHL denies pain.", {"KHL"}),
        ("J.R., a 12-year-old boy, came in.", {"J.R."}),
        ("LMT = Long Minh Tran\n0800 given by LMT", {"LMT", "Minh Tran"}),
        ("Job #883104771   MSD/kt", {"883104771", "MSD/kt"}),
        ("attending=kwame.boateng unit 4", {"kwame.boateng"}),
        ("Printed by mcleanh\n", {"mcleanh"}),
        ("JANE ROE , M.D. BR67\n", {"JANE ROE", "BR67"}),
        ("Ofc Phelps #417 came", {"Phelps", "417"}),
        ("Roe, Jane, 4471203, is here", {"Roe, Jane", "4471203"}),
    ],
)
def test_who_signs_is_found(text, wanted):
    spans = found(text)
    assert all(any(value in span for span in spans) for value in wanted)


@pytest.mark.parametrize(
    "text",
    [
        "Plan: - Continue aspirin\n- Follow up",
        "Labs reviewed.\nStable\n",
        "She is doing well. Afebrile",
        "No pain. Improved",
        "BMI = 24. HCP = health care proxy",
        "COPD is a 10 year problem",
        "CBT, a 12-week course, helped",
        "Seen by telehealth\n",
        "reviewed by cardiology 3 times",
        "see attached file notes.pdf and e.g.this",
        "Pain, please rate it",
        "Dr. agrees. Continue",
    ],
)
def test_what_only_looks_like_a_signature_stays(text):
    assert not found(text)
