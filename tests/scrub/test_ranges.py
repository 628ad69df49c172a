"""Reference ranges stay where they are ranges; what could be a month with its year, or holds words, is no range."""

from __future__ import annotations

import pytest

from curator.scrub.ranges import is_measured, is_reference_range


@pytest.mark.parametrize(
    "text", ["12-16", "3.5 - 5.1", "<5", ">= 90", "1500-2000", "-2.5-2.5", "10-12", "0-20", "13-2010"]
)
def test_ranges_of_numbers_are_ranges(text: str) -> None:
    assert is_reference_range(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "12-2016",
        "1-1999",
        "12-16-2019",
        "2019-03-04",
        "12/16",
        "5551234-5551299",
        "12-16 Smith",
        "<",
        "١-٢",
        "3-4\n5-6",
    ],
)
def test_what_may_be_something_else_is_not(text: str) -> None:
    assert not is_reference_range(text)


@pytest.mark.parametrize(
    "text",
    [
        "6-10 /HPF", "0-5/hpf", "12-16 g/dL", "3.5-5.1 mmol/L", "4.0-10.0 x10^9/L", "4-10 10*3/uL", "4-11 K/uL",
        "12-16%", "0-20 mm/hr", "<5 mg/L", "> 60 mL/min/1.73m2", "135\u2013145 mmol/L", "0-2 WBC/HPF", "27-33 pg",
        "0-5 per HPF",
    ],
)  # fmt: skip
def test_a_range_with_its_unit_is_a_range(text: str) -> None:
    assert is_reference_range(text)


@pytest.mark.parametrize("text", ["12-16 am", "12-16 Smith", "12-16 2019", "3-14 M", "12-16 /Smith", "6-10 /HPF Smith"])
def test_a_range_with_other_words_is_none(text: str) -> None:
    assert not is_reference_range(text)


def test_counts_beside_a_unit_or_a_range_are_measured() -> None:
    for text in ("0-5", "6-10", "12-16", "3.5-5.1", "10-20"):
        assert is_measured(text, beside=True, asked="WBC urine")
        assert not is_measured(text, beside=False)
    assert is_measured("6-10 /HPF", beside=False)
    assert is_measured("1-5 %", beside=False)


@pytest.mark.parametrize("text", ["05-06", "12/16", "3/14/2020", "10-12-2019", "2019-2020", "555-0142", "12-3", "5"])
def test_what_is_written_like_a_day_or_a_number_of_somebody_is_not_measured(text: str) -> None:
    assert not is_measured(text, beside=True)


@pytest.mark.parametrize(
    "asked", ["visit date", "VisitDate", "Date of birth", "LMP", "When", "Collected", "Drawn", "Diagnosed"]
)
def test_the_answer_to_a_question_for_a_day_is_not_measured(asked: str) -> None:
    assert not is_measured("6-10", beside=True, asked=asked)
