"""Reference ranges stay where they are ranges; what could be a month with its year, or holds words, is no range."""

from __future__ import annotations

import pytest

from curator.scrub.ranges import is_reference_range


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
