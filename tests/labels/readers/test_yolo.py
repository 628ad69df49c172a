"""YOLO folders: every kind of line, where sizes and classes come from, and broken folders."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.table import recognized
from curator.labels.readers.yolo import Yolo

YAML = "path: .\ntrain: images/train\nnames:\n  0: nodule\n  1: 'rib: left'\n"


def folder(path: Path, lines: str, yaml: str = YAML, size: bool = True) -> Path:
    (path / "labels/train").mkdir(parents=True, exist_ok=True)
    (path / "labels/train/Smith.1.txt").write_text(lines)
    (path / "data.yaml").write_text(yaml)
    if size:
        (path / "sizes.csv").write_text("file,width,height\nimages/train/Smith.1.png,100,50\n")
    return path


def read(path: Path, lines: str, **more) -> list[Item | Refused]:
    return list(Yolo().read(folder(path, lines, **more)))


def test_boxes_turned_boxes_polygons_and_confidence(tmp_path: Path) -> None:
    lines = (
        "0 0.5 0.5 0.2 0.2\n\n1 0.1 0.1 0.3 0.1 0.3 0.3 0.1 0.3\n0 0.1 0.1 0.3 0.1 0.3 0.3\n0 0.5 0.5 0.2 0.2 0.875\n"
    )
    box, turned, polygon, scored = read(tmp_path, lines)
    assert box.value == {"class": "nodule", "box": [40, 20, 20, 10]}
    assert (box.sample.name, box.sample.size, box.label_id) == ("images/train/Smith.1.png", (100, 50), "yolo-1-1")
    assert turned.value == {"class": "rib: left", "rings": [[10, 5, 30, 5, 30, 15, 10, 15]]}
    assert turned.place == "file 1 line 3"
    assert polygon.value["rings"] == [[10, 5, 30, 5, 30, 15]]
    assert (str(scored.confidence), scored.origin, scored.confidence_scale) == ("0.875", "model", "probability-0-1")
    assert box.origin == "unknown"
    assert box.kept == {"line": ["0", "0.5", "0.5", "0.2", "0.2"]}


def test_keypoints_are_a_second_label(tmp_path: Path) -> None:
    yaml = "kpt_shape: [2, 3]\nnames: [spine]\n"
    box, points = read(tmp_path, "0 0.5 0.5 0.2 0.2 0.5 0.5 2 0 0 0", yaml=yaml)
    assert (box.kind, points.kind, points.label_id) == ("box", "keypoints", "yolo-1-1-keypoints")
    assert points.value["points"] == [
        {"name": "1", "x": 50, "y": 25, "visibility": 2},
        {"name": "2", "x": 0, "y": 0, "visibility": 0},
    ]
    flat = read(tmp_path, "0 0.5 0.5 0.2 0.2 0.5 0.5 0 0", yaml="kpt_shape: [2, 2]\nnames:\n- spine\n")
    assert [one["visibility"] for one in flat[1].value["points"]] == [2, 0]
    broken = read(tmp_path, "0 0.5 0.5 0.2 0.2 0.5 0.5 7 0 0 0", yaml=yaml)
    assert [one.code for one in broken] == ["IMP-020", "IMP-020"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("9 0.5 0.5 0.2 0.2", "IMP-026"),
        ("Smith 0.5 0.5 0.2 0.2", "IMP-023"),
        ("0 Smith 0.5 0.2 0.2", "IMP-020"),
        ("0 0.5 0.5 0.2", "IMP-020"),
        ("0 0.5 0.5", "IMP-020"),
        ("0", "IMP-020"),
        ("0 0.5 0.5 0 0.2", "IMP-021"),
        ("0 1.5 0.5 0.2 0.2", "IMP-021"),
        ("0 0.5 0.5 0.2 0.2 3", "IMP-023"),
        ("0 0.1 0.1 0.3 0.3 0.3 0.1 0.1 0.3", "IMP-025"),
    ],
)
def test_a_wrong_line_is_refused_alone(tmp_path: Path, line: str, code: str) -> None:
    made = read(tmp_path, f"0 0.5 0.5 0.2 0.2\n{line}\n0 0.5 0.5 0.2 0.2")
    assert [isinstance(one, Item) for one in made] == [True, False, True]
    assert (made[1].code, made[1].place) == (code, "file 1 line 2")
    assert "Smith" not in repr(made[1])


def test_without_a_size_nothing_is_guessed(tmp_path: Path) -> None:
    (made,) = read(tmp_path, "0 0.5 0.5 0.2 0.2", size=False)
    assert made.code == "IMP-023"
    (tmp_path / "images/train").mkdir(parents=True)
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 200, 100) + bytes(9)
    (tmp_path / "images/train/Smith.1.png").write_bytes(header)
    (made,) = Yolo().read(tmp_path)
    assert made.value["box"] == [80, 40, 40, 20]
    assert made.sample.name == "images/train/Smith.1.png"
    (alone,) = Yolo().read(tmp_path / "labels")
    assert alone.value == made.value


def test_one_name_in_two_folders_is_not_one_image(tmp_path: Path) -> None:
    folder(tmp_path, "0 0.5 0.5 0.2 0.2", size=False)
    (tmp_path / "sizes.csv").write_text("file,width,height\na/Smith.1.png,1,1\nb/Smith.1.png,2,2\n")
    (made,) = Yolo().read(tmp_path)
    assert made.code == "IMP-023"


def test_darknet_folders(tmp_path: Path) -> None:
    (tmp_path / "data/obj_train_data").mkdir(parents=True)
    (tmp_path / "data/obj_train_data/1.txt").write_text("1 0.5 0.5 0.2 0.2\n")
    (tmp_path / "data/obj.names").write_text("a\nb\n")
    (tmp_path / "data/train.txt").write_text("data/obj_train_data/1.jpg\n")
    (tmp_path / "sizes.csv").write_text("file,width,height\n1.jpg,10,10\n")
    (made,) = Yolo().read(tmp_path)
    assert made.value == {"class": "b", "box": [4, 4, 2, 2]}
    assert recognized(tmp_path) == ["yolo"]


@pytest.mark.parametrize("name", ["labels.txt", "_darknet.labels"])
def test_lists_of_classes_of_other_tools(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a\nb\n")
    (tmp_path / "README.roboflow.txt").write_text("Exported on a day.\n")
    (tmp_path / "1.txt").write_text("1 0.5 0.5 0.2 0.2\n")
    (tmp_path / "sizes.csv").write_text("file,width,height\n1.jpg,10,10\n")
    (made,) = Yolo().read(tmp_path)
    assert made.value == {"class": "b", "box": [4, 4, 2, 2]}
    assert recognized(tmp_path) == ["yolo"]


def test_a_folder_of_notes_with_a_list_of_labels_is_none(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("cough\nfever\n")
    (tmp_path / "note.txt").write_text("Mild cough.\n")
    assert recognized(tmp_path) == []


@pytest.mark.parametrize(
    "yaml",
    [
        "names: {0: a}\n",
        "names: [a, 'b]\n",
        "names:\n  0: a\n  0: b\n",
        "names: &x\n",
        'names:\n  0: "a\\"b"\n',
        "kpt_shape: [3]\nnames: [a]\n",
        "kpt_shape: [3, 9]\nnames: [a]\n",
    ],
)
def test_a_list_of_classes_that_cannot_be_read_is_not_guessed(tmp_path: Path, yaml: str) -> None:
    with pytest.raises(UsageError, match="IMP-003"):
        read(tmp_path, "0 0.5 0.5 0.2 0.2", yaml=yaml)


def test_broken_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="IMP-001"):
        list(Yolo().read(tmp_path))
    folder(tmp_path, "0 0.5 0.5 0.2 0.2")
    (tmp_path / "sizes.csv").write_text("file,width,height\na,0,1\n")
    with pytest.raises(UsageError, match="IMP-003"):
        list(Yolo().read(tmp_path))
    (tmp_path / "sizes.csv").unlink()
    (tmp_path / "labels/train/b.txt").write_bytes(b"\xff\xfe0")
    with pytest.raises(UsageError, match="IMP-003"):
        list(Yolo().read(tmp_path))
    with pytest.raises(UsageError, match="IMP-001"):
        list(Yolo().read(tmp_path / "data.yaml"))


def test_spoiled_lines_lose_no_label(tmp_path: Path) -> None:
    rng = random.Random(5)
    words = ["0", "1", "0.5", "0.1", "nan", "Smith", "1e999", "-3", "٣", "0.3", "9" * 60]
    lines = [" ".join(rng.choice(words) for _ in range(rng.randint(1, 12))) for _ in range(300)]
    made = read(tmp_path, "\n".join(lines))
    assert len(made) == 300
    assert all(isinstance(one, Item) or "Smith" not in repr(one) for one in made)
