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
        ("Meet Fatima. At ninety-five, Fatima is the oldest here.", "ninety-five"),
        ("Ramona Figueroa, ninety, formerly a stenographer", "ninety"),
        ("Ninety-two and still driving, he came alone.", "Ninety-two"),
        ("Mrs. Turner is ninety-seven and came in with two friends", "ninety-seven"),
        ("my dad, he's one hundred and one, he's down to two", "one hundred and one"),
        ('she says "a hundred and two, and mind your business"', "a hundred and two"),
        ("told Mum that at 93 she'd had a good innings", "93"),
        ("her: shes 94 lol but yes", "94"),
        ("Lisa Thompson (94 1/2), may visit", "94 1/2"),
        ("Mr. Olaf Quillfeather (90's, Lewy body)", "90's"),
    ],
)
def test_ages_and_dates_in_unusual_words_are_found(text: str, value: str) -> None:
    assert value in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "sats at ninety five percent",
        "a 91¾ inch board",
        "type XI 2019 model",
        "at ninety degrees",
        "Temp was ninety-nine.",
        "the pulse is ninety and regular",
        "in the (90's) it was said so",
        "the dose, ninety, of it",
        "O2 at 94 he was fine",
    ],
)
def test_measures_stay(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    "text",
    [
        "MON  0900-1300  bath, two loads wash",
        "spoke with insurance.\n1245 voided 210 cc",
        "as per protocol, accession.\n0710: cramps, yawning",
        "the trial NCT03816293 is open",
    ],
)
def test_hours_and_registered_trials_stay(text: str) -> None:
    assert not found(text)


def test_a_number_behind_its_label_is_found_though_it_might_be_an_hour() -> None:
    assert "1245" in found("MRN:\n1245 is what the card says")
    assert "0900-1300" in found("Call 0900-1300 and ask")


@pytest.mark.parametrize(
    "text",
    [
        "HEMOGLOBIN:MCNC:PT:BLD:QN",
        "Glucose:MCnc:Pt:Ser/Plas:Qn",
        "Citizen of the United States of America",
        "Sauerstoffsättigung im Blut",
        "Verhaltensstörung",
    ],
)
def test_axes_of_loinc_the_united_states_and_german_nouns_are_nobody(text: str) -> None:
    assert found(text) == set()


def test_a_patient_behind_the_short_label_still_goes() -> None:
    assert found("PT: Ostrander, Agnes") == {"Ostrander, Agnes"}
