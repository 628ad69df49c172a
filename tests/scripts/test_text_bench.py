"""The bench of text detection measures what it says: seeded notes, right offsets, splits apart, fair scores."""

from __future__ import annotations

import re
import unicodedata
from random import Random

import pytest
from textset import patterns
from textset.make import HERE, Note, fill, notes, templates
from textset.scoring import Share, figures, group, score, wilson
from textset.values import Values, lists

CATEGORIES = {
    "NAME", "GEOGRAPHY", "DATE", "PHONE", "FAX", "EMAIL", "SSN", "RECORD_NUMBER", "HEALTH_PLAN", "ACCOUNT", "LICENSE",
    "VEHICLE", "DEVICE", "URL", "IP", "BIOMETRIC", "PHOTOGRAPH", "OTHER",
}  # fmt: skip
COST = {"kilobytes": 100.0, "seconds": 0.5, "ready": 9.0, "peak_mib": 50.0}
#: A stretch this long without slots that stands in both splits is a copy, not a phrase of the trade.
COPIED = 45


def prose(template):
    """The stretches between slots and choices, as they would be recognized: small letters and single blanks."""
    parts = re.split(r"<~?[a-z0-9.]+>|<=[^>]*>|\[\[|\|\||\]\]|\n", template)
    return {part for part in (" ".join(part.lower().split()) for part in parts) if len(part) >= COPIED}


@pytest.mark.parametrize("split", ["dev", "test", "apart"])
def test_the_same_seed_makes_the_same_notes_and_another_seed_makes_others(split):
    first, second, other = list(notes(split, 60, 7)), list(notes(split, 60, 7)), list(notes(split, 60, 8))
    assert first == second
    assert [note.text for note in first] != [note.text for note in other]


@pytest.mark.parametrize("split", ["dev", "test", "apart"])
def test_every_template_can_be_drawn_and_leaves_no_mark_behind(split):
    values = Values(split, 3)
    for _, template in templates(split):
        values.new_note()
        text, gold = fill(template, values)
        left = bool(re.search(r"<=|<~?[a-z0-9]+(\.[a-z0-9]+)?>|\[\[|\]\]", text))
        assert left is False, "a mark stands in a note"
        assert all(0 <= start < end <= len(text) for start, end, *_ in gold)


def test_the_offsets_of_an_identifier_are_those_of_its_value(monkeypatch):
    values = Values("dev", 1)
    drawn = []
    draw = values.draw

    def watched(slot):
        made = draw(slot)
        if made[1]:
            drawn.append(made)
        return made

    monkeypatch.setattr(values, "draw", watched)
    for _, template in templates("dev"):
        if "<=" in template:
            continue
        drawn.clear()
        values.new_note()
        text, gold = fill(template, values)
        assert [(text[start:end], category) for start, end, category, _ in gold] == drawn
    text, gold = fill("Dr. <d.nfd>, \U0001f600 <=GEOGRAPHY:zip|58102>, <mrn>!", values)
    assert text[gold[2][1] :] == "!"
    assert (text[gold[1][0] : gold[1][1]], gold[1][2:]) == ("58102", ("GEOGRAPHY", "zip"))
    assert unicodedata.is_normalized("NFD", text[gold[0][0] : gold[0][1]])


def test_development_and_held_back_notes_share_no_text():
    dev = [template for _, template in templates("dev")]
    test = [template for _, template in templates("test")]
    # Counts alone: a failure must not show what is held back.
    same = len(set(dev) & set(test))
    shared = len(set().union(*map(prose, dev)) & set().union(*map(prose, test)))
    assert (same, shared) == (0, 0)


def test_development_holds_many_styles_all_categories_every_slot_and_queries_without_identifiers():
    listed = templates("dev")
    data = lists("dev")
    slots = set(re.findall(r"<(~?[a-z0-9.]+)>", " ".join(template for _, template in listed)))
    queries = [template for style, template in listed if style == "query"]
    plain = [template for template in queries if not re.search(r"<[a-z=]", template)]
    assert len([style for style, _ in listed if style != "query"]) >= 150
    assert len({style for style, _ in listed}) >= 30
    assert len(queries) >= 80
    assert 0.3 <= len(plain) / len(queries) <= 0.7
    assert {data["CATEGORY"][slot] for slot in slots if slot in data["CATEGORY"]} | {"NAME"} == CATEGORIES
    assert set(data["CATEGORY"]) <= slots
    page = (HERE / "SLOTS.md").read_text(encoding="utf-8")
    assert all(f"`{slot}`" in page for slot in [*data["CATEGORY"], *data["PLAIN"]])


def test_a_mark_or_slot_that_does_not_exist_is_refused():
    values = Values("dev", 1)
    for wrong, error in (("<=PLACE:zip|58102>", ValueError), ("<=DATE:dob|>", ValueError), ("<nosuchslot>", KeyError)):
        with pytest.raises(error):
            fill(f"Seen {wrong} today", values)


def test_a_misspelled_list_is_refused(monkeypatch):
    monkeypatch.setattr(
        "textset.values.tomllib.loads", lambda text: {"CITTIES": []} if "of development" in text else {"CITIES": []}
    )
    with pytest.raises(KeyError, match="CITTIES"):
        lists("dev")


def test_computed_numbers_have_right_check_digits():
    rng = Random(5)
    for _ in range(50):
        number = [int(mark) for mark in patterns.dea(rng)[2:]]
        assert (sum(number[0:6:2]) + 2 * sum(number[1:6:2])) % 10 == number[6]
        for digits in ("80840" + patterns.npi(rng), re.sub(r"\D", "", patterns.card(rng))):
            doubled = [int(mark) * (1 + at % 2) for at, mark in enumerate(reversed(digits))]
            assert sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
    assert patterns.vin(rng)[8] in "0123456789X"


def test_swapped_marks_keep_their_number_and_the_first_one():
    assert patterns.swapped("101", Random(1), 2, "01") == "1Ol"
    assert patterns.swapped("Bell", Random(1), 9, "lOoI") == "Be11"
    assert patterns.swapped("723", Random(1), 2, "01") == "723"


@pytest.fixture
def scored():
    made = [
        Note("found", "letter", "Seen by Ann Lee on 3/4.", ((8, 15, "NAME", "d.full"), (19, 22, "DATE", "md"))),
        Note("half", "letter", "Seen by Zoë Lee. BP 120.", ((8, 15, "NAME", "d.full"),)),
        Note("query", "query", "dose for 90 kg", ()),
    ]
    spans = {"found": [(8, 15), (19, 22)], "half": [(8, 11), (20, 23)], "query": [(9, 11)]}
    return score(made, spans)


def test_found_half_found_and_false_are_told_apart(scored):
    assert (scored.recall["all"].hits, scored.recall["all"].total) == (2, 3)
    assert (scored.recall["names, ASCII"].hits, scored.recall["names, ASCII"].total) == (1, 1)
    assert (scored.recall["names, other letters"].hits, scored.recall["names, other letters"].total) == (0, 1)
    assert (scored.recall["structured"].hits, scored.recall["structured"].total) == (1, 1)
    assert scored.partly == 1
    assert scored.false == 2
    assert (scored.clean.hits, scored.clean.total) == (1, 2)
    assert (scored.over.hits, scored.over.total) == (1, 1)
    # 6 letters of Ann Lee, 2 digits of 3/4, 3 letters of Zoë; 3 digits of 120 and 2 of 90 are too many.
    assert (scored.precision.hits, scored.precision.total) == (11, 16)
    assert scored.words == 16


def test_punctuation_inside_of_an_identifier_need_not_be_covered_but_each_digit():
    note = Note("n", "letter", "call 555-0133 now", ((5, 13, "PHONE", "short"),))
    assert score([note], {"n": [(5, 8), (9, 13)]}).recall["all"].hits == 1
    assert score([note], {"n": [(5, 12)]}).recall["all"].hits == 0


def test_a_note_without_an_answer_is_not_a_clean_one():
    with pytest.raises(KeyError):
        score([Note("n", "letter", "x", ())], {})


def test_a_note_at_which_a_detector_failed_is_counted_and_its_identifiers_are_missed():
    note = Note("n", "letter", "Dr. Lee", ((4, 7, "NAME", "d.last"),))
    made = score([note], {"n": None})
    assert (made.failed, made.recall["all"].hits, made.clean.hits) == (1, 0, 0)
    assert {figure.name: figure.met for figure in figures(made, COST)}["notes failed at"] is False


def test_figures_stand_beside_their_targets(scored):
    shown = {figure.name: figure for figure in figures(scored, COST)}
    assert shown["recall: all"].met is False
    assert shown["recall: all"].value == pytest.approx(2 / 3)
    assert shown["recall: places"].value is None
    assert shown["recall: places"].met is False
    assert shown["KB per CPU second"].value == pytest.approx(200)
    assert shown["KB per CPU second"].met is False
    assert shown["peak memory, MiB"].met is True
    assert shown["ready, CPU seconds"].met is False
    assert shown["recall: DATE"].target == ""


def test_intervals_are_wilsons():
    # Newcombe 1998, table I: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20)[0] == 0
    assert wilson(0, 0) == (0, 1)


def test_an_interval_is_wider_the_more_the_notes_of_one_template_are_alike():
    alike, apart = Share(), Share()
    for number in range(100):
        alike.add(number % 10 < 8, cluster=number % 10)
        apart.add(number % 10 < 8, cluster=number)
    assert apart.interval() == pytest.approx(wilson(80, 100), abs=2e-3)
    assert alike.interval() == pytest.approx(wilson(7.2, 9), abs=2e-3)
    whole = Share()
    for number in range(100):
        whole.add(hits=1, cluster=number % 10)
    assert whole.interval() == wilson(10, 10)


def test_names_are_grouped_by_their_letters():
    assert group("NAME", "O’Dowd") == "names, ASCII"
    assert group("NAME", "Müßig") == "names, other letters"
    assert group("GEOGRAPHY", "Łódź") == "places"
    assert group("SSN", "219-09-9999") == "structured"
