"""Days and months as speech tells them: an ordinal alone, a month in small letters, 9/95, easter; an age alone."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.categories import Category
from curator.identifiers.findings import merge


def found(text: str) -> list[str]:
    """Return the dates that the rules find, without the table of odds."""
    findings = merge(find_all(text, detectors(weighed=False)))
    return [text[one.start : one.end] for one in findings if one.category is Category.DATE]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("She came home on the first.", ["first"]),
        ("so you came to the clinic on the second and they did a scan", ["second"]),
        ("Her appointment is on the fifth.", ["fifth"]),
        ("All was well for a week. But, on the seventh, I had a fall.", ["seventh"]),
        ("I fell twice on third of this month.", ["third"]),
        ("Doctor: The visit is on the fifth.\nPatient: I thought on the eighth.", ["fifth", "eighth"]),
        ("it was on monday the third , in the night of the fourth .", ["monday the third", "fourth"]),
        ("i was sick from the first through the fifth .", ["first", "fifth"]),
        ("they sent me home on the sixth , not the seventh .", ["sixth"]),
        ("The rent is due on the first of every month.", ["first"]),
        ("We left a week on, which would be, well, that'd be the twenty fifth.", ["twenty fifth"]),
        ("I was there from the fifth to the twenty ninth of last month.", ["fifth", "twenty ninth"]),
        ("I was off work until the fourteenth of last month.", ["fourteenth"]),
        ("The house is empty from the nineteenth to the twenty third.", ["nineteenth", "twenty third"]),
    ],
)
def test_a_day_of_a_month_is_found_without_its_month(text: str, days: list[str]) -> None:
    assert found(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "The first dose hurt. He lives on the second floor and the third toe is black.",
        "Pain is worst on the first.",
        "I took the pills and got sick on the third.",
        "He fell from the stairs; the fracture is on the fifth.",
        "There were two scans, one on the first and one on the second.",
        "We took a third of this month's pills. That is two thirds of the month.",
        "Weight went from the fiftieth to the tenth percentile.",
        "Pain goes from the third to the fifth rib. From the second to the fourth toe.",
        "On the first visit, on the second day, and by the third attempt he failed.",
        "The first of this year's shots; the second of two; on the first, second and third.",
    ],
)
def test_an_ordinal_that_counts_is_no_day(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("when i saw him last april he was fine .", ["april"]),
        ("it has been sore since about march .", ["march"]),
        ("the letter says this was march of this year", ["march"]),
        ("it began around august or maybe may , i think", ["august", "may"]),
        ("the surgery was last may .", ["may"]),
        ("it started april or may , not by march she says", ["april", "may", "march"]),
        ("in the month of march i fell", ["march"]),
        ("He moved here March of last year.", ["March"]),
    ],
)
def test_a_month_in_small_letters_is_found(text: str, months: list[str]) -> None:
    assert found(text) == months


@pytest.mark.parametrize(
    "text",
    [
        "may i see it ? what is next may be better . at last may she rest . what may or may not be",
        "march in place . we march on . about march in step",
        "april is here for her knee . an august body",
        "the last march for health was long",
    ],
)
def test_a_word_that_is_no_month_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Levodopa was started in 3/94.", ["3/94"]),
        ("She had a CT in early 10/91 which was normal.", ["10/91"]),
        ("In 11/92, on her way to church, she fell.", ["11/92"]),
        ("Well since 5/92 and until 6/93.", ["5/92", "6/93"]),
        ("In 5/12, he began to fall.", ["5/12"]),
        ("Brother had CABG 8/95. Wart resected 7/96.", ["8/95", "7/96"]),
        ("Colonoscopy in 4/97 was clean, in 5/04 too.", ["4/97", "5/04"]),
    ],
)
def test_a_month_with_two_figures_of_its_year_is_found(text: str, months: list[str]) -> None:
    assert found(text)[: len(months)] == months


@pytest.mark.parametrize(
    "text",
    [
        "Erosions in 9/95 of the joints, in 9/95 (9.5%) and in 9/95 patients.",
        "BP 9/95. Sat 12/90. Vision 6/60 and 3/60.",
        "Started amlodipine 10/40 and Vytorin 10/80, since 10/80 mg was too much.",
        "Nodes were positive in 5/12. Tumor in 3/15 cores.",
        "Scored 5/60. A ratio of 2/95. Pain in 3/10.",
    ],
)
def test_so_many_of_something_are_no_month(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("i fell at the easter egg hunt", ["easter"]),
        ("it hurt over the easter break and at passover", ["easter", "passover"]),
        ("since mother's day , and after labour day", ["mother's day", "labour day"]),
        ("on president's day and st. patrick's day", ["president's day", "st. patrick's day"]),
    ],
)
def test_a_holiday_in_small_letters_is_found(text: str, days: list[str]) -> None:
    assert found(text) == days


def test_what_bears_a_holiday_is_none() -> None:
    assert found("easter lily , easter seals , over the counter , dr. easter called , a passing day") == []


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("Doctor: How old are you, sir?\nPatient: I am ninety six.", ["ninety six"]),
        ("[doctor] how old is she ?\n[patient] um , ninety one .", ["ninety one"]),
        ("Doctor: And how old are you?\nPatient: Well, 93.", ["93"]),
    ],
)
def test_an_age_without_a_unit_is_found(text: str, ages: list[str]) -> None:
    assert found(text) == ages


@pytest.mark.parametrize(
    "text",
    [
        "I am ninety three percent sure. I'm ninety days sober. I was ninety five pounds.",
        "Doctor: How old is the wound?\nPatient: Ninety days.",
        "Doctor: How old are you?\nPatient: I am fifty. My sat was ninety six.",
        "I'm a hundred percent fine.",
    ],
)
def test_a_number_that_is_no_age_stays(text: str) -> None:
    assert found(text) == []
