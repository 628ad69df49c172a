"""Texts in capitals and in small letters are read as they would be written otherwise. All made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.detect.text import detectors, find_all
from curator.detect.text.words.recased import loud, quiet, recased

OURS = detectors()
PROSE = (
    "The patient was seen on 14 March 2021 with her cousin, Lauren Wheeler, who drove her from Oshkosh. Dr. Okonjo "
    "found a Schatzki ring and she was told to eat slowly. Her daughter Marjana works for the Corliss Fire Department. "
    "She denies fever and takes aspirin daily."
)
HIDDEN = ["14 March", "Lauren Wheeler", "Oshkosh", "Okonjo", "Marjana"]
KEPT = ["patient", "slowly", "aspirin", "fever", "daily"]


def covered(text: str) -> set[int]:
    return {at for one in find_all(text, OURS) for at in range(one.start, one.end)}


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_names_in_a_text_of_one_case_are_found_and_plain_words_stay(change: Callable[[str], str]) -> None:
    text = change(PROSE)
    found = covered(text)
    for value in HIDDEN:
        at = text.index(change(value))
        assert found.issuperset(place for place in range(at, at + len(value)) if text[place].isalnum()), value
    for value in KEPT:
        at = text.index(change(value))
        assert found.isdisjoint(range(at, at + len(value))), value


def test_what_is_written_in_either_way_is_told() -> None:
    assert loud(PROSE.upper())
    assert not loud(PROSE)
    assert not loud(PROSE.lower())
    assert quiet(PROSE.lower())
    assert not quiet(PROSE)
    assert not quiet(PROSE.upper())


def test_names_titles_and_months_alone_get_a_capital() -> None:
    read = recased(PROSE.upper())
    assert "with her cousin, Lauren Wheeler, who drove her from Oshkosh." in read.replace("Cousin", "cousin")
    assert "Dr. Okonjo" in read
    assert "14 March 2021" in read
    assert "Corliss Fire Department" in read
    assert "aspirin daily" in read
    read = recased(PROSE.lower(), small=True)
    assert "Lauren Wheeler, who drove her from Oshkosh." in read
    assert "Corliss Fire Department" in read


@pytest.mark.parametrize(
    "text",
    [
        "NO ACUTE DISTRESS. LUNGS CLEAR. HEART REGULAR. ABDOMEN IS SOFT. EXTREMITIES WITHOUT EDEMA. SHE IS WELL.",
        "no acute distress. lungs clear. heart regular. abdomen is soft. extremities without edema. she is well.",
        "I'VE NEVER HAD A FALL. THE WARD ROUNDS ARE DONE. THE NUMBER OF DOSES WAS NOT RECORDED. WE'LL SEE HER AGAIN.",
    ],
)
def test_a_text_of_one_case_without_names_stays(text: str) -> None:
    assert covered(text) == set()


@given(st.text(alphabet="AEİıßé'’ .\n\x01aeSt-", max_size=80), st.booleans())
def test_each_letter_stays_at_its_place(text: str, small: bool) -> None:
    read = recased(text, small=small)
    assert len(read) == len(text)
    assert read.casefold().replace("\x01", " ").replace("ı", "i") == text.casefold().replace("\x01", " ").replace(
        "ı", "i"
    )
