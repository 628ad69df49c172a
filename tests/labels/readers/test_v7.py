"""V7 Darwin: masks in raster layers, frames from 0, radians, stage history."""

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
    return list(reader("v7-darwin").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def document(annotations: list[Any], **slot: Any) -> dict[str, Any]:
    held = {"slot_name": "0", "width": 4, "height": 2} | slot
    source = {"item_id": "0191-aa"}
    return {
        "version": "2.0",
        "schema_ref": "https://x.example/darwin_json/2.0/schema.json",
        "item": {"name": "a.png", "path": "/", "slots": [held], "source_info": source},
        "annotations": annotations,
    }


BOX = {"id": "b", "name": "c", "bounding_box": {"x": 0.5, "y": 0, "w": 2, "h": 1}}


def test_a_mask_is_taken_from_its_raster_layer_and_the_layer_is_no_label(tmp_path: Path) -> None:
    layer = {
        "dense_rle": [0, 1, 1, 2, 2, 1, 0, 4],
        "mask_annotation_ids_mapping": {"m1": 1, "m2": 2},
        "total_pixels": 8,
    }
    found = read(
        tmp_path,
        document(
            [
                {"id": "m1", "name": "one", "mask": {}},
                {"id": "m2", "name": "two", "mask": {}},
                {"id": "r", "name": "__raster_layer__", "raster_layer": layer},
            ]
        ),
    )
    one, two = items(found)
    assert one.value == {"class": "one", "size": [2, 4], "runs": [1, 2, 5]}
    assert two.value["runs"] == [3, 1, 4]


def test_a_mask_without_layer_and_a_layer_without_mask_are_refused(tmp_path: Path) -> None:
    layer = {"dense_rle": [1, 8], "mask_annotation_ids_mapping": {"gone": 1}}
    found = read(
        tmp_path, document([{"id": "m", "name": "c", "mask": {}}, {"id": "r", "name": "l", "raster_layer": layer}])
    )
    assert [one.code for one in found if isinstance(one, Refused)] == ["IMP-026", "IMP-022"]


def test_run_lengths_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    layer = {"dense_rle": [0, 1, 1, 2], "mask_annotation_ids_mapping": {"m": 1}}
    (found,) = read(
        tmp_path, document([{"id": "m", "name": "c", "mask": {}}, {"id": "r", "name": "l", "raster_layer": layer}])
    )
    assert isinstance(found, Refused)
    assert found.code == "IMP-024"


def test_frames_count_from_one_and_no_key_frame_is_interpolated(tmp_path: Path) -> None:
    frames = {
        "0": {"bounding_box": {"x": 0, "y": 0, "w": 1, "h": 1}, "keyframe": True},
        "1": {"bounding_box": {"x": 1, "y": 0, "w": 1, "h": 1}, "keyframe": False},
    }
    (track,) = items(read(tmp_path, document([{"id": "t", "name": "c", "frames": frames}], frame_count=2)))
    assert track.kind == "track"
    assert [(one["frame"], one["interpolated"]) for one in track.value["frames"]] == [(1, False), (2, True)]
    beyond = {"2": frames["0"]}
    (late,) = read(tmp_path, document([{"id": "t", "name": "c", "frames": beyond}], frame_count=2))
    assert isinstance(late, Refused)
    assert late.code == "IMP-021"


def test_an_ellipse_turns_by_radians_and_a_box_outside_is_refused(tmp_path: Path) -> None:
    ellipse = {"angle": 1.5707963268, "center": {"x": 2, "y": 1}, "radius": {"x": 1, "y": 1}}
    outside = {"id": "o", "name": "c", "bounding_box": {"x": 0, "y": 0, "w": 40, "h": 1}}
    found = read(tmp_path, document([{"id": "e", "name": "c", "ellipse": ellipse}, outside]))
    assert isinstance(found[0], Item)
    assert found[0].value["rotation"] == Decimal(90)
    assert isinstance(found[1], Refused)
    assert found[1].code == "IMP-021"


def test_a_model_gives_origin_and_confidence(tmp_path: Path) -> None:
    (one,) = items(read(tmp_path, document([BOX | {"inference": {"confidence": 0.83, "model": {"name": "m"}}}])))
    assert (one.origin, one.confidence, one.confidence_scale) == ("model", Decimal("0.83"), "probability-0-1")


def test_the_stage_history_says_who_when_and_who_let_it_stand(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    past = folder / "stage_history" / "0191-aa"
    past.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps(document([BOX])))
    drawn = BOX | {"bounding_box": {"x": 0, "y": 0, "w": 1, "h": 1}}
    steps = [
        ("s1", "Annotate", "annotate", [drawn]),
        ("s2", "Correct", "annotate", [BOX]),
        ("s3", "Check", "review", [BOX]),
    ]
    visits = []
    for at, (instance, name, kind, left) in enumerate(steps):
        (past / f"{instance}.json").write_text(json.dumps(document(left)))
        visits.append(
            {
                "stage_instance_id": instance,
                "stage": {"name": name, "type": kind},
                "exited_at": f"2026-11-02T1{at}:00:00Z",
                "exited_by": {"type": "user", "email": f"p{at}@x.example"},
            }
        )
    (past / "visits.json").write_text(json.dumps({"version": "1.1", "item_id": "0191-aa", "visits": visits}))
    (one,) = items(list(reader("v7-darwin").read(folder)))
    assert (one.author, one.labeled_at, one.stage) == ("p1@x.example", "2026-11-02T11:00:00Z", "correct")
    assert [(review.by, review.outcome) for review in one.reviews] == [("p2@x.example", "unknown")]


def test_a_history_whose_last_visit_left_something_else_says_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    past = folder / "stage_history" / "0191-aa"
    past.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps(document([BOX])))
    (past / "s1.json").write_text(json.dumps(document([BOX | {"name": "other"}])))
    visit = {"stage_instance_id": "s1", "exited_at": "2026-11-02T10:00:00Z", "exited_by": {"email": "p@x.example"}}
    (past / "visits.json").write_text(json.dumps({"visits": [visit]}))
    (one,) = items(list(reader("v7-darwin").read(folder)))
    assert (one.author, one.labeled_at, one.reviews) == (None, None, ())


def test_an_item_id_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    (folder / "stage_history").mkdir(parents=True)
    other = document([BOX])
    other["item"]["source_info"] = {"item_id": "../../secret"}
    (folder / "a.json").write_text(json.dumps(other))
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "visits.json").write_text("not json")
    (one,) = items(list(reader("v7-darwin").read(folder)))
    assert one.author is None
