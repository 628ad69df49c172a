"""VGG Image Annotator 1 to 3: shapes, which attribute is the class, what is said of whole images."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.table import reader, recognized

RECT = {"name": "rect", "x": 1, "y": 2.5, "width": 3, "height": 4}
HEADER = "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes"


def region(shape: Any, **given: Any) -> dict[str, Any]:
    return {"shape_attributes": shape, "region_attributes": given}


def read(path: Path, value: Any, form: str = "via") -> list[Item | Refused]:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    assert recognized(path) == [form]
    return list(reader(form).read(path))


def image(*regions: Any, name: str = "scan.png", **about: Any) -> dict[str, Any]:
    return {"filename": name, "size": 17, "regions": list(regions), "file_attributes": about}


def test_every_shape_becomes_its_kind(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.json",
        {
            "scan.png17": image(
                region(RECT, finding="nodule"),
                region({"name": "circle", "cx": 5, "cy": 6, "r": 2.5}, finding="cyst"),
                region({"name": "ellipse", "cx": 5, "cy": 6, "rx": 2, "ry": 1, "theta": 0.5}, finding="cyst"),
                region({"name": "polygon", "all_points_x": [1, 9, 9], "all_points_y": [1, 1, 9]}, finding="cyst"),
                region({"name": "polyline", "all_points_x": [1, 9], "all_points_y": [1, 1]}, finding="cyst"),
                region({"name": "point", "cx": 5, "cy": 6}, finding="cyst"),
            )
        },
    )
    assert [one.kind for one in found] == ["box", "ellipse", "ellipse", "polygon", "polyline", "point"]
    assert found[0].value == {"class": "nodule", "box": [1, Decimal("2.5"), 3, 4]}
    assert found[0].kept == {"class_attribute": "finding", "region_attributes": {"finding": "nodule"}}
    assert found[1].value["radii"] == [Decimal("2.5"), Decimal("2.5")]
    assert found[2].value["rotation"] == Decimal("28.647890")
    assert found[0].place == "image[0].regions[0]"


def test_a_project_an_old_file_and_csv_give_the_same(tmp_path: Path) -> None:
    regions = {"0": region(RECT, name="nodule", side="left")}
    old = {"scan.png17": {**image(view="lateral", note=""), "regions": regions}}
    project = {"_via_settings": {}, "_via_img_metadata": {"k": image(regions["0"], view="lateral", note="")}}
    with (tmp_path / "c.csv").open("w", newline="") as stream:
        write = csv.writer(stream)
        write.writerow(HEADER.split(","))
        given = [json.dumps(one) for one in ({"view": "lateral"}, RECT, regions["0"]["region_attributes"])]
        write.writerow(["scan.png", "17", given[0], "1", "0", given[1], given[2]])
        write.writerow(["empty.png", "18", "{}", "0", "0", "{}", "{}"])
    made = [
        read(tmp_path / "a.json", old),
        read(tmp_path / "b.json", project),
        read(tmp_path / "c.csv", (tmp_path / "c.csv").read_text()),
    ]
    for found in made:
        assert [(one.kind, one.value) for one in found] == [
            ("class", {"class": "lateral"}),
            ("box", {"class": "nodule", "box": [1, Decimal("2.5"), 3, 4]}),
        ]
        assert found[1].kept["region_attributes"] == {"name": "nodule", "side": "left"}


def test_which_attribute_is_the_class_is_told_or_refused(tmp_path: Path) -> None:
    found = read(
        tmp_path / "a.json",
        {
            "a": image(
                region(RECT, size="large", side="left"),
                region(RECT, side="left"),
                region(RECT, side={"left": True, "right": False}),
                region(RECT, side={"left": True, "right": True}),
                region(RECT),
                view={"lateral": True, "oblique": True},
                quality="good",
                name="https://pacs.example/x/scan.png?token=1",
            )
        },
    )
    whole, drawn = found[:2], found[2:]
    assert [one.value for one in whole] == [
        {"classes": ["view: lateral", "view: oblique"]},
        {"class": "quality: good"},
    ]
    assert whole[0].sample.name == "x/scan.png"
    assert [one.value["class"] if isinstance(one, Item) else one.code for one in drawn] == [
        "IMP-023", "side: left", "side: left", "IMP-023", "IMP-023",
    ]  # fmt: skip


def test_via_3_resolves_files_views_and_options(tmp_path: Path) -> None:
    label = {"vid": "1", "flg": 0, "z": [], "xy": [2, 1, 2, 3, 4], "av": {"1": "0"}}
    project = {
        "project": {"pid": "x", "vid_list": ["1", "2"]},
        "config": {},
        "attribute": {
            "1": {"aname": "finding", "type": 4, "options": {"0": "cyst", "1": "nodule"}},
            "2": {"aname": "quality", "type": 2, "options": {"0": "sharp", "1": "whole"}},
        },
        "file": {"1": {"fid": "1", "fname": "scan.png"}, "2": {"fid": "2", "fname": "other.png"}},
        "metadata": {
            "1_a": label,
            "1_b": {**label, "xy": [8, 5, 1, 9, 3, 6, 7, 2, 2], "av": {"1": "1"}},
            "1_c": {**label, "xy": [], "av": {"2": "0,1"}},
            "1_d": {**label, "z": [1.5]},
            "1_e": {**label, "av": {"1": "7"}},
            "1_f": {**label, "vid": "2"},
            "1_g": {**label, "xy": [], "av": {}},
            "1_h": {**label, "xy": [9, 1, 2, 3, 4, 5, 6]},
        },
        "view": {"1": {"fid_list": ["1"]}, "2": {"fid_list": ["1", "2"]}},
    }
    found = read(tmp_path / "a.json", project, "via3")
    assert [(one.kind, one.value) for one in found[:3]] == [
        ("box", {"class": "cyst", "box": [1, 2, 3, 4]}),
        ("box", {"class": "nodule", "box": [2, 1, 7, 6]}),
        ("classes", {"classes": ["sharp", "whole"]}),
    ]
    assert found[0].sample.name == "scan.png"
    assert [one.code for one in found[3:]] == ["IMP-022", "IMP-026", "IMP-022", "IMP-023", "IMP-022"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": {"x": 1}}', "IMP-001"),
        ('{"a": {"filename": "x", "regions": [', "IMP-003"),
        (HEADER + "\na,1\n", "IMP-003"),
    ],
)
def test_a_file_that_is_broken_or_another_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a").write_text(text)
    with pytest.raises(UsageError) as caught:
        list(reader("via").read(tmp_path / "a"))
    assert caught.value.code == code
