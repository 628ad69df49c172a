# ruff: noqa: E501 - a case stays on its line
"""Texts made to be slow: the work grows with the length of a text, not with its square."""

import pytest

from curator.detect.text import detectors
from curator.detect.text.dates import ages, calendar, dates
from curator.detect.text.engine import TextDetector
from curator.detect.text.fields import cues, groups, layouts, months, plates, values
from curator.detect.text.numbers import codes, links, numbers, persons, spoken, standing
from curator.detect.text.words.spots import spots

PIECES = [
    "1", "1-", "1.", "1/", "1 ", "a", "@", "a@", "a.", "a-", "(", "((1)", "+1 ", "1:", "::", "MRN ", "MRN:", "MRN\t", "mrn|", "|", "X*", "0O", "1l", "March ",
    "3 March ", "the 3rd ", "90 ", "ninety ", "1931 ", "://", "/a1234", "a.jpg", "(at)", "=A1234", "+A123", "(01)", "12:", "-1234", "ab12-", "call (", "A|B|", "a,b,mrn\n", "3/14-", "DOB ", "name@ a . ", "#A 1", "no. A1-", "Doe, Jo ", "five ", "one oh ", "A1B2C ", "12 345 ", "AB 1234 ", "Case A 1 ", "car ", "the fifth ",
    "Eid ", "W12", ".1.1", "born in a, ", "(93", "jdoe1 ", "418 827 ", "1/2-", "Fri the 3rd ",
]  # fmt: skip


def searched(text):
    found = spots(text)
    steps = (
        numbers.numbers(text, found.numbers), numbers.addresses(text), dates.numeric_dates(text, found.numbers),
        dates.worded_dates(text, found), dates.ages(text, found), cues.labeled(text, found.labels),
    )  # fmt: skip
    return [finding for step in steps for finding in step]


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_run_of_one_piece_is_searched_through(piece):
    text = (piece * 20_000)[:20_000]
    assert all(0 <= finding.start < finding.end <= len(text) for finding in searched(text))


@pytest.mark.parametrize("piece", PIECES)
def test_what_stands_behind_a_long_run_is_still_found(piece):
    text = piece * 500 + "\n\nMRN: 00482913"
    assert any(text[finding.start : finding.end] == "00482913" for finding in searched(text))


def test_no_pattern_repeats_without_a_bound_what_repeats_itself():
    nested = []
    for module in (
        ages, calendar, codes, cues, dates, groups, layouts, links, months, numbers, persons, plates, spoken, standing, values,
    ):  # fmt: skip
        for name, value in vars(module).items():
            pattern = getattr(value, "pattern", "")
            if isinstance(pattern, str) and (
                ")*" in pattern.replace(r"\)*", "") or ")+" in pattern.replace(r"\)+", "")
            ):
                nested.append(f"{module.__name__}.{name}")
    assert nested == []


@pytest.mark.parametrize(
    "piece",
    [
        "A-", "a-a^", "ROE-,", "dog Rex and ", "x Blue Bench ", 'Al "', "Al (Bo) Li ", "I, Mark ", "this is doctor a dictating ", "with the Millers ", "S/o Abc ",
        "Quebec, Trauma ", "lockbox code ", "W0410 23 118204 ", "tail N1", "at PAMF Sunnyvale ", "2200 blk ", "N 42 Rd ", "3rd Main ", "home: Tulsa ", "8th grade, Abc ",
        "bob_x on Reddit ", "MSH|a|b|c|", "6/68-", "/es/ VIEW ROE,AL ", "lives in Croton-on-", "AB:CD\nD: ", "017-001   AB  1", "veteran A-",
        "a_", "ab_cd ", "a,_", "Olsen.4471237 ", "A_1^", "B Roe, MD ", ": Roe, B. ", "/home/a", "- ab [01/Jan/2021:",
    ],
)  # fmt: skip
def test_the_whole_detector_gets_through_a_long_run_of_one_piece(piece):
    text = (piece * 8_000)[:8_000]
    assert all(0 <= finding.start < finding.end <= len(text) for finding in TextDetector().find(text))


def test_a_box_to_tick_behind_the_label_of_a_device_is_no_number():
    text = "one on L arm, sn <device>\n( ) jewellery - refused to remove ring, taped\n(x) 3 pill bottles "
    assert not [one for detector in detectors() for one in detector.find(text) if one.kind == "serial"]
