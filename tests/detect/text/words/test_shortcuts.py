# ruff: noqa: E501 - a list of pieces stays on its line
"""What is asked the short way gives the answer of the long one: patterns before a place, and from some words."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curator.detect.text.dates import ages, monthday
from curator.detect.text.names import placed, tabled
from curator.detect.text.numbers import standing
from curator.detect.text.places import lots, streets
from curator.detect.text.places.houses import shorthouses
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.hints import Words
from curator.detect.text.words.spots import beginning, spots, starting

#: Pieces of which texts are made up that the patterns below may hold in.
PIECES = (
    "Aged ", "age: ", "LIVED TO ", "mom, ", "turned ", "Seen On ", "labs FROM ", "Pain ", "5/", "93", " is her", "At ", "Nurse today: Roe", "the Cedar Bend office", "PO Box 12", "p.o. box 7", "Unit 5, Box 9",
    "Lot 4 Elm Grove Rd", "at 5th and Main", "12 rue de Lyon", "Rua Augusta 45", "Hauptstrasse 5", "pt  nurse|rn\t", "\nName  City\n", " ", "\n", ".", ", ", "tabs #", "CALLED ", "glucose ", "1a", "é", "ñu", "Boîte Postale 4", "İ", "ſ", "K", "e\u0301",
)  # fmt: skip


def _texts() -> list[str]:
    rng = random.Random(11)
    return ["".join(rng.choices(PIECES, k=rng.randint(1, 14))) for _ in range(600)]


TEXTS = _texts()
#: A pattern may look back further than it may begin.
BACK = r"(?<![^\W_]{8}:{4} {3})(?:\bmom|^dad|AT)[ :]*$"


@pytest.mark.parametrize(
    "form",
    [ages._CUE, ages._VITAL_BEFORE, monthday.SCORE_BEFORE, monthday.ON, monthday._EVENT, standing._CALLED, Before(BACK)],
    ids=["age", "vital", "score", "day", "event", "call", "back"],
)  # fmt: skip
def test_a_pattern_before_a_place_holds_as_a_search_in_any_case_does(form: Before) -> None:
    whole = re.compile(form.pattern, re.IGNORECASE)
    rng, held = random.Random(3), 0
    for text in TEXTS:
        for _ in range(4):
            start = rng.randint(0, len(text))
            head = max(0, start - rng.choice((8, 24, 48)))
            found = whole.search(text, head, start) is not None
            assert form.holds(text, head, start) is found
            held += found
    assert held


@given(st.text("aAkKsSiI\u0130\u017f\u212a .,:5\u0301", max_size=40), st.integers(0, 20))
@example("mom", 0)
def test_letters_with_more_forms_than_two_change_nothing(text: str, head: int) -> None:
    form = Before(r"\b(?:ask|KISS|i|sis)[ .:]{0,3}$")
    head = min(head, len(text))
    assert form.holds(text, head, len(text)) is (re.compile(form.pattern, re.IGNORECASE).search(text, head) is not None)


BEGINNING = [
    (placed._SHIFT, placed._SHIFTS),
    (shorthouses._OFFICE, shorthouses._OF_OFFICE),
    (lots._LEAD_IN, lots._LED),
    (streets._CORNER, streets._AT_CORNER),
    (streets._BOX, streets._BOXES),
    (tabled._HEAD, tabled._FIRSTS),
]


@pytest.mark.parametrize(("form", "firsts"), BEGINNING[:5], ids=["shift", "office", "lot", "corner", "box"])
def test_a_pattern_from_its_first_words_finds_what_a_search_finds(
    form: re.Pattern[str], firsts: frozenset[str]
) -> None:
    texts = [text for text in TEXTS if spots(text).plain]
    spans = [[match.span() for match in form.finditer(text)] for text in texts]
    assert [[match.span() for match in beginning(spots(text), form, firsts)] for text in texts] == spans
    assert any(spans)


def test_heads_of_columns_begin_with_one_of_their_words() -> None:
    heads = {(text, match[1]) for text in TEXTS for match in tabled._HEAD.finditer(text)}
    known = {head for head in heads if any(head[1].lower() in listed for listed in tabled._HEADS.values())}
    found = {(text, match[1]) for text in TEXTS for match in beginning(spots(text), tabled._HEAD, tabled._FIRSTS)}
    assert known
    assert known <= found


def test_streets_of_other_countries_begin_at_capitals_figures_or_known_words() -> None:
    spans = [[match.span() for match in streets._FOREIGN.finditer(text)] for text in TEXTS]
    made = [[match.span() for match in starting(spots(text), streets._FOREIGN, streets._ABROAD)] for text in TEXTS]
    assert made == spans
    assert any(spans)


def test_a_set_of_words_is_shown_by_a_text_that_has_one_of_them() -> None:
    words = Words(["quincunx", "éclair"])
    for text in ("a Quincunx.", "ÉCLAIR", "quincunx5", "_éclair_"):
        assert spots(text).flags & words.bit
    for text in ("", "quincunxes", "a quin cunx", "eclair"):
        assert not spots(text).flags & words.bit
    assert "quincunx" in words
