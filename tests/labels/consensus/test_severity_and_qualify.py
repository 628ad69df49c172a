"""Distances between answers, exact intervals, and a reader held against a reference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from opinion_maker import mask, one_class, opinion, unit

from curator.core.errors import UsageError
from curator.labels.consensus.exact import median, share
from curator.labels.consensus.opinions import asked_alike, asked_apart, units_of
from curator.labels.consensus.qualify import Terms, Wanted, measure
from curator.labels.consensus.severity import Scale, load_scale, queue_document, rank, ranked, with_ranges
from curator.labels.consensus.verdicts import verdicts, wanted_of

#: Newcombe 1998, table I, method 5 (Clopper-Pearson), printed to four digits.
NEWCOMBE = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
]


@pytest.mark.parametrize(("hits", "of", "low", "high"), NEWCOMBE)
def test_intervals_of_shares_are_the_published_ones(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of, 0.95)
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (low, high)


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0, 0.95).value is None
    assert share(5, 5, 0.95).high == 1


def test_the_median_has_the_interval_of_order_statistics() -> None:
    # n = 10: ranks 2 and 9 cover with 97.85 %, ranks 3 and 8 with 89.06 % only.
    found = median([float(one) for one in range(1, 11)], 0.95)
    assert (found.value, found.low, found.high) == (5.5, 2.0, 9.0)
    few = median([0.5] * 5, 0.95)
    assert (few.value, few.low, few.high) == (0.5, None, None)


def test_distances_lie_between_alike_and_nothing_in_common() -> None:
    far = rank(unit(*one_class({"ada": "benign", "ben": "malignant"})), Scale())
    near = rank(unit(*one_class({"ada": "benign", "ben": "benign"})), Scale())
    assert far is not None
    assert near is not None
    assert (far.severity, near.severity) == (1.0, 0.0)
    boxes = [opinion(r, "box", {"class": "n", "box": [x, 0, 10, 10]}) for r, x in (("ada", 0), ("ben", 5))]
    found = rank(unit(*boxes), Scale())
    assert found is not None
    assert found.severity == pytest.approx(1 - 50 / 150)
    masks = [opinion(r, "mask", mask(rows)) for r, rows in (("ada", ["##.."]), ("ben", [".##."]))]
    found = rank(unit(*masks), Scale())
    assert found is not None
    assert found.severity == pytest.approx(0.5)
    spans = [opinion(r, "span", {"type": "d", "start": s, "end": s + 10}) for r, s in (("ada", 0), ("ben", 5))]
    found = rank(unit(*spans), Scale())
    assert found is not None
    assert found.severity == pytest.approx(0.5)


def test_the_gravest_disagreement_comes_first_and_counts_close(tmp_path: Path) -> None:
    path = tmp_path / "clinical.json"
    told = {"classes": ["benign", "malignant"], "weight": 1.0}, {"classes": ["benign", "cyst"], "weight": 0.1}
    path.write_text(json.dumps({"format": 1, "pairs": told}))
    opinions = [
        *one_class({"ada": "benign", "ben": "cyst"}, 0),
        *one_class({"ada": "benign", "ben": "malignant"}, 1),
        *one_class({"ada": "benign", "ben": "benign"}, 2),
        *one_class({"ada": "benign"}, 3),
        opinion("ada", "class", {"class": "benign"}, sample=4, confidence=0.5),
        opinion("ben", "class", {"class": "malignant"}, sample=4, confidence=0.9),
    ]
    units = units_of(opinions)
    found = ranked(units, load_scale(path))
    document = queue_document(found, len(units), 2, {})
    assert document["questions"] == {"total": 5, "oneReader": 1, "alike": 1, "differing": 3}
    assert [one["sample"] for one in document["queue"]] == ["2.25.2", "2.25.5"]
    assert [one["severity"] for one in document["queue"]] == [1.0, pytest.approx(0.45)]


def test_grades_are_as_far_apart_as_their_scale_is_wide() -> None:
    opinions = [
        opinion(reader, "grade", {"scale": "birads", "grade": grade}, sample=at)
        for at, pair in enumerate([(1, 5), (2, 3)])
        for reader, grade in zip(("ada", "ben"), pair, strict=True)
    ]
    found = ranked(units_of(opinions), Scale())
    assert [one.severity for one in found] == [1.0, 0.25]
    given = with_ranges(Scale(ranges={"birads": (0, 6)}), units_of(opinions))
    assert given.ranges["birads"] == (0, 6)


@pytest.mark.parametrize(
    "document",
    [
        {"format": 1, "pairs": [{"classes": ["a", "a"], "weight": 1}]},
        {"format": 1, "pairs": [{"classes": ["a", "b"], "weight": 1}, {"classes": ["b", "a"], "weight": 0.5}]},
        {"format": 1, "grades": {"birads": [5, 1]}},
        {"format": 1, "pairs": [{"classes": ["a", "b"], "weight": 2}]},
        {"format": 1, "order": ["a"]},
    ],
)
def test_weights_that_say_two_things_are_refused(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps(document))
    with pytest.raises(UsageError) as caught:
        load_scale(path)
    assert caught.value.code in {"CON-005", "CON-006"}


def readings(reader: str, answers: str) -> list[Any]:
    return [opinion(reader, "class", {"class": one}, sample=at) for at, one in enumerate(answers) if one != "-"]


def test_a_reader_is_measured_for_each_class_and_over_all() -> None:
    # 100 cases: 40 of class p, of which 36 found; 60 of class n, of which 57 found.
    truth, said = "p" * 40 + "n" * 60, "p" * 36 + "n" * 4 + "n" * 57 + "p" * 3
    result = measure(readings("ada", said), readings("reference", truth), Terms())
    (family,) = result.families
    assert family.overall["accuracy"].value == pytest.approx(0.93)
    assert family.classes["p"]["sensitivity"].value == pytest.approx(0.9)
    assert family.classes["p"]["specificity"].value == pytest.approx(0.95)
    assert (family.classes["p"]["precision"].hits, family.classes["p"]["precision"].of) == (36, 39)
    chance = (40 * 39 + 60 * 61) / 100**2
    assert family.overall["kappa"].value == pytest.approx((0.93 - chance) / (1 - chance))
    low = family.classes["p"]["sensitivity"].low
    assert low == pytest.approx(share(36, 40, 0.95).low)


@pytest.mark.parametrize(
    ("least", "judge", "verdict"),
    [
        ("accuracy=0.9", "estimate", "passed"),
        ("accuracy=0.9", "lower", "not-shown"),
        ("accuracy=0.8", "lower", "passed"),
        ("accuracy=0.95", "lower", "failed"),
        ("sensitivity=0.92", "estimate", "failed"),
        ("kappa=0.5", "lower", "not-shown"),
        ("kappa=0.5", "estimate", "passed"),
        ("dice=0.5", "estimate", "not-shown"),
    ],
)
def test_an_interval_that_holds_the_threshold_shows_nothing(least: str, judge: str, verdict: str) -> None:
    truth, said = "p" * 40 + "n" * 60, "p" * 36 + "n" * 4 + "n" * 57 + "p" * 3
    terms = Terms(judge=judge, wanted=(wanted_of(least),))
    assert verdicts(measure(readings("ada", said), readings("reference", truth), terms), terms)[0] == verdict


def test_cases_that_were_left_out_are_not_passed_over() -> None:
    terms = Terms(judge="estimate", wanted=(Wanted("accuracy", 0.9),))
    result = measure(readings("ada", "pp--"), readings("reference", "ppnn"), terms)
    assert (result.reference, result.answered) == (4, 2)
    assert verdicts(result, terms)[0] == "not-shown"
    half = Terms(judge="estimate", wanted=(Wanted("accuracy", 0.9),), least_coverage=0.5)
    assert verdicts(result, half)[0] == "passed"


def test_nothing_answered_passes_no_test() -> None:
    terms = Terms(judge="estimate", wanted=(Wanted("accuracy", 0.1),), least_coverage=0.0)
    assert verdicts(measure([], readings("reference", "pn"), terms), terms)[0] == "not-shown"


def test_an_answer_given_twice_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        measure([*readings("ada", "p"), *readings("ada", "n")], readings("reference", "p"), Terms())
    assert caught.value.code == "CON-041"


def test_finds_and_samples_without_a_find_are_measured() -> None:
    def lot(reader: str, boxes: dict[int, list[int]]) -> list[Any]:
        made = readings(reader, "pppp")
        for at, places in boxes.items():
            made += [opinion(reader, "box", {"class": "n", "box": [x, 0, 10, 10]}, sample=at) for x in places]
        return made

    result = measure(lot("ada", {0: [1, 40], 1: [0], 3: [5]}), lot("reference", {0: [0, 40, 80], 1: [0]}), Terms())
    box = next(one for one in result.families if one.name == "box").classes["n"]
    assert (box["sensitivity"].hits, box["sensitivity"].of) == (3, 4)
    assert (box["precision"].hits, box["precision"].of) == (3, 4)
    assert (box["specificity"].hits, box["specificity"].of) == (1, 2)


def test_masks_are_measured_by_dice() -> None:
    ours = [opinion("ada", "mask", mask(["##.."]), sample=at) for at in range(8)]
    theirs = [opinion("reference", "mask", mask([".##."]), sample=at) for at in range(8)]
    found = measure(ours, theirs, Terms()).families[0].classes["lung"]["dice"]
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("text", ["accuracy=2", "accuracy=x", "accuracy=0"])
def test_a_threshold_that_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        wanted_of(text)
    assert caught.value.code == "CON-008"


@pytest.mark.parametrize("text", ["accuracy", "speed=0.5", "=0.5"])
def test_a_threshold_of_no_metric_is_refused_with_the_list_of_metrics(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        wanted_of(text)
    assert caught.value.code == "CON-049"
    assert "sensitivity" in (caught.value.hint or "")


def test_a_part_with_a_find_makes_its_whole_no_sample_without_one() -> None:
    value = {"class": "nodule", "box": [0, 0, 10, 10]}
    told = [opinion(who, "box", value, part="slice 2") for who in ("ada", "ben", "reference")]
    whole = [opinion(who, "class", {"class": "sick"}) for who in ("ada", "cyn", "reference")]
    both = [told[2], whole[2]]
    found = measure([told[0], whole[0]], both, Terms()).families[-1].classes["nodule"]
    assert (found["sensitivity"].of, found["specificity"].of) == (1, 0)
    # Who read the whole and drew nothing has missed the find of a part.
    missed = measure([whole[1]], both, Terms())
    assert missed.answered == missed.reference == 2
    assert missed.families[-1].classes["nodule"]["sensitivity"].value == 0
    (box,) = [one for one in units_of([told[0], told[1], whole[1]]) if one.question.drawn]
    assert box.readers == ("ada", "ben", "cyn")


def test_two_readers_who_drew_nothing_agree_that_there_is_nothing() -> None:
    drawn_ = opinion("ada", "box", {"class": "nodule", "box": [1, 1, 9, 9]})
    ring = opinion("ada", "polygon", {"class": "nodule", "rings": [[1, 1, 9, 1, 9, 9]]}, sample=1)
    seen = [opinion(who, "class", {"class": "none"}, sample=at) for who in ("ben", "cyn") for at in (0, 1)]
    units = [unit for unit in units_of([drawn_, ring, *seen]) if unit.question.drawn]
    found = ranked(units, Scale())
    assert [(one.greatest, one.mean) for one in found] == [(1.0, pytest.approx(2 / 3))] * 2


def test_a_reference_of_one_question_is_held_against_the_answers_to_it() -> None:
    def said(reader: str, *names: str) -> list[Any]:
        return [
            opinion(reader, "class", {"class": name}, sample=at)
            for at, one in enumerate(names)
            for name in one.split("|")
        ]

    reader = said("ada", "side: left|density: b", "side: right|density: c", "side: left|density: a")
    own = asked_apart(reader, ["2026-01-01T00:00:00Z"] * 6)
    reference = said("reference", "density: b", "density: b", "density: a")
    assert {one.question.about for one in reference} == {""}
    ours, theirs = asked_alike(own, reference)
    result = measure(ours, theirs, Terms())
    assert (result.reference, result.answered, result.correct) == (3, 3, 2)
    assert asked_alike(reference, reference) == (reference, reference)


def test_who_has_a_label_of_another_kind_has_read_the_sample() -> None:
    box_ = opinion("ada", "box", {"class": "nodule", "box": [1, 1, 9, 9]})
    uid = box_.signed.sample.uid
    assert units_of([box_])[0].readers == ("ada",)
    assert units_of([box_], {(uid, "", "ben"), ("2.25.9", "", "cyn")})[0].readers == ("ada", "ben")
    truth = opinion("reference", "box", {"class": "nodule", "box": [1, 1, 9, 9]})
    missed = measure([], [truth], Terms())
    assert (missed.reference, missed.answered) == (1, 0)
    passed = measure([], [truth], Terms(), (frozenset({(uid, "")}), frozenset()))
    assert (passed.reference, passed.answered) == (1, 1)
    assert passed.families[0].classes["nodule"]["sensitivity"].value == 0
