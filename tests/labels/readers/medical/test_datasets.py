"""Folders of label volumes: which image, which name, no way out of the folder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from builders import SECRET, everything, mistyped, nifti

from curator.core.errors import UsageError
from curator.labels.readers.datasets import AbdomenAtlas, Decathlon
from curator.labels.readers.table import recognized

VOXELS = bytes([0, 1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 1])


def _volume(path: Path, voxels: bytes = VOXELS) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(nifti(voxels, (3, 2, 2))))


def _dataset(folder: Path, table: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(table))
    (folder / "labelsTr").mkdir(exist_ok=True)
    return folder


def test_the_decathlon_names_image_and_class_of_each_value(tmp_path: Path) -> None:
    pairs = [{"image": f"./imagesTr/c_{at}.nii.gz", "label": f"./labelsTr/c_{at}.nii.gz"} for at in (1, 2)]
    folder = _dataset(
        tmp_path / "Task", {"name": "T", "labels": {"0": "background", "1": "liver", "2": "tumor"}, "training": pairs}
    )
    _volume(folder / "labelsTr/c_1.nii.gz")
    _volume(folder / "labelsTr/c_2.nii.gz", bytes(11) + b"\2")
    assert recognized(folder) == ["decathlon"]
    assert Decathlon().recognizes(folder / "dataset.json", (folder / "dataset.json").read_bytes())
    found = everything(Decathlon(), folder)
    assert [(item.label_id, item.value["class"], item.sample.name) for item in found] == [
        ("decathlon-1-1", "liver", "imagesTr/c_1.nii.gz"),
        ("decathlon-1-2", "tumor", "imagesTr/c_1.nii.gz"),
        ("decathlon-2-2", "tumor", "imagesTr/c_2.nii.gz"),
    ]
    assert found[0].place == "training[0]/value 1"
    assert found[0].sample.size == (3, 2)
    assert everything(Decathlon(), folder / "dataset.json") == found


def test_nnunet_folders_list_themselves(tmp_path: Path) -> None:
    folder = _dataset(
        tmp_path / "Dataset001",
        {"labels": {"background": 0, "whole": [1, 2], "core": 2, "edema": 1}, "file_ending": ".nii.gz"},
    )
    _volume(folder / "labelsTr/c_1.nii.gz")
    (folder / "imagesTr").mkdir()
    (folder / "imagesTr/c_1_0000.nii.gz").write_bytes(b"")
    found = everything(Decathlon(), folder)
    assert [(item.value["class"], item.sample.name) for item in found] == [
        ("edema", "imagesTr/c_1_0000.nii.gz"),
        ("core", "imagesTr/c_1_0000.nii.gz"),
    ]
    assert found[0].kept["dataset"]["labels"]["whole"] == [1, 2]


def test_a_value_without_a_name_and_a_missing_volume_are_refused_and_counted(tmp_path: Path) -> None:
    pairs = [
        {"image": "imagesTr/a.nii.gz", "label": "labelsTr/a.nii.gz"},
        {"image": "imagesTr/b.nii.gz", "label": f"labelsTr/{SECRET}.nii.gz"},
        {"image": "imagesTr/b.nii.gz"},
        "labelsTr/a.nii.gz",
    ]
    folder = _dataset(tmp_path / "T", {"labels": {"0": "background", "1": "liver"}, "training": pairs})
    _volume(folder / "labelsTr/a.nii.gz")
    found = everything(Decathlon(), folder)
    assert [(item.place, getattr(item, "code", "item")) for item in found] == [
        ("training[0]/value 1", "item"),
        ("training[0]/value 2", "IMP-026"),
        ("training[1]", "IMP-026"),
        ("training[2]", "IMP-023"),
        ("training[3]", "IMP-023"),
    ]


@pytest.mark.parametrize(
    "name", ["../a.nii.gz", "/etc/passwd", "labelsTr/../../a.nii.gz", "labelsTr\\a.nii.gz", "link"]
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = _dataset(
        tmp_path / "T", {"labels": {"1": "liver"}, "training": [{"image": "imagesTr/a.nii.gz", "label": name}]}
    )
    _volume(tmp_path / "a.nii.gz")
    (folder / "link").symlink_to(tmp_path / "a.nii.gz")
    assert [item.code for item in everything(Decathlon(), folder)] == ["IMP-026"]


@pytest.mark.parametrize("table", [[], {"labels": []}, {"labels": {"a": "b"}}, {}])
def test_a_list_without_names_refuses_the_folder(tmp_path: Path, table: Any) -> None:
    folder = _dataset(tmp_path / "T", {})
    (folder / "dataset.json").write_text(json.dumps(table))
    with pytest.raises(UsageError, match=r"IMP-00[13]"):
        everything(Decathlon(), folder)


def test_wrong_types_anywhere_give_only_codes(tmp_path: Path) -> None:
    document = {
        "labels": {"1": "liver", "2": "tumor"},
        "training": [{"image": "a.nii.gz", "label": "labelsTr/a.nii.gz"}],
    }
    folder = _dataset(tmp_path / "T", document)
    _volume(folder / "labelsTr/a.nii.gz")
    for wrong in mistyped(document):
        (folder / "dataset.json").write_text(json.dumps(wrong))
        error = None
        try:
            everything(Decathlon(), folder)
        except UsageError as raised:
            error = raised.code
        assert error in (None, "IMP-001", "IMP-003")


def test_a_broken_volume_refuses_the_folder(tmp_path: Path) -> None:
    folder = _dataset(tmp_path / "T", {"labels": {"1": "liver", "2": "tumor"}})
    _volume(folder / "labelsTr/a.nii.gz")
    (folder / "labelsTr/b.nii.gz").write_bytes(b"\x1f\x8bbroken")
    with pytest.raises(UsageError, match="IMP-003"):
        everything(Decathlon(), folder)


def test_abdomenatlas_has_a_structure_a_file(tmp_path: Path) -> None:
    case = tmp_path / "BDMAP_00000001"
    _volume(case / "segmentations/liver.nii.gz", bytes([0, 1] * 6))
    _volume(case / "segmentations/aorta.nii.gz", bytes(12))
    _volume(case / "combined_labels.nii.gz")
    other = tmp_path / "BDMAP_00000002"
    _volume(other / "combined_labels.nii.gz")
    (other / "ct.nii.gz").write_bytes(b"")
    (tmp_path / "notes").mkdir()
    assert recognized(tmp_path) == ["abdomenatlas"]
    found = everything(AbdomenAtlas(), tmp_path)
    assert [(item.place, getattr(item, "code", "item")) for item in found] == [
        ("case 1/segmentations[0]/structure", "IMP-021"),
        ("case 1/segmentations[1]/structure", "item"),
        ("case 2/combined_labels/value 1", "item"),
        ("case 2/combined_labels/value 2", "item"),
    ]
    assert found[1].value["class"] == "liver"
    assert found[1].value["slices"] == {"1": [1, 1, 1, 1, 1, 1], "2": [1, 1, 1, 1, 1, 1]}
    assert found[1].sample.name == "BDMAP_00000001/ct.nii.gz"
    (one,) = [item for item in everything(AbdomenAtlas(), case) if not hasattr(item, "code")]
    assert one.sample.name == "ct.nii.gz"


def test_a_folder_of_other_segmentations_is_no_case_of_abdomenatlas(tmp_path: Path) -> None:
    (tmp_path / "data" / "segmentations").mkdir(parents=True)
    (tmp_path / "data" / "segmentations" / "liver.nrrd").write_bytes(b"NRRD0004\n")
    assert not AbdomenAtlas().recognizes(tmp_path, b"")
    assert not AbdomenAtlas().recognizes(tmp_path / "data", b"")
    (tmp_path / "data" / "segmentations" / "liver.nii.gz").write_bytes(b"")
    assert AbdomenAtlas().recognizes(tmp_path, b"")
