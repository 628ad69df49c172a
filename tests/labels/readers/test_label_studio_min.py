"""Label Studio's short JSON: the same labels as the full one, and rows that do not tell answers from data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.label_studio import LabelStudio
from curator.labels.readers.label_studio_min import LabelStudioMin
from curator.labels.readers.table import recognized

SIZE = {"original_width": 200, "original_height": 100}
WHO = {
    "annotator": 3,
    "annotation_id": 7,
    "created_at": "2025-05-02T08:49:24.923036Z",
    "updated_at": "2025-05-03T08:49:24Z",
    "lead_time": 18.158,
}
BOX = {"x": 10.5, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": ["Nodule"]}
RING = {"points": [[10, 10], [20, 10], [20, 20]], "closed": True, "polygonlabels": ["Mass"]}


def row(data: dict[str, Any] | None = None, **answers: Any) -> dict[str, Any]:
    return {**(data or {"image": "/data/upload/1/a.png"}), "id": 5, **answers, **WHO}


def read(folder: Path, *rows: Any) -> list[Item | Refused]:
    path = folder / "result.json"
    path.write_text(json.dumps(list(rows), indent=2), encoding="utf-8")
    assert recognized(path) == ["label-studio-min"]
    return list(LabelStudioMin().read(path))


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else one.kind for one in found]


def test_shapes_are_those_of_the_full_export_with_who_and_when(tmp_path: Path) -> None:
    found = read(tmp_path, row(label=[{**BOX, **SIZE}, {**RING, **SIZE}]))
    results = [
        {"id": "a", "type": "rectanglelabels", "value": BOX, "to_name": "image", "from_name": "label", **SIZE},
        {"id": "b", "type": "polygonlabels", "value": RING, "to_name": "image", "from_name": "label", **SIZE},
    ]
    annotation = {"id": 7, "completed_by": 3, "created_at": WHO["created_at"], "lead_time": 18.158, "result": results}
    full = tmp_path / "full.json"
    full.write_text(json.dumps([{"id": 5, "data": {"image": "/data/upload/1/a.png"}, "annotations": [annotation]}]))
    same = list(LabelStudio().read(full))
    assert [(one.kind, one.value, one.author, one.labeled_at, one.seconds) for one in found] == [  # type: ignore[union-attr]
        (one.kind, one.value, one.author, one.labeled_at, one.seconds)  # type: ignore[union-attr]
        for one in same
    ]
    assert {one.sample for one in found} == {one.sample for one in same}  # type: ignore[union-attr]
    assert {one.origin for one in found} == {"unknown"}  # type: ignore[union-attr]


def test_answers_of_every_form(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        row(
            {"text": "Mild cough, no fever."},
            view="frontal",
            signs={"choices": ["b", "a"]},
            words=[{"start": 5, "end": 10, "text": "cough", "labels": ["Symptom"]}],
            quality=[{"rating": 4}],
            tree=[{"taxonomy": [["Animal", "Cat"]]}],
            note="one\ntwo",
        ),
    )
    assert [(one.kind, one.value) for one in found] == [  # type: ignore[union-attr]
        ("class", {"class": "view: frontal"}),
        ("classes", {"classes": ["signs: a", "signs: b"]}),
        ("span", {"type": "Symptom", "start": 5, "end": 10}),
        ("grade", {"scale": "quality", "grade": 4}),
        ("class", {"class": "tree: Animal > Cat"}),
        ("transcript", {"text": "one\ntwo"}),
    ]
    assert {one.sample.by for one in found} == {"text"}  # type: ignore[union-attr]
    assert read(tmp_path, row(view="frontal"))[0].value == {"class": "frontal"}  # type: ignore[union-attr]


def test_labels_named_label_are_not_taken_for_doccano(tmp_path: Path) -> None:
    named = row({"text": "Mild cough."}, label=[{"start": 5, "end": 10, "text": "cough", "labels": ["Symptom"]}])
    assert codes(read(tmp_path, named)) == ["span"]


def test_what_cannot_be_told_from_the_task_is_refused_and_counted(tmp_path: Path) -> None:
    sorted_ = dict(sorted(row(view="frontal").items()))
    hidden = {"image": [{**BOX, **SIZE}], "id": 5, "view": "x", **WHO}
    lost = row({"view": "frontal"})
    empty = {"image": "/data/upload/1/a.png", "id": 5, **WHO, "annotation_id": None}
    found = read(tmp_path, row(view="frontal"), sorted_, hidden, lost, {**row(view="x"), "more": 1}, 7, empty)
    assert codes(found) == ["class", *["IMP-023"] * 5]
    assert [one.place for one in found[1:]] == [f"rows[{at}]" for at in range(1, 6)]


def test_rows_with_one_id_and_unknown_answers_are_refused(tmp_path: Path) -> None:
    found = read(
        tmp_path, row(view="frontal"), row(view="lateral"), row(video=[{"vertices": [], **SIZE}]), row(odd=[1])
    )
    assert codes(found) == ["class", "IMP-027", "IMP-022", "IMP-022"]


def test_another_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"annotator": 1, "annotation_id": 2, "lead_time": 3}')
    assert "label-studio-min" not in recognized(path)
    with pytest.raises(UsageError, match="IMP-001"):
        list(LabelStudioMin().read(path))
