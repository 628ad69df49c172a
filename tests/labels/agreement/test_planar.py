"""Turned boxes and ellipses: areas in common that a pencil can compute, and what another way of counting says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from curator.core.errors import UsageError
from curator.labels.agreement import planar
from curator.labels.agreement.finds import Rules, compare, overlaps

pytest.importorskip("scipy")
NONE = (None, None)


def box(x: float, y: float, width: float, height: float, turn: float = 0) -> dict[str, Any]:
    return {"class": "a", "box": [x, y, width, height], "rotation": turn}


def ellipse(x: float, y: float, across: float, down: float, turn: float = 0) -> dict[str, Any]:
    return {"class": "a", "center": [x, y], "radii": [across, down], "rotation": turn}


def iou(one: Any, two: Any) -> float:
    return float(planar.iou_matrix([one], [two])[0, 0])


def test_a_square_turned_by_45_degrees_has_an_octagon_in_common() -> None:
    octagon = 2 * (math.sqrt(2) - 1)  # of two unit squares with one center
    assert iou(box(0, 0, 1, 1), box(0, 0, 1, 1, 45)) == pytest.approx(octagon / (2 - octagon), abs=1e-12)


def test_a_box_turned_by_a_quarter_is_the_box_with_its_sides_exchanged() -> None:
    assert iou(box(10, 20, 30, 8, 90), box(21, 9, 8, 30)) == pytest.approx(1, abs=1e-12)
    assert iou(box(10, 20, 30, 8, 180), box(10, 20, 30, 8)) == pytest.approx(1, abs=1e-12)


def test_turning_goes_clockwise_on_the_screen() -> None:
    # 10 wide, 2 high: its right end goes down when it turns clockwise, and there y is larger.
    corners = planar.outline(box(0, 0, 10, 2, 30))
    assert corners[np.argmax(corners[:, 0])][1] > 1


def test_straight_boxes_have_the_overlap_of_boxes_wherever_they_lie() -> None:
    rng = np.random.default_rng(4)
    far = rng.uniform(0, 1e6, (40, 2))
    some = [box(*(far[at] + rng.uniform(0, 4, 2)), *rng.uniform(1, 9, 2)) for at in range(40)]
    other = [box(*(far[at] + rng.uniform(0, 4, 2)), *rng.uniform(1, 9, 2)) for at in range(40)]
    for one in (*some, *other):
        del one["rotation"]
    assert np.abs(overlaps("box", some, other) - planar.iou_matrix(some, other)).max() < 1e-9


def test_shapes_that_touch_or_lie_apart_have_nothing_in_common() -> None:
    assert iou(box(0, 0, 2, 2), box(2, 0, 2, 2)) == 0
    assert iou(box(0, 0, 2, 2, 45), box(2.5, 2.5, 2, 2, 45)) == 0
    assert iou(ellipse(0, 0, 1, 1), ellipse(2.01, 0, 1, 1)) == 0


@pytest.mark.parametrize("apart", [0.1, 0.7, 1.5, 1.9])
def test_two_circles_have_the_area_of_a_lens_in_common(apart: float) -> None:
    lens = 2 * math.acos(apart / 2) - apart / 2 * math.sqrt(4 - apart**2)
    found = iou(ellipse(5, 5, 1, 1), ellipse(5 + apart, 5, 1, 1))
    assert found == pytest.approx(lens / (2 * math.pi - lens), abs=1e-4)


def test_an_ellipse_within_another_has_the_ratio_of_their_areas() -> None:
    assert iou(ellipse(0, 0, 8, 6, 30), ellipse(0, 0, 4, 3, 30)) == pytest.approx(0.25, abs=1e-9)
    assert iou(ellipse(0, 0, 8, 6, 30), ellipse(0, 0, 6, 8, 120)) == pytest.approx(1, abs=1e-4)


def test_random_shapes_have_the_overlap_that_counting_points_gives() -> None:
    rng = np.random.default_rng(8)
    places = rng.uniform(0, 40, (200_000, 2))

    def inside(value: Any) -> Any:
        turn = math.radians(value["rotation"])
        x, y = value["center"] if "center" in value else np.add(value["box"][:2], np.divide(value["box"][2:], 2))
        back = (places - [x, y]) @ np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        if "center" in value:
            return ((back / value["radii"]) ** 2).sum(axis=1) <= 1
        return (np.abs(back) <= np.divide(value["box"][2:], 2)).all(axis=1)

    for _ in range(12):
        pair = []
        for _ in range(2):
            x, y, a, b, turn = *rng.uniform(14, 22, 2), *rng.uniform(4, 9, 2), rng.uniform(-180, 180)
            pair.append(ellipse(x, y, a, b, turn) if rng.random() < 0.5 else box(x - a, y - b, 2 * a, 2 * b, turn))
        counted = [inside(one) for one in pair]
        wanted = (counted[0] & counted[1]).sum() / max((counted[0] | counted[1]).sum(), 1)
        assert iou(*pair) == pytest.approx(wanted, abs=0.01)
        assert iou(*pair) == pytest.approx(iou(*reversed(pair)), abs=1e-12)


def test_finds_of_each_kind_are_matched_by_their_overlap() -> None:
    kinds = {
        "box": (box(0, 0, 10, 4, 20), box(0.2, 0, 10, 4, 22)),
        "ellipse": (ellipse(0, 0, 10, 4, 20), ellipse(0.2, 0, 10, 4, 22)),
        "box3d": (
            {"class": "a", "space": "voxel", "box": [0, 0, 0, 10, 10, 10]},
            {"class": "a", "space": "voxel", "box": [1, 0, 0, 10, 10, 10]},
        ),
    }
    for kind, (one, two) in kinds.items():
        found = compare(kind, [one, one], [two], Rules(), None, NONE).sums
        assert found[:3] == (1.0, 1.0, 0.0)
        assert 0.7 < found[3] < 1
        assert compare(kind, [], [two], Rules(), None, NONE).sums == (0.0, 0.0, 1.0, 0.0)


def solid(*box: float, turn: float = 0) -> dict[str, Any]:
    return {"class": "a", "space": "patient", "box": list(box), "rotation": turn}


def test_upright_boxes_overlap_by_their_floor_times_their_height() -> None:
    octagon = 2 * (math.sqrt(2) - 1)
    (found,) = overlaps("box3d", [solid(0, 0, 0, 1, 1, 4)], [solid(0, 0, 1, 1, 1, 4, turn=45)])[0]
    assert found == pytest.approx(octagon * 3 / (8 - octagon * 3), abs=1e-12)
    # The height stands along the third axis: where none is shared, nothing is.
    assert overlaps("box3d", [solid(0, 0, 0, 1, 1, 4)], [solid(0, 0, 4, 1, 1, 4, turn=45)])[0, 0] == 0
    assert overlaps("box3d", [solid(10, 20, 5, 30, 8, 2, turn=90)], [solid(21, 9, 5, 8, 30, 2)])[0, 0] == pytest.approx(
        1
    )


def test_boxes_in_space_that_are_not_turned_overlap_the_same_by_both_ways() -> None:
    rng = np.random.default_rng(3)
    one, two = ([solid(*rng.uniform(0, 4, 3), *rng.uniform(1, 9, 3)) for _ in range(20)] for _ in range(2))
    assert np.abs(planar.solid_iou_matrix(one, two) - overlaps("box3d", one, two)).max() < 1e-12
    assert planar.solid_iou_matrix(one, []).shape == (20, 0)


def test_random_upright_boxes_have_the_overlap_that_counting_points_gives() -> None:
    rng = np.random.default_rng(5)
    places = rng.uniform(0, 20, (200_000, 3))
    for _ in range(8):
        pair = [solid(*rng.uniform(4, 8, 3), *rng.uniform(4, 9, 3), turn=rng.uniform(-180, 180)) for _ in range(2)]
        inside = []
        for value in pair:
            low, sides = np.array(value["box"][:3]), np.array(value["box"][3:])
            turn = math.radians(value["rotation"])
            off = places - (low + sides / 2)
            along = off[:, 0] * math.cos(turn) + off[:, 1] * math.sin(turn)
            across = off[:, 1] * math.cos(turn) - off[:, 0] * math.sin(turn)
            inside.append((np.abs(np.stack([along, across, off[:, 2]], axis=1)) <= sides / 2).all(axis=1))
        wanted = (inside[0] & inside[1]).sum() / (inside[0] | inside[1]).sum()
        assert overlaps("box3d", pair[:1], pair[1:])[0, 0] == pytest.approx(wanted, abs=0.02)


def test_boxes_in_two_spaces_and_shapes_without_an_extent_are_refused() -> None:
    block = {"class": "a", "space": "voxel", "box": [0, 0, 0, 1, 1, 1]}
    for kind, one, two in (
        ("box3d", block, {**block, "space": "patient"}),
        ("box3d", block, {**block, "box": [0, 0, 0, 1, 0, 1]}),
        ("box3d", block, {**block, "space": "patient", "rotation": 3}),
        ("box3d", block, {**block, "box": [0, 0, 0, 1, 0, 1], "rotation": 3}),
        ("box3d", block, {**block, "box": [0, 0, 0, 1, 1, 0], "rotation": 3}),
        ("ellipse", ellipse(0, 0, 1, 1), ellipse(0, 0, 0, 1)),
    ):
        with pytest.raises(UsageError, match="AGR-031"):
            compare(kind, [one], [two], Rules(), None, NONE)
