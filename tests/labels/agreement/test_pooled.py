from __future__ import annotations

import numpy as np
import pytest

from curator.labels.agreement import boxes
from curator.labels.agreement.finds import Rules, compare
from curator.labels.agreement.pooled import measures, rows_of
from curator.labels.agreement.resample import Sampling

NONE = (None, None)


def box(x: float, score: float | None = None) -> dict[str, object]:
    return {"class": "a", "box": [x, 0, 10, 10]}


def test_figures_are_ratios_of_sums_over_units() -> None:
    found = [
        (compare("box", [box(0), box(50)], [box(1)], Rules(), None, NONE), (0, 0, 0, 1, 0), {}),
        (compare("box", [box(0)], [box(0)], Rules(), None, NONE), (1, 1, 0, 1, 0), {}),
        (compare("box", [], [box(0)], Rules(), None, NONE), (2, 2, 0, 1, 0), {}),
    ]
    made = measures(rows_of("box", found), Sampling(0), "all")
    assert made["f1"]["value"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert made["mean_iou"]["value"] == pytest.approx((90 / 110 + 1) / 2)
    assert made["f1"]["low"] is None


def test_intervals_are_over_patients_and_one_patient_has_none() -> None:
    rng = np.random.default_rng(3)
    shifts = rng.uniform(0, 6, 60)
    found = [
        (compare("box", [box(0)], [box(shift)], Rules(0.6), None, NONE), (at, at // 2, 0, 1, 0), {})
        for at, shift in enumerate(shifts.tolist())
    ]
    rows = rows_of("box", found)
    made = measures(rows, Sampling(400), "all")["f1"]
    assert made["low"] < made["value"] < made["high"]
    assert measures(rows, Sampling(400), "all")["f1"] == made
    one = measures(rows.where(rows.cluster == 3), Sampling(400), "all")["f1"]
    assert (one["low"], one["high"]) == (None, None)


def test_mean_average_precision_is_that_of_the_library_in_both_directions() -> None:
    rng = np.random.default_rng(5)
    found, units = [], []
    for unit in range(12):
        sides = [[box(x) for x in rng.choice(np.arange(0, 200, 13), size, replace=False) + rng.uniform(0, 4, size)]
                 for size in rng.integers(1, 5, 2)]  # fmt: skip
        scores = [rng.uniform(0, 1, len(side)).tolist() for side in sides]
        found.append(
            (compare("box", sides[0], sides[1], Rules(), None, (scores[0], scores[1])), (unit, unit, 0, 1, 0), {})
        )
        units.append((sides, scores))
    made = measures(rows_of("box", found), Sampling(50), "all", ranking=True)["map"]
    wanted = []
    for way in (0, 1):
        from curator.labels.agreement.drawn import corners

        parts = [boxes.Detections(corners(s[way]), np.array(c[way]), corners(s[1 - way])) for s, c in units]
        wanted.append(boxes.mean_average_precision({"a": parts}))
    assert made["value"] == pytest.approx(np.mean(wanted))
    assert made["low"] < made["value"] < made["high"]


def test_without_every_confidence_there_is_no_average_precision() -> None:
    found = [
        (compare("box", [box(0)], [box(0)], Rules(), None, ([0.5], [0.5])), (0, 0, 0, 1, 0), {}),
        (compare("box", [box(0)], [box(0)], Rules(), None, ([0.5], None)), (1, 1, 0, 1, 0), {}),
    ]
    assert measures(rows_of("box", found), Sampling(0), "all", ranking=True)["map"]["value"] is None
