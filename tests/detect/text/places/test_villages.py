"""Villages by level, towns on rivers, houses with their trust, dates and numbers in odd forms. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def covered(text):
    return {text[f.start : f.end]: f.category.name for f in find_all(text, OURS)}


@pytest.mark.parametrize(
    ("text", "wanted", "category"),
    [
        ("Pt from vill. Kolaghat, PS Panskura, Dt. Purba Medinipur", "Panskura", "GEOGRAPHY"),
        ("Address: Vill Gopalnagar, Post Bagdah, Dt Nadia", "Bagdah", "GEOGRAPHY"),
        ("resident of Mallapur village, Tirora taluka", "Tirora", "GEOGRAPHY"),
        ("Lives in Carrick-on-Shannon with her brother", "Carrick-on-Shannon", "GEOGRAPHY"),
        ("Stratford-upon-Avon Day Hospital note", "Stratford-upon-Avon", "GEOGRAPHY"),
        ("Mid Aldershaw NHS Foundation Trust", "Mid Aldershaw NHS Foundation Trust", "GEOGRAPHY"),
        ("Brackwater University Health Board  Cardiology", "Brackwater University Health Board", "GEOGRAPHY"),
        ("Home unit is Bluestem Dialysis East, MWF", "Bluestem Dialysis East", "GEOGRAPHY"),
        ("control with Dr. Tron on 02/IX/2019", "02/IX/2019", "DATE"),
        ("Seen 7/XII/21 in clinic", "7/XII/21", "DATE"),
        ("Appt made the 9th w NP", "9th", "DATE"),
        ("rescheduled to the 2nd", "2nd", "DATE"),
        ("call uro 9-6991", "9-6991", "PHONE"),
        ("d/w pharm 6-0442", "6-0442", "PHONE"),
        ("ask for Christophe, x 4406", "4406", "PHONE"),
        ("Reg. OP/18/064417", "OP/18/064417", "RECORD_NUMBER"),
        ("prov. no. 427719BY", "427719BY", "LICENSE"),
        ("GMS card no. P381204 A", "P381204 A", "HEALTH_PLAN"),
    ],
)
def test_it_is_found_whole(text, wanted, category):
    assert any(wanted in value and told in {category, "ACCOUNT"} for value, told in covered(text).items())


@pytest.mark.parametrize(
    "text",
    [
        "control of cytometry, box 4",
        "Wt stable, Beighton 5/9.",
        "TTOs 14/7 given, last BO 2/7.",
        "told NOT to chase the ambulance",
        "He drives 61 miles one way",
        "T PC-12, 1 h 50 to base",
        "Murmur II/VI, grade III/IV, CN II/XII intact",
        "Speech-in-Noise test, hands-on care, Side-by-Side walker",
        "a village of friends; post procedure; dist pulses, PS 10 over PEEP 5",
    ],
)
def test_other_forms_stay(text):
    assert covered(text) == {}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("GP in Stow-on-the-Wold to review", "Stow-on-the-Wold"),
        ("Admitted to Hospital Clínico Santa Eulalia", "Hospital Clínico Santa Eulalia"),
    ],
)
def test_it_goes_whole_whatever_it_is_called(text, wanted):
    assert any(wanted in value for value in covered(text))
