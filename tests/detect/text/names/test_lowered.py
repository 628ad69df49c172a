"""Names in small letters beside cues and degrees, initials before degrees, names in lists. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def covers(text, value):
    start = text.index(value)
    covered = {at for f in find_all(text, OURS) for at in range(f.start, f.end)}
    return all(at in covered for at in range(start, start + len(value)) if text[at].isalnum())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pt stable 0345, mbekila rn", "mbekila"),
        ("report from kwame rn at 0345", "kwame"),
        ("charge kwame aware 0345", "kwame"),
        ("asked cinzia to call, 3 times", "cinzia"),
        ("seen w fifitani, agree, day 3", "fifitani"),
        ("mom holly called and dad john left", "holly"),
        ("told her dr arias is out", "arias"),
        ("VS stable 0345 KZM/RN", "KZM"),
        ("Pt JGS, 72F, fell", "JGS"),
        ("WILL,TIGRAN W  UY466421  F", "WILL,TIGRAN W"),
        ("NAME..........: FOSSMARSDÓTTIR, ODDLEIFUR\nAGE: 3", "FOSSMARSDÓTTIR, ODDLEIFUR"),
        ("picc flushes well, day 3. - marzenka", "marzenka"),
    ],
)
def test_a_name_that_no_capital_tells_is_found(text, value):
    assert covers(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "asked pharmacy to call, told patient to wait, per protocol",
        "charge nurse aware, report to icu rn, notified rn of results",
        "mom called and dad left, sister will visit",
        "the dr will call, dr office closed, plan - rehab",
        "by RECIST 1.1; Psych: Mood stable; OB: Good fetal movement",
    ],
)
def test_words_of_a_sentence_are_no_names(text):
    assert [f for f in find_all(text, OURS) if f.category.name == "NAME"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Mother 93, HTN.",
        "MGM 96 CHF",
        "Father - 91, CAD",
        "Will turn 91 next week.",
        "She's 91 now.",
        "lived past 100, then fell",
        "Cordelia, 93, at home",
        "9l-year-old man",
        "female 92 with CVA",
    ],
)
def test_an_age_over_89_is_found_however_it_is_told(text):
    assert any(f.kind == "age" for f in find_all(text, OURS))


@pytest.mark.parametrize("text", ["HR 92, sat 95%", "Mother 63, HTN", "weight 94 kg, temp 98.6, goal 92", "BP 128/94"])
def test_vital_signs_and_younger_people_are_left(text):
    assert not any(f.kind == "age" for f in find_all(text, OURS))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seen today, PCP-Nakamura, day 3", "Nakamura"),
        ("Wife-Jessica, 3 kids", "Jessica"),
        ("plan - Renal: Moody 3/14 in clinic", "Moody"),
    ],
)
def test_a_hyphen_or_a_section_hides_no_name(text, value):
    assert covers(text, value)


def test_two_makers_of_a_grade_are_no_names():
    assert not [f for f in find_all("Kellgren-Lawrence grade 4 on the left", OURS) if f.category.name == "NAME"]
