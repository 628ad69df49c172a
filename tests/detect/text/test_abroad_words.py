"""What stands in notes of Great Britain, India and others, in logs, scans and questions. All made up."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.lasting import british, lasting
from curator.detect.text.words.misread import misread_word

OURS, WEIGHED = detectors(weighed=False), detectors()
BRITISH = "Thank you for seeing this lady. NHS no. on the form. Bloods sent; Amoxicillin TDS. "


def found(text, use=OURS):
    return [text[one.start : one.end] for one in find_all(text, use)]


def covers(text, value, use=OURS):
    at = text.index(value)
    ends = sorted((one.start, one.end) for one in find_all(text, use))
    for start, end in ends:
        if start <= at < end:
            at = end
    return at >= text.index(value) + len(value)


@pytest.mark.parametrize("span", ["3/7", "6/52", "4/12", "10/7"])
def test_days_weeks_and_months_are_none_in_a_text_that_writes_so(span):
    assert span not in found(f"{BRITISH}Cough for {span}, worse at night. Review in {span}.", WEIGHED)


@pytest.mark.parametrize("text", ["with a 3/12 history of pain", "sertraline x 6/12.", "for a 4/7 course of"])
def test_what_tells_how_long_says_so_in_any_text(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", [f"{BRITISH}Seen on 3/7 at home.", f"{BRITISH}Meeting tomorrow 3/12, 2 pm.", "Seen 3/7 by Dr. Roe."]
)
def test_a_day_stays_a_day_behind_what_tells_one(text):
    assert "3/7" in found(text) or "3/12" in found(text)


def test_a_text_is_british_by_its_words_or_by_several_signs():
    assert british("oedema of both legs")
    assert british("GP aware, OPD in June, last seen 13/04/2021")
    assert not british("The GP was called. OD on 3/4.")
    assert not lasting("weight 3/8 of", 7, 10)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("to: Baxter 8, team 3", "Baxter 8"),
        ("K 7.1. Loc Lyman 2. Called.", "Lyman 2"),
        ("Plan: SICU (Ketchum 4) q4 hct", "Ketchum 4"),
        ("Where: Harkness 6 South, med room", "Harkness 6 South"),
        ("Chelo is 91 and does not hear the door.", "91"),
        ("Papa, she said, you're ninety-two, you have driven enough.", "ninety-two"),
        ("She's ninety-three, or ninety-five, the book burned.", "ninety-five"),
        ("re mother Naiara Leite, 11/30/27, 96\nPCP", "96"),
        ("Age computes to 97; please confirm.", "97"),
        ("5 Mar NW: left a message", "NW"),
        ("Minutes: bw", "bw"),
        ("GROSS (PJ/mcd): Received fresh.", "mcd"),
        ("D 3 Jun 2019 0715  T MAY 16, 2013  /ppw/   Conf", "ppw"),
        ("no si. can return. rlm, lcsw", "rlm"),
        ("Sivakumar a/l Periasamy was seen.", "Sivakumar a/l Periasamy"),
        ("He has one by the name of Winterbottom.", "Winterbottom"),
        ("His mother was a Rosenzweig; no Lynch.", "Rosenzweig"),
        ("Abara, Cleo; Bloom, May; Church, Royal.", "Bloom, May"),
        ("1. Lap appy\n3. MCDAID J  HEY", "MCDAID J"),
        ("NOK: Mama Ngozi (wife)", "Mama Ngozi"),
        ("creatinines for F. Smolders?", "F. Smolders"),
        ("garcia m 4/12/61 mri brain date?", "garcia m"),
        ("wardens know (NK17 VUB).", "NK17 VUB"),
        ("kimberly_rn  11:13  need help", "kimberly_rn"),
        ("practice P81042, run by jhargreaves, 12/05/2012", "jhargreaves"),
        ("Physio, MCSP, HCPC PH 88120", "PH 88120"),
        ("CALLSIGN A423  DATE", "A423"),
        ("| 0012 | H,24.0088123.P | K 6.9", "H,24.0088123.P"),
        ("Bleeps: SpR 2210, F1 2213.", "2213"),
        ("the last four of his social.\nCALLER: 1534\nAGENT: Thank you.", "1534"),
        ("Hospice of the Upper Valley   IDG note", "Hospice of the Upper Valley"),
        ("Pine Barrens Visiting Nurse Assn. sent", "Pine Barrens Visiting Nurse Assn"),
        ("MDT in the Charnley Seminar Room at 8", "Charnley Seminar Room"),
        ("died on Hogmanay 2018", "Hogmanay"),
    ],
)
def test_what_tells_somebody_or_something_of_somebody_goes(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "AGENT: Thank you for calling.\nCALLER: Hello.",
        "Glucose   131   H   mg/dL   70-99",
        "Epstein-Barr VCA    1:160",
        "The neighbour saw haematuria and oedema. Haematology reviewed. Organised a Physio visit.",
        "Fill in and Rep1y. PH0NE. D0B.",
        "a pint of Dr. McGillicuddy's and a Dr. Pepper",
        "turn off Judge Judy",
        "argatroban dosing in Child Pugh C?",
        "Ottawa rules valid in 6 year olds?",
        "Allen's OK, Harrison's no.",
        "patient w/o Fever, Lasix w/o Effect",
        "The conference room was full. Visiting Nurse to call. Social Services aware.",
        "KCl PO20 MEQ daily",
        "Headache 6/10 in the morning, then 4/10, then 9/10 again.",
        "Skin tests: cat 12/40, grass 6/20, ragweed 5/15.",
        "Blood cx grew Gemella, 1/4.",
        "| user | name | role |",
        "She is a Nurse. She was a Baptist.",
    ],
)
def test_what_is_nobody_stays(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["which one did ZUMA-7 use?", "per ATHOS-3 and GRAVITAS-309"])
def test_a_trial_by_its_number_stays(text):
    assert found(text, WEIGHED) == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Rep1y", True), ("PH0NE", True), ("CONFlDENTlAL", True), ("D0B", True), ("0n", True), ("Wa1ter", False),
     ("15th", False), ("A12", False), ("12345", False), ("Hendersh0t", False), ("word", False)],
)  # fmt: skip
def test_a_word_that_a_scan_misread_is_no_name(word, expected):
    assert misread_word(word) is expected


def test_spellings_of_great_britain_are_words():
    known = lexicon()
    assert {"centre", "neighbours", "organise", "behaviour", "litres", "manoeuvre"} <= known.words
    assert {"haematology", "oesophagus", "ischaemia", "caecal"} <= known.words | known.medical
    assert not {"acadaemia", "chaemo"} & (known.words | known.medical)


@pytest.mark.parametrize("name", ["Amma", "Nana", "Papi"])
def test_a_patient_may_be_called_by_a_word_for_a_relation(name):
    for label in ("Patient name: ", "Pt: ", "Resident: ", "Name: "):
        assert name in found(f"{label}{name}\nDOB 3/14/1980\n"), label
    assert name not in found(f"{name} called, contact: {name}, brother.")
    assert "Mum" not in found("Name: Mum\nPhone: home\n")


@pytest.mark.parametrize("name", ["ZORK", "QUIX", "AMMA", "LUBO"])
def test_a_short_name_in_capitals_behind_the_patients_label_goes(name):
    for start, end in (
        ("NAME: ", "\nDOB: 1/2/60"),
        ("Patient: ", "\n"),
        ("Patient Name: ", "   MRN 22"),
        ("name | ", " |"),
    ):
        text = start + name + end
        assert name in found(text), text


def test_a_short_form_behind_it_is_none_of_its_own():
    for text in ("NAME: NONE\n", "Patient: NPO\n", "Name: MRSA\n", "PT: WBAT\n", "Pt: SEEN\n", "NAME: ZORKABET\n"):
        assert "name.short" not in {one.rule for one in find_all(text, OURS)}, text
