"""People in small letters by their age, at the end of what is said, by a title and a word, and by a letter alone."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.categories import Category
from curator.identifiers.findings import merge


def found(text: str) -> list[str]:
    """Return the names that the rules find, without the table of odds."""
    findings = merge(find_all(text, detectors(weighed=False)))
    return [text[one.start : one.end] for one in findings if one.category is Category.NAME]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("curtis is a 40 year old male here for his knee .", ["curtis"]),
        ("[doctor] mark is a 62 year old man .\n[patient] yes .\n[doctor] mark's pain is better .", ["mark", "mark"]),
        ("[doctor] so bill is 61 years old and he was fine .", ["bill"]),
        ("[doctor] frank's a very pleasant 8-year-old boy .", ["frank"]),
        ("[doctor] jack is here with his mother .", ["jack"]),
        ("[doctor] how are you doing today , john ?", ["john"]),
        ("[doctor] good to see you , frank .", ["frank"]),
        ("[doctor] jack , can you lie back ?\n[patient] ouch .", ["jack"]),
        ("[doctor] bill is 61 years old . we will bill the plan .", ["bill"]),
    ],
)
def test_who_is_told_by_an_age_or_called_is_found(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "this mark is a 5 year old scar .",
        "the bill is a 5 year old debt and the wound is a 3 month old sore .",
        "[doctor] okay , roger .\n[patient] hi , there .",
        "[doctor] i'll be in touch , okay , sandy stool is normal .",
        "[doctor] bill , no . [patient] mark , spot and stain .",
        "[patient] yes , hope so . the grant is here for review .",
        "[doctor] to be frank , it is a 2 year old problem .",
        "each grade is a month old measure ; the rod is 3 years old .",
    ],
)
def test_a_word_with_an_age_is_nobody(text: str) -> None:
    assert found(text) == []


def test_one_word_of_another_language_does_not_hide_who_is_named() -> None:
    text = (
        "the patient said that she was gon na ask dylan and that you and dylan took the pills with her as per the label"
    )
    assert found(text) == ["dylan", "dylan"]
    assert found("per com con die na dylan met para las med") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[doctor] good day , ms. hill . have a seat .", ["hill"]),
        ("[doctor] next is ms. hill . her knee again .", ["hill"]),
        ("hey , mrs. banks . good to see you .", ["banks"]),
        ("i'm seeing mr. field today for follow-up .", ["field"]),
        ("mr bell called and mr baker is here .", ["bell", "baker"]),
        ("doctor hill , nice to meet you .", ["hill"]),
        ("hello mrs . stone , come in .", ["stone"]),
        ("so , mr . banks , what happened ?", ["banks"]),
    ],
)
def test_a_family_name_that_is_a_word_is_found_behind_a_title(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "so hill climbing hurts . i walked up the hill .",
        "the qrs was 90 ms. field strength was 3 tesla .",
        "she has ms. rest is advised .",
        "order an mr brain . mr head and neck was clean .",
        "hello doctor , good to see you . hi doctor good morning .",
        "hello , sir . good morning , miss . have a seat .",
        "hx of ms. long standing fatigue .",
        "the river banks were icy and i fell .",
    ],
)
def test_a_word_behind_what_is_no_title_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Patient: Please meet my son J and his teacher.", ["J"]),
        ("This is her daughter K, she helps.", ["K"]),
        ("My older brother T's knee is bad.", ["T"]),
        ("This is my son R and my wife.\nIt is nice to meet you, R.", ["R", "R"]),
        ("Her son D moved out; no, doctor T did.", ["D", "T"]),
        ("I am doctor P and I work here.", ["P"]),
        ("Refills come through Dr. T’ office.", ["T"]),
        ("Refills come through Dr. T's office.", ["T"]),
        ("Seen by Dr. O'Neil and Dr. D'Angelo.", ["O'Neil", "D'Angelo"]),
    ],
)
def test_a_letter_alone_tells_a_person(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "I told my son I would come. My son A level results were good.",
        "The doctor I saw said so. There was a doctor I knew. A doctor A week ago.",
        "Her mother O positive, mother A. His mother B.",
        "My wife X-rayed the dog. I asked my doctor B12 levels.",
        "The doctor C-arm was used. Hepatitis B and vitamin D.",
    ],
)
def test_a_letter_that_is_no_person_stays(text: str) -> None:
    assert found(text) == []
