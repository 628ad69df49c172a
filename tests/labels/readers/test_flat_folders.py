"""YOLO folders whose files were put side by side, and image sets of Pascal VOC without their annotations."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.readers.flat import flattened
from curator.labels.readers.table import reader, recognized
from curator.labels.readers.voc_sets import VocSets
from curator.labels.readers.yolo import Yolo

BOX = "0 0.5 0.5 0.2 0.2\n"


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_dot_", ".")).write_text(text)
    return folder


def png(path: Path, width: int, height: int) -> None:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * (height * (width + 1)))
    made = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")):
        made += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    path.write_bytes(made)


def told(found: list[Any]) -> list[Any]:
    return [one.code if hasattr(one, "code") else one.value for one in found]


def test_a_flattened_folder_is_read_by_the_paths_in_its_names(tmp_path: Path) -> None:
    put(
        tmp_path,
        set__data_dot_yaml="names: [nodule]\n",
        set__labels__train__a_dot_txt=BOX,
        set__labels__val__a_dot_txt=BOX,
        sizes_dot_csv="file,width,height\nset/images/val/a.jpg,200,100\n",
    )
    png(tmp_path / "set__images__train__a.png", 100, 50)
    assert recognized(tmp_path) == ["yolo"]
    found = list(Yolo().read(tmp_path))
    assert [(one.sample.name, one.sample.size, one.value["box"]) for one in found] == [
        ("set/images/train/a.png", (100, 50), [40, 20, 20, 10]),
        ("set/images/val/a.jpg", (200, 100), [80, 40, 40, 20]),
    ]
    assert [one.label_id for one in found] == ["yolo-1-1", "yolo-2-1"]


def test_each_label_file_takes_the_classes_of_its_own_dataset(tmp_path: Path) -> None:
    put(
        tmp_path,
        all__first__obj_dot_names="cyst\n",
        all__second__data_dot_yaml="names: [nodule]\n",
        first__obj_train_data__1_dot_txt=BOX,
        second__labels__1_dot_txt=BOX,
        third__labels__1_dot_txt=BOX,
        labels__1_dot_txt=BOX,
        sizes_dot_csv="file,width,height\nfirst/images/1.png,10,10\nsecond/images/1.png,10,10\nimages/1.png,10,10\n",
    )
    found = {one.sample.name if hasattr(one, "sample") else one.place: one for one in Yolo().read(tmp_path)}
    assert found["first/images/1.png"].value["class"] == "cyst"
    assert found["second/images/1.png"].value["class"] == "nodule"
    # One of no dataset, and one that may be of either: nothing is guessed.
    assert sorted(one.code for one in found.values() if hasattr(one, "code")) == ["IMP-026", "IMP-026"]


def test_lists_that_say_the_same_are_one(tmp_path: Path) -> None:
    names = "names: [nodule]\n"
    put(tmp_path, a__data_dot_yaml=names, b__data_dot_yaml=names, labels__1_dot_txt=BOX)
    assert told(list(Yolo().read(tmp_path))) == ["IMP-023"]  # it lacks a size, not a class


def test_two_names_of_one_path_are_not_taken_for_a_flattened_folder(tmp_path: Path) -> None:
    put(tmp_path, set__data_dot_yaml="names: [a]\n", set__labels__1_dot_txt=BOX)
    assert recognized(tmp_path) == ["yolo"]
    put(tmp_path, set____labels__1_dot_txt=BOX)
    with pytest.raises(UsageError, match="IMP-003"):
        flattened(tmp_path)
    assert recognized(tmp_path) == []  # another tool's folder with such names stops no import


def test_other_folders_are_no_yolo(tmp_path: Path) -> None:
    put(tmp_path, a__b_dot_txt="x", some__labels__1_dot_txt=BOX)
    assert recognized(tmp_path) == []
    put(tmp_path, some__labels__notes_dot_yaml="x")
    assert recognized(tmp_path) == []


MAIN = {"cat_train": "a 1\nb -1\n", "dog_train": "a  0\nb -1\n", "dog_val": "c 1\n\n", "train": "a\nb\n"}


def sets(root: Path, flat: bool = False, **more: str) -> Path:
    for name, text in {**MAIN, **more}.items():
        path = root / ("ImageSets__Main__" if flat else "ImageSets/Main") / f"{name}.txt"
        path = root / f"ImageSets__Main__{name}.txt" if flat else path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize("flat", [False, True])
def test_each_image_of_the_sets_is_a_label_of_the_classes_in_it(tmp_path: Path, flat: bool) -> None:
    sets(tmp_path, flat)
    assert recognized(tmp_path) == ["voc-sets"]
    found = list(reader("voc-sets").read(tmp_path))
    assert [(one.sample.name, one.kind, one.value["classes"]) for one in found] == [
        ("a", "classes", ["cat", "dog"]),
        ("b", "classes", []),
        ("c", "classes", ["dog"]),
    ]
    assert found[0].kept == {"asked": ["cat", "dog"], "difficult": ["dog"]}
    assert found[2].kept["asked"] == ["dog"]


def test_a_file_of_the_image_is_named_where_it_stands(tmp_path: Path) -> None:
    sets(tmp_path)
    (tmp_path / "JPEGImages").mkdir()
    (tmp_path / "JPEGImages/a.jpg").write_bytes(b"")
    names = [one.sample.name for one in VocSets().read(tmp_path / "ImageSets")]
    assert names == ["JPEGImages/a.jpg", "b", "c"]


def test_lines_that_are_none_and_marks_that_differ_are_refused_and_counted(tmp_path: Path) -> None:
    sets(tmp_path, cat_val="a -1\nd 2\ne\n", bird_train="b 1 1\n")
    (tmp_path / "ImageSets/Action").mkdir()
    (tmp_path / "ImageSets/Action/jumping_train.txt").write_text("a 1 1\n")
    found = list(VocSets().read(tmp_path))
    assert told(found) == ["IMP-035", "IMP-035", "IMP-035", "IMP-022", "IMP-035", {"classes": []}, {"classes": ["dog"]}]
    assert [one.place for one in found[:5]] == [
        "file 1 line 1",
        "file 3 line 2",
        "file 3 line 3",
        "file 6 line 1",
        "image 1",
    ]


def test_beside_annotations_the_sets_are_not_read(tmp_path: Path) -> None:
    sets(tmp_path)
    (tmp_path / "Annotations").mkdir()
    (tmp_path / "Annotations/a.xml").write_text("<annotation><filename>a.png</filename></annotation>")
    assert recognized(tmp_path) == ["voc"]
    assert recognized(tmp_path / "ImageSets") == []
    with pytest.raises(UsageError, match="IMP-001"):
        list(VocSets().read(tmp_path / "Annotations"))


def test_a_set_that_is_no_text_is_refused_whole(tmp_path: Path) -> None:
    sets(tmp_path)
    (tmp_path / "ImageSets/Main/owl_train.txt").write_bytes(b"a 1\n\xff\xfe 1\n")
    with pytest.raises(UsageError, match="IMP-003"):
        list(VocSets().read(tmp_path))
