"""COCO: every form of its labels, the traps of each, and counts that always add up."""

from __future__ import annotations

import json
import random
import struct
import zlib
from decimal import Decimal
from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.coco import Coco
from curator.labels.readers.table import recognized

IMAGES = [{"id": 1, "file_name": "Smith_John.png", "width": 10, "height": 8}, {"id": 2, "file_name": "b.png"}]
CATEGORIES = [
    {"id": 1, "name": "nodule", "supercategory": "lung"},
    {"id": 2, "name": "spine", "keypoints": ["top", "end"]},
    {"id": 3, "name": " "},
]


def write(path: Path, annotations: list, **more) -> Path:
    whole = {"annotations": annotations, "images": IMAGES, "categories": CATEGORIES} | more
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def read(tmp_path: Path, *annotations, **more) -> list[Item | Refused]:
    return list(Coco().read(write(tmp_path / "a.json", list(annotations), **more)))


def label(number: int = 1, **fields) -> dict:
    return {"id": number, "image_id": 1, "category_id": 1} | fields


def only(tmp_path: Path, **fields) -> Item | Refused:
    (made,) = read(tmp_path, label(**fields))
    return made


def test_a_box_keeps_its_digits_and_its_sample(tmp_path: Path) -> None:
    text = '{"images":[{"id":1,"file_name":"a.png","width":9,"height":9}],"categories":[{"id":1,"name":"n"}],'
    path = tmp_path / "a.json"
    path.write_text(text + '"annotations":[{"id":7,"image_id":1,"category_id":1,"bbox":[1.10,2,3.000,4],"iscrowd":0}]}')
    (made,) = Coco().read(path)
    assert [str(value) for value in made.value["box"]] == ["1.10", "2", "3.000", "4"]
    assert all(isinstance(value, Decimal) for value in made.value["box"])
    assert (made.kind, made.label_id, made.sample.name, made.sample.size) == ("box", "coco-7", "a.png", (9, 9))
    assert made.kept == {"category_id": 1, "iscrowd": 0}
    assert (made.author, made.labeled_at, made.confidence, made.origin) == (None, None, None, "unknown")


def test_polygons_hold_all_their_parts_and_keep_the_box(tmp_path: Path) -> None:
    made = only(tmp_path, segmentation=[[0, 0, 4, 0, 4, 4], [6, 0, 9, 0, 9, 4]], bbox=[0, 0, 9, 4], area=12)
    assert made.kind == "polygon"
    assert made.value["rings"] == [[0, 0, 4, 0, 4, 4], [6, 0, 9, 0, 9, 4]]
    assert made.kept == {"supercategory": "lung", "bbox": [0, 0, 9, 4], "area": 12, "category_id": 1}


@pytest.mark.parametrize("counts", [[8, 3, 69], "83U2"])
def test_run_lengths_by_columns_become_rows(tmp_path: Path, counts: object) -> None:
    made = only(tmp_path, segmentation={"size": [8, 10], "counts": counts}, iscrowd=1)
    assert made.kind == "mask"
    assert made.value == {"class": "nodule", "size": [8, 10], "runs": [1, 1, 9, 1, 9, 1, 58]}
    assert made.kept["iscrowd"] == 1


def test_keypoints_are_a_label_of_their_own(tmp_path: Path) -> None:
    shape, points = read(tmp_path, label(category_id=2, bbox=[0, 0, 5, 5], keypoints=[1, 2, 2, 0, 0, 0]))
    assert (shape.kind, shape.label_id) == ("box", "coco-1")
    assert (points.kind, points.label_id) == ("keypoints", "coco-1-keypoints")
    assert points.value["points"] == [
        {"name": "top", "x": 1, "y": 2, "visibility": 2},
        {"name": "end", "x": 0, "y": 0, "visibility": 0},
    ]
    (unmarked,) = read(tmp_path, label(category_id=2, bbox=[0, 0, 5, 5], keypoints=[0] * 6, num_keypoints=0))
    assert unmarked.kind == "box"


def test_an_annotation_without_shape_is_a_class_of_the_image(tmp_path: Path) -> None:
    made = only(tmp_path, segmentation=[], bbox=[])
    assert (made.kind, made.value) == ("class", {"class": "nodule"})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"bbox": [0, 0, 0, 5]}, "IMP-021"),
        ({"bbox": [8, 0, 5, 5]}, "IMP-021"),
        ({"bbox": [0, 0, 5]}, "IMP-020"),
        ({"bbox": ["Smith", 0, 5, 5]}, "IMP-020"),
        ({"bbox": "Smith"}, "IMP-020"),
        ({"segmentation": [[0, 0, 4, 4]]}, "IMP-025"),
        ({"segmentation": [[0, 0, 4, 4, 4, 0, 0, 4]]}, "IMP-025"),
        ({"segmentation": [[0, 0, 4, 0, 4, 4, 0]]}, "IMP-020"),
        ({"segmentation": [0, 0, 4, 0, 4, 4]}, "IMP-020"),
        ({"segmentation": [[0, 0, 8, 0, 8, 7], [2, 1, 6, 1, 6, 4]]}, "IMP-031"),
        ({"segmentation": {"size": [8, 10], "counts": [8, 3, 70]}}, "IMP-024"),
        ({"segmentation": {"size": [10, 8], "counts": [8, 3, 69]}}, "IMP-024"),
        ({"segmentation": {"size": [8, 10], "counts": [80]}}, "IMP-021"),
        ({"segmentation": {"size": [8, 10], "counts": "é"}}, "IMP-024"),
        ({"segmentation": {"counts": [80]}}, "IMP-024"),
        ({"segmentation": "Smith"}, "IMP-020"),
        ({"keypoints": [1, 2, 3]}, "IMP-020"),
        ({"keypoints": [1, 2]}, "IMP-020"),
        ({"keypoints": [1, 2, 2], "category_id": 2}, "IMP-023"),
        ({"category_id": 9}, "IMP-026"),
        ({"category_id": 3}, "IMP-023"),
        ({"image_id": "Smith"}, "IMP-026"),
        ({"image_id": None}, "IMP-023"),
        ({"caption": "Smith"}, "IMP-022"),
    ],
)
def test_what_is_wrong_is_refused_without_its_value(tmp_path: Path, fields: dict, code: str) -> None:
    made = only(tmp_path, **fields)
    assert (made.code, made.place) == (code, "annotations[0]")
    assert "Smith" not in repr(made)


def test_one_id_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    first, second, third = read(tmp_path, label(5), label(5, bbox=[0, 0, 1, 1]), label(None))
    assert first.label_id == "coco-5"
    assert (second.code, second.place) == ("IMP-027", "annotations[1]")
    assert third.label_id == "coco-at-3"


def test_results_are_a_models_with_their_scores(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text('[{"image_id":4,"category_id":18,"bbox":[1,2,3,4],"score":0.230},{"image_id":4,"score":7.5}]')
    made, bare = Coco().read(path)
    assert (str(made.confidence), made.confidence_scale, made.origin) == ("0.230", "probability-0-1", "model")
    assert (made.sample.by, made.sample.name, made.value["class"]) == ("id", "4", "18")
    assert made.label_id == "coco-at-1"
    assert bare.code == "IMP-023"
    assert recognized(path) == ["coco"]


def png(colors: list[list[int]]) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"".join(color.to_bytes(3, "little") for color in row) for row in colors)
    head = struct.pack(">IIBBBBB", len(colors[0]), len(colors), 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_panoptic_masks_come_from_their_png(tmp_path: Path) -> None:
    listed = [{"id": 7, "category_id": 1, "iscrowd": 0}, {"id": 300, "category_id": 1}, {"id": 9, "category_id": 1}]
    panoptic = {"image_id": 2, "file_name": "b.png", "segments_info": listed}
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.png").write_bytes(png([[7, 7, 0], [300, 7, 5]]))
    first, second, third, fourth = read(tmp_path, panoptic)
    assert first.value == {"class": "nodule", "size": [2, 3], "runs": [0, 2, 2, 1, 1]}
    assert (first.label_id, first.kept["iscrowd"]) == ("coco-2-7", 0)
    assert second.value["runs"] == [3, 1, 2]
    assert third.code == "IMP-021", "a listed segment that no pixel shows"
    assert (fourth.code, fourth.place) == ("IMP-026", "annotations[0].mask[0]"), "a color that no segment explains"


@pytest.mark.parametrize("name", ["../b.png", "none.png", "/etc/passwd", "..\\b.png", "\0", None, "C:b.png"])
def test_a_mask_outside_of_the_export_is_never_opened(tmp_path: Path, name: str | None) -> None:
    (tmp_path / "b.png").write_bytes(png([[7]]))
    inner = tmp_path / "in"
    inner.mkdir()
    segments = [{"id": 7, "category_id": 1}, {"id": 8, "category_id": 1}]
    made = read(inner, {"image_id": 2, "file_name": name, "segments_info": segments})
    assert [one.code for one in made] == ["IMP-026" if name else "IMP-023"] * 2


def test_a_mask_behind_a_link_out_of_the_export_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(png([[7]]))
    inner = tmp_path / "in"
    inner.mkdir()
    (inner / "b.png").symlink_to(tmp_path / "b.png")
    (made,) = read(inner, {"image_id": 2, "file_name": "b.png", "segments_info": [{"id": 7, "category_id": 1}]})
    assert made.code == "IMP-026"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", "IMP-001"),
        ("5", "IMP-001"),
        ('{"annotations":{}}', "IMP-001"),
        ('{"annotations":[],"images":5}', "IMP-001"),
        ('{"annotations":[{"id":1,"id":2}]}', "IMP-003"),
        ('{"annotations":[],"images":[{"id":1},{"id":1}]}', "IMP-003"),
        ('{"annotations":[NaN]}', "IMP-003"),
    ],
)
def test_what_is_not_coco_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UsageError) as caught:
        list(Coco().read(tmp_path / "a.json"))
    assert caught.value.code == code


GOOD = [
    label(1, bbox=[1, 1, 2, 2]),
    label(2, segmentation=[[0, 0, 4, 0, 4, 4]]),
    label(3, segmentation={"size": [8, 10], "counts": [8, 3, 69]}),
    label(4, category_id=2, keypoints=[1, 2, 2, 3, 4, 1]),
    {"image_id": 1, "file_name": "Smith.png", "segments_info": [{"id": 1, "category_id": 1}]},
]
JUNK = [None, True, -1, 1.5, "Smith", [], {}, [[]], [None], {"Smith": []}, 10**30, ["Smith"]]


def test_every_truncation_is_a_broken_export(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.json", GOOD).read_bytes()
    for at in range(0, len(whole) - 1, 11):
        (tmp_path / "b.json").write_bytes(whole[:at])
        with pytest.raises(UsageError) as caught:
            list(Coco().read(tmp_path / "b.json"))
        assert caught.value.code == "IMP-003"


def test_wrong_types_anywhere_lose_no_label_and_show_no_value(tmp_path: Path) -> None:
    rng = random.Random(7)

    def spoil(value: object) -> object:
        if rng.random() < 0.1:
            return rng.choice(JUNK)
        if isinstance(value, dict):
            return {key: spoil(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [spoil(inner) for inner in value]
        return value

    for _ in range(300):
        annotations = [spoil(one) for one in GOOD]
        made = read(tmp_path, *annotations, categories=[spoil(one) for one in CATEGORIES])
        places = {one.place.split(".")[0] for one in made}
        assert places == {f"annotations[{at}]" for at in range(len(GOOD))}
        for one in made:
            assert "Smith" not in one.place
            assert isinstance(one, Item) or "Smith" not in repr(one)


def test_it_is_recognized_by_its_arrays(tmp_path: Path) -> None:
    assert recognized(write(tmp_path / "a.json", GOOD)) == ["coco"]
    for text in ('{"categories": {"label": []}, "items": []}', '[{"id": 1, "data": {}}]', '{"annotations": []}'):
        (tmp_path / "b.json").write_text(text)
        assert "coco" not in recognized(tmp_path / "b.json")


def test_a_box_that_cvat_turned_is_turned(tmp_path: Path) -> None:
    """CVAT writes the box before its turn, and the turn as an attribute."""
    path = tmp_path / "instances.json"
    turned = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [], "bbox": [-3, 10, 40, 8]}
    rows = [
        turned | {"attributes": {"occluded": False, "rotation": 30.5}},
        turned | {"id": 2, "bbox": [3, 10, 40, 8], "attributes": {"rotation": 360.0}},
        turned | {"id": 3, "bbox": [3, 10, 40, 8], "attributes": {"rotation": "left"}},
        turned | {"id": 4, "bbox": [-60, 10, 40, 8], "attributes": {"rotation": 30}},
    ]
    images = [{"id": 1, "file_name": "a.png", "width": 64, "height": 64}]
    path.write_text(json.dumps({"images": images, "categories": [{"id": 1, "name": "c"}], "annotations": rows}))
    one, whole, other, outside = Coco().read(path)
    assert isinstance(one, Item)
    assert (one.value["box"], one.value["rotation"]) == ([-3, 10, 40, 8], Decimal("30.5"))
    assert [isinstance(item, Item) and "rotation" in item.value for item in (whole, other)] == [False, False]
    assert isinstance(outside, Refused)
    assert outside.code == "IMP-021"
