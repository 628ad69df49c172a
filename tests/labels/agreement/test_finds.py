"""Boxes, landmarks and spans: what counts as the same find, and average precision of a published ranking."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest

from curator.core.errors import UsageError
from curator.labels.agreement import boxes, points, spans
from curator.labels.agreement.spans import Span

METHODS = ["greedy", "assignment"]


def needs(method: str) -> None:
    if method == "assignment":
        pytest.importorskip("scipy")


def test_iou_of_boxes_in_two_and_three_dimensions() -> None:
    assert boxes.iou_matrix([[0, 0, 10, 10]], [[5, 0, 15, 10], [20, 20, 30, 30]]).tolist() == [[1 / 3, 0]]
    assert boxes.iou_matrix([[0, 0, 0, 2, 2, 2]], [[1, 0, 0, 3, 2, 2]]).tolist() == [[1 / 3]]
    assert boxes.iou_matrix([], [[0, 0, 1, 1]]).shape == (0, 1)


@pytest.mark.parametrize("method", METHODS)
def test_matched_boxes_count_once_and_by_class(method: str) -> None:
    needs(method)
    first = [[0, 0, 10, 10], [100, 0, 110, 10], [200, 0, 210, 10]]
    second = [[1, 0, 11, 10], [0, 0, 10, 10], [200, 0, 210, 10]]
    found = boxes.matched(first, second, 0.5, method=method)
    assert (found.both, found.first, found.second) == (2, 1, 1)
    assert found.f1 == 4 / 6
    assert found.mean_iou == 1.0
    classed = boxes.matched(first, second, 0.5, classes=("aab", "aaa"), method=method)
    assert (classed.both, classed.first, classed.second) == (1, 2, 2)
    assert (found + classed).f1 == 6 / 12
    assert boxes.matched([], [], 0.5, method=method).f1 is None
    assert boxes.matched(first, [], 0.5, method=method).f1 == 0


def test_assignment_finds_the_pairs_that_greedy_matching_gives_away() -> None:
    needs("assignment")
    iou = np.array([[0.9, 0.8], [0.8, 0.0]])
    assert boxes.match(iou, 0.5, "greedy").tolist() == [[0, 0]]
    assert boxes.match(iou, 0.5, "assignment").tolist() == [[0, 1], [1, 0]]


#: Padilla, Netto and da Silva, IWSSIP 2020, worked example: 24 detections by falling confidence, 15 to find.
RANKED = "TFTFFFFFFTFTTTFFFFFFFFTF"
CONFIDENCE = [95, 95, 91, 88, 84, 80, 78, 74, 71, 70, 67, 62, 54, 48, 45, 45, 44, 44, 43, 38, 35, 23, 18, 14]


def test_average_precision_of_the_example_of_padilla_2020() -> None:
    right = [one == "T" for one in RANKED]
    assert f"{boxes.average_precision(right, CONFIDENCE, 15, 'voc-11'):.4f}" == "0.2684"
    area = boxes.average_precision(right, CONFIDENCE, 15, "all-points")
    assert f"{100 * (area or 0):.4f}"[:5] == "24.56"  # the paper prints 24.56 %, cut off


def test_average_precision_at_its_ends() -> None:
    for kind in boxes.INTERPOLATION:
        assert boxes.average_precision([True, True], [0.9, 0.8], 2, kind) == 1.0
        assert boxes.average_precision([], [], 2, kind) == 0.0
        assert boxes.average_precision([True], [1], 0, kind) is None
    assert boxes.average_precision([True], [1], 2, "coco-101") == pytest.approx(51 / 101)


def test_mean_average_precision_over_classes_and_thresholds() -> None:
    whole = boxes.Detections([[0, 0, 10, 10]], [0.9], [[0, 0, 10, 10]])
    most = boxes.Detections([[0, 0, 10, 7.2]], [0.9], [[0, 0, 10, 10]])
    assert boxes.mean_average_precision({"a": [whole]}) == 1.0
    assert boxes.mean_average_precision({"a": [most]}) == 0.5
    assert boxes.mean_average_precision({"a": [whole], "b": [most]}) == 0.75
    false = boxes.Detections([[0, 0, 1, 1]], [0.95], [])
    assert boxes.mean_average_precision({"a": [whole, false]}) == 0.5
    assert boxes.mean_average_precision({"a": [false]}) is None


@pytest.mark.parametrize(
    "bad", [[[0, 0, 0, 5]], [[5, 0, 0, 5]], [[0, 0, 1]], [[0, 0, float("nan"), 1]], [0, 0, 1, 1], [[0, 0, 1, 1, 1]]]
)
def test_what_is_no_box_is_refused(bad: Any) -> None:
    with pytest.raises(UsageError) as caught:
        boxes.iou_matrix(bad, [[0, 0, 1, 1]])
    assert caught.value.code == "AGR-031"


def test_keypoint_similarity_by_its_formula() -> None:
    first = [[0, 0], [10, 0], [50, 50]]
    assert points.oks(first, first, [True] * 3, 100, 0.05) == 1.0
    moved = [[1, 0], [10, 0], [0, 0]]
    wanted = (np.exp(-1 / (2 * 100 * 0.1**2)) + 1) / 2
    assert points.oks(first, moved, [True, True, False], 100, 0.05) == pytest.approx(wanted)
    assert points.oks(first, moved, [False] * 3, 100, 0.05) is None
    for broken in ({"area": 0.0}, {"deviation": 0.0}, {"visible": [True]}):
        with pytest.raises(UsageError):
            points.oks(
                **({"first": first, "second": moved, "visible": [True] * 3, "area": 1.0, "deviation": 1} | broken)
            )


def test_spans_by_each_definition() -> None:
    first = [Span(0, 10, "drug"), Span(20, 30, "drug"), Span(40, 50, "dose"), Span(60, 70, "drug")]
    second = [Span(0, 10, "drug"), Span(20, 32, "drug"), Span(45, 60, "dose"), Span(60, 70, "dose")]
    found = {name: one.both for name, one in spans.agreement(first, second).items()}
    assert found == {"exact": 1, "relaxed": 2, "overlap": 3, "characters": 25}
    assert spans.agreement(first, second)["exact"].f1 == 0.25
    assert spans.agreement(first, second, slack=1)["relaxed"].both == 1
    assert spans.agreement([], [])["exact"].f1 is None


def test_one_long_span_is_not_the_same_find_as_two_short_ones() -> None:
    found = spans.agreement([Span(0, 30, "a")], [Span(0, 10, "a"), Span(20, 30, "a")])["overlap"]
    assert (found.both, found.first, found.second) == (1, 0, 1)
    twice = spans.agreement([Span(0, 5, "a"), Span(0, 5, "a")], [Span(0, 5, "a")])["exact"]
    assert (twice.both, twice.first, twice.second) == (1, 1, 0)


def test_matching_spans_finds_as_many_pairs_as_there_are() -> None:
    random.seed(3)
    for _ in range(200):
        first, second = (
            [Span(at := random.randrange(30), at + random.randrange(1, 12), "a") for _ in range(random.randrange(6))]
            for _ in range(2)
        )
        most = max(
            (
                sum(a.start < b.end and b.start < a.end for a, b in zip(one, two, strict=False))
                for one in [first]
                for two in itertools.permutations(second + [Span(1000, 1001, "a")] * max(0, len(first) - len(second)))
            ),
            default=0,
        )
        assert spans.agreement(first, second)["overlap"].both == most


def test_what_is_no_span_is_refused() -> None:
    for bad in (Span(5, 5), Span(-1, 3), Span(7, 3)):
        with pytest.raises(UsageError) as caught:
            spans.agreement([bad], [])
        assert caught.value.code == "AGR-031"
