"""The examples of the page on texts in DICOM objects are what the cleaner does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "dicom-texts.md"
ROW = re.compile(r"^\| (?:`([^`]+)` \| )?`([^`]+)` \| (?:`([^`]+)`|\(nothing\)) \|$", re.MULTILINE)
EXAMPLES = [found.groups(default="") for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))]


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) == 43
    assert sum(bool(name) for name, _, _ in EXAMPLES) == 14


@pytest.mark.parametrize(("name", "text", "wanted"), EXAMPLES)
def test_a_text_becomes_what_the_page_says(name: str, text: str, wanted: str) -> None:
    known = (("name", name),) if name else ()
    assert Descriptors(known, load_policy("safe-harbor")).clean(text, vr="LO") == wanted
