"""Grids of volumes: what headers state, even stacks of slices, and masks moved from one grid to another."""

from __future__ import annotations

import contextlib
import itertools
import math
import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.labels.grids import Grid, between, of_slices, stated
from curator.labels.regrid import regridded, stacked
from curator.labels.runs import joined

SIZE = (5, 4, 3)
AXES = ((0.7, 0.0, 0.1), (0.0, 0.8, 0.0), (-0.4, 0.0, 2.5))
SAMPLE = Grid(SIZE, (-12.5, 30.0, 101.0), AXES)


def turned(perm: tuple[int, ...], flips: tuple[bool, ...], shift: float = 0.0) -> Grid:
    """Return the sample's grid with its axes in another order and direction."""
    origin = np.array(SAMPLE.origin) + shift
    for at in range(3):
        if flips[at]:
            origin = origin + (SIZE[at] - 1) * np.array(AXES[at])
    axes = [np.array(AXES[at]) * (-1 if flips[at] else 1) for at in perm]
    return Grid(tuple(SIZE[at] for at in perm), tuple(origin), tuple(map(tuple, axes)))  # type: ignore[arg-type]


def mask_of(voxels: np.ndarray) -> dict[str, Any]:
    """Return an array (columns, rows, slices) as a mask."""
    slices = {}
    for k in range(voxels.shape[2]):
        flat = voxels[:, :, k].T.ravel()
        if flat.any():
            slices[str(k + 1)] = joined([(at, at + 1) for at in np.flatnonzero(flat).tolist()], flat.size)
    return {"class": "lesion", "size": list(voxels.shape), "voxels": int(voxels.sum()), "slices": slices}


def array_of(mask: dict[str, Any]) -> np.ndarray:
    columns, rows, slices = mask["size"]
    made = np.zeros((columns, rows, slices), bool)
    for k, runs in mask["slices"].items():
        assert sum(runs) == columns * rows
        flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
        made[:, :, int(k) - 1] = flat.reshape(rows, columns).T
    return made


WAYS = list(itertools.product(itertools.permutations(range(3)), itertools.product((False, True), repeat=3)))


@pytest.mark.parametrize(("perm", "flips"), WAYS)
def test_a_mask_on_any_turned_grid_comes_to_the_voxels_that_it_marks(
    perm: tuple[int, ...], flips: tuple[bool, ...]
) -> None:
    rng = random.Random(str((perm, flips)))
    voxels = np.array([rng.random() < 0.4 for _ in range(60)]).reshape(SIZE)
    label = turned(perm, flips)
    seen = voxels[tuple(slice(None, None, -1 if one else 1) for one in flips)].transpose(perm)
    # The law itself, in millimetres: voxel by voxel the two arrays mark the same places.
    for index in np.argwhere(seen):
        place = np.array(label.origin) + index @ np.array(label.axes)
        there = np.rint(np.linalg.solve(np.array(AXES).T, place - np.array(SAMPLE.origin))).astype(int)
        assert voxels[tuple(there)]
    made = regridded("volume-mask", mask_of(seen), between(label, SAMPLE))
    assert (array_of(made) == voxels).all()
    assert made == mask_of(voxels)
    points = {"space": "voxel", "points": [[Decimal(1), Decimal("0.5"), Decimal(2)]]}
    (moved,) = regridded("points3d", points, between(label, SAMPLE))["points"]
    center = np.array([1, 0.5, 2]) - 0.5
    place = np.array(label.origin) + center @ np.array(label.axes)
    assert np.allclose(
        np.array(SAMPLE.origin) + (np.array([float(one) for one in moved]) - 0.5) @ np.array(AXES), place
    )


@pytest.mark.parametrize(("perm", "flips"), WAYS)
def test_a_turned_box_has_its_corners_where_they_were_or_is_refused(
    perm: tuple[int, ...], flips: tuple[bool, ...]
) -> None:
    box = {"space": "voxel", "box": [1, 0, 1, Decimal("1.5"), 3, 1], "rotation": Decimal(20)}
    label = turned(perm, flips)
    if perm[2] != 2:
        with pytest.raises(ItemError, match="IMP-069"):
            regridded("box3d", box, between(label, SAMPLE))
        return
    made = regridded("box3d", box, between(label, SAMPLE))

    def corners(value: dict[str, Any], grid: Grid) -> list[list[float]]:
        x, y, z, dx, dy, dz = map(float, value["box"])
        turn = math.radians(float(value["rotation"]))
        along = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
        found = []
        for signs in itertools.product((-0.5, 0.5), repeat=3):
            flat = np.array([x + dx / 2, y + dy / 2]) + np.array([signs[0] * dx, signs[1] * dy]) @ along
            voxel = np.array([*flat, z + dz / 2 + signs[2] * dz]) - 0.5
            found.append(np.round(np.array(grid.origin) + voxel @ np.array(grid.axes), 6).tolist())
        return sorted(found)

    assert np.allclose(corners(box, label), corners(made, SAMPLE))


@pytest.mark.parametrize(
    "label",
    [
        turned((0, 1, 2), (False,) * 3, shift=0.2),
        Grid((5, 4, 4), SAMPLE.origin, AXES),
        Grid(SIZE, SAMPLE.origin, ((0.7, 0.0, 0.1), (0.0, 0.8, 0.0), (-0.4, 0.0, 2.9))),
        Grid(SIZE, SAMPLE.origin, ((0.6, 0.4, 0.1), (-0.4, 0.7, 0.0), (-0.4, 0.0, 2.5))),
        Grid((5, 3, 4), SAMPLE.origin, AXES),
    ],
    ids=["shifted", "one slice more", "other spacing", "oblique", "other size"],
)
def test_a_mask_between_the_voxels_is_refused(label: Grid) -> None:
    with pytest.raises(ItemError, match="IMP-071"):
        between(label, SAMPLE)


def numbers(*found: float) -> list[Decimal]:
    return [Decimal(str(one)) for one in found]


def test_a_nifti_header_is_ras_and_comes_out_lps() -> None:
    geometry = {
        "pixdim": numbers(1, 2, 3, 4, 0, 0, 0, 0), "sform_code": 1, "qform_code": 0, "qform": numbers(0, 0, 0, 0, 0, 0),
        "sform": numbers(2, 0, 0, -10, 0, 3, 0, -20, 0, 0, 4, 30),
    }  # fmt: skip
    assert stated(geometry, (5, 4, 3)) == Grid((5, 4, 3), (10, 20, 30), ((-2, 0, 0), (0, -3, 0), (0, 0, 4)))
    by_quaternion = {**geometry, "sform_code": 0, "qform_code": 1, "qform": numbers(0, 0, 0, -10, -20, 30)}
    assert stated(by_quaternion, (5, 4, 3)) == stated(geometry, (5, 4, 3))
    mirrored = {**by_quaternion, "pixdim": numbers(-1, 2, 3, 4, 0, 0, 0, 0)}
    found = stated(mirrored, (5, 4, 3))
    assert found is not None
    assert found.axes[2] == (0, 0, -4)
    assert stated({**geometry, "sform_code": 0}, (5, 4, 3)) is None


def test_a_quaternion_turns_as_nibabel_documents_it() -> None:
    """A turn by 90 degrees around z (b = c = 0, d = sin 45): i goes along +y, j along -x, in RAS (nifti1.h)."""
    half = 0.5**0.5
    geometry = {"pixdim": [1, 1, 1, 1, 0, 0, 0, 0], "sform_code": 0, "qform_code": 1, "qform": [0, 0, half, 0, 0, 0]}
    found = stated(geometry, (2, 2, 2))
    assert found is not None
    assert np.allclose(found.axes, [(0, -1, 0), (1, 0, 0), (0, 0, 1)])


def test_an_nrrd_header_is_read_in_its_own_space() -> None:
    geometry = {"space": "left-posterior-superior", "space directions": "(0.5,0,0) (0,0.6,0) (0,0,3)"}
    geometry["space origin"] = "(-1,2,3.5)"
    wanted = Grid((5, 4, 3), (-1, 2, 3.5), ((0.5, 0, 0), (0, 0.6, 0), (0, 0, 3)))
    assert stated(geometry, SIZE) == wanted
    layered = {**geometry, "space directions": "none " + geometry["space directions"]}
    assert stated(layered, SIZE) == wanted
    ras = stated({**geometry, "space": "RAS"}, SIZE)
    assert ras is not None
    assert (ras.origin, ras.axes[0]) == ((1, -2, 3.5), (-0.5, 0, 0))
    assert stated({"space directions": "(1,0,0)"}, SIZE) is None


BAD = [
    {"pixdim": [], "sform_code": 1, "sform": numbers(*[0] * 12)},
    {"pixdim": [], "sform_code": 1, "sform": ["nan"] * 12},
    {"pixdim": [], "sform_code": 1, "sform": [1]},
    {"pixdim": [1], "sform_code": 0, "qform_code": 1, "qform": [2, 2, 2, 0, 0, 0]},
    {"space": "LPS", "space directions": "(1,0,0) (1,0,0) (1,0,0)", "space origin": "(0,0,0)"},
    {"space": "LPS", "space directions": "(1,0) (0,1)", "space origin": "none"},
    {"space": "LPS", "space directions": "(x,0,0) (0,1,0) (0,0,1)", "space origin": "(0,0,0)"},
    {"space": "LPS", "space directions": "(1,0,0) (0,1,0) (0,0,1)", "space origin": "(1e999,0,0)"},
]


@pytest.mark.parametrize("geometry", BAD, ids=range(len(BAD)))
def test_what_is_no_grid_is_refused(geometry: dict[str, Any]) -> None:
    with pytest.raises(ItemError, match="IMP-070"):
        stated(geometry, SIZE)


KEYS = ["pixdim", "sform_code", "sform", "qform", "qform_code", "space", "space directions", "space origin"]


@given(
    st.dictionaries(
        st.sampled_from(KEYS), st.one_of(st.text(), st.integers(), st.lists(st.floats(), max_size=13)), max_size=8
    )
)
def test_no_header_gives_another_error(geometry: dict[str, Any]) -> None:
    with contextlib.suppress(ItemError):
        stated(geometry, SIZE)


def place(k: float, **more: Any) -> tuple[list[float], list[float], list[float]]:
    return [0.0, 0.0, k], more.get("turn", [1.0, 0, 0, 0, 1, 0]), more.get("apart", [0.8, 0.7])


def test_slices_in_any_order_are_one_stack() -> None:
    found = of_slices([place(5), place(0), place(2.5)], 5, 4)
    assert found == (Grid((5, 4, 3), (0, 0, 0), ((0.7, 0, 0), (0, 0.8, 0), (0, 0, 2.5))), [1, 2, 0])


@pytest.mark.parametrize(
    "places",
    [
        [],
        [place(0), place(2.5), place(7.5)],
        [place(0), place(0), place(2.5)],
        [place(0), place(2.5, apart=[0.8, 0.9])],
        [place(0), place(2.5, turn=[0.0, 1, 0, 1, 0, 0])],
        [place(0), ([0.0, 4.0, 2.5], [1.0, 0, 0, 0, 1, 0], [0.8, 0.7])],
        [place(0, apart=[0.0, 0.7])],
    ],
    ids=["none", "gap", "two at one place", "spacing", "turned", "slope", "no spacing"],
)
def test_what_is_no_even_stack_has_no_grid(places: list[Any]) -> None:
    assert of_slices(places, 5, 4) is None


def plane_of(grid: Grid, at: int) -> dict[str, Any]:
    """Return where a slice of a grid lies, as a frame of a segmentation says it."""
    spacing = [float(np.linalg.norm(axis)) for axis in grid.axes]
    turn = [number / spacing[way] for way in (0, 1) for number in grid.axes[way]]
    place = np.array(grid.origin) + at * np.array(grid.axes[2])
    return {"ImagePositionPatient": place.tolist(), "ImageOrientationPatient": turn, "PixelSpacing": spacing[1::-1]}


@pytest.mark.parametrize(("swapped", "flips"), list(itertools.product((False, True), WAYS[0:8])))
def test_frames_come_to_the_slices_where_they_lie_in_any_order(swapped: bool, flips: Any) -> None:
    perm = (1, 0, 2) if swapped else (0, 1, 2)
    turn = flips[1]
    frames = turned(perm, turn)
    voxels = np.random.default_rng(5).random(SIZE) < 0.4
    seen = voxels.transpose(perm)[tuple(slice(None, None, -1) if turn[perm[at]] else slice(None) for at in range(3))]
    whole = mask_of(seen)
    order = [2, 0, 1]
    value = {**whole, "slices": {str(n): whole["slices"][str(at + 1)] for n, at in enumerate(order, 1)}}
    made = stacked(value, [plane_of(frames, at) for at in order], SAMPLE)
    assert (array_of(made) == voxels).all()
    assert made["voxels"] == int(voxels.sum())


def test_frames_with_gaps_leave_slices_empty() -> None:
    voxels = np.zeros(SIZE, dtype=bool)
    voxels[1, 2, 2] = True
    alone = mask_of(voxels[:, :, 2:])
    made = stacked(alone, [plane_of(SAMPLE, 2)], SAMPLE)
    assert (array_of(made) == voxels).all()
    assert list(made["slices"]) == ["3"]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"ImagePositionPatient": [-12.5, 30.0, 101.5]}, "IMP-071"),
        ({"ImagePositionPatient": [-12.2, 30.0, 101.0]}, "IMP-071"),
        ({"ImagePositionPatient": [-12.5, 30.0, 401.0]}, "IMP-071"),
        ({"PixelSpacing": [0.8, 0.8]}, "IMP-071"),
        ({"PixelSpacing": [0.8]}, "IMP-070"),
        ({"PixelSpacing": [-0.8, -0.70711]}, "IMP-070"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "IMP-070"),
        ({"ImageOrientationPatient": [0, 1, 0, 0, 0, 1]}, "IMP-071"),
        ({"ImagePositionPatient": ["x", 0, 0]}, "IMP-070"),
    ],
)
def test_a_frame_that_is_no_slice_is_refused(how: dict[str, Any], code: str) -> None:
    value = mask_of(np.ones((5, 4, 1), dtype=bool))
    with pytest.raises(ItemError, match=code):
        stacked(value, [plane_of(SAMPLE, 0) | how], SAMPLE)


def test_two_frames_at_one_place_are_refused() -> None:
    value = mask_of(np.ones((5, 4, 2), dtype=bool))
    with pytest.raises(ItemError, match="IMP-071"):
        stacked(value, [plane_of(SAMPLE, 1)] * 2, SAMPLE)
    with pytest.raises(ItemError, match="IMP-070"):
        stacked(value, [plane_of(SAMPLE, 1)], SAMPLE)
