"""Prose that was cut into lines of one width is read as if it were not; lists keep their lines. All made up."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator.detect.text import detectors, find_all
from curator.detect.text.words.wrapped import ended, unwrapped
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

PROSE = (
    "She was last seen on {date} and now lives at {street} in {town} with her partner. She works for {firm} and was "
    "referred by {name}, who follows her for asthma and asked us to look at her spirometry before the next visit."
)
VALUES = {
    "date": "January 15, 2021",
    "street": "4418 Quillfeder Avenue",
    "town": "Cedar Rapids",
    "firm": "Elmswood Fire Department",
    "name": "Dr. Ottilie De la Garza",
}


def covered(text: str) -> set[int]:
    return {at for one in find_all(text, detectors()) for at in range(one.start, one.end)}


@pytest.mark.parametrize("width", range(44, 92, 3))
def test_what_the_end_of_a_line_cuts_is_found(width: int) -> None:
    text = textwrap.fill(PROSE.format(**VALUES), width, break_on_hyphens=False)
    found, flat = covered(text), text.replace("\n", " ")
    for value in VALUES.values():
        at = flat.index(value.removeprefix("Dr. "))
        bare = range(at, at + len(value.removeprefix("Dr. ")))
        assert found.issuperset(place for place in bare if text[place].isalnum()), value


def test_lines_that_end_in_two_marks_are_read_the_same() -> None:
    text = textwrap.fill(PROSE.format(**VALUES), 60) + "\n\nSigned: Ottilie Quillfeder, RN\n"
    twice = text.replace("\n", "\r\n")
    plain = [text[one.start : one.end] for one in find_all(text, detectors())]
    assert [twice[one.start : one.end].replace("\r\n", "\n") for one in find_all(twice, detectors())] == plain


def test_each_letter_stays_at_its_place() -> None:
    text = textwrap.fill(PROSE.format(**VALUES), 60)
    read = unwrapped(text).text
    assert len(read) == len(text)
    assert read.split() == text.split()
    assert read.count("\n") < text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "Aspirin 81 mg daily in the morning with food\nMetoprolol 25 mg twice a day\nLisinopril 10 mg daily",
        "PATIENT SEEN IN THE CLINIC WITH HIS WIFE TODAY\n1. Hypertension, well controlled on medicines\n2. Gout",
        "Sodium        141      135-145      mmol/L\nPotassium      4.4      3.5-5.1      mmol/L\nChloride",
        "Reason for the visit was a cough for three weeks:\nnone of the antibiotics helped, he is tired and weak",
        "He was well and went home without oxygen today.\nHe is to return in two weeks for his stitches",
        "18213,Quill,Ana,02/03/1951,F,86515,6/1/2015,291\n18214,Quill,Ottilie,02/04/1951,F,86505,6/2/2015,775",
        "short\nlines\nof words",
        "one line",
        "He was well on the new medicine and went home with his\r\nwife and two of his three daughters and sons",
    ],
)
def test_lines_that_end_for_another_reason_stay(text: str) -> None:
    assert unwrapped(text).text == text


def test_a_paragraph_in_lines_is_joined_beside_a_long_one() -> None:
    long = "He is well and has no complaints today and takes all of his medicines as he was told to. " * 3
    prose = textwrap.fill(PROSE.format(**VALUES), 72)
    assert unwrapped(f"{long}\n\n{prose}").text == f"{long}\n\n{unwrapped(prose).text}"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Her next visit is January\n15. RF 88, ESR 41.", "January\n15"),
        ("He was last seen on May\n3, 2021 by us.", "May\n3, 2021"),
        ("She will be back on June\n2, and then in fall.", "June\n2"),
    ],
)
def test_a_day_below_its_month_is_found(text: str, day: str) -> None:
    assert day in [text[one.start : one.end] for one in find_all(text, detectors())]


def test_an_item_below_a_month_is_none() -> None:
    text = "Problems:\n1. Labs in March\n2. Chest pain"
    assert "March\n2" not in [text[one.start : one.end] for one in find_all(text, detectors())]


@pytest.mark.parametrize(("first", "later"), [("", "    "), ("    ", "    "), ("    ", ""), ("> ", "> ")])
@pytest.mark.parametrize("width", [52, 64, 78])
def test_lines_that_are_set_in_or_quoted_are_read_as_one(first: str, later: str, width: int) -> None:
    text = textwrap.fill(
        PROSE.format(**VALUES), width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )
    found, at = covered(text), 0
    for value in VALUES.values():
        for word in value.removeprefix("Dr. ").split():
            at = text.index(word, at)
            assert found.issuperset(at + one for one, mark in enumerate(word) if mark.isalnum()), value


def test_a_set_in_line_that_begins_with_a_label_or_a_bullet_stays() -> None:
    text = "  He was seen in the clinic with his wife on his wish\n  Gait: steady, with a stick\n  - walks a mile"
    assert unwrapped(text).text == text


def test_blanks_that_do_not_break_are_blanks() -> None:
    plain = "Seen by Dr. Ottilie Quillfeder on March 3, 2021 at 4418 Elmswood Avenue, phone 614-555-0133."
    told = [(one.start, one.end, one.category) for one in find_all(plain, detectors())]
    for blank in "\u00a0\u202f\u2009":
        made = plain.replace(" ", blank)
        assert [(one.start, one.end, one.category) for one in find_all(made, detectors())] == told


@settings(max_examples=200)
@given(st.text(alphabet="ab .,:>\n\r-\u00a0", max_size=240), st.data())
def test_what_is_read_comes_back_to_its_place(text: str, data: st.DataObject) -> None:
    reading = ended(text) if "\r\n" in text else unwrapped(text)
    start = data.draw(st.integers(0, len(reading.text)))
    end = data.draw(st.integers(start, len(reading.text)))
    if start == end:
        return
    (back,) = reading.returned([Finding(start, end, Category.NAME, "name", "rule", 0.5)])
    assert 0 <= back.start < back.end <= len(text)
    if not reading.text[start].isspace():
        assert text[back.start] == reading.text[start]
    if not reading.text[end - 1].isspace():
        assert text[back.end - 1] == reading.text[end - 1]
    told = "".join(reading.text[start:end].split())
    if not reading.text[start].isspace() and not reading.text[end - 1].isspace():
        assert "".join(text[back.start : back.end].split()).replace(">", "") == told.replace(">", "")
