"""Masks: overlap and surface distances against figures worked out by hand and by brute force."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from curator.core.errors import UsageError
from curator.labels.agreement import masks


def ball(shape: tuple[int, ...], center: tuple[float, ...], radius: float, spacing: tuple[float, ...]) -> Any:
    grid = np.ogrid[tuple(slice(0, n) for n in shape)]
    return sum(((g - c) * s) ** 2 for g, c, s in zip(grid, center, spacing, strict=True)) <= radius**2


def brute(a: Any, b: Any, spacing: tuple[float, ...]) -> tuple[Any, Any]:
    """Every surface voxel against every other, surfaces by looking at each neighbor."""
    points = []
    for mask in (a, b):
        edge = [
            at
            for at in map(tuple, np.argwhere(mask))
            if any(
                not (0 <= at[axis] + step < mask.shape[axis])
                or not mask[tuple(at[k] + step * (k == axis) for k in range(mask.ndim))]
                for axis in range(mask.ndim)
                for step in (-1, 1)
            )
        ]
        points.append(np.array(edge) * np.array(spacing))
    apart = np.sqrt(((points[0][:, None] - points[1][None]) ** 2).sum(axis=2))
    return apart.min(axis=1), apart.min(axis=0)


def test_overlap_by_hand() -> None:
    a = np.zeros((4, 4), bool)
    b = a.copy()
    a[:2] = True
    b[1:3] = True
    found = masks.overlap(a, b)
    assert (found.dice, found.iou) == (0.5, 1 / 3)
    assert masks.overlap(a.astype(int), b.astype(float)) == found


def test_empty_masks_have_no_value_and_are_not_called_perfect() -> None:
    a = np.zeros((3, 5, 5), bool)
    b = a.copy()
    b[1, 2, 2] = True
    assert (masks.overlap(a, a).dice, masks.overlap(a, a).iou) == (None, None)
    assert (masks.overlap(a, b).dice, masks.overlap(a, b).iou) == (0.0, 0.0)
    for pair in ((a, a), (a, b), (b, a)):
        assert masks.compare(*pair, (1, 1, 1), tolerance=1)[1] == masks.SurfaceDistance(tolerance=1)


def test_a_surface_has_a_face_to_the_outside_and_the_edge_of_the_image_is_outside() -> None:
    solid = np.ones((5, 5), bool)
    assert masks.surface(solid).sum() == 16
    assert not masks.surface(solid)[1:4, 1:4].any()
    line = np.zeros((5, 5), bool)
    line[2] = True
    assert (masks.surface(line) == line).all()


@pytest.mark.parametrize("shape", [(14, 16), (12, 14, 13)])
def test_distances_are_those_of_brute_force(shape: tuple[int, ...]) -> None:
    pytest.importorskip("scipy")
    spacing = (2.5, 0.7, 0.8)[: len(shape)]
    middle = tuple(n / 2 for n in shape)
    a = ball(shape, middle, 4.2, spacing)
    b = ball(shape, tuple(n / 2 + 0.9 for n in shape), 3.9, spacing)
    b[(0,) * len(shape)] = True
    one, two = brute(a, b, spacing)
    _, found = masks.compare(a, b, spacing, tolerance=1.0)
    together = np.concatenate([one, two])
    assert found.hd == pytest.approx(together.max())
    assert found.hd95 == pytest.approx(max(np.percentile(one, 95), np.percentile(two, 95)))
    assert found.hd95_pooled == pytest.approx(np.percentile(together, 95))
    assert found.assd == pytest.approx(together.mean())
    assert found.surface_dice == pytest.approx((together <= 1).mean())
    assert found.hd95 != found.hd95_pooled or len(shape) == 2
    _, back = masks.compare(b, a, spacing, tolerance=1.0)
    assert (back.hd, back.hd95, back.surface_dice) == (found.hd, found.hd95, found.surface_dice)
    assert back.assd == pytest.approx(found.assd)


def test_two_plates_at_a_known_distance() -> None:
    pytest.importorskip("scipy")
    a = np.zeros((9, 6, 6), bool)
    b = a.copy()
    a[2], b[5] = True, True
    _, found = masks.compare(a, b, (0.1, 1.0, 1.0), tolerance=0.3)
    assert (round(found.hd or 0, 9), round(found.hd95 or 0, 9), round(found.assd or 0, 9)) == (0.3, 0.3, 0.3)
    assert found.surface_dice == 1.0
    assert masks.compare(a, b, (0.1, 1.0, 1.0), tolerance=0.29)[1].surface_dice == 0.0
    assert masks.compare(a, a, (0.1, 1.0, 1.0), tolerance=0)[1].hd == 0


@pytest.mark.parametrize(
    ("first", "second", "spacing"),
    [
        (np.zeros((3, 3), bool), np.zeros((3, 4), bool), (1, 1)),
        (np.zeros(3, bool), np.zeros(3, bool), (1,)),
        (np.zeros((0, 3), bool), np.zeros((0, 3), bool), (1, 1)),
        (np.full((3, 3), 2), np.zeros((3, 3), bool), (1, 1)),
        (np.full((3, 3), np.nan), np.zeros((3, 3), bool), (1, 1)),
        (np.full((3, 3), "1"), np.zeros((3, 3), bool), (1, 1)),
        (np.zeros((3, 3), bool), np.zeros((3, 3), bool), (1, 0)),
        (np.zeros((3, 3), bool), np.zeros((3, 3), bool), (1, float("nan"))),
        (np.zeros((3, 3), bool), np.zeros((3, 3), bool), (1, 1, 1)),
    ],
)
def test_what_is_no_pair_of_masks_is_refused(first: Any, second: Any, spacing: Any) -> None:
    with pytest.raises(UsageError) as caught:
        masks.compare(first, second, spacing, tolerance=1)
    assert caught.value.code == "AGR-030"
    with pytest.raises(UsageError):
        masks.compare(np.ones((3, 3), bool), np.ones((3, 3), bool), (1, 1), tolerance=-1)


def test_without_scipy_there_is_a_code_and_no_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.spatial", None)
    with pytest.raises(UsageError) as caught:
        masks.compare(np.ones((3, 3), bool), np.ones((3, 3), bool), (1, 1), tolerance=1)
    assert caught.value.code == "AGR-021"
    assert "curator[stats]" in caught.value.hint
