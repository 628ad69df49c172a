from __future__ import annotations

import numpy as np
import pytest

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement import drawn
from curator.labels.agreement.finds import Rules, compare, similarity


def test_runs_are_unpacked_by_rows_zeros_first() -> None:
    made = drawn.unpacked([1, 2, 3], 2, 3)
    assert made.tolist() == [[False, True, True], [False, False, False]]


def test_a_polygon_covers_the_pixels_whose_centers_lie_in_it() -> None:
    square = np.array([[1, 1], [4, 1], [4, 3], [1, 3]], dtype=float)
    made = drawn.filled([square], (5, 6))
    wanted = np.zeros((5, 6), dtype=bool)
    wanted[1:3, 1:4] = True
    assert (made == wanted).all()
    assert (drawn.filled([square[::-1]], (5, 6)) == wanted).all()  # whichever way it runs


def test_a_ring_within_a_ring_is_a_hole_and_corners_count_once() -> None:
    outer = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], dtype=float)
    hole = np.array([[2, 2], [8, 2], [8, 8], [2, 8]], dtype=float)
    assert int(drawn.filled([outer, hole], (10, 10)).sum()) == 100 - 36
    diamond = np.array([[5, 0.5], [9.5, 5], [5, 9.5], [0.5, 5]], dtype=float)  # corners on centers of rows
    made = drawn.filled([diamond], (10, 10))
    assert made.sum(axis=1).tolist() == [0, 2, 4, 6, 8, 8, 6, 4, 2, 0]


def test_polygons_of_two_readers_are_drawn_in_one_window() -> None:
    one = [{"class": "a", "rings": [[100, 100, 110, 100, 110, 110, 100, 110]]}]
    two = [{"class": "a", "rings": [[105, 100, 115, 100, 115, 110, 105, 110]]}]
    found = compare("polygon", one, two, Rules(), (None, 1.0, 1.0), (None, None))
    assert found.sums[:4] == (1.0, 1.0, 0.5, 1 / 3)
    far = [{"class": "a", "rings": [[0, 0, 1, 0, 1, 1]]}, {"class": "a", "rings": [[0, 10**7, 10**7, 10**7, 10**7, 0]]}]
    with pytest.raises(CheckError, match="AGR-033"):
        compare("polygon", far[:1], far[1:], Rules(), None, (None, None))


def test_masks_of_two_sizes_are_not_compared() -> None:
    one, two = {"class": "a", "size": [1, 4], "runs": [0, 4]}, {"class": "a", "size": [2, 2], "runs": [0, 4]}
    with pytest.raises(UsageError, match="AGR-030"):
        compare("mask", [one], [two], Rules(), None, (None, None))


def test_a_mask_that_one_reader_did_not_draw_has_dice_0_and_no_distance() -> None:
    one = {"class": "a", "size": [2, 2], "runs": [0, 2, 2]}
    assert compare("mask", [one], [], Rules(), (None, 1, 1), (None, None)).sums == (1.0, *(0.0,) * 9)


def test_volumes_are_compared_slice_by_slice_and_distances_need_the_distance_of_slices() -> None:
    one = {"class": "a", "size": [2, 2, 9], "voxels": 4, "slices": {"3": [0, 2, 2], "4": [0, 2, 2]}}
    two = {"class": "a", "size": [2, 2, 9], "voxels": 4, "slices": {"4": [0, 2, 2], "5": [0, 2, 2]}}
    found = compare("volume-mask", [one], [two], Rules(tolerance=3), (3.0, 1.0, 1.0), (None, None))
    sums = dict(zip(("cases", "both", "dice", "iou", "measured", "hd95"), found.sums, strict=False))
    assert (sums["dice"], sums["iou"], sums["measured"], sums["hd95"]) == (0.5, 1 / 3, 1.0, pytest.approx(3.0))
    flat = compare("volume-mask", [one], [two], Rules(), (None, 1.0, 1.0), (None, None))
    assert (flat.sums[2], flat.sums[4], flat.spaced) == (0.5, 0.0, False)


def test_key_points_that_one_reader_left_out_lower_the_similarity() -> None:
    def points(**places: tuple[float, float]) -> dict[str, object]:
        return {"points": [{"name": n, "x": x, "y": y, "visibility": 2} for n, (x, y) in places.items()]}

    both = points(a=(0, 0), b=(30, 40))
    assert similarity(both, both, 0.05) == 1.0
    assert similarity(both, points(a=(0, 0)), 0.05) == 0.5
    assert similarity(both, points(c=(0, 0)), 0.05) == 0.0
    # One point 5 off: d^2 = 25, area = (30^2 + 40^2) / 2 = 1250, k = 0.1: exp(-25 / (2 * 1250 * 0.01)) = exp(-1)
    moved = points(a=(0, 0), b=(27, 36))
    assert similarity(both, moved, 0.05) == pytest.approx((1 + np.exp(-1)) / 2)


def test_a_volume_larger_than_what_is_drawn_is_compared_where_something_is_marked() -> None:
    columns, rows = 8000, 8000
    at = 4000 * columns + 4000
    runs = [at, 10, columns * rows - at - 10]
    size = {"class": "a", "size": [columns, rows, 900]}
    one = {**size, "voxels": 9000, "slices": {str(slice_): runs for slice_ in range(1, 901)}}
    two = {**size, "voxels": 8990, "slices": {str(slice_): runs for slice_ in range(1, 900)}}
    found = compare("volume-mask", [one], [two], Rules(), (1.0, 1.0, 1.0), (None, None))
    assert found.sums[2] == pytest.approx(2 * 8990 / (9000 + 8990))
    assert found.sums[7] == pytest.approx(1.0)  # Hausdorff: the slice that one left out


def test_volumes_drawn_in_a_window_are_those_of_the_whole_planes() -> None:
    rng = np.random.default_rng(12)
    for _ in range(20):
        rows, columns, count = rng.integers(2, 9, 3).tolist()
        values = []
        for _ in range(2):
            planes = rng.random((count, rows * columns)) < rng.choice([0.05, 0.5, 0.95])
            slices = {}
            for number, plane in enumerate(planes, 1):
                edges = np.flatnonzero(np.diff(np.concatenate([[False], plane, [not plane[-1]]])))
                slices[str(number)] = np.diff(np.concatenate([[0], edges])).tolist()
            value = {"class": "a", "size": [columns, rows, count], "voxels": int(planes.sum()), "slices": slices}
            values.append((value, planes.reshape(count, rows, columns)))
        one, two = drawn.volumes([values[0][0]], [values[1][0]])
        assert int(one.sum()) == int(values[0][1].sum())
        assert int(two.sum()) == int(values[1][1].sum())
        assert int((one & two).sum()) == int((values[0][1] & values[1][1]).sum())
