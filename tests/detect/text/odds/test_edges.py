"""What belongs to an identifier of which a part was found is found too, and no more than that."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.odds import edges
from curator.detect.text.odds.view import View
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge

PROSE = "The patient was seen this morning on rounds and feels well. "


def covered(text: str) -> list[str]:
    return [text[one.start : one.end] for one in merge(find_all(text, detectors()))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (PROSE + "She was admitted to Rosewood on Broadway last night.", "Rosewood on Broadway"),
        (PROSE + "Off sick since mid-Oct with back pain.", "mid-Oct"),
        (PROSE + "BAG FROM BLOOD BANK, unit W1409 22 203817 00 R was hung.", "W1409 22 203817 00 R"),
    ],
)
def test_the_rest_of_an_identifier_is_found(text: str, value: str) -> None:
    start = text.index(value)
    mask = {place for one in find_all(text, detectors()) for place in range(one.start, one.end)}
    assert {at for at in range(start, start + len(value)) if text[at].isalnum()} <= mask


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (PROSE + "Good day, Zebediah Quillfeather Hoarse today.", "Hoarse"),
        (PROSE + "Seen by Dr. Amara Quillfeather. Wheezing is better.", "Wheezing"),
        ("sex,age,mrn\nF,44,448213\nM,51,448214\n", "44,"),
        (PROSE + "MRN: 00482913 was wrong.", "MRN"),
        ("Patient: He missed it four times on third of this month when the bus was late.", "times on"),
        ("Wife is RN here on Zayed 6. pt on the ward was seen by us, all well.", "pt"),
    ],
)
def test_what_comes_next_stays(text: str, stays: str) -> None:
    at = text.index(stays)
    assert not any(one.start <= at < one.end for one in find_all(text, detectors()))


def marked(text: str, value: str, category: Category) -> tuple[View, Finding]:
    finding = Finding(text.index(value), text.index(value) + len(value), category, "x", "test", 0.9)
    return View(text, [finding]), finding


def test_a_walk_goes_on_as_long_as_a_judge_says_so_and_no_further_than_it_may() -> None:
    text = "one two three four Middle five six seven eight nine ten eleven"
    view, finding = marked(text, "Middle", Category.GEOGRAPHY)
    made = edges.walk(view, finding, lambda candidate: text[candidate.start : candidate.end] != "two")
    assert text[made.start : made.end] == "three four Middle five six seven eight nine ten"


@pytest.mark.parametrize("text", ["left [NAME] Middle\nright", "left: x Middle, | right", "a line\nMiddle\nanother"])
def test_a_walk_ends_at_tags_lines_and_cells(text: str) -> None:
    view, finding = marked(text, "Middle", Category.NAME)
    made = edges.walk(view, finding, lambda _: True)
    assert "\n" not in text[made.start : made.end]
    assert "[NAME]" not in text[made.start : made.end]
    assert "|" not in text[made.start : made.end]


def test_a_date_keeps_its_own_place_and_what_belongs_to_it_is_told_apart() -> None:
    text = "booked for Friday 21st next week"
    view, finding = marked(text, "21st", Category.DATE)
    made = list(edges.widened(view, [finding], lambda one: text[one.start : one.end] == "Friday"))
    assert [(text[one.start : one.end], one.rule) for one in made] == [("Friday", "odds.edge")]


def test_a_code_does_not_go_on_in_small_words() -> None:
    text = "number 93 she said"
    view, finding = marked(text, "93", Category.OTHER)
    assert edges.walk(view, finding, lambda _: True) == finding


@pytest.mark.parametrize("value", ["Middle \n ", " ", "\n"])
def test_a_finding_that_ends_in_blanks_or_holds_no_token_is_left_as_it_is(value: str) -> None:
    text = f"one two {value.strip()} \n "
    text = text if value in text else text + value
    view, finding = marked(text, value, Category.NAME)
    for right in (True, False):
        edges.beside(view, finding, right=right)
    assert edges.walk(view, finding, lambda _: False) == finding


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("told her about the space heater program at st vincents on 4th. will drop off pedialyte", "vincents on 4th"),
        ("SNF choices: 1 Elim 2 Bethany on 42nd. F/u with Dr Gao and XR in a week.", "Bethany on 42nd"),
    ],
)
def test_a_street_by_its_number_goes_on_a_house_though_it_might_be_a_day(text, whole):
    found = {place for one in find_all(text, detectors()) for place in range(one.start, one.end)}
    start = text.index(whole)
    assert {start + at for at, mark in enumerate(whole) if mark.isalnum()} <= found
