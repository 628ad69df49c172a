"""Searching a long text around marks alone finds what a search of the whole finds."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.detect.text.dates import ages
from curator.detect.text.names import scripts
from curator.detect.text.words import near as parts
from curator.detect.text.words.near import near

FILLER = "The wound is clean and dry; she walks with a stick and takes aspirin 81 mg a day.\n"
SAID = (
    "At ninety-five, Rosa still keeps her garden.",
    "Ramon Diaz, ninety, formerly a baker, came.",
    "He was two years shy of 100 when he died.",
    "She is a nonagenarian. A supercentenarian came.",
    "Resident Maria Lopez, ninety-two was seen; aged ninety-one.",
    "Ninety-two and still driving.",
    "Пациент: Иван Петров был здесь. Her aunt Дарья called.",
    "Seen with 王小明先生 and 김민수 씨; ασθενής: Γιώργος Παππάς.",
)


@given(st.lists(st.sampled_from(SAID), max_size=5), st.integers(0, 120))
def test_a_long_text_with_little_in_it(said, count):
    text = (FILLER * count).join(["", *said, ""])
    found = list(ages._worded(text)) + list(scripts.scripts(text))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parts, "LONG", len(text) + 1)
        whole = list(ages._worded(text)) + list(scripts.scripts(text))
    assert sorted(found) == sorted(whole)
    if said and count:
        assert len(found) >= len(said)


@given(st.text(alphabet="ab x", max_size=4000), st.integers(0, 3))
def test_parts_hold_all_marks_and_stand_apart(text, more):
    text += "b" * (parts.LONG * more)
    found = list(near(text, re.compile("x")))
    assert all(start < end <= len(text) for start, end in found) or not text
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found))
    for at, mark in enumerate(text):
        if mark == "x":
            assert any(start <= at < end for start, end in found)


def test_a_short_text_is_searched_whole():
    assert list(near("abc", re.compile("x"))) == [(0, 3)]
