"""Masks between two slices: known volumes, shapes that keep their form, and ends that are refused."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from curator.core.errors import ItemError, UsageError
from curator.labels.interpolation.masks import between, drawn, runs_of

SIZE = (64, 64)


def disc(
    radius: float, x: float = 32, y: float = 32, size: tuple[int, int] = SIZE, spacing: tuple[float, float] = (1, 1)
) -> list[int]:
    rows, columns = np.indices(size) + 0.5
    return runs_of(np.hypot((rows - y) * spacing[0], (columns - x) * spacing[1]) < radius)


def area(runs: list[int]) -> int:
    return sum(runs[1::2])


def test_between_two_circles_lies_the_circle_with_the_blended_radius() -> None:
    """Signed distance to a circle is its radius less the distance from the center, so the blend is a circle again."""
    shares = [0.25, 0.5, 0.75]
    for share, runs in zip(shares, between(disc(10), disc(20), SIZE, shares), strict=True):
        radius = (1 - share) * 10 + share * 20
        assert abs(math.sqrt(area(runs) / math.pi) - radius) < 0.2
        wrong = drawn(runs, *SIZE) ^ drawn(disc(radius), *SIZE)
        assert wrong.sum() < 2 * math.pi * radius * 0.2


def test_a_frustum_between_two_circles_has_its_volume() -> None:
    """V = h/3 pi (r1^2 + r1 r2 + r2^2), by slices from 0 to h with the ends counted half."""
    count = 16
    inner = between(disc(8), disc(24), SIZE, [at / count for at in range(1, count)])
    volume = sum(map(area, inner)) + (area(disc(8)) + area(disc(24))) / 2
    assert volume == pytest.approx(count / 3 * math.pi * (8 * 8 + 8 * 24 + 24 * 24), rel=0.01)


def test_a_sphere_cut_into_slices_is_made_again_from_every_second_one() -> None:
    radius = 20
    wide = [math.sqrt(radius**2 - z**2) for z in range(-16, 17)]
    made = 0
    for at in range(0, 32, 2):
        made += area(disc(wide[at])) + area(between(disc(wide[at]), disc(wide[at + 2]), SIZE, [0.5])[0])
    truth = sum(area(disc(one)) for one in wide[:-1])
    assert made == pytest.approx(truth, rel=0.02)


def test_equal_ends_stay_as_they_are_and_places_are_kept_in_order() -> None:
    odd = runs_of(drawn(disc(9, 20, 40), *SIZE) | drawn(disc(5, 48, 12), *SIZE))
    assert between(odd, odd, SIZE, [0.1, 0.5, 0.9]) == [odd] * 3
    centers = [
        np.argwhere(drawn(runs, *SIZE)).mean(0)[1]
        for runs in between(disc(12, 26), disc(12, 38), SIZE, [0.25, 0.5, 0.75])
    ]
    assert centers == sorted(centers)
    assert centers[1] == pytest.approx(31.5, abs=0.2)


def test_distances_count_in_millimetres() -> None:
    """With rows three times as far apart, a circle in mm is flat in pixels, and so is what lies between two."""
    spacing = (3.0, 1.0)
    (runs,) = between(disc(9, spacing=spacing), disc(27, spacing=spacing), SIZE, [0.5], spacing)
    found = np.argwhere(drawn(runs, *SIZE))
    high, wide = found.max(0) - found.min(0) + 1
    assert wide == pytest.approx(36, abs=1)
    assert high == pytest.approx(12, abs=1)


def test_the_edge_of_the_image_is_no_edge_of_a_shape() -> None:
    half = [0, *[32, 32] * 63, 32, 32]
    assert between(half, half, SIZE, [0.5]) == [half]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ([64 * 64], disc(5), "INT-004"),
        ([0, 64 * 64], disc(5), "INT-004"),
        (disc(5), [64 * 64], "INT-004"),
        (disc(3, 8, 8), disc(3, 56, 56), "INT-005"),
        (disc(5), [32 * 32 - 1, 1], "INT-009"),
    ],
)
def test_ends_between_which_nothing_can_lie_are_refused(first: list[int], second: list[int], code: str) -> None:
    with pytest.raises(ItemError) as caught:
        between(first, second, SIZE, [0.5])
    assert caught.value.code == code


def test_runs_come_back_as_they_went_in() -> None:
    for runs in ([0, 3, 4, 5], [12 - 1, 1], [0, 1, 11]):
        assert runs_of(drawn(runs, 3, 4)) == runs


def test_a_shape_in_a_corner_of_a_large_image_is_filled_in_as_in_a_small_one() -> None:
    small = between(disc(3, 3, 3, (12, 12)), disc(5, 5, 5, (12, 12)), (12, 12), [0.5])[0]
    large = between(disc(3, 3, 3, (80, 90)), disc(5, 5, 5, (80, 90)), (80, 90), [0.5])[0]
    assert (drawn(large, 80, 90)[:12, :12] == drawn(small, 12, 12)).all()
    assert area(large) == area(small)


def test_without_scipy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.ndimage", None)
    with pytest.raises(UsageError) as caught:
        between(disc(5), disc(6), SIZE, [0.5])
    assert caught.value.code == "INT-008"
