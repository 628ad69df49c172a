"""Pagers, extensions and numbers at a line's head. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def numbers(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name in {"PHONE", "RECORD_NUMBER"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Dr. Weiss (p20417) is aware", "20417"),
        ("plan per Dr. Weiss b4471 tonight", "4471"),
        ("call #41120 pager with results", "41120"),
        ("beeper 30912 all night", "30912"),
        ("pager: (12345) all night", "12345"),
        ("pgr p12345 all night", "p12345"),
        ("RN phone 2-1187 on the unit", "2-1187"),
        ("Ann Alder, PGY-2, 31204", "31204"),
        ("reach me at 31204 tonight", "31204"),
        ("466608 Horvath, Agnes 62F", "466608"),
    ],
)
def test_a_letter_a_word_or_a_degree_tells_a_pager(text, value):
    assert value in numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "IL-6 1200 pg/mL, BNP 1240, ferritin 15000",
        "platelets 250 x1000, vitamin B12 400, T4 1.2",
        "walked 5000 steps; call at 0930; seen in 2019, x2 with walker",
        "Bitewings x4, interrupted sutures x5",
    ],
)
def test_counts_times_years_and_measures_are_no_pager(text):
    assert numbers(text) == set()
