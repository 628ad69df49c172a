"""Encord: fractions, default confidence, deleted objects, videos and DICOM."""

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
    return list(reader("encord").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


OBJECT = {
    "name": "c",
    "objectHash": "o1",
    "boundingBox": {"x": 0.25, "y": 0.5, "w": 0.333333333, "h": 0.25},
    "createdBy": "a@x.example",
    "createdAt": "Thu, 01 Dec 2022 13:37:01 UTC",
    "confidence": 1,
    "manualAnnotation": True,
}


def row(labels: Any, **unit: Any) -> dict[str, Any]:
    held = {
        "data_hash": "u",
        "data_title": "a.png",
        "data_type": "image/png",
        "width": 100,
        "height": 80,
        "labels": labels,
    }
    return {
        "label_hash": "h",
        "data_hash": "d",
        "label_status": "LABELLED",
        "data_units": {"u": held | unit},
        "object_answers": {"o1": {"classifications": [{"name": "attribute"}]}},
        "classification_answers": {},
    }


def test_fractions_become_pixels_of_at_most_six_places(tmp_path: Path) -> None:
    (one,) = items(read(tmp_path, row({"objects": [OBJECT]})))
    assert one.value["box"] == [Decimal(25), Decimal(40), Decimal("33.333333"), Decimal(20)]
    assert (one.author, one.labeled_at, one.stage) == ("a@x.example", "2022-12-01T13:37:01Z", "labelled")
    assert one.origin == "human"
    assert one.kept["object_answers"]["classifications"] == [{"name": "attribute"}]


def test_a_confidence_of_one_is_a_default_and_kept(tmp_path: Path) -> None:
    (one,) = items(read(tmp_path, row({"objects": [OBJECT]})))
    assert one.confidence is None
    assert one.kept["confidence"] == 1
    (sure,) = items(read(tmp_path, row({"objects": [OBJECT | {"confidence": 0.5}]})))
    assert (sure.confidence, sure.confidence_scale) == (Decimal("0.5"), "probability-0-1")


def test_without_a_size_nothing_is_guessed_and_a_deleted_label_stays_out(tmp_path: Path) -> None:
    (lost,) = read(tmp_path, row({"objects": [OBJECT]}, width=None))
    assert isinstance(lost, Refused)
    assert lost.code == "IMP-036"
    (gone,) = read(tmp_path, row({"objects": [OBJECT | {"isDeleted": True}]}))
    assert isinstance(gone, Refused)
    assert gone.code == "IMP-039"


def test_the_last_editor_is_the_author_and_the_maker_is_kept(tmp_path: Path) -> None:
    later = {"lastEditedBy": "b@x.example", "lastEditedAt": "Fri, 02 Dec 2022 13:37:01 UTC"}
    reviews = [{"approved": True, "createdBy": "r@x.example", "createdAt": "Sat, 03 Dec 2022 13:37:01 UTC"}]
    (one,) = items(read(tmp_path, row({"objects": [OBJECT | later | {"reviews": reviews}]})))
    assert (one.author, one.labeled_at) == ("b@x.example", "2022-12-02T13:37:01Z")
    assert one.kept["createdBy"] == "a@x.example"
    assert [(r.by, r.at, r.outcome) for r in one.reviews] == [("r@x.example", "2022-12-03T13:37:01Z", "accepted")]


def test_a_video_is_one_track_with_frames_from_one(tmp_path: Path) -> None:
    filled = OBJECT | {"manualAnnotation": False}
    labels = {"0": {"objects": [OBJECT]}, "3": {"objects": [filled]}}
    (one,) = items(read(tmp_path, row(labels, data_type="video/mp4")))
    assert [(at["frame"], at["interpolated"]) for at in one.value["frames"]] == [(1, False), (4, True)]


def test_slices_that_name_their_instance_are_labels_of_their_own(tmp_path: Path) -> None:
    labels = {
        at: {"objects": [OBJECT], "metadata": {"dicom_instance_uid": f"1.2.{at}", "width": 200, "height": 100}}
        for at in ("0", "1")
    }
    one, two = items(read(tmp_path, row(labels, data_type="application/dicom")))
    assert [(i.kind, i.sample.by, i.sample.name) for i in (one, two)] == [
        ("box", "uid", "1.2.0"),
        ("box", "uid", "1.2.1"),
    ]
    assert one.value["box"][0] == Decimal(50)
    assert one.label_id != two.label_id


def test_polygons_with_holes_and_answers_come_in_whole(tmp_path: Path) -> None:
    rings = [[[0, 0, 1, 0, 1, 1, 0, 1], [0.25, 0.25, 0.5, 0.25, 0.5, 0.5]]]
    shape = {"name": "p", "objectHash": "o2", "polygons": rings, "polygon": {"0": {"x": 0, "y": 0}}}
    document = row({"objects": [shape], "classifications": [{"name": "q", "classificationHash": "c1"}]})
    document["classification_answers"] = {
        "c1": {"classifications": [{"name": "q", "answers": [{"name": "b"}, {"name": "a"}]}]}
    }
    polygon, answer = items(read(tmp_path, document))
    assert [len(ring) for ring in polygon.value["rings"]] == [8, 6]
    assert answer.value == {"classes": ["q: a", "q: b"]}
    document["classification_answers"] = {}
    assert [one.code for one in read(tmp_path, document) if isinstance(one, Refused)] == ["IMP-026"]


def test_a_bitmask_goes_by_rows_and_into_its_place(tmp_path: Path) -> None:
    # Run lengths 1 zero, 2 ones, 3 zeros of a part of 3 by 2 at (1, 1) in an image of 5 by 4.
    part = {"left": 1, "top": 1, "width": 3, "height": 2, "rleString": "123"}
    mask = {"name": "m", "objectHash": "o3", "bitmask": part}
    (one,) = items(read(tmp_path, row({"objects": [mask]}, width=5, height=4)))
    assert one.value == {"class": "m", "size": [4, 5], "runs": [7, 2, 11]}
    broken = [part | {"rleString": "124"}, part | {"rleString": "\u00e9"}, part | {"left": 3}]
    for bad in broken:
        (found,) = read(tmp_path, row({"objects": [mask | {"bitmask": bad}]}, width=5, height=4))
        assert isinstance(found, Refused)
        assert found.code in {"IMP-021", "IMP-024"}
