"""Employers behind weak words, and what only looks so. All made up."""

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def places(text):
    return {text[f.start : f.end] for f in find_all(text, OURS) if f.category.name == "GEOGRAPHY"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Later she was a clerical worker at IBM.", "IBM"),
        ("He is an engineer at GE.", "GE"),
        ("She does data entry for the IRS.", "IRS"),
        ("He spent his career at AT&T.", "AT&T"),
        ("I was a Coca Cola truck driver.", "Coca Cola"),
        ("He was for thirty years a Pepsi-Cola driver.", "Pepsi-Cola"),
        ("She was a Greyhound driver for thirty years.", "Greyhound"),
        ("I am a TSA agent.", "TSA"),
        ("I am still with Alaska Airlines, in cargo.", "Alaska Airlines"),
        ("Now I am still with Delta Airlines.", "Delta Airlines"),
        ("I fly for Southwest.", "Southwest"),
        ("He works for the Social Security Administration as a guard.", "Social Security Administration"),
        ("the stairs at the Social Security Agency where she works", "Social Security Agency"),
        ("He was employed as a technician for the US postal service.", "US postal service"),
        ("My father worked for the U S postal service.", "U S postal service"),
        ("He retired from the postal service.", "postal service"),
        ("He works for the Internal Revenue Service.", "Internal Revenue Service"),
        ("She's with the Department of Corrections.", "Department of Corrections"),
        ("a manager at the Vermont department of taxation", "Vermont department of taxation"),
        ("She sells phones for T mobile.", "T mobile"),
        ("I work at K mart.", "K mart"),
        ("My wife is employed in a Happy Dentals.", "Happy Dentals"),
    ],
)
def test_an_employer_behind_weak_words_is_found(text, wanted):
    assert any(wanted in place for place in places(text))


@pytest.mark.parametrize(
    "text",
    [
        "He is a clerk at work.",
        "He is still with chest pain.",
        "She is still with Foley in place.",
        "She is still with Medicare.",
        "He is a nurse at ICU.",
        "She is an ICU nurse manager and he an MRI technician.",
        "She is a CNA at NH.",
        "She works in IT.",
        "She lives on Social Security.",
        "He receives disability from Social Security.",
        "She worked at the Department of Surgery.",
        "She is with the Department of Surgery.",
        "He works for the Fire Department.",
        "He used to be a truck driver.",
        "She was a Mexican bus driver and he a CDL driver.",
        "He was flying with American Airlines.",
        "She has T waves and a T mobile mass.",
        "He now works with Speech Therapy.",
    ],
)
def test_work_wards_benefits_and_findings_stay(text):
    assert places(text) == set()
