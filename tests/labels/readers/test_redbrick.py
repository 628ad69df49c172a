"""RedBrick AI: the uploader is no author, fractions, mammography, key frames, consensus."""

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
    return list(reader("redbrick").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


BOX = {"category": ["a", "b"], "pointTopLeft": {"xNorm": 0.1, "yNorm": 0.5}, "wNorm": 0.5, "hNorm": 0.25}


def task(series: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    held = {"items": ["a.dcm"], "dimensions": [100, 80, 1]} | series
    return [{"taskId": "t", "name": "n", "createdBy": "up@x.example", "createdAt": "2023-01-01T00:00:00+00:00",
             "currentStageName": "Review_1", "series": [held]} | more]  # fmt: skip


def test_the_uploader_is_never_the_author(tmp_path: Path) -> None:
    (one,) = items(read(tmp_path, task({"boundingBoxes": [BOX]})))
    assert (one.author, one.labeled_at, one.stage) == (None, None, "review-1")
    assert one.kept["task"]["createdBy"] == "up@x.example"
    later = {"updatedBy": "a@x.example", "updatedAt": "2023-01-02T00:00:00+00:00"}
    (two,) = items(read(tmp_path, task({"boundingBoxes": [BOX]}, **later)))
    assert (two.author, two.labeled_at) == ("a@x.example", "2023-01-02T00:00:00+00:00")


def test_fractions_need_dimensions_and_mammography_is_refused(tmp_path: Path) -> None:
    (one,) = items(read(tmp_path, task({"boundingBoxes": [BOX]})))
    assert one.value == {"class": "a/b", "box": [Decimal(10), Decimal(40), Decimal(50), Decimal(20)]}
    assert codes(read(tmp_path, task({"boundingBoxes": [BOX], "dimensions": None}))) == ["IMP-036"]
    assert codes(read(tmp_path, task({"boundingBoxes": [BOX], "metaData": {"modality": "mg"}}))) == ["IMP-022"]


def test_no_key_frame_is_interpolated_and_frames_count_from_one(tmp_path: Path) -> None:
    shapes = [BOX | {"video": {"seriesItemIndex": 0, "frameIndex": at, "keyFrame": at == 0}} for at in (0, 1)]
    one, two = items(read(tmp_path, task({"boundingBoxes": shapes})))
    assert [(i.part, i.origin) for i in (one, two)] == [({"frames": [1]}, "unknown"), ({"frames": [2]}, "interpolated")]


def test_a_label_of_a_series_names_its_own_file(tmp_path: Path) -> None:
    many = {"items": ["a.dcm", "b.dcm"], "boundingBoxes": [BOX | {"video": {"seriesItemIndex": at}} for at in (1, 2)]}
    found = read(tmp_path, task(many))
    assert codes(found) == ["in", "IMP-026"]
    assert isinstance(found[0], Item)
    assert found[0].sample.name == "b.dcm"


def test_voxels_measurements_and_attributes_come_in_and_segmentations_are_counted(tmp_path: Path) -> None:
    series = {
        "landmarks3d": [{"category": "c", "point": {"i": 1, "j": 2, "k": 3}}],
        "cuboids": [{"category": "c", "point1": {"i": 5, "j": 2, "k": 0}, "point2": {"i": 1, "j": 4, "k": 2}}],
        "measurements": [{"type": "length", "category": "c", "length": 12.50}, {"type": "angle", "category": "c"}],
        "classifications": [{"attributes": {"view": "AP", "old": True}}],
        "instanceClassifications": [{"fileIndex": 2, "values": {"seen": ["b", "a"]}}],
        "segmentMap": {"1": "liver", "2": {"category": "spleen"}},
    }
    found = read(tmp_path, task(series))
    assert codes(found) == ["in", "in", "in", "IMP-023", "in", "in", "in", "IMP-022", "IMP-022"]
    cuboid, point, length, view, old, seen = (one for one in found if isinstance(one, Item))
    assert point.value["points"] == [[Decimal("1.5"), Decimal("2.5"), Decimal("3.5")]]
    assert cuboid.value["box"] == [Decimal(n) for n in (1, 2, 0, 4, 2, 2)]
    assert length.value == {"what": "c: length", "amount": Decimal("12.5"), "unit": "mm"}
    assert [one.value for one in (view, old)] == [{"class": "view: AP"}, {"class": "old: true"}]
    assert (seen.value, seen.part) == ({"classes": ["seen: a", "seen: b"]}, {"frames": [3]})


def test_a_consensus_task_gives_the_labels_of_each_reader(tmp_path: Path) -> None:
    reader_task = {
        "updatedBy": "r@x.example",
        "series": [{"items": ["a.dcm"], "dimensions": [100, 80], "polylines": []}],
    }
    reader_task["series"][0]["boundingBoxes"] = [BOX]  # type: ignore[index]
    found = items(read(tmp_path, task({}, consensusTasks=[reader_task, reader_task], superTruth=reader_task)))
    assert [(one.author, one.stage) for one in found] == [("r@x.example", None)] * 2 + [("r@x.example", "consensus")]
    assert len({one.label_id for one in found}) == 3
