"""SuperAnnotate: default probability, origins, what is refused, folders."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.labels.item import Item, Refused
from curator.labels.png import png_bytes
from curator.labels.readers.table import reader


def read(folder: Path, document: Any) -> list[Item | Refused]:
    path = folder / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return list(reader("superannotate").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


BOX = {"type": "bbox", "className": "c", "probability": 100, "points": {"x1": 3, "y1": 4, "x2": 1, "y2": 2}}


def document(*instances: Any, **about: Any) -> dict[str, Any]:
    return {"metadata": {"name": "a.png", "width": 100, "height": 80} | about, "instances": list(instances), "tags": []}


def test_a_probability_of_100_is_a_default_and_another_is_a_percentage(tmp_path: Path) -> None:
    plain, sure = items(read(tmp_path, document(BOX, BOX | {"probability": 61, "creationType": "Prediction"})))
    assert (plain.confidence, plain.kept["probability"]) == (None, 100)
    assert (sure.confidence, sure.confidence_scale, sure.origin) == (Decimal(61), "percent-0-100", "model")
    assert plain.value["box"] == [Decimal(n) for n in (1, 2, 2, 2)]


def test_author_time_stage_and_review_are_taken(tmp_path: Path) -> None:
    who = {
        "createdBy": {"email": "a@x.example", "role": "Admin"},
        "createdAt": "2023-04-06T10:49:58.410Z",
        "updatedBy": {"email": "b@x.example", "role": "QA"},
        "updatedAt": "2023-04-07T10:49:58.410Z",
        "creationType": "Manual",
    }
    (one,) = items(read(tmp_path, document(BOX | who, status="Completed", qaEmail="q@x.example")))
    assert (one.author, one.labeled_at, one.origin) == ("b@x.example", "2023-04-07T10:49:58.410Z", "human")
    assert one.kept["createdBy"] == {"email": "a@x.example", "role": "Admin"}
    assert (one.stage, [(r.by, r.outcome) for r in one.reviews]) == ("completed", [("q@x.example", "unknown")])


def test_other_time_lines_and_cuboids_are_refused_and_counted(tmp_path: Path) -> None:
    whole = document(
        {"meta": {"type": "bbox"}},
        {"type": "bbox", "className": "c", "timeline": {"0": {}}},
        {"type": "cuboid", "className": "c"},
        {"type": "bbox", "classId": -1, "points": BOX["points"]},
        {"meta": {"type": "bbox", "className": "c"}, "parameters": []},
    )
    found = read(tmp_path, whole)
    assert codes(found) == ["IMP-022"] * 3 + ["IMP-023"] * 2


def test_a_tag_of_a_video_has_no_time_line_and_a_comment_is_no_label(tmp_path: Path) -> None:
    who = {"createdBy": {"email": "a@x.example"}, "createdAt": "2022-08-10T11:54:37.707Z"}
    tag = {"meta": {"type": "tag", "className": "blurred", "attributes": [{"name": "much"}], **who}}
    comment = {"meta": {"type": "comment", "correspondence": []}, "parameters": [{"start": 1, "end": 2}]}
    found = read(tmp_path, document(tag, comment, {"meta": {"type": "bbox", "className": "c"}}))
    assert [getattr(one, "code", "in") for one in found] == ["in", "IMP-022", "IMP-022"]
    assert (found[0].kind, found[0].value) == ("class", {"class": "blurred"})  # type: ignore[union-attr]
    assert (found[0].author, found[0].labeled_at) == ("a@x.example", "2022-08-10T11:54:37.707Z")  # type: ignore[union-attr]
    assert found[0].kept["attributes"] == [{"name": "much"}]  # type: ignore[union-attr]


def test_free_texts_of_documents_and_long_answers_of_forms_are_transcripts(tmp_path: Path) -> None:
    written = document(annotatorEmail="a@x.example", status="Completed", name="note.txt") | {"freeText": "Seen twice."}
    (one,) = items(read(tmp_path, written))
    assert (one.kind, one.value, one.sample.name) == ("transcript", {"text": "Seen twice."}, "note.txt")
    assert (one.author, one.stage, one.labeled_at) == ("a@x.example", "completed", None)
    assert read(tmp_path, document() | {"freeText": " \n"}) == []
    nameless = document() | {"freeText": "Seen."}
    del nameless["metadata"]["name"]
    assert codes(read(tmp_path, nameless)) == ["IMP-023"]
    answers = {
        "component_0": {"value": "No"},
        "component_1": {"value": "No fever.\nCough."},
        "component_2": {"value": "a" * 600},
    }
    short, broken, long = items(read(tmp_path, {"metadata": {"name": "item"}, "data": answers}))
    assert short.value == {"class": "component_0: No"}
    assert [(item.kind, item.value["text"][:9]) for item in (broken, long)] == [
        ("transcript", "No fever."), ("transcript", "aaaaaaaaa"),
    ]  # fmt: skip
    assert long.kept["component"] == "component_2"


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


def test_spans_of_texts_have_their_last_character(tmp_path: Path) -> None:
    span = {"type": "entity", "className": "drug", "start": 3, "end": 9, "creationType": "Manual"}
    odd = [{**span, "start": 9, "end": 3}, {**span, "end": "x"}, {**span, "start": None}]
    found = read(tmp_path, document(span, {**span, "start": 3, "end": 3}, *odd, name="note.txt"))
    whole, one = items(found[:2])
    assert (whole.kind, whole.value) == ("span", {"type": "drug", "start": 3, "end": 10})
    assert one.value == {"type": "drug", "start": 3, "end": 4}
    assert (whole.sample.by, whole.sample.name, whole.origin) == ("file", "note.txt", "human")
    assert not whole.sample.units_told
    assert codes(found[2:]) == ["IMP-020"] * 3


WHO = {"createdBy": {"email": "a@x.example"}, "createdAt": "2023-04-06T10:49:58.410Z"}


def moment(at: int, x: int, **more: Any) -> dict[str, Any]:
    return {"timestamp": at, "points": {"x1": x, "y1": 0, "x2": x + 9, "y2": 9}, "attributes": [], **more}


def stretch(*moments: dict[str, Any]) -> dict[str, Any]:
    times = [one["timestamp"] for one in moments]
    return {"start": min(times), "end": max(times), "timestamps": list(moments)}


def test_each_stretch_of_a_time_line_is_a_track_at_times(tmp_path: Path) -> None:
    said = [{"name": "blurred", "groupName": "quality"}]
    parts = [stretch(moment(0, 1), moment(900001, 5, attributes=said)), stretch(moment(3000000, 7))]
    event = {"meta": {"type": "event", "className": "cough"}, "parameters": [{"start": 5, "end": 1500000}]}
    box = {"meta": {"type": "bbox", "className": "valve", "id": "k1", **WHO}, "parameters": parts}
    first, second, cough = items(read(tmp_path, document(box, event, duration=6500000)))
    assert [one["seconds"] for one in first.value["frames"]] == [0, Decimal("0.900001")]
    assert [one["value"]["box"][0] for one in first.value["frames"]] == [1, 5]
    assert {one["interpolated"] for one in first.value["frames"]} == {False}
    assert [one["seconds"] for one in second.value["frames"]] == [3]
    assert len({first.label_id, second.label_id, first.value["track"], second.value["track"]}) == 2
    assert (first.author, first.duration) == ("a@x.example", Decimal("6.5"))
    assert first.kept["attributes"] == [{"timestamp": 900001, "attributes": said}]
    assert (cough.kind, cough.value) == ("class", {"class": "cough"})
    assert cough.part == {"seconds": [Decimal("0.000005"), Decimal("1.5")]}


def test_a_stretch_with_wrong_times_is_refused_by_itself(tmp_path: Path) -> None:
    good = stretch(moment(0, 1))
    wrong = [
        {**good, "start": 9, "end": 3},
        {**good, "start": None},
        stretch(moment(5, 1), moment(3, 1)),
        {**good, "timestamps": []},
        {"start": 0, "end": 5, "timestamps": [moment(6, 1)]},
        stretch(moment(0, 95)),
        {"start": True, "end": 5, "timestamps": [moment(2, 1)]},
    ]
    meta = {"type": "bbox", "className": "valve"}
    found = read(tmp_path, document({"meta": meta, "parameters": [good, *wrong]}))
    assert codes(found) == ["in", "IMP-020", "IMP-023", "IMP-020", "IMP-023", "IMP-020", "IMP-021", "IMP-023"]
    (other,) = read(tmp_path, document({"meta": {**meta, "type": "cube"}, "parameters": [good]}))
    assert isinstance(other, Refused)
    assert other.code == "IMP-022"


def test_masks_are_the_colors_of_the_picture_beside_the_file(tmp_path: Path) -> None:
    # 3 wide, 2 high: the first label has the colors a and b, the second c; d stands for nothing
    a, b, c, d, none = b"\x00\x00\x0f", b"\x01\x02\x03", b"\xff\x00\x2d", b"\x09\x09\x09", bytes(3)
    (tmp_path / "a.png___save.png").write_bytes(png_bytes(none + a + a + b + c + d, 3, 2, 3))
    first = {"className": "one", "parts": [{"color": "#00000f"}, {"color": "#010203"}], "creationType": "Manual"}
    path = tmp_path / "a.png___pixel.json"
    wrong = [[{"color": "#00000e"}], [], [{"color": "red"}], "#00000f"]
    others = [{"className": "w", "parts": parts} for parts in wrong]
    whole = document(first, {"className": "two", "parts": [{"color": "#FF002D"}]}, *others, width=3, height=2)
    path.write_text(json.dumps(whole), encoding="utf-8")
    found = list(reader("superannotate").read(path))
    made = items(found[:2])
    assert [one.value for one in made] == [
        {"class": "one", "size": [2, 3], "runs": [1, 3, 2]},
        {"class": "two", "size": [2, 3], "runs": [4, 1, 1]},
    ]
    assert [one.code for one in found[2:] if isinstance(one, Refused)] == ["IMP-026", "IMP-026", "IMP-020", "IMP-020"]
    path.write_text(json.dumps(document(first)), encoding="utf-8")
    (other,) = reader("superannotate").read(path)
    assert isinstance(other, Refused)
    assert other.code == "IMP-024"  # the picture is 3 x 2, the image 100 x 80
    (tmp_path / "a.png___save.png").unlink()
    (gone,) = reader("superannotate").read(path)
    assert isinstance(gone, Refused)
    assert (gone.code, dict(gone.facts)) == ("IMP-026", {"what": "mask file"})


def test_ellipses_keypoints_and_polygons_with_holes_come_in(tmp_path: Path) -> None:
    ellipse = {"type": "ellipse", "className": "c", "cx": 50, "cy": 40, "rx": 3, "ry": 2, "angle": 30}
    points = [{"id": 1, "x": 1, "y": 2}, {"id": 2, "x": 3, "y": 4}]
    template = {"type": "template", "className": "c", "points": points, "connections": [{"from": 1, "to": 2}]}
    ring = {"type": "polygon", "className": "c", "points": [0, 0, 9, 0, 9, 9], "exclude": [[6, 1, 8, 1, 8, 3]]}
    found = items(read(tmp_path, document(ellipse, template, ring)))
    assert [one.kind for one in found] == ["ellipse", "keypoints", "polygon"]
    assert found[0].value["rotation"] == Decimal(30)
    assert found[1].kept["connections"] == [{"from": 1, "to": 2}]
    assert len(found[2].value["rings"]) == 2


def test_a_folder_is_read_without_its_classes_and_ids_hold_no_file_name(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "classes").mkdir(parents=True)
    (folder / "classes" / "classes.json").write_text("[]")
    for name in ("qorvath1", "qorvath2"):
        (folder / f"{name}.json").write_text(json.dumps(document(BOX, name=f"{name}.png") | {"tags": ["t"]}))
    assert reader("superannotate").recognizes(folder, b"")
    found = items(list(reader("superannotate").read(folder)))
    assert len({one.label_id for one in found}) == 4
    assert not [one for one in found if "qorvath" in one.label_id + one.place]
