"""In texts in small letters, words of speech and of everyday are neither found nor taken in; names and places are."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.odds.spoken import THING, more, small, spoken, within
from curator.detect.text.odds.tokens import token_of
from curator.detect.text.odds.view import View
from curator.identifiers.findings import merge


def view(text: str) -> View:
    return View(text, [])


@pytest.mark.parametrize(
    ("text", "at", "is_one"),
    [
        ("i think you're right", 2, True),
        ("we are gon na see", 2, True),
        ("we are gon na see", 3, True),
        ("kim na called", 1, False),
        ("it was good", 2, True),
        ("hey dragon", 1, True),
        ("uhhh maybe", 0, True),
        ("Welcome in.", 0, True),
        ("So Yeon came", 0, False),
        ("he met odette", 2, False),
    ],
)
def test_words_of_speech_are_told(text: str, at: int, is_one: bool) -> None:
    assert spoken(view(text), at) is is_one


@pytest.mark.parametrize(("word", "is_one"), [("so", True), ("they're", True), ("odette", False), ("So", False)])
def test_small_words_end_no_name(word: str, is_one: bool) -> None:
    assert small(token_of(word)) is is_one


@pytest.mark.parametrize(
    ("text", "at", "is_one"),
    [
        ("kowalski and sons", 1, True),
        ("Rosewood on Broadway", 1, True),
        ("petra so good", 1, False),
        ("vera and she", 1, False),
    ],
)
def test_a_name_goes_on_over_a_small_word_to_what_may_be_named(text: str, at: int, is_one: bool) -> None:
    assert within(view(text), at, 1) is is_one


@pytest.mark.parametrize(
    ("text", "at", "least"),
    [
        ("when you pass that stone tell us", 4, THING),
        ("when it gets really stiff tell us", 4, THING),
        ("i spoke with brown about it", 3, 0.0),
        ("hi , brown , how are you", 2, 0.0),
        ("up and at rosewood", 3, 0.0),
    ],
)
def test_more_is_asked_of_a_word_of_everyday_that_a_thing_is_told_by(text: str, at: int, least: float) -> None:
    assert more(view(text), at) == least


@pytest.mark.parametrize(
    "text",
    [
        "[doctor] how long has that stone been on the scans\n[patient] for years and it never hurt",
        "[patient] we went on long rides this summer and i love the sun\n[doctor] good you know that is big",
        "[doctor] your fever was high this week so lean over here please\n[patient] my neck feels stiff though",
        "[patient] i took the laundry into the house and slipped by the stairs and then i sat down\n[doctor] oh no",
    ],
)
def test_what_is_said_stays(text: str) -> None:
    assert [text[one.start : one.end] for one in merge(find_all(text, detectors()))] == []
