"""Speech behind a speaker, relations and degrees are no names, and names in their places still are."""

from __future__ import annotations

import pytest

from curator.detect.text.engine import TextDetector

TALK = """[00:00:09] PATIENT: Yeah, I can hear you.
[00:00:45] DOCTOR: Good. How are you, Mrs. Quillfeather?
[00:01:07] PATIENT: No. It's my leg.
Patient: You too, honey.
Caregiver: Well, she turned seventy-one.
"""


def found(text: str) -> set[str]:
    return {text[one.start : one.end] for one in TextDetector(weighed=False).find(text)}


def test_what_is_said_in_a_dialogue_is_no_name_but_who_is_named_in_it_is() -> None:
    assert found(TALK) == {"Quillfeather"}


def test_behind_a_label_that_stands_once_a_word_is_taken_for_a_name_as_before() -> None:
    assert "Will" in found("Patient: Will\nMRN: 00482913")


@pytest.mark.parametrize(
    "text", ["Re: Dad\n", "CC: Cough, two days\n", 'CC: "My legs give out."\n', "Jane, NNP-BC, M.D., here"]
)
def test_relations_complaints_and_degrees_stay(text: str) -> None:
    assert not found(text) & {"Dad", "Cough", "My", "M.D.", "NNP-BC"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("who at ninety-five still kept her garden", "ninety-five"),
        ("she is two years short of a hundred", "two years short of a hundred"),
        ("her mother went at a hundred and three", "a hundred and three"),
        ("she says 91¾ and laughs", "91¾"),
        ("Mammogram 19 XI 2019, negative", "19 XI 2019"),
    ],
)
def test_ages_and_dates_in_unusual_words_are_found(text: str, value: str) -> None:
    assert value in found(text)


@pytest.mark.parametrize(
    "text", ["sats at ninety five percent", "a 91¾ inch board", "type XI 2019 model", "at ninety degrees"]
)
def test_measures_stay(text: str) -> None:
    assert not found(text)
