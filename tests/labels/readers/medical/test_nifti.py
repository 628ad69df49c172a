"""NIfTI label volumes: header, types, order of voxels, names, hostile bytes."""

from __future__ import annotations

import gzip
import json
import struct
from decimal import Decimal
from pathlib import Path

import pytest
from builders import SECRET, attack, everything, nifti, nifti2

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.nifti import Nifti

#: Three columns, two rows, two slices.
VOXELS = bytes([0, 1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 1])


def _read(path: Path, data: bytes) -> list[Item | Refused]:
    path.write_bytes(data)
    return everything(Nifti(), path)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_each_value_is_one_label_with_runs_by_rows_zeros_first(tmp_path: Path, ending: str) -> None:
    data = nifti(VOXELS, (3, 2, 2))
    path = tmp_path / f"case{ending}"
    one, two = _read(path, gzip.compress(data) if ending.endswith("gz") else data)
    assert (one.place, one.label_id, one.kind) == ("value 1", "nifti-1", "volume-mask")
    assert one.value == {
        "class": "1",
        "size": [3, 2, 2],
        "voxels": 3,
        "slices": {"1": [1, 2, 3], "2": [5, 1]},
    }
    assert two.value["slices"] == {"1": [5, 1], "2": [0, 1, 5]}
    assert (one.sample.by, one.sample.name, one.sample.size) == ("file", f"case{ending}", (3, 2))
    assert one.kept["geometry"]["sform"][:4] == [Decimal("0.7"), Decimal(0), Decimal(0), Decimal(-10)]
    assert one.kept["geometry"]["sform"][11] == Decimal("30.1")
    assert one.origin == "unknown"
    assert one.author is None


def test_the_reader_knows_its_files(tmp_path: Path) -> None:
    data = nifti(VOXELS, (3, 2, 2))
    assert Nifti().recognizes(Path("a.nii"), data)
    assert Nifti().recognizes(Path("a.nii.gz"), gzip.compress(data))
    assert Nifti().recognizes(Path("a.nii"), nifti2(VOXELS, (3, 2, 2)))
    assert not Nifti().recognizes(Path("a.json"), b"{}")
    assert not Nifti().recognizes(Path("a.gz"), gzip.compress(b"x"))


@pytest.mark.parametrize(
    ("datatype", "letter"),
    [(256, "b"), (4, "h"), (512, "H"), (8, "i"), (768, "I"), (1024, "q"), (1280, "Q"), (16, "f"), (64, "d")],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_type_of_voxel_and_both_orders_give_the_same_labels(
    tmp_path: Path, datatype: int, letter: str, order: str
) -> None:
    voxels = struct.pack(order + f"12{letter}", *VOXELS)
    found = _read(tmp_path / "a.nii", nifti(voxels, (3, 2, 2), datatype=datatype, order=order))
    assert [item.value["slices"] for item in found] == [
        {"1": [1, 2, 3], "2": [5, 1]},
        {"1": [5, 1], "2": [0, 1, 5]},
    ]
    assert [item.value["class"] for item in found] == ["1", "2"]


def test_the_second_version_and_a_pair_of_files_are_read(tmp_path: Path) -> None:
    assert len(_read(tmp_path / "a.nii", nifti2(VOXELS, (3, 2, 2)))) == 2
    header = bytearray(nifti(b"", (3, 2, 2))[:348])
    header[344:348] = b"ni1\0"
    struct.pack_into("<f", header, 108, 0)
    (tmp_path / "b.img.gz").write_bytes(gzip.compress(VOXELS))
    found = _read(tmp_path / "b.hdr", bytes(header))
    assert [item.value["voxels"] for item in found] == [3, 2]
    (tmp_path / "b.img.gz").unlink()
    with pytest.raises(UsageError, match="IMP-002"):
        everything(Nifti(), tmp_path / "b.hdr")


def test_time_points_are_frames(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.nii", nifti(bytes([1, 0, 0, 1]), (2, 1, 1, 2)))
    assert [(item.label_id, item.part, item.value["slices"]) for item in found] == [
        ("nifti-t1-1", {"frames": [1]}, {"1": [0, 1, 1]}),
        ("nifti-t2-1", {"frames": [2]}, {"1": [1, 1]}),
    ]


@pytest.mark.parametrize(
    "table",
    [
        {"1": "liver", "2": "spleen"},
        {"labels": {"0": "background", "1": "liver", "2": "spleen"}},
        {"labels": {"background": 0, "liver": 1, "spleen": 2, "both": [1, 2]}},
        {"segmentAttributes": [[{"labelID": 1, "SegmentLabel": "liver"}, {"labelID": 2, "SegmentLabel": "spleen"}]]},
    ],
)
def test_names_come_from_a_json_table_beside(tmp_path: Path, table: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(table))
    found = _read(tmp_path / "a.nii.gz", gzip.compress(nifti(VOXELS, (3, 2, 2))))
    assert [item.value["class"] for item in found] == ["liver", "spleen"]


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (".tsv", "index\tname\tcolor\n1\tliver\t#ff0000\n2\tspleen\t#00ff00\n"),
        (".txt", '# ITK-SnAP\n 0 0 0 0 0 0 0 "Clear Label"\n 1 255 0 0 1 1 1 "liver"\n 2 0 255 0 1 1 1 "spleen"\n'),
        (".ctbl", "# Color table\n0 Background 0 0 0 0\n1 liver 128 174 128 255\n2 spleen 1 2 3 255\n"),
    ],
)  # fmt: skip
def test_names_come_from_tables_of_bids_itksnap_and_slicer(tmp_path: Path, ending: str, text: str) -> None:
    (tmp_path / f"a{ending}").write_text(text)
    found = _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2)))
    assert [item.value["class"] for item in found] == ["liver", "spleen"]


def test_names_come_from_the_table_in_the_header(tmp_path: Path) -> None:
    table = (
        b"<?xml version='1.0'?><CaretExtension><LabelTable><Label Key='1'>liver</Label></LabelTable></CaretExtension>"
    )
    size = -(-(len(table) + 8) // 16) * 16
    extension = struct.pack("<2i", size, 0) + table.ljust(size - 8, b"\0")
    found = _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2), extension=extension))
    assert [item.value["class"] for item in found] == ["liver", "2"]
    evil = b"<!DOCTYPE x [<!ENTITY a 'b'>]><Label Key='1'>&a;</Label>".ljust(72, b" ")
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "b.nii", nifti(VOXELS, (3, 2, 2), extension=struct.pack("<2i", 80, 0) + evil))


@pytest.mark.parametrize(
    "table", ['{"1": "a", "1": "b"}', "{", '{"labels": {"a": 1, "b": 1}}', "index\tname\n1\ta\n1\tb\n"]
)
def test_a_broken_table_beside_refuses_the_volume(tmp_path: Path, table: str) -> None:
    (tmp_path / ("a.tsv" if table.startswith("index") else "a.json")).write_text(table)
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2)))


def test_a_sidecar_of_an_image_says_nothing_of_labels(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"Modality": "MR", "EchoTime": 0.03}')
    assert [item.value["class"] for item in _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2)))] == ["1", "2"]


def test_scaled_voxels_are_what_they_mean_and_fractions_are_refused(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2), slope=5))
    assert [item.value["class"] for item in found] == ["5", "10"]
    found = _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2), slope=0.5))
    assert [getattr(item, "code", None) for item in found] == ["IMP-042", None]
    assert found[1].value["class"] == "1"
    with pytest.raises(UsageError, match="IMP-041"):
        _read(tmp_path / "a.nii", nifti(VOXELS, (3, 2, 2), slope=1, inter=3))
    half = _read(tmp_path / "a.nii", nifti(struct.pack("<2f", 0.5, 0), (2, 1, 1), datatype=16))
    assert [item.code for item in half] == ["IMP-042"]


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_an_image_is_no_label_volume(tmp_path: Path, value: float) -> None:
    with pytest.raises(UsageError, match="IMP-040"):
        _read(tmp_path / "a.nii", nifti(struct.pack("<2f", value, 1), (2, 1, 1), datatype=16))


def test_a_volume_of_very_many_values_is_an_image(tmp_path: Path) -> None:
    voxels = struct.pack("<900H", *range(1, 901))
    with pytest.raises(UsageError, match="IMP-040"):
        _read(tmp_path / "a.nii", nifti(voxels, (30, 30, 1), datatype=512))


@pytest.mark.parametrize("data", [VOXELS[:-1], VOXELS + b"\1", b""])
def test_too_few_and_too_many_voxels_refuse_the_file(tmp_path: Path, data: bytes) -> None:
    for packed in (nifti(data, (3, 2, 2)), gzip.compress(nifti(data, (3, 2, 2)))):
        with pytest.raises(UsageError, match="IMP-003"):
            _read(tmp_path / "a.nii.gz", packed)


def test_a_damaged_checksum_refuses_the_file(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(nifti(VOXELS, (3, 2, 2))))
    packed[-6] ^= 1
    with pytest.raises(UsageError, match="IMP-003"):
        _read(tmp_path / "a.nii.gz", bytes(packed))


@pytest.mark.parametrize("size", [(3,), (0, 2, 2), (-1, 2, 2), (3, 2, 2, 1, 2)])
def test_impossible_axes_are_refused(tmp_path: Path, size: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"IMP-0(03|41)"):
        _read(tmp_path / "a.nii", nifti(VOXELS, size))


def test_colors_and_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="IMP-041"):
        _read(tmp_path / "a.nii", nifti(bytes(36), (3, 2, 2), datatype=128))
    with pytest.raises(UsageError, match="IMP-001"):
        _read(tmp_path / "a.nii", b"something else")
    with pytest.raises(UsageError, match="IMP-002"):
        everything(Nifti(), tmp_path / "absent.nii")


def test_broken_files_give_only_codes(tmp_path: Path) -> None:
    data = nifti(VOXELS, (3, 2, 2), description=SECRET)
    outcomes = attack(Nifti(), data, tmp_path / "a.nii", 400)
    assert outcomes["IMP-003"] > 20
    outcomes = attack(Nifti(), gzip.compress(data), tmp_path / "a.nii.gz", 200)
    assert outcomes["IMP-003"] > 20
