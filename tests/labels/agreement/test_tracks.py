"""Tracks: HOTA and identity F1 of cases that can be counted by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from curator.core.errors import UsageError
from curator.labels.agreement import tracks
from curator.labels.agreement.finds import Rules, compare
from curator.labels.agreement.pooled import measures, rows_of
from curator.labels.agreement.resample import Sampling

pytest.importorskip("scipy")


def track(name: str, frames: dict[int, tuple[float, ...]], kind: str = "box") -> dict[str, Any]:
    key = "box" if kind == "box" else "point"
    return {
        "class": "tool",
        "track": name,
        "frames": [
            {"frame": at, "kind": kind, "value": {"class": "tool", key: list(place)}, "interpolated": False}
            for at, place in frames.items()
        ],
    }


def still(name: str, first: int, last: int, x: float = 0) -> dict[str, Any]:
    return track(name, dict.fromkeys(range(first, last + 1), (x, 0, 10, 10)))


def figures(one: list[Any], two: list[Any]) -> dict[str, float]:
    found = compare("track", one, two, Rules(), None, (None, None))
    made = measures(rows_of("track", [(found, (0, 0, 0, 1, 0), {})]), Sampling(0), "all")
    return {name: each["value"] for name, each in made.items()}


def test_the_same_tracks_under_other_names_agree_in_everything() -> None:
    one = [still("a", 1, 10), still("b", 3, 8, 50)]
    two = [still("seven", 3, 8, 50), still("nine", 1, 10)]
    assert figures(one, two) == {name: pytest.approx(1) for name in ("hota", "deta", "assa", "idf1", "mean_iou")}


def test_a_track_that_is_split_in_two_keeps_its_places_and_loses_half_of_its_identity() -> None:
    one, two = [still("a", 1, 10)], [still("x", 1, 5), still("y", 6, 10)]
    made = figures(one, two)
    # All frames are found. Each shares 5 of 10 frames with its partner: association 5 / (5 + 5) = 0.5.
    assert (made["deta"], made["assa"]) == (pytest.approx(1), pytest.approx(0.5))
    assert made["hota"] == pytest.approx(math.sqrt(0.5))
    assert made["idf1"] == pytest.approx(2 * 5 / (10 + 10))


def test_swapped_identities_are_seen_though_every_box_is_right() -> None:
    one = [still("a", 1, 10), still("b", 1, 10, 50)]
    swap = [
        track("p", {at: ((0, 0, 10, 10) if at <= 5 else (50, 0, 10, 10)) for at in range(1, 11)}),
        track("q", {at: ((50, 0, 10, 10) if at <= 5 else (0, 0, 10, 10)) for at in range(1, 11)}),
    ]
    made = figures(one, swap)
    assert made["deta"] == pytest.approx(1)
    assert made["assa"] == pytest.approx(5 / 15)
    assert made["idf1"] == pytest.approx(0.5)


def test_worse_fitting_boxes_count_up_to_the_thresholds_that_they_reach() -> None:
    # 10 x 10 and 10 x 8 in it: IoU 0.8, so right at 0.05 to 0.80, 16 of 19 thresholds.
    made = figures([still("a", 1, 4)], [track("b", dict.fromkeys(range(1, 5), (0, 0, 10, 8)))])
    assert made["hota"] == pytest.approx(16 / 19)
    assert made["mean_iou"] == pytest.approx(0.8)


def test_what_one_reader_alone_tracked_counts_in_each_frame() -> None:
    made = figures([still("a", 1, 4)], [still("a", 1, 4), still("b", 1, 12, 50)])
    assert made["deta"] == pytest.approx(4 / (4 + 12))
    assert made["idf1"] == pytest.approx(2 * 4 / (8 + 12))
    alone = figures([still("a", 1, 4)], [])
    assert (alone["hota"], alone["idf1"], alone["mean_iou"]) == (0, 0, None)


def test_boxes_run_linearly_between_key_frames_and_other_shapes_leave_the_frame_out() -> None:
    few = [track("a", {1: (0, 0, 10, 10), 11: (100, 0, 10, 10)})]
    many = [track("b", {at: (10 * (at - 1), 0, 10, 10) for at in range(1, 12)})]
    assert figures(few, many)["hota"] == pytest.approx(1)
    turned = [
        {
            **few[0],
            "frames": [{**f, "value": {**f["value"], "rotation": 10 * n}} for n, f in enumerate(few[0]["frames"])],
        }
    ]
    made = tracks.compare(turned, many, 0.5)
    assert (made["frames"], made["frames_left"]) == (2, 9)


def test_shapes_without_an_area_cannot_be_followed() -> None:
    with pytest.raises(UsageError, match="AGR-031"):
        tracks.compare([track("a", {1: (0, 0)}, "point")], [track("b", {1: (0, 0)}, "point")], 0.5)


def test_the_figures_do_not_depend_on_who_is_first() -> None:
    rng = np.random.default_rng(6)
    sides = [
        [
            track(f"{who}{n}", {at: (40 * n + rng.normal(0, 3), rng.normal(0, 3), 10, 10) for at in range(1 + who, 20)})
            for n in range(4)
        ]
        for who in (0, 1)
    ]
    assert figures(*sides) == {name: pytest.approx(value) for name, value in figures(*reversed(sides)).items()}
