"""Percent that was read as pixels is noticed, and nothing else is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from curator.labels.corner import Corner
from curator.labels.fitting import Facts

LARGE = Facts(columns=512, rows=400, frames=9)


def boxes(*places: int) -> list[Any]:
    return [("box", {"class": "a", "box": [x, x, 10, 10]}) for x in places]


def seen(shapes: list[Any], facts: Facts = LARGE) -> Corner:
    made = Corner()
    for kind, value in shapes:
        made.see(kind, value, facts)
    return made


@pytest.mark.parametrize(
    ("shapes", "facts", "suspicious"),
    [
        (boxes(*range(0, 90, 9)), LARGE, True),
        (boxes(*range(0, 81, 9)), LARGE, False),  # nine say nothing
        ([*boxes(*range(0, 90, 9)), *boxes(91)], LARGE, False),  # one reaches beyond a hundred
        (boxes(*range(0, 90, 9)), Facts(columns=512, rows=199, frames=1), False),  # no image is much larger
        ([("class", {"class": "a"})] * 20, LARGE, False),
        ([("point", {"class": "a", "point": [Decimal("99.5"), 3]})] * 10, LARGE, True),
    ],
)
def test_an_export_is_doubted_if_every_shape_lies_in_the_corner(
    shapes: list[Any], facts: Facts, suspicious: bool
) -> None:
    assert seen(shapes, facts).suspicious is suspicious


def test_frames_of_a_track_count_each() -> None:
    frames = [{"frame": at, "kind": kind, "value": value} for at, (kind, value) in enumerate(boxes(*range(9)), 1)]
    track = ("track", {"class": "a", "track": "t", "frames": frames})
    assert seen([track, *boxes(50)]).suspicious
    assert not seen([track, *boxes(300)]).suspicious
