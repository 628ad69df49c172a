"""STAPLE, box fusion and votes on spans: equal to another program and to figures worked by hand."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from curator.core.errors import CheckError, UsageError
from curator.labels.consensus.fusion import Drawn, fuse
from curator.labels.consensus.spanvotes import vote
from curator.labels.consensus.staple import staple

#: Three masks of 24 x 32 pixels as patterns (first, second, third reader) and their pixels.
PATTERNS = np.array(list(itertools.product((0, 1), repeat=3)))
PIXELS = np.array([494, 48, 21, 5, 26, 18, 56, 100])
#: What STAPLEImageFilter of SimpleITK 2.5.7 (ITK 5.4) gives for them with its default settings, which stops earlier.
SIMPLE_ITK = {
    "sensitivity": [0.9703369778, 0.8608403274, 0.6446525801],
    "specificity": [0.9662533650, 0.9622130903, 0.9120827059],
    "posterior": [
        0.0005459932,
        0.0101768766,
        0.0792342064,
        0.6182559363,
        0.3384811044,
        0.9059263000,
        0.9877449929,
        0.9993412054,
    ],
}


def test_staple_is_that_of_another_program() -> None:
    found = staple(PATTERNS, PIXELS)
    assert found.converged
    assert found.rates[:, 1, 1] == pytest.approx(SIMPLE_ITK["sensitivity"], abs=1e-6)
    assert found.rates[:, 0, 0] == pytest.approx(SIMPLE_ITK["specificity"], abs=1e-6)
    assert found.posterior[:, 1] == pytest.approx(SIMPLE_ITK["posterior"], abs=1e-6)


def test_one_step_of_staple_is_equations_14_15_18_and_19_of_the_paper() -> None:
    patterns, count = np.array([[1, 1], [1, 0], [0, 1], [0, 0]]), np.array([3, 1, 1, 5])
    found = staple(patterns, count, most_steps=1)
    prior, start = (3 * 2 + 1 + 1) / 20, 0.99999
    weight = []
    for row in patterns:
        a, b = prior, 1 - prior
        for one in row:
            a *= start if one else 1 - start
            b *= 1 - start if one else start
        weight.append(a / (a + b))
    for reader in (0, 1):
        hit = sum(w * n for w, n, row in zip(weight, count, patterns, strict=True) if row[reader])
        assert found.rates[reader, 1, 1] == pytest.approx(hit / sum(w * n for w, n in zip(weight, count, strict=True)))


def test_staple_of_several_classes_finds_the_reader_who_swaps_two() -> None:
    draw = random.Random(3)
    truth = [draw.choices((0, 1, 2), (8, 1, 1))[0] for _ in range(4000)]

    def read(right: float, one: int) -> int:
        return one if draw.random() < right else draw.randrange(3)

    rows = [[read(0.95, one), read(0.9, one), {1: 2, 2: 1}.get(one, 0)] for one in truth]
    patterns, count = np.unique(np.array(rows), axis=0, return_counts=True)
    found = staple(patterns, count, 3)
    assert found.converged
    assert found.rates[0, 1, 1] > 0.9
    assert found.rates[2, 1, 2] > 0.9
    assert found.rates[2, 1, 1] < 0.1
    best = dict(zip(map(tuple, patterns.tolist()), found.posterior.argmax(axis=1).tolist(), strict=True))
    assert best[1, 1, 2] == 1
    wrong = sum(best[tuple(row)] != one for row, one in zip(rows, truth, strict=True))
    assert wrong < 0.02 * len(truth)


def test_two_classes_are_the_same_by_either_count_of_classes() -> None:
    two, three = staple(PATTERNS, PIXELS), staple(PATTERNS, PIXELS, 3)
    assert three.posterior[:, :2] == pytest.approx(two.posterior, abs=1e-3)


@pytest.mark.parametrize("count", [[0] * 8, [-1] + [1] * 7])
def test_staple_refuses_what_it_cannot_estimate_from(count: list[int]) -> None:
    with pytest.raises(CheckError) as caught:
        staple(PATTERNS, np.array(count))
    assert caught.value.code == "CON-011"


def test_masks_that_are_all_equal_come_to_themselves() -> None:
    found = staple(np.array([[0, 0], [1, 1]]), np.array([90, 10]))
    assert found.converged
    assert found.posterior.argmax(axis=1).tolist() == [0, 1]


def test_fused_boxes_are_the_means_of_the_paper_weighted_by_confidence() -> None:
    boxes = [
        Drawn((10, 10, 20, 20), "ada", 0.9),
        Drawn((11, 10, 21, 20), "ben", 0.6),
        Drawn((10, 11, 20, 21), "cyn", 0.3),
        Drawn((60, 60, 70, 75), "ben", 0.5),
    ]
    near, far = fuse(boxes, 3)
    total = 0.9 + 0.6 + 0.3
    wanted = ((9 + 6.6 + 3) / total, (9 + 6 + 3.3) / total, (18 + 12.6 + 6) / total, (18 + 12 + 6.3) / total)
    assert near.corners == pytest.approx(wanted)
    assert near.confidence == pytest.approx(0.6)
    assert near.readers == {"ada", "ben", "cyn"}
    # C * min(T, N) / N of the paper: one of three readers.
    assert (far.corners, far.confidence) == ((60, 60, 70, 75), pytest.approx(0.5 / 3))


def test_fusion_does_not_hang_on_the_order_of_readers_or_boxes() -> None:
    draw = random.Random(5)
    boxes = []
    for reader in "abcd":
        for _ in range(6):
            x, y = draw.randrange(50), draw.randrange(50)
            boxes.append(Drawn((x, y, x + 12, y + 12), reader))
    first = fuse(boxes, 4)
    for _ in range(5):
        draw.shuffle(boxes)
        assert fuse(boxes, 4) == first
    assert sum(len(one.members) for one in first) == len(boxes)


def test_a_box_of_no_size_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        fuse([Drawn((1, 1, 1, 5), "ada"), Drawn((1, 1, 4, 5), "ben")], 2)
    assert caught.value.code == "AGR-031"


def test_characters_go_with_the_majority() -> None:
    found = vote([[(0, 10)], [(2, 12)], [(2, 10), (30, 35)]], [1, 1, 1])
    assert found.spans == ((2, 10),)
    assert (found.undecided, found.margin, found.outvoted) == ((), 0, 1)


def test_half_of_the_votes_is_no_decision_for_characters() -> None:
    found = vote([[(0, 10), (40, 50)], [(0, 12)]], [1, 1])
    assert found.spans == ((0, 10),)
    assert (found.undecided, found.margin) == (((40, 50),), 2)


def test_overlapping_spans_of_one_reader_are_one_vote() -> None:
    found = vote([[(0, 6), (4, 10)], [], []], [1, 1, 1])
    assert (found.spans, found.outvoted) == ((), 1)


@pytest.mark.parametrize("seed", range(5))
def test_votes_on_spans_are_those_counted_character_by_character(seed: int) -> None:
    draw = random.Random(seed)
    readers = []
    for _ in range(3):
        starts = [draw.randrange(60) for _ in range(4)]
        readers.append([(start, start + draw.randrange(1, 9)) for start in starts])
    weights = [draw.choice([1, 2, 3]) for _ in readers]
    found = vote(readers, weights)
    inside = {at for start, end in found.spans for at in range(start, end)}
    for at in range(70):
        votes = sum(w for own, w in zip(readers, weights, strict=True) if any(s <= at < e for s, e in own))
        assert (2 * votes > sum(weights)) == (at in inside), at
