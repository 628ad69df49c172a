"""Names that their written form tells though each word is a term elsewhere, and what only looks so. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def found(text):
    return {text[f.start : f.end] for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ordering Physician: Hunter, Page T., DO\nClinical info: fell", "Hunter, Page T."),
        ("SURGEON: Colles, P.D.\nFIRST ASSISTANT: Luana Roe", "Colles, P.D."),
        ("Surgeon: Crohn, B.\n", "Crohn, B."),
        ("First assistant: Foley, A. O.; scrub: none", "Foley, A. O."),
        ('container F bore "Foley, R.") and was resolved', "Foley, R."),
        ("Electronically signed, Conn, Theodora, MD", "Conn, Theodora"),
        ("as above.\n\nA Myers, CNP", "A Myers"),
        ("biomed to swap. L Winter, RRT", "L Winter"),
        ("Slept well. Mo K., RN", "Mo K."),
        ("those present were a Mr. Jago Penhaligon (lodger) and the cat", "Jago Penhaligon"),
    ],
)
def test_what_is_written_as_a_name_is_one(text, wanted):
    assert any(wanted in span for span in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "Medications: Lasix, P.O. daily",
        "Diet: Thickened, N. liquids",
        "Plan A Continue, RN to call.",
        "Hepatitis B Vaccine, RN gave it.",
        "Vitamin B Complex, PA says.",
        "To: Radiology, Cardiology",
        "Findings: Hodgkin, B. symptoms absent",
    ],
)
def test_what_only_looks_so_stays(text):
    assert not found(text)


def test_a_branch_of_medicine_behind_a_doctor_stays():
    text = "Dr. Emre Nephritis. Dr. Kim Renal (ext) and Dr. James Pulm today."
    assert all(word not in span for span in found(text) for word in ("Nephritis", "Renal", "Pulm"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("RN: on call\nRm 412B  HODGKIN C.\nPt resting", "HODGKIN C."),
        ("Room 12: Baker J.\nStable", "Baker J."),
        ("Bed 4B LI W.  \nPt calm", "LI W."),
    ],
)
def test_names_behind_a_room_go_though_they_are_words_elsewhere(text, name):
    assert name in found(text)


@pytest.mark.parametrize("text", ["Bed 4 CALL B. light", "Rm 7 Vitamin B. Given", "Rm 4 Hepatitis C. Seen"])
def test_what_else_stands_behind_a_room_stays(text):
    assert not found(text)
