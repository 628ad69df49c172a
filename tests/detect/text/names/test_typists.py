"""Initials of who dictated and typed are found, and what looks like them stays."""

from __future__ import annotations

import pytest

from curator.detect.text.engine import TextDetector
from curator.identifiers.categories import Category


def found(text: str) -> set[str]:
    made = TextDetector(weighed=False).find(text)
    return {text[one.start : one.end] for one in made if one.category is Category.NAME}


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("P. QUILLFEATHER, MD/rjs      Signed 20-SEP-2011", {"rjs"}),
        ("V. Quillfeather, MD /cab", {"cab"}),
        ("D: 5/3   t: 5/11   /mg", {"mg"}),
        ("TR: gfl     DD: 05/30/1999 11:42 A", {"gfl"}),
        ("TR: wmx / nmq      DD: 11 Apr 2019", {"wmx", "nmq"}),
        ("Signed out 03/03/05 (AGK/ch)", {"AGK", "ch"}),
        ("T: 3/16/2008 6:40 A    Job 000771402   mmo\nCC: file", {"mmo"}),
        ("RN: JQV / JMV    RT: mjd", {"JQV", "JMV", "mjd"}),
    ],
)
def test_who_dictated_and_who_typed_is_found(text: str, letters: set[str]) -> None:
    assert letters <= found(text)


@pytest.mark.parametrize(
    "text",
    [
        "CXR PA/lat  clear",
        "the BP/hr  stable",
        "T: 3/16/2008 bid",
        "TR: none",
        "RN: aware",
        "seen by MD or/and RN",
        "T: 37.2 po",
    ],
)
def test_views_routes_and_words_stay(text: str) -> None:
    assert not found(text)
