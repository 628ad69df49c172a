"""NIfTI volumes: voxels, affine and table read back, and lie in the patient where DICOM says."""

from __future__ import annotations

import gzip
import json
import struct
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from signed_world import COLUMNS, ROWS, SLICES, World, enhanced, items, masks, put, runs_of, slice_of, wrote

from curator.core.errors import ItemError
from curator.labels.item import Refused
from curator.labels.readers.nifti import Nifti
from curator.labels.writers.planes import Plane, affine, planes

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TILT = [0.8, 0.6, 0, 0, 0, -1]


@st.composite
def volumes(draw: Any) -> dict[str, Any]:
    slices = {}
    for number in sorted(draw(st.sets(st.integers(1, SLICES), min_size=1))):
        one = draw(masks())
        slices[str(number)] = one["runs"]
    voxels = sum(sum(runs[1::2]) for runs in slices.values())
    return {"class": "liver", "size": [COLUMNS, ROWS, SLICES], "voxels": voxels, "slices": slices}


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.image("volume", enhanced())
    for number in range(1, 5):
        made.image(f"s{number}", slice_of(number))
    return made


def volumes_of(world: World, files: dict[str, bytes]) -> list[Any]:
    put(world.root / "out", files)
    return [
        one
        for name in sorted(files)
        if name.endswith(".nii.gz")
        for one in items(Nifti().read(world.root / "out" / name))
    ]


@FEW
@given(volumes())
def test_a_mask_of_a_volume_reads_back_as_it_was_signed(world: World, value: dict[str, Any]) -> None:
    label = world.label("volume", "volume-mask", value)
    told, files = wrote(world, "nifti", [label])
    assert not told.refused
    (found,) = volumes_of(world, files)
    assert (found.kind, found.value) == ("volume-mask", value)
    assert found.kept["named"]["curator"][0]["leaf"] == label.leaf
    assert f"{found.sample.name},{label.path},,,,,,," in files["derived.csv"].decode().splitlines()
    geometry = found.kept["geometry"]
    assert geometry["sform"] == [*map(Decimal, ("-0.75", "0", "0", "10", "0", "-0.5", "0", "20", "0", "0", "-2", "30"))]
    assert (geometry["sform_code"], geometry["units"]) == (1, 2)


def test_masks_of_slices_are_stacked_by_position_with_the_gap_between_them(world: World) -> None:
    drawn = {"s1": ("a", [0, 1]), "s2": ("b", [5]), "s4": ("a", [COLUMNS])}
    labels = [
        world.label(name, "mask", {"class": cls, "size": [ROWS, COLUMNS], "runs": runs_of(ones, ROWS * COLUMNS)})
        for name, (cls, ones) in drawn.items()
    ]
    over = world.label("s1", "mask", {"class": "c", "size": [ROWS, COLUMNS], "runs": runs_of([1, 2], ROWS * COLUMNS)})
    other = world.label(
        "s1", "mask", {"class": "a", "size": [ROWS, COLUMNS], "runs": [0, 1, ROWS * COLUMNS - 1]}, author="ben"
    )
    told, files = wrote(world, "nifti", [*labels, over, other])
    assert not told.refused
    found = volumes_of(world, files)
    by_leaf = {note["leaf"]: one for one in found for note in one.kept["named"]["curator"]}
    assert len({told.written[label.index] for label in labels}) == 1
    assert len({told.written[one.index] for one in (labels[0], over, other)}) == 3
    # Each comes back as the mask that it was, of the image that it was on.
    assert len(found) == 5
    for label in (*labels, over, other):
        back = by_leaf[label.leaf]
        assert (back.kind, back.sample.name, back.value) == ("mask", label.path, label.value(world.root))
        assert len(back.kept["named"]["curator"]) == 1
    (name,) = {told.written[label.index] for label in labels}
    table = json.loads(files[name.replace(".nii.gz", ".json")])["curatorStack"]
    assert table["size"] == [COLUMNS, ROWS, 4]
    assert table["images"] == [labels[0].path, labels[1].path, None, labels[2].path]
    assert table["affine"][2][3] == 32.5


def test_a_stack_holds_the_whole_series_and_comes_back_turned_around(world: World) -> None:
    """What an expert adds on a slice without a label is a label of that slice's image."""
    area = ROWS * COLUMNS
    label = world.label("s2", "mask", {"class": "a", "size": [ROWS, COLUMNS], "runs": runs_of([5], area)})
    twin = world.label("s2", "mask", {"class": "a", "size": [ROWS, COLUMNS], "runs": runs_of([90], area)})
    told, files = wrote(world, "nifti", [label, twin], samples=[world.samples[f"s{n}"] for n in range(1, 5)])
    assert not told.refused
    found = volumes_of(world, files)
    # Two masks of one class on one slice stay two.
    assert sorted(one.kept["named"]["curator"][0]["leaf"] for one in found) == sorted([label.leaf, twin.leaf])
    (name,) = (one for one in files if one.endswith(".nii.gz"))
    data = bytearray(gzip.decompress(files[name]))
    voxels = np.frombuffer(data, np.uint8, offset=352).reshape(4, ROWS, COLUMNS).copy()
    voxels[2, 0, 3] = 1
    turned = np.ascontiguousarray(voxels[::-1, :, ::-1])
    affine = np.array(struct.unpack_from("<12f", data, 280)).reshape(3, 4)
    affine[:, 3] += affine[:, 0] * (COLUMNS - 1) + affine[:, 2] * 3
    affine[:, 0] *= -1
    affine[:, 2] *= -1
    struct.pack_into("<12f", data, 280, *affine.ravel().tolist())
    (world.root / "out" / name).write_bytes(gzip.compress(bytes(data[:352]) + turned.tobytes(), mtime=0))
    back = items(Nifti().read(world.root / "out" / name))
    by_path = {(one.sample.name, one.label_id): one for one in back}
    assert len(by_path) == 3
    (added,) = [one for one in back if one.sample.name != label.path]
    assert added.sample.name == world.label("s3", "class", {"class": "x"}).path
    assert added.value["runs"] == runs_of([3], area)
    assert added.kept["named"]["curator"] == []
    assert {tuple(one.value["runs"]) for one in back if one is not added} == {
        tuple(runs_of([5], area)), tuple(runs_of([90], area)),
    }  # fmt: skip
    # Moved by half a slice it is no longer a mask of these images.
    affine[:, 3] += affine[:, 2] / 2
    struct.pack_into("<12f", data, 280, *affine.ravel().tolist())
    (world.root / "out" / name).write_bytes(gzip.compress(bytes(data), mtime=0))
    refusals = list(Nifti().read(world.root / "out" / name))
    assert {one.code for one in refusals if isinstance(one, Refused)} == {"IMP-071"}
    assert len(refusals) == 2


def test_the_affine_leads_to_the_position_that_dicom_gives() -> None:
    """PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1, with x and y turned to NIfTI's sides."""
    made = [planes(slice_of(0, ImageOrientationPatient=TILT, ImagePositionPatient=[1, 2, 3]))[0]]
    normal = np.cross(TILT[:3], TILT[3:])
    made += [
        Plane(tuple(np.array([1, 2, 3]) + 2.5 * n * normal), *map(tuple, (TILT[:3], TILT[3:])), (0.75, 0.5), 2.5)
        for n in (1, 2)
    ]
    matrix = np.array(affine(made))
    for i, j, k in ((0, 0, 0), (3, 0, 0), (0, 5, 0), (2, 7, 2)):
        lps = np.array([1, 2, 3]) + 0.75 * i * np.array(TILT[:3]) + 0.5 * j * np.array(TILT[3:]) + 2.5 * k * normal
        assert matrix @ [i, j, k, 1] == pytest.approx(lps * [-1, -1, 1])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ImagePositionPatient": None}, "EXP-010"),
        ({"PixelSpacing": None}, "EXP-010"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "EXP-010"),
        ({"SliceThickness": None}, "EXP-010"),
    ],
)
def test_an_image_that_does_not_say_where_it_lies_is_refused(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    world = World(tmp_path)
    made = slice_of(1, **{name: value for name, value in change.items() if value is not None})
    for name, value in change.items():
        if value is None:
            delattr(made, name)
    world.image("a", made)
    told, files = wrote(
        world,
        "nifti",
        [world.label("a", "mask", {"class": "a", "size": [ROWS, COLUMNS], "runs": [0, 1, ROWS * COLUMNS - 1]})],
    )
    assert [error.code for error in told.refused.values()] == [code]
    assert files == {}


def test_uneven_and_doubled_slices_are_refused() -> None:
    one = Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 1.0), 1.0)
    at = [Plane((0.0, 0.0, z), one.across, one.down, one.spacing, 1.0) for z in (0.0, 1.0, 2.5)]
    for wrong in (at, [one, one]):
        with pytest.raises(ItemError) as caught:
            affine(wrong)
        assert caught.value.code == "EXP-010"


def test_nibabel_reads_the_same_affine_and_voxels(world: World) -> None:
    nibabel = pytest.importorskip("nibabel")
    runs = runs_of([3], ROWS * COLUMNS)
    value = {"class": "a", "size": [COLUMNS, ROWS, SLICES], "voxels": 1, "slices": {"2": runs}}
    _, files = wrote(world, "nifti", [world.label("volume", "volume-mask", value)])
    put(world.root / "out", files)
    (name,) = (name for name in files if name.endswith(".nii.gz"))
    image = nibabel.load(world.root / "out" / name)
    assert np.argwhere(np.asarray(image.dataobj)).tolist() == [[3, 0, 1]]
    assert image.affine @ [3, 0, 1, 1] == pytest.approx([10 - 3 * 0.75, 20, 28, 1])
