"""Shapes: what is a number, what lies outside, which polygons cross themselves."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.labels.geometry import (
    check_apart,
    check_box,
    check_line,
    check_points,
    check_ring,
    derived,
    number,
    numbers,
    part_of,
)


def flat(*points: tuple[float, float]) -> list[Decimal]:
    return [Decimal(str(value)) for point in points for value in point]


def code(call, *args) -> str | None:
    try:
        call(*args)
    except ItemError as error:
        return error.code
    return None


@pytest.mark.parametrize("text", ["1.10", "-0.5", "3", ".5", "1e2", " 7.25\n", "12345.678901234567890"])
def test_a_number_keeps_every_digit(text: str) -> None:
    assert str(number(text)) == str(Decimal(text.strip()))


@pytest.mark.parametrize(
    "value",
    ["", "nan", "inf", "1_000", "١٢", "0x10", "1,5", "1e9999", "9" * 50, True, None, 1.5, [], {}, 10**30]
    + [Decimal("NaN"), Decimal("Infinity"), Decimal("1e12"), "1" * 41 + ".5"],
)
def test_what_is_no_number_is_refused_without_showing_it(value: object) -> None:
    with pytest.raises(ItemError) as caught:
        number(value)
    assert caught.value.code == "IMP-020"
    assert caught.value.facts == {}


def test_a_list_of_the_wrong_length_is_refused() -> None:
    assert numbers([1, "2"], 2) == [1, 2]
    assert code(numbers, [1, 2, 3], 2) == "IMP-020"
    assert code(numbers, "12", None) == "IMP-020"


def test_derived_numbers_have_six_places_and_no_exponent() -> None:
    assert str(part_of(Decimal("31.941923774954628"), 500)) == "159.709619"
    assert str(part_of(Decimal(50), 500)) == "250"
    assert str(part_of(Decimal("0.5"), 1000, 1)) == "500"
    assert str(derived(Decimal(1000))) == "1000"


def test_a_box_must_have_an_extent_and_lie_in_the_image() -> None:
    assert code(check_box, flat((0, 0), (10, 20)), (10, 20)) is None
    assert code(check_box, flat((0.5, 0), (10, 20)), (10, 20)) is None, "half a pixel is rounding"
    for box in ([(0, 0), (0, 5)], [(0, 0), (5, -1)], [(8, 0), (5, 5)], [(-3, 0), (5, 5)]):
        assert code(check_box, flat(*box), (10, 20)) == "IMP-021"
    assert code(check_box, flat((8, 0), (500, 5)), None) is None, "no size, no outside"
    assert code(check_box, flat((0, 0)), None) == "IMP-020"


def test_points_and_lines() -> None:
    assert code(check_points, flat((5, 5)), (10, 10)) is None
    assert code(check_points, [Decimal(1)], (10, 10)) == "IMP-020"
    assert code(check_points, [], None) == "IMP-020"
    assert code(check_points, flat((5, 12)), (10, 10)) == "IMP-021"
    assert code(check_line, flat((1, 1), (2, 2)), None) is None
    assert code(check_line, flat((1, 1), (1, 1)), None) == "IMP-021"


FINE = [
    [(0, 0), (10, 0), (10, 10)],
    [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)],
    [(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)],  # two triangles that touch in a corner
    [(0, 0), (10, 0), (10, 10), (5, 10), (5, 8), (7, 8), (7, 4), (3, 4), (3, 8), (5, 8), (5, 10), (0, 10)],  # a bridge
    [(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)],  # touches its own edge
    [(0, 0), (0, 0), (10, 0), (10, 0), (10, 10)],
]
CROSSED = [
    [(0, 0), (10, 10), (10, 0), (0, 10)],
    [(0, 0), (5, 5), (10, 10), (10, 0), (0, 10)],  # crosses at a corner of one edge
    [(0, 0), (5, 5), (10, 10), (10, 0), (5, 5), (0, 10)],  # crosses at a corner of both
    [(0, 0), (10, 0), (10, 10), (5, 10), (5, -1), (0, 10)],
]


@pytest.mark.parametrize("points", FINE)
@pytest.mark.parametrize("turned", [False, True])
def test_a_ring_that_only_touches_itself_is_fine(points: list, turned: bool) -> None:
    for shift in range(len(points)):
        moved = points[shift:] + points[:shift]
        assert code(check_ring, flat(*(moved[::-1] if turned else moved)), (10, 10)) is None


@pytest.mark.parametrize("points", CROSSED)
@pytest.mark.parametrize("turned", [False, True])
def test_a_ring_that_crosses_itself_is_refused(points: list, turned: bool) -> None:
    for shift in range(len(points)):
        moved = points[shift:] + points[:shift]
        assert code(check_ring, flat(*(moved[::-1] if turned else moved)), None) == "IMP-025"


def test_a_ring_needs_three_corners_and_an_area() -> None:
    assert code(check_ring, flat((0, 0), (1, 1)), None) == "IMP-025"
    assert code(check_ring, flat((0, 0), (1, 1), (0, 0)), None) == "IMP-025"
    assert code(check_ring, flat((0, 0), (1, 1), (2, 2)), None) == "IMP-021"


def test_an_entangled_ring_is_refused_instead_of_taking_hours() -> None:
    zigzag = flat(*((0 if at % 2 else 1000, 0 if at % 3 else 1000) for at in range(40_000)))
    zigzag[0] += 1
    assert code(check_ring, zigzag, None) in ("IMP-025", "IMP-030")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=9, unique=True))
def test_a_proper_crossing_of_two_edges_is_always_found(points: list) -> None:
    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    edges = list(zip(points, points[1:] + points[:1], strict=True))
    crossed = any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for (a, b), (c, d) in combinations(edges, 2)
    )
    found = code(check_ring, flat(*points), None)
    assert found == "IMP-025" if crossed else found in (None, "IMP-021", "IMP-025")


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ([(20, 0), (30, 0), (30, 10)], None),
        ([(10, 0), (20, 0), (20, 10), (10, 10)], None),  # side by side
        ([(10, 10), (20, 10), (20, 20)], None),  # a shared corner
        ([(5, 5), (15, 5), (15, 15), (5, 15)], "IMP-031"),
        ([(2, 2), (8, 2), (8, 8)], "IMP-031"),
        ([(-5, -5), (15, -5), (15, 15), (-5, 15)], "IMP-031"),
        (SQUARE, "IMP-031"),
        ([(0, 0), (10, 0), (10, 5)], "IMP-031"),
        ([(-5, 2), (15, 2), (15, 8), (-5, 8)], "IMP-031"),
    ],
)
def test_parts_must_lie_beside_each_other(other: list, expected: str | None) -> None:
    assert code(check_apart, [flat(*SQUARE), flat(*other)]) == expected
    assert code(check_apart, [flat(*other), flat(*SQUARE)]) == expected
