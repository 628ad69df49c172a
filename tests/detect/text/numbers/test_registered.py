"""Numbers of public registers stay, and what only begins like one goes."""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all

OURS = detectors()


@pytest.mark.parametrize(
    "text",
    [
        "carries rs1800562, heterozygous",
        "phenotype HP:0001250 seizures",
        "EC 3.4.21.4 is trypsin",
        "OMIM 219700",
        "grant R01 HL123456",
        "per the March 2019 FDA boxed warning",
    ],
)
def test_what_a_register_numbers_stays(text: str) -> None:
    assert not find_all(text, OURS)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("ss078051120 on file", "078051120"),
        ("HP:5551234 home", "5551234"),
        ("EC 614-555-0199", "614-555-0199"),
        ("EC: 5550199", "5550199"),
        ("MRN HL123456", "HL123456"),
        ("SEEN IN MARCH 2019 WHO REPORTS PAIN", "MARCH 2019"),
    ],
)
def test_what_only_begins_so_goes(text: str, hidden: str) -> None:
    assert any(hidden in text[one.start : one.end] for one in find_all(text, OURS))
