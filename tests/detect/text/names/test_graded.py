"""Somebody with a degree who fills a line or a cell is found. All made up."""

from __future__ import annotations

import pytest

from curator.detect.text.engine import TextDetector

RULES = TextDetector(weighed=False)


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in RULES.find(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Will Page RN", "Will Page"),
        ("Verified by | Will Page, RN | Sodium", "Will Page"),
        ("Signed:\nGrace B. Hill MD\n", "Grace B. Hill"),
        ("Sodium\tWill Page RN", "Will Page"),
    ],
)
def test_who_fills_a_line_or_a_cell_is_found(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text", ["Will page RN", "Will Page RN tomorrow", "Charge Nurse RN", "Wound Care RN", "Home Health RN"]
)
def test_what_is_no_name_or_goes_on_stays(text: str) -> None:
    assert found(text) == []
