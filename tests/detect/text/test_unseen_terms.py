"""Words and numbers that look like people, places or days and are none; somebody of the same name goes. All made up."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def found(text):
    return [text[one.start : one.end] for one in find_all(text, OURS)]


def covers(text, value):
    at = text.index(value)
    return any(one.start <= at and one.end >= at + len(value) for one in find_all(text, OURS))


@pytest.mark.parametrize(
    "text",
    [
        "Load management after the Silbernagel pain-monitoring model.",
        "Axillary band (Kurtzman) limits abduction.",
        "Polyp (Haggitt level 1, Kikuchi sm1) removed.",
        "Substituted judgment comes first (Cruzan; Schiavo).",
        "Sutured through a Robertshaw, then a Univent.",
    ],
)
def test_an_eponym_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Discussed with Dr. Silbernagel after rounds.", "Silbernagel"),
        ("Mrs. Kurtzman was discharged.", "Kurtzman"),
        ("Pt seen w/ daughter Anna Haggitt.", "Anna Haggitt"),
        ("RN Matzke aware", "Matzke"),
        ("Attending: Robertshaw", "Robertshaw"),
        ("Sign. Maria Kounis, MD", "Maria Kounis"),
    ],
)
def test_somebody_of_an_eponyms_name_goes(text, name):
    assert covers(text, name)


@pytest.mark.parametrize(
    "text",
    [
        "Cemented with TempBond, hemostasis with Drysol.",
        "Rides in a Graco seat, wears Skechers, watches Bluey.",
        "Home program uploaded to MedBridge.",
        "Bitten by a Rottweiler while on Vyvgart.",
        "Prevnar, Pediarix and RotaTeq given.",
    ],
)
def test_a_product_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Humphrey 24-2 SITA Fast: stable.",
        "CABG x3 (LIMA to LAD, SVG to OM1).",
        "Reviewed with STOPP/START criteria.",
    ],
)
def test_letters_of_a_test_or_a_vessel_stay(text):
    assert found(text) == []


@pytest.mark.parametrize(("text", "name"), [("Daughter Sita called.", "Sita"), ("Mr. Lima was seen.", "Lima")])
def test_somebody_of_the_same_letters_goes(text, name):
    assert covers(text, name)


@pytest.mark.parametrize(
    "text",
    [
        "Royal London Hospital test positive.",
        "Diplomate, American Board of Psychiatry and Neurology",
        "Per the American College of Surgeons, repeat imaging.",
        "**Brief Hospital Course**",
        "Ate at a Thai restaurant before the hives.",
        "Call the Poison Center again.",
        "Clinic: New Patient",
        "Return to Radiation Oncology in four weeks.",
        "**LETTER OF MEDICAL NECESSITY**\n\nPlan",
        "Signed: AuD, CCC-A",
    ],
)
def test_what_is_no_house_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("Seen at Royal London Hospital for tests.", "Royal London Hospital"),
        ("Ate at Bangkok Garden restaurant.", "Bangkok Garden restaurant"),
        ("Clinic: Fern Hill", "Fern Hill"),
        ("Transferred to National Jewish Hospital.", "National Jewish Hospital"),
    ],
)
def test_a_house_of_the_same_words_goes(text, house):
    assert covers(text, house)


@pytest.mark.parametrize(
    "text",
    [
        "Skin prick testing (histamine 5/20 mm): peanut 12/35, cashew 3/8, oak 8/22, cat 6/15.",
        "Ventilated on PSV 12/8, then BiPAP 14/6 40% -> 16/5.",
        "NPH 22/12 with meals.",
        "Screened with the Geriatric Depression Scale (6/15).",
        "Cough after 2/3 thin by cup.",
        "Meropenem D 9/14 continues.",
        "Reports CP 8/10 at 0140.",
        "Transfusion threshold 10/25.",
        "Titrated to 3-4 BMs a day.",
    ],
)
def test_a_measure_of_two_numbers_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Skin prick testing done on 3/8, negative.", "3/8"),
        ("CPAP download from 12/8 reviewed.", "12/8"),
        ("Seen 6/15 for depression.", "6/15"),
        ("EYE EXAM 1-25. Stable.", "1-25"),
        ("Discharged 9/14 on meropenem.", "9/14"),
    ],
)
def test_a_day_of_the_same_numbers_goes(text, day):
    assert covers(text, day)


@pytest.mark.parametrize(
    "text",
    [
        "Kein Hinweis auf eine Fraktur. Bei Rückfragen: Station.",
        "Dekompensierte Herzinsuffizienz, Wunde Ferse links.",
        "Motivo de ingreso: Dolor torácico. Se activó el Código Infarto.",
        "Pt husb updated. Vanc, Ceftaz given. Trached and pegged.",
    ],
)
def test_words_of_other_languages_and_of_wards_stay(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kein Hinweis auf Fieber. Tochter Urša Kovačič angerufen.", "Urša Kovačič"),
        ("Refiere dolor. Su esposa, Marisol Quintero, lo acompaña.", "Marisol Quintero"),
    ],
)
def test_somebody_in_another_language_goes(text, name):
    assert covers(text, name)


@pytest.mark.parametrize(
    "text",
    [
        "Scapular dyskinesis type II by Kibler.",
        "Trendelenburg + on R. Homans neg.",
        "Rinne AC>BC, Weber L, no vertigo.",
        "Carhart notch at 2000. Hope I have it the right way round.",
        "Line out by IR, dating by CRL.",
        "| Vaccine | Maker | Lot |\n|---|---|---|\n| Pediarix | GSK | 9M2KT |",
        "Machine: Fresenius 2008T, bath 2K.",
        "Loaners come by FedEx on Friday.",
        "PATIENT: Well, it hurts.\nDOCTOR: Where?\nPATIENT: Will that make me sleepy?\nDOCTOR: No.",
        "Clinic: Thank you! Reply YES.",
        "Pt hasn't been told.",
        "The Modified Ashworth was only 1.",
    ],
)
def test_what_its_place_tells_to_be_none_stays(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Referred by Kibler, who operated in May.", "Kibler"),
        ("Seen by R. Homans today.", "R. Homans"),
        ("Pump lot 9M2KT recalled, serial ZXH312621N", "ZXH312621N"),
        ("Works nights at FedEx in Memphis.", "FedEx"),
        ("Dialysis at Fresenius Oakhollow MWF.", "Fresenius Oakhollow"),
        ("DOCTOR: Your name?\nPATIENT: Will Harte.\nDOCTOR: Yes.\nPATIENT: Right.", "Will Harte"),
        ("Clinic: Thornbury Family", "Thornbury Family"),
        ("Checked by ABR at 0600.", "ABR"),
    ],
)
def test_the_same_word_as_an_identifier_goes(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    "heading",
    ["Activities of Daily Living", "Place of Service", "Level of Service", "Call Back Number", "Attending Attestation"],
)
@pytest.mark.parametrize(
    "text", ["{}: unchanged since the last note.", "## {}\nUnchanged since the last note, and the plan goes on."]
)
def test_headings_stay(text: str, heading: str) -> None:
    assert not find_all(text.format(heading), detectors())


WEIGHED = detectors()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("PT DAILY NOTE   visit with goals", "DAILY"),
        ("NURSE ADVICE LINE - CALL RECORD", "RECORD"),
        ("Thumb spica, recheck 10-14 d.", "10-14"),
        ("Sleepiness fell, Epworth 17/24 -> 6/24 now.", "6/24"),
        ("Nurse April Quinn saw her. The mist came in April as well.", "in April"),
        ("Examined 22-Feb-2020, 1300, and again later.", "1300"),
        ("Last dose confirmed 0610 Jan-16-2018 by phone.", "0610"),
        ("He fell again, it was the 13th, on the porch.", "the 13th"),
        ("Milk 30 oz, too much. Papa asks about the recall of the crib.", "Papa"),
    ],
)
def test_headings_hours_and_ranges_stay(text, value):
    covered = [
        one for one in find_all(text, WEIGHED) if one.start <= text.index(value) < one.end and one.kind != "month"
    ]
    assert covered == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("PT YOUNG NOTE   visit with goals", "YOUNG"),
        ("PT SMITH RECORD - CALL", "SMITH"),
        ("Seen 10-14 d/c home with family.", "10-14"),
        ("The visit moved 3/14 -> 4/2 at his wish.", "4/2"),
        ("Nurse April Quinn saw her. Then April called back.", "April called"),
        ("He was off work on the Fourth of July last.", "the Fourth of July"),
    ],
)
def test_people_and_days_in_the_same_words_go(text, value):
    start = text.index(value)
    assert any(one.start <= start < one.end for one in find_all(text, WEIGHED))
