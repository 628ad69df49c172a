"""What the table of odds finds besides the rules, and what it leaves alone. All made up."""

import math
import time

import pytest

from curator.detect.text import detectors, find_all
from curator.detect.text.engine import TextDetector
from curator.detect.text.odds import edges, numbers, words
from curator.detect.text.odds.odds import HOPELESS, odds, weight_of
from curator.detect.text.odds.table import SORTS, added, table
from curator.detect.text.odds.tokens import token_of
from curator.detect.text.odds.view import View
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

RULES = TextDetector(weighed=False)
NOTES = (
    "Seen at the bedside with Odalys, who covers for Brennick until Monday. "
    "Lives out past Tarrow Mills with an uncle.\n"
    "Plan: warfarin held, INR 2.4 at 0600, recheck q6h. Next huddle at 2. /Agneska, CIC\n"
)


def test_columns_have_as_many_signs_as_names():
    view = View(NOTES, RULES.find(NOTES))
    for at, token in enumerate(view.tokens):
        if token.capital or token.small:
            assert len(token.own) == len(words.OWN)
            assert len(words.beside(view, at)) == len(words.BESIDE)
            assert len(words.around(view, at)) == len(words.AROUND)
    seen = list(numbers.chunks(view))
    assert [NOTES[start:end] for start, end, *_ in seen] == ["2.4", "0600", "q6h", "2"]
    for start, end, first, last in seen:
        assert len(numbers.own(NOTES[start:end])) == len(numbers.OWN)
        assert len(numbers.around(view, numbers.Code(start, first, last, *numbers.own(NOTES[start:end])[:2]))) == len(
            numbers.AROUND
        )


def test_every_column_of_the_table_is_asked_for_and_weighs_something():
    asked = {*words.OWN, *words.BESIDE, *words.AROUND}
    for cased, sort in ((cased, sort) for cased in (False, True) for sort in SORTS):
        columns = table(cased)[sort].columns
        assert columns
        others = {"number": {*numbers.OWN, *numbers.AROUND}, "edge": set(edges.SIGNS)}
        assert set(columns) <= others.get(sort, asked)
        assert all(weight for column in columns.values() for weight in column.values())


def test_it_only_adds_to_what_rules_find_and_never_touches_it():
    found = list(RULES.find(NOTES))
    more = list(odds(NOTES, found))
    taken = {place for one in found for place in range(one.start, one.end)}
    assert all(taken.isdisjoint(range(one.start, one.end)) for one in more)
    assert {(one.start, one.end, one.rule) for one in find_all(NOTES, detectors(weighed=False))} <= {
        (one.start, one.end, one.rule) for one in find_all(NOTES, detectors())
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Next huddle at 2. /Agneska, CIC", "Agneska"),
        ("71 y/o M, site by the pump house, Gena Johnsen sitting in a lawn chair beside him.", "Gena Johnsen"),
    ],
)
def test_a_name_in_a_form_of_its_own_is_found(text, value):
    assert any(text[one.start : one.end] == value for one in find_all(text, detectors()))


def test_what_stands_beside_a_tag_is_judged_as_beside_what_was_taken_out():
    text = "Spoke with [NAME] and [NAME], both at [GEOGRAPHY] since [DATE]; ID [RECORD_NUMBER]."
    assert View(text, []).found.count("N") == 2
    assert "G" in View(text, []).found
    assert not find_all(text, detectors())


def test_a_second_pass_over_a_tagged_note_takes_nothing_of_what_must_stay():
    text = "Patient denies pain. Metoprolol 25 mg BID. Follow up with [NAME] in Cardiology on [DATE]. BP 132/84, HR 72."
    assert not find_all(text, detectors())


@pytest.mark.parametrize(
    "text",
    [
        "Inferior Vena Cava filter in place. The 7th, 8th and 9th ribs are broken.",
        "Dyspnea at Rest and Exertion; Grade III hiatus hernia with four Cameron erosions.",
        "Discharged to home with hospice. Seen by Surgery at Noon. Sent to Pathology in Formalin.",
        "Gait 150 ft, TTOs 14/7 given, available 24/7.",
        "Headaches are left-sided, throbbing, from the eye to the back of the neck, 8/10, with nausea and photophobia.",
        "The family was given the number of the 24/7 crisis helpline by the social worker who saw them.",
    ],
)
def test_terms_and_measures_stay(text):
    assert not find_all(text, detectors())


def test_houses_stay_when_they_may_but_towns_do_not():
    found = [Finding(0, 4, Category.NAME, "name", "given", 0.9)]
    for text in ("Anna was born in Torrington and moved to the Brockway Pavilion.", NOTES):
        kept = {(one.start, one.end) for one in odds(text, found, facilities=False)}
        assert kept <= {(one.start, one.end) for one in odds(text, found, facilities=True)}


def test_a_word_of_everyday_is_given_up_early():
    view = View("The patient was Stable.", [])
    assert weight_of(view, 0) < 0
    assert weight_of(view, 1) == -math.inf
    assert HOPELESS < 0


def test_a_text_in_german_has_nouns_with_capitals():
    text = "Die Patientin wird mit den Medikamenten nach Hause entlassen und ist bei der Visite nicht verwirrt."
    assert View(text, []).foreign == "1"
    assert View(NOTES, []).foreign == "0"
    assert not list(odds(text, RULES.find(text)))


def test_tokens_keep_nothing_longer_than_a_word():
    long = "x" * 100
    assert token_of(long) is not token_of(long)
    assert token_of("Brennick") is token_of("Brennick")


def test_weights_add_up():
    assert added([{"a": 15}, {("a", "b"): -5}, {}], ("a", ("a", "b"), "c")) == 10


def test_confidence_is_a_share_below_that_of_rules():
    assert all(0.3 <= one.confidence <= 0.9 for one in odds(NOTES, RULES.find(NOTES)))


@pytest.mark.parametrize("piece", ["A b1 ", "Aa", "1-", "[NAME] ", "\n", "X Y Z ", "’'", "é\u0301 "])
def test_the_work_grows_with_the_length_and_not_with_its_square(piece):
    times = []
    for count in (2_000, 8_000):
        runs = []
        for _ in range(3):  # the collector of cycles may fall into one
            before = time.process_time()
            for _ in odds(piece * count, []):
                pass
            runs.append(time.process_time() - before)
        times.append(min(runs))
    assert times[1] < 16 * max(times[0], 0.05)


def test_a_day_amid_words_for_pain_is_still_one():
    text = "Headache and neck pain since 8/10, seen here on 8/12/2021 and again by Dr. Quillfeder."
    assert any(one.start <= text.index("8/10") < one.end for one in find_all(text, detectors()))


@pytest.mark.parametrize("text", ["cough cough", "cough\ncough", "no cough, no fever"])
def test_words_of_a_field_in_small_letters_that_are_surnames_too_stay(text):
    assert not find_all(text, detectors())
