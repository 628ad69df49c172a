"""Lines and points: distances that are known, matching within a distance, and the buffer."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from curator.core.errors import UsageError
from curator.labels.agreement import lines
from curator.labels.agreement.finds import SUMS, Rules, compare
from curator.labels.agreement.pooled import measures, rows_of
from curator.labels.agreement.resample import Sampling

pytest.importorskip("scipy")
NONE = (None, None)


def line(*places: tuple[float, float]) -> dict[str, Any]:
    return {"class": "vessel", "line": [one for place in places for one in place]}


def point(x: float, y: float) -> dict[str, Any]:
    return {"class": "lesion", "point": [x, y]}


def sums(kind: str, one: list[Any], two: list[Any], spacing: Any = None, **rules: Any) -> dict[str, float]:
    found = compare(kind, one, two, Rules(**rules), spacing, NONE)
    return dict(zip(SUMS[kind], found.sums, strict=True))


def test_parallel_lines_lie_their_distance_apart_however_they_run() -> None:
    one, two = line((0, 0), (100, 0)), line((100, 3), (50, 3), (0, 3))
    found = sums("polyline", [one], [two])
    assert (found["both"], found["apart"], found["hausdorff"]) == (1.0, pytest.approx(3), pytest.approx(3))
    assert (found["near"], found["length"]) == (pytest.approx(200), pytest.approx(200))
    assert sums("polyline", [one], [two], within=2.9)["both"] == 0


def test_a_spike_moves_the_hausdorff_distance_and_the_mean_little() -> None:
    flat, spiked = line((0, 0), (100, 0)), line((0, 0), (50, 0), (50, 40), (50, 0), (100, 0))
    found = sums("polyline", [flat], [spiked])
    assert found["hausdorff"] == pytest.approx(40)
    assert found["apart"] == pytest.approx(80 * 20 / 280, rel=0.01)
    assert found["near"] / found["length"] == pytest.approx((100 + 120) / 280, abs=0.01)


def test_a_line_has_its_mean_distance_to_a_crossing_one() -> None:
    # From each place of a diagonal of 45 degrees the way to the axis is |x|, over lengths from -10 to 10: 5 on average;
    # back from the axis it is |x| / sqrt 2.
    one, two = line((-10, 0), (10, 0)), line((-10, -10), (10, 10))
    wanted = (20 * 5 / math.sqrt(2) + 20 * math.sqrt(2) * 5) / (20 + 20 * math.sqrt(2))
    found = lines.apart(*(lines.sampled(np.reshape(v["line"], (-1, 2)).astype(float)) for v in (one, two)))
    # The diagonal's ends lie beyond the axis' ends by nothing: (10, 10) is 10 away.
    assert found.mean == pytest.approx(wanted, rel=0.01)
    assert found.greatest == pytest.approx(10)


def test_distances_to_a_line_are_those_of_many_places_on_it() -> None:
    rng = np.random.default_rng(2)
    corners = rng.uniform(0, 100, (6, 2))
    places = rng.uniform(0, 100, (50, 2))
    fine = np.concatenate([a + np.linspace(0, 1, 4001)[:, None] * (b - a) for a, b in pairwise(corners)])
    wanted = np.sqrt(((places[:, None] - fine[None]) ** 2).sum(axis=2)).min(axis=1)
    assert np.abs(lines.distances(places, [corners]) - wanted).max() < 0.02
    assert np.isinf(lines.distances(places, [])).all()


def test_a_line_nobody_else_drew_is_outside_of_every_buffer() -> None:
    found = sums("polyline", [line((0, 0), (10, 0))], [])
    assert (found["first"], found["near"], found["length"]) == (1.0, 0.0, pytest.approx(10))
    assert compare("polyline", [line((0, 0), (10, 0))], [], Rules(), None, NONE).spaced


def test_millimeters_stand_beside_pixels_where_the_image_states_them() -> None:
    one, two = line((0, 0), (0, 100)), line((3, 0), (3, 100))
    found = sums("polyline", [one], [two], (None, 2.0, 0.5))
    assert (found["in_mm"], found["apart_mm"], found["hausdorff_mm"]) == (1.0, pytest.approx(1.5), pytest.approx(1.5))
    near = sums("point", [point(0, 0)], [point(3, 4)], (None, 2.0, 0.5))
    assert (near["apart"], near["apart_mm"]) == (5.0, pytest.approx(math.hypot(1.5, 8)))
    assert not compare("point", [point(0, 0)], [point(3, 4)], Rules(), None, NONE).spaced


def test_as_many_points_are_matched_as_can_be_and_then_the_nearest() -> None:
    # The nearest pair first would leave the others without a partner.
    found = sums("point", [point(0, 0), point(9, 0)], [point(8, 0), point(17.5, 0)])
    assert (found["both"], found["apart"]) == (2.0, pytest.approx(8 + 8.5))
    either = sums("point", [point(0, 0)], [point(4, 0), point(3, 0)])
    assert (either["both"], either["second"], either["apart"]) == (1.0, 1.0, 3.0)
    assert sums("point", [point(0, 0)], [point(10, 0)])["both"] == 1  # the edge counts
    assert sums("point", [point(0, 0)], [point(10.001, 0)])["both"] == 0


def test_points_in_space_are_matched_one_by_one_in_their_space() -> None:
    def solid(space: str, *places: tuple[float, float, float], **more: Any) -> dict[str, Any]:
        return {"class": "a", "space": space, "points": [list(place) for place in places], **more}

    found = sums("points3d", [solid("patient", (0, 0, 0), (50, 0, 0))], [solid("patient", (0, 3, 4))])
    assert (found["both"], found["first"], found["apart"], found["apart_mm"]) == (1.0, 1.0, 5.0, 5.0)
    assert sums("points3d", [solid("voxel", (0, 0, 0))], [solid("voxel", (0, 3, 4))])["in_mm"] == 0
    for other in (solid("voxel", (0, 0, 0)), solid("patient", (0, 0, 0), closed=True)):
        with pytest.raises(UsageError, match="AGR-031"):
            sums("points3d", [solid("patient", (0, 0, 0))], [other])


def test_readers_who_scatter_are_found_to_scatter_so_far() -> None:
    rng = np.random.default_rng(7)
    found = []
    for unit in range(60):
        true = rng.uniform(0, 1000, (6, 2))
        sides = [[point(*(true[at] + rng.normal(0, 2, 2))) for at in range(6) if rng.random() < 0.9] for _ in range(2)]
        found.append((compare("point", *sides, Rules(), None, NONE), (unit, unit, 0, 1, 0), {}))
    made = measures(rows_of("point", found), Sampling(300), "all")
    # The difference of two readers scatters by 2 sqrt 2 on each axis: a mean of 2 sqrt 2 sqrt(pi / 2) = 3.54.
    assert made["distance"]["value"] == pytest.approx(2 * math.sqrt(math.pi), rel=0.08)
    assert made["distance"]["low"] < 2 * math.sqrt(math.pi) < made["distance"]["high"]
    # Each finds 9 of 10: of those that one finds the other finds 0.9, and F1 is 0.9.
    assert made["f1"]["low"] < 0.9 < made["f1"]["high"]
