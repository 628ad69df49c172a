"""Ages over 89 that are told by what somebody would have been, is himself, or by a word behind a name. All made up."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors(weighed=False)


def ages(text):
    return [text[one.start : one.end] for one in find_all(text, OURS) if one.kind == "age"]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("Her mother would have been 98 on Mar 06.", "98"),
        ("Michael (husband of 61 yrs, himself 90) won't hire help.", "90"),
        ("Cataract record OD. Sergius Borgia, ninety-four, independent, plays bridge.", "ninety-four"),
    ],
)
def test_such_an_age_goes(text, age):
    assert age in ages(text)


@pytest.mark.parametrize(
    "text",
    [
        "She gave herself 90 units.",
        "He weighs himself: 98 kg.",
        "The pressure would have been 98 systolic.",
        "Scratched himself 94 times.",
        "The fee would have been 98 dollars.",
        "Her score would have been 94 out of 100.",
    ],
)
def test_an_amount_in_the_same_words_stays(text):
    assert ages(text) == []
