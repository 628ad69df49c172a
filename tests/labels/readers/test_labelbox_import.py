"""Labelbox's import files: each row is a label or a refusal, models are told from the rest, tokens are not kept."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from curator.labels.item import Item, Refused
from curator.labels.png import png_bytes
from curator.labels.readers.table import reader, recognized

ROW = {"uuid": "u1", "dataRow": {"globalKey": "a.png"}, "name": "nodule"}
BOX = {"bbox": {"top": 1.5, "left": 2, "height": 3, "width": 4}}


def read(folder: Path, *rows: dict[str, Any]) -> list[Item | Refused]:
    path = folder / "a.ndjson"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    assert recognized(path) == ["labelbox-import"]
    return list(reader("labelbox-import").read(path))


def one(folder: Path, **row: Any) -> Item:
    (found,) = read(folder, ROW | row)
    assert isinstance(found, Item), found
    return found


def code(folder: Path, **row: Any) -> str:
    (found,) = read(folder, ROW | row)
    assert isinstance(found, Refused), found
    return found.code


def test_a_list_and_lines_give_the_same_labels(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps([ROW | BOX, ROW | {"uuid": "u2", "point": {"x": 1, "y": 2}}]))
    listed = list(reader("labelbox-import").read(path))
    lines = read(tmp_path, ROW | BOX, ROW | {"uuid": "u2", "point": {"x": 1, "y": 2}})
    assert [(item.label_id, item.kind, item.value) for item in listed if isinstance(item, Item)] == [
        ("labelbox-u1", "box", {"class": "nodule", "box": [2, Decimal("1.5"), 4, 3]}),
        ("labelbox-u2", "point", {"class": "nodule", "point": [1, 2]}),
    ]
    assert [(item.label_id, item.value) for item in lines if isinstance(item, Item)] == [
        (item.label_id, item.value) for item in listed if isinstance(item, Item)
    ]


def test_a_row_with_a_confidence_or_metrics_is_a_models(tmp_path: Path) -> None:
    sure = one(tmp_path, confidence=0.75, **BOX)
    assert (sure.origin, sure.confidence, sure.confidence_scale) == ("model", Decimal("0.75"), "probability-0-1")
    assert one(tmp_path, customMetrics=[{"name": "m", "value": 0.4}], **BOX).origin == "model"
    assert one(tmp_path, answer={"name": "yes", "confidence": 0.5}).confidence == Decimal("0.5")
    assert one(tmp_path, answer=[{"name": "yes", "confidence": 0.5}]).origin == "model"
    assert (one(tmp_path, **BOX).origin, one(tmp_path, **BOX).confidence) == ("unknown", None)


def test_the_sample_is_the_global_key_or_else_the_id_of_the_data_row(tmp_path: Path) -> None:
    assert (one(tmp_path, **BOX).sample.by, one(tmp_path, **BOX).sample.name) == ("file", "a.png")
    by_id = one(tmp_path, dataRow={"id": "d1"}, **BOX).sample
    assert (by_id.by, by_id.name) == ("id", "d1")
    assert code(tmp_path, dataRow={}, **BOX) == "IMP-023"


def test_the_id_of_a_schema_stands_for_a_class_without_a_name(tmp_path: Path) -> None:
    row = {key: value for key, value in ROW.items() if key != "name"} | {"schemaId": "ck1"}
    (found,) = read(tmp_path, row | {"answer": [{"schemaId": "ck2"}, {"schemaId": "ck3"}]})
    assert isinstance(found, Item)
    assert (found.kind, found.value) == ("classes", {"classes": ["ck1: ck2", "ck1: ck3"]})


def test_each_segment_of_a_video_is_a_track_of_its_own_and_ends_are_included_in_ranges(tmp_path: Path) -> None:
    keys = [{"keyframes": [{"frame": at} | BOX for at in frames]} for frames in ((1, 5), (8,))]
    tracks = read(tmp_path, ROW | {"segments": keys})
    assert all(isinstance(found, Item) for found in tracks)
    made = [
        (found.label_id, found.value["track"], [frame["frame"] for frame in found.value["frames"]])
        for found in tracks
        if isinstance(found, Item)
    ]
    assert made == [("labelbox-u1-1", "labelbox-u1", [1, 5]), ("labelbox-u1-2", "labelbox-u1", [8])]
    held = one(tmp_path, answer={"name": "yes"}, frames=[{"start": 3, "end": 4}, {"start": 9, "end": 9}])
    assert held.part == {"frames": [3, 4, 9]}
    assert code(tmp_path, answer={"name": "yes"}, frames=[{"start": 0, "end": 4}]) == "IMP-020"
    assert code(tmp_path, answer={"name": "yes"}, frames=[{"start": 5, "end": 4}]) == "IMP-020"
    assert code(tmp_path, segments=[]) == "IMP-023"


def test_a_mask_in_the_row_comes_in_and_one_behind_an_address_does_not(tmp_path: Path) -> None:
    picture = base64.b64encode(png_bytes(bytes((0, 1, 1, 0, 0, 1)), 3, 2)).decode()
    found = one(tmp_path, mask={"png": picture})
    assert (found.kind, found.value) == ("mask", {"class": "nodule", "size": [2, 3], "runs": [1, 2, 2, 1]})
    assert code(tmp_path, mask={"png": picture[:-8]}) == "IMP-032"
    assert code(tmp_path, mask={"png": base64.b64encode(png_bytes(bytes(6), 3, 2)).decode()}) == "IMP-021"
    assert code(tmp_path, mask={"png": base64.b64encode(png_bytes(bytes((1, 2)), 2, 1)).decode()}) == "IMP-032"
    assert code(tmp_path, mask={"instanceURI": "https://x.example/m?token=SECRET", "colorRGB": [1, 1, 1]}) == "IMP-022"


def test_a_relation_joins_two_rows_and_a_span_includes_its_end_in_the_file(tmp_path: Path) -> None:
    joined = one(tmp_path, relationship={"source": "u2", "target": "u3", "type": "unidirectional"})
    assert joined.value == {"type": "nodule", "from": "labelbox-u2", "to": "labelbox-u3"}
    assert joined.kept == {"relationship": {"type": "unidirectional"}}
    assert one(tmp_path, location={"start": 3, "end": 5}).value == {"type": "nodule", "start": 3, "end": 6}


@pytest.mark.parametrize(
    "row",
    [
        {"metricValue": 0.1, "aggregation": "SUM"},
        {"messageEvaluationTask": {"format": "message-ranking"}},
        {"location": {"start": 1, "end": 2}, "messageId": "m"},
        {"answer": "yes", "messageId": "m"},
        {"textSelections": [{"page": 1, "tokenIds": ["t"]}]},
        {"page": 4, "unit": "POINTS", **BOX},
        {"groupKey": "axial", "segments": []},
        {"masks": {"frames": [], "instances": []}},
        {"cuboid": {}},
    ],
)
def test_a_row_that_is_no_label_of_its_sample_is_refused_by_name(tmp_path: Path, row: dict[str, Any]) -> None:
    assert code(tmp_path, **row) == "IMP-022"


def test_of_two_rows_with_one_id_the_second_is_refused_and_rows_without_ids_stand_by_their_place(
    tmp_path: Path,
) -> None:
    first, second = read(tmp_path, ROW | BOX, ROW | BOX)
    assert isinstance(first, Item)
    assert isinstance(second, Refused)
    assert second.code == "IMP-027"
    bare = {key: value for key, value in ROW.items() if key != "uuid"}
    found = read(tmp_path, bare | BOX, bare | BOX)
    assert [item.label_id for item in found if isinstance(item, Item)] == [
        "labelbox-a.png-line-1",
        "labelbox-a.png-line-2",
    ]
