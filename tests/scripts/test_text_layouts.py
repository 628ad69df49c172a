"""What is marked in a note of the bench of texts is marked in every form that the note is given."""

from __future__ import annotations

import html
import sys
import unicodedata
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "bench"))

from textset.layouts import LAYOUTS, laid_out
from textset.make import notes

NOTES = list(notes("dev", 80, 5))
#: Notes of which hardly any is changed by a layout: those without what it writes otherwise.
LEAST = {"plain": 0, "ligatures": 20, "entities": 20, "escaped": 20, "hyphenated": 10, "justified": 10}


def letters(text: str) -> str:
    """Return the letters and figures of a text as a reader sees them, in small letters."""
    read = html.unescape(text).replace("<br>", " ").replace("\\n", " ").replace("\\t", " ")
    return "".join(mark for mark in unicodedata.normalize("NFKC", read).casefold().replace("ı", "i") if mark.isalnum())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_marked_stays_marked(layout: str) -> None:
    changed = 0
    for note, made in zip(NOTES, laid_out(NOTES, layout), strict=True):
        changed += note.text != made.text
        assert letters(made.text) == letters(note.text)
        assert [letters(made.text[start:end]) for start, end, *_ in made.gold] == [
            letters(note.text[start:end]) for start, end, *_ in note.gold
        ]
    assert changed >= LEAST.get(layout, 30)
