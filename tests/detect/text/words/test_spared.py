"""Phrases with a name in them that tell of nobody, words of other languages, counts of nodes, glued ages."""

import pytest

from curator.detect.text import detectors
from curator.detect.text.lists.lexicon import is_name, lexicon, words_of
from curator.detect.text.protocol import find_all
from curator.detect.text.replace import Rules, replace


def cleaned(text):
    return replace(text, find_all(text, detectors()), Rules()).text


@pytest.mark.parametrize(
    "text",
    [
        "pT2 pN1a(2/14) M0",
        "Lymph nodes 2/14",
        "0/3 SLN",
        "ABO Group O, Rh Type Positive",
        "BP sys/dia",
        "Language: Zulu",
        "Medications: Lasix, Armour Thyroid, St. John's Wort, Carter's pills",
        "UCLA integrated staging system: low risk",
        "Leukozytose, Anämie",
        "Harnsäure",
        "Eisen 14",
        "Kein Hinweis auf Malignität",
        "Rückruf erfolgt",
        "Ihre o.g. Patientin, die sich in stationärer Behandlung befand.",
        "Hémoglobine",
        "Glycémie à jeun",
        "Apyrétique, conscient, orienté",
        "avec son mari",
        "Née en 1958",
    ],
)
def test_what_tells_of_nobody_stays(text):
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Lymph nodes seen on 2/14", "Lymph nodes seen on [DATE]"),
        ("Frau Eisen, 54 Jahre", "Frau [NAME], 54 Jahre"),
        ("Language: Zulu. Mr. Zulu left.", "Language: Zulu. Mr. [NAME] left."),
        ("AGE: 92Y", "AGE: 90 or older"),
        ("93yo M", "90 or older yo M"),
        ("a 94F with a fall", "a 90 or older F with a fall"),
        ("age 95 now", "age 90 or older now"),
    ],
)
def test_what_tells_of_somebody_goes(text, made):
    assert cleaned(text) == made


def test_the_words_of_other_languages_are_nobodys_names():
    listed = [word for line in words_of("abroad.txt") for word in line.split(": ", 1)[-1].split()]
    assert len(listed) == len(set(listed)) > 1000
    assert not [word for word in listed if is_name(word) or word in lexicon().cities]
