"""Scale: Nucleus items and annotations, predictions, tasks."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.labels.item import Item, Refused
from curator.labels.readers.table import reader


def read(folder: Path, document: Any) -> list[Item | Refused]:
    path = folder / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return list(reader("scale").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


RING = {"vertices": [{"x": 0, "y": 0}, {"x": 9, "y": 0}, {"x": 9, "y": 9}]}


def test_annotations_on_lines_of_their_own_come_in(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        {"label": "c", "type": "polygon", "geometry": RING, "reference_id": "a", "annotation_id": "c-1-2-qorvath.png"},
        {"label": "c", "type": "line", "geometry": RING, "reference_id": "a"},
        {"labels": ["b", "a"], "type": "multicategory", "reference_id": "a"},
        {"type": "segmentation", "mask_url": "s3://b/m.png", "annotations": [], "reference_id": "a"},
        {"label": "c", "type": "cuboid", "geometry": {}, "reference_id": "a"},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    found = list(reader("scale").read(path))
    assert codes(found) == ["in", "in", "in", "IMP-022", "IMP-080"]
    kept = [one for one in found if isinstance(one, Item)]
    assert kept[0].kept["annotation_id"] == "c-1-2-qorvath.png"
    assert "qorvath" not in kept[0].label_id
    assert kept[2].value == {"classes": ["a", "b"]}


def test_a_prediction_is_a_models_with_its_confidence(tmp_path: Path) -> None:
    box = {"label": "c", "type": "box", "geometry": {"x": 1, "y": 2, "width": 3, "height": 4}, "reference_id": "a"}
    plain, sure = items(read(tmp_path, [box, box | {"confidence": 0.9}]))
    assert (plain.origin, plain.confidence) == ("unknown", None)
    assert (sure.origin, sure.confidence, sure.confidence_scale) == ("model", Decimal("0.9"), "probability-0-1")


def test_keypoints_take_their_names_and_what_is_hidden(tmp_path: Path) -> None:
    points = {"names": ["nose", "ear"], "keypoints": [{"x": 1, "y": 2, "label": "1", "visible": False}], "skeleton": []}
    (one,) = items(read(tmp_path, {"label": "c", "type": "keypoints", "geometry": points, "reference_id": "a"}))
    assert one.value["points"] == [{"name": "ear", "x": Decimal(1), "y": Decimal(2), "visibility": 1}]


def test_a_task_gives_its_annotations_its_answers_and_its_time(tmp_path: Path) -> None:
    task = {
        "task_id": "t1",
        "status": "completed",
        "completed_at": "2023-01-02T03:04:05.000Z",
        "params": {"attachment": "https://x.example/a.png?sig=SECRET", "instruction": "look"},
        "response": {
            "annotations": [{"type": "box", "label": "c", "left": 1, "top": 2, "width": 3, "height": 4, "uuid": "u"}],
            "global_attributes": {"view": "AP", "signs": ["b", "a"]},
        },
    }
    box, view, signs = items(read(tmp_path, task))
    assert (box.sample.name, box.labeled_at, box.stage) == (
        "https://x.example/a.png", "2023-01-02T03:04:05.000Z", "completed",
    )  # fmt: skip
    assert view.value == {"class": "view: AP"}
    assert signs.value == {"classes": ["signs: a", "signs: b"]}
    assert "SECRET" not in repr([box, view, signs])


CUBOID = {"position": {"x": 10, "y": -20, "z": 30.5}, "dimensions": {"x": 4, "y": 2, "z": 6}, "yaw": 0}


def placed(meta: Any, **more: Any) -> dict[str, Any]:
    return {"label": "c", "type": "cuboid", "geometry": CUBOID | more, "reference_id": "a", "metadata": meta}


def test_a_cuboid_comes_in_where_its_frame_and_unit_are_stated_and_nowhere_else(tmp_path: Path) -> None:
    lps, ras = {"coordinateSystem": "LPS", "unit": "mm"}, {"coordinate_system": "RAS", "units": "cm"}
    rows = [
        placed(lps),
        placed(ras, yaw=1.5707963267948966),
        placed({}),
        placed({"unit": "mm"}),
        placed({"coordinateSystem": "LPS"}),
        placed({"coordinateSystem": "velodyne", "unit": "m"}),
        placed({"coordinateSystem": "LPS", "space": "RAS", "unit": "mm"}),
        placed(lps, dimensions={"x": 4, "y": 0, "z": 6}),
        placed(lps, position={"x": 4, "y": "north"}),
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in rows))
    found = list(reader("scale").read(path))
    assert codes(found) == ["in", "in", *["IMP-080"] * 5, "IMP-021", "IMP-020"]
    one, two = (item for item in found if isinstance(item, Item))
    assert (one.kind, one.value) == ("box3d", {
        "class": "c", "space": "patient", "box": [8, -21, Decimal("27.5"), 4, 2, 6],
    })  # fmt: skip
    assert two.value["box"] == [-120, 190, 275, 40, 20, 60]
    assert two.value["rotation"] == 90


def test_a_task_with_cuboids_says_their_frame_in_its_params(tmp_path: Path) -> None:
    answer = {"type": "cuboid", "label": "c", "uuid": "u", **CUBOID}
    task = {
        "task_id": "t1", "status": "completed", "completed_at": "2023-01-02T03:04:05.000Z",
        "params": {"attachment": "https://x.example/a.pcd", "metadata": {"space": "LPS", "unit": "mm"}},
        "response": {"annotations": [answer]},
    }  # fmt: skip
    (one,) = items(read(tmp_path, task))
    assert one.value["box"][:3] == [8, -21, Decimal("27.5")]
    assert codes(read(tmp_path, task | {"params": {"attachment": "a"}})) == ["IMP-080"]
