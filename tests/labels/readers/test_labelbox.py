"""Labelbox: tokens in addresses, ends of texts, videos, reviews and moves of the workflow, predictions."""

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
    return list(reader("labelbox").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def v2(annotations: dict[str, Any], details: dict[str, Any] | None = None, **project: Any) -> dict[str, Any]:
    label = {"id": "l1", "annotations": annotations, "label_details": details or {}}
    return {
        "data_row": {"id": "d1", "external_id": "a.png"},
        "media_attributes": {"width": 100, "height": 80},
        "projects": {"p": {"labels": [label], "project_details": project}},
    }


BOX = {"feature_id": "f1", "name": "c", "bounding_box": {"top": 1, "left": 2, "height": 3, "width": 4}}


def old(folder: Path, label: Any, **row: Any) -> list[Item | Refused]:
    path = folder / "a.json"
    path.write_text(json.dumps([{"ID": "l1", "DataRow ID": "d1", "Label": label} | row]))
    return list(reader("labelbox-v1").read(path))


def test_the_query_of_an_address_is_never_kept(tmp_path: Path) -> None:
    one = {"featureId": "f", "title": "c", "instanceURI": "https://x.example/m/f?token=SECRET#SECRET"}
    found = old(
        tmp_path,
        {"objects": [one | {"bbox": {"top": 1, "left": 2, "height": 3, "width": 4}}]},
        **{"Labeled Data": "https://x.example/i.png?Signature=SECRET", "View Label": "https://x.example?l=SECRET"},
    )
    assert items(found)[0].kept["instanceURI"] == "https://x.example/m/f"
    assert "SECRET" not in repr(found)


def test_the_end_of_a_text_is_included_in_the_file_and_not_in_the_label(tmp_path: Path) -> None:
    found = old(tmp_path, {"objects": [{"featureId": "f", "title": "e", "data": {"location": {"start": 3, "end": 3}}}]})
    assert items(found)[0].value == {"type": "e", "start": 3, "end": 4}


def test_a_video_of_v1_is_one_track_an_object_and_one_class_an_answer(tmp_path: Path) -> None:
    box = {"top": 1, "left": 2, "height": 3, "width": 4}
    frames = [
        {
            "frameNumber": at,
            "objects": [{"featureId": "f", "title": "c", "keyframe": at == 1, "bbox": box}],
            "classifications": [{"featureId": "q", "title": "view", "answer": {"title": "AP"}}],
        }
        for at in (1, 2)
    ]
    track, view = items(old(tmp_path, frames))
    assert [(one["frame"], one["interpolated"]) for one in track.value["frames"]] == [(1, False), (2, True)]
    assert view.value == {"class": "view: AP"}
    assert view.part == {"frames": [1, 2]}


def test_v1_says_who_when_and_how_it_was_reviewed(tmp_path: Path) -> None:
    (one,) = items(
        old(
            tmp_path,
            {"classifications": [{"featureId": "q", "title": "q", "answer": [{"title": "b"}, {"title": "a"}]}]},
            **{
                "Created By": "a@x.example",
                "Created At": "2021-07-13T21:19:39.000Z",
                "Reviews": [{"score": -1, "createdBy": "r@x.example", "createdAt": "2021-07-14T00:00:00Z"}],
                "Agreement": -1,
            },
        )
    )
    assert one.value == {"classes": ["q: a", "q: b"]}
    assert (one.author, one.labeled_at) == ("a@x.example", "2021-07-13T21:19:39.000Z")
    assert [(r.by, r.outcome) for r in one.reviews] == [("r@x.example", "rejected")]
    assert one.kept["Agreement"] == -1


def test_a_place_on_a_page_and_a_mask_behind_an_address_are_refused(tmp_path: Path) -> None:
    box = {"top": 1, "left": 2, "height": 3, "width": 4}
    page = {"featureId": "f", "title": "c", "bbox": box, "page": 0, "unit": "POINTS"}
    mask = {"featureId": "g", "title": "c", "instanceURI": "https://x.example/m"}
    found = old(tmp_path, {"objects": [page, mask]})
    assert [one.code for one in found if isinstance(one, Refused)] == ["IMP-022", "IMP-022"]


def test_a_place_on_tiles_is_refused_and_an_answer_about_them_is_not(tmp_path: Path) -> None:
    answer = {"featureId": "g", "title": "q", "answer": {"title": "yes"}}
    shown = {"Labeled Data": json.dumps({"tileLayerUrl": "https://x.example/{z}/{x}/{y}.png", "epsg": "Simple"})}
    point = {"featureId": "f", "title": "c", "point": {"x": 22.3, "y": 64}}
    assert items(old(tmp_path, {"objects": [point]}))[0].kind == "point"
    of_v1 = old(tmp_path, {"objects": [point], "classifications": [answer]}, **shown)
    whole = v2({"objects": [BOX], "classifications": [{"feature_id": "g", "name": "q", "radio_answer": {"name": "y"}}]})
    whole["data_row"]["row_data"] = shown["Labeled Data"]
    assert "IMP-022" not in repr(read(tmp_path, v2({"objects": [BOX]})))
    for found in (of_v1, read(tmp_path, whole)):
        first, second = found
        assert isinstance(first, Refused)
        assert first.code == "IMP-022"
        assert isinstance(second, Item)
        assert second.kind == "class"


def test_moves_of_the_workflow_are_reviews_only_when_they_came_after_the_label(tmp_path: Path) -> None:
    details = {"created_by": "a@x.example", "created_at": "2023-01-02T00:00:00.000+00:00"}
    moves = [
        {"action": "Reject", "created_by": "early@x.example", "created_at": "2023-01-01T00:00:00.000+00:00"},
        {"action": "Approve", "created_by": "r@x.example", "created_at": "2023-01-03T00:00:00.000+00:00"},
        {"action": "Move", "created_by": "m@x.example", "created_at": "2023-01-04T00:00:00.000+00:00"},
    ]
    (one,) = items(read(tmp_path, v2({"objects": [BOX]}, details, workflow_history=moves, workflow_status="IN_REVIEW")))
    assert [(r.by, r.outcome) for r in one.reviews] == [("r@x.example", "accepted")]
    assert (one.author, one.stage, one.sample.size) == ("a@x.example", "in-review", (100, 80))


def test_a_relation_names_the_labels_of_its_ends(tmp_path: Path) -> None:
    other = BOX | {"feature_id": "f2"}
    ends = {"feature_id": "r", "name": "next", "unidirectional_relationship": {"source": "f1", "target": "f2"}}
    one, two, relation = items(read(tmp_path, v2({"objects": [BOX, other], "relationships": [ends]})))
    assert relation.value == {"type": "next", "from": one.label_id, "to": two.label_id}


def test_frames_of_v2_take_their_key_frames_from_the_map(tmp_path: Path) -> None:
    frames = {"1": {"objects": {"f1": BOX}}, "2": {"objects": {"f1": BOX}}}
    (one,) = items(read(tmp_path, v2({"frames": frames, "key_frame_feature_map": {"f1": [1]}})))
    assert [(at["frame"], at["interpolated"]) for at in one.value["frames"]] == [(1, False), (2, True)]


def test_predictions_of_a_model_run_are_a_models(tmp_path: Path) -> None:
    label = {"id": "l9", "annotations": {"objects": [BOX | {"confidence": 0.7}]}}
    row = v2({"objects": [BOX]}) | {"experiments": {"e": {"runs": {"r1": {"labels": [], "predictions": [label]}}}}}
    person, model = items(read(tmp_path, row))
    assert (person.origin, model.origin, model.confidence) == ("unknown", "model", Decimal("0.7"))
