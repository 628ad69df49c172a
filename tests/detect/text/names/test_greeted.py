"""Given names in small letters of who is greeted are found wherever a text has them; words of speech are none."""

from __future__ import annotations

import re

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.findings import merge


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in merge(find_all(text, detectors()))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[doctor] hi , noreen . come on in .\n[patient] thank you .", ["noreen"]),
        ("[doctor] hey lionel how was the drive\n[patient] slow\n[doctor] any falls at home lionel", ["lionel"] * 2),
        ("[doctor] so , petra , tell me about your wrist .\n[patient] i fell .", ["petra"]),
        ("[doctor] okay lionel you can get dressed\n[patient] thanks", ["lionel"]),
        ("[doctor] good morning hope , how are you ?\n[patient] fine .", ["hope"]),
        ("[doctor] thanks so much , joyanna . see you .", ["joyanna"]),
        ("[doctor] hi mark , come in . i will mark the spot .\n[patient] okay .", ["mark"]),
        ("[doctor] hi , alexa , how are you ?\n[patient] good .", ["alexa"]),
        ("[doctor] hi odette what is new\n[patient] odette's mom is here", ["odette", "odette's"]),
    ],
)
def test_who_is_greeted_is_found_wherever_the_text_has_the_name(text: str, names: list[str]) -> None:
    assert [one.removesuffix("'s") for one in found(text)] == [one.removesuffix("'s") for one in names]


@pytest.mark.parametrize(
    "text",
    [
        "[doctor] hi there . how are you ?\n[patient] good , thanks .",
        "[doctor] hello everyone\n[patient] hey doc thank you hope you are well",
        "[doctor] good morning sir how are you\n[patient] thanks bye-bye",
        "[doctor] so , um , what brings you in ?\n[patient] well , i fell .",
        "[doctor] hey , dragon , order a blood count .\n[patient] okay .",
        "[doctor] alright good i'm gon na take a look and you're gon na feel it\n[patient] i wan na know",
        "[patient] it's pretty constant , you know , how long does it last ?\n[doctor] that's about a week",
        "[doctor] this is gon na sting a bit\n[patient] i got ta work",
    ],
)
def test_what_is_said_in_small_letters_is_no_name(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hey there mark how are you . and is the pressure still high mark have they told you", "mark"),
        ("hey there mark how are you . okay so mark your exam is fine", "mark"),
        ("as you know doctor miller sent me over for the scan", "miller"),
        ("this completes mrs. wood encounter . thank you", "wood"),
        ("that was ms. field's visit", "field"),
    ],
)
def test_who_was_greeted_or_has_a_title_is_found_where_he_is_spoken_of(text: str, name: str) -> None:
    names = [(one.start, one.end) for one in find_all(text, detectors(weighed=False)) if one.category.name == "NAME"]
    for match in re.finditer(rf"\b{name}\b", text):
        assert any(start <= match.start() and match.end() <= end for start, end in names)


@pytest.mark.parametrize(
    "text",
    [
        "hey there mark how are you . there is a mark on the skin",
        "the doctor sent me over",
        "ms. exam was fine",
        "dr fever told me",
    ],
)
def test_marks_and_visits_alone_stay(text: str) -> None:
    found = [text[one.start : one.end] for one in find_all(text, detectors(weighed=False))]
    assert found in ([], ["mark"])
