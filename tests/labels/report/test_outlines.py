from __future__ import annotations

import numpy as np
import pytest

from curator.labels.agreement.drawn import filled
from curator.labels.report.outlines import CORNERS, edges, rings_of


def test_a_square_has_four_corners() -> None:
    mask = np.zeros((6, 8), dtype=bool)
    mask[1:4, 2:5] = True
    (ring,) = edges(mask)
    assert set(ring) == {(2.0, 1.0), (5.0, 1.0), (5.0, 4.0), (2.0, 4.0)}
    assert len(ring) == 4


def test_a_hole_is_a_ring_of_its_own_and_so_is_what_touches_in_a_corner() -> None:
    mask = np.ones((5, 5), dtype=bool)
    mask[2, 2] = False
    assert sorted(map(len, edges(mask))) == [4, 4]
    assert sorted(map(len, edges(np.eye(3, dtype=bool)))) == [4, 4, 4]
    assert edges(np.zeros((3, 3), dtype=bool)) == []


@pytest.mark.parametrize("seed", range(6))
def test_the_outline_filled_again_is_the_mask(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.random((23, 31)) < (0.3 + 0.1 * seed)
    rings = [np.array(ring) for ring in edges(mask)]
    assert (filled(rings, mask.shape) == mask).all()


def test_shapes_of_each_kind_become_rings() -> None:
    box = {"class": "a", "box": [1, 2, 3, 4]}
    assert rings_of("box", [box]) == (((1, 2), (4, 2), (4, 6), (1, 6)),)
    polygon = {"class": "a", "rings": [[0, 0, 2, 0, 2, 2]]}
    assert rings_of("polygon", [polygon]) == (((0, 0), (2, 0), (2, 2)),)
    points = [{"name": "a", "x": 1, "y": 2, "visibility": 2}, {"name": "b", "x": 0, "y": 0, "visibility": 0}]
    assert rings_of("keypoints", [{"class": "a", "points": points}]) == (((1, 2),),)
    volume = {"class": "a", "size": [2, 2, 9], "voxels": 1, "slices": {"4": [0, 1, 3]}}
    assert rings_of("volume-mask", [volume], 4) is not None
    assert len(rings_of("volume-mask", [volume], 4) or ()) == 1
    assert rings_of("volume-mask", [volume], 5) == ()
    assert rings_of("box", []) == ()


def test_an_outline_too_ragged_is_left_out_as_a_whole() -> None:
    checks = {"class": "a", "size": [201, 201], "runs": [0, *([1] * 40_401)]}
    assert CORNERS < 4 * 20_200
    assert rings_of("mask", [checks]) is None
