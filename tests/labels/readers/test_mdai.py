"""MD.ai: origins, reviews, frames, shapes by the mode of the label."""

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
    return list(reader("mdai").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


def project(*annotations: dict[str, Any], mode: str | None = "bbox") -> dict[str, Any]:
    numbered = [
        {"id": f"A{at}", "labelId": "L", "SOPInstanceUID": "1.2.3", "width": 100, "height": 80} | one
        for at, one in enumerate(annotations)
    ]
    return {
        "labelGroups": [{"labels": [{"id": "L", "name": "c", "annotationMode": mode, "description": "how"}]}],
        "datasets": [{"annotations": numbered}],
    }


BOX = {"data": {"x": 1, "y": 2, "width": 3, "height": 4}}


def test_whose_opinion_a_label_is_comes_from_its_flags(tmp_path: Path) -> None:
    flags = [{}, {"isImported": True}, {"modelId": "M1"}, {"isInterpolated": True, "isImported": True}]
    found = items(read(tmp_path, project(*[BOX | flag for flag in flags])))
    assert [one.origin for one in found] == ["human", "imported", "model", "interpolated"]


def test_reviews_come_in_each_or_by_their_count(tmp_path: Path) -> None:
    each = {"reviews": [{"createdById": "U2", "createdAt": "2020-10-10T00:00:00.000Z", "isPositive": False}]}
    count = {"reviews": [], "reviewsPositiveCount": 2, "reviewsNegativeCount": 1}
    one, two = items(read(tmp_path, project(BOX | each, BOX | count)))
    assert [(r.by, r.at, r.outcome) for r in one.reviews] == [("U2", "2020-10-10T00:00:00.000Z", "rejected")]
    assert [r.outcome for r in two.reviews] == ["accepted", "accepted", "rejected"]


def test_author_and_time_are_those_of_the_last_change(tmp_path: Path) -> None:
    who = {"createdById": "U1", "createdAt": "2020-10-09T12:34:56.789Z"}
    later = {"updatedById": "U2", "updatedAt": "2020-10-10T12:34:56.789Z"}
    one, two = items(read(tmp_path, project(BOX | who | later, BOX | who | {"updatedAt": later["updatedAt"]})))
    assert (one.author, one.labeled_at) == ("U2", "2020-10-10T12:34:56.789Z")
    assert (two.author, two.labeled_at) == ("U1", "2020-10-09T12:34:56.789Z")


def test_frames_come_in_only_when_the_file_shows_what_they_count_from(tmp_path: Path) -> None:
    found = items(read(tmp_path, project(BOX | {"frameNumber": 0}, BOX | {"frameNumber": 4})))
    assert [one.part for one in found] == [{"frames": [1]}, {"frames": [5]}]
    assert codes(read(tmp_path, project(BOX | {"frameNumber": 4}, BOX))) == ["IMP-022", "in"]


def test_the_mode_of_the_label_says_what_the_shape_is(tmp_path: Path) -> None:
    ring = {"data": {"vertices": [[0, 0], [9, 0], [9, 9]]}}
    kinds = {"polygon": ring, "freeform": ring, "line": ring, "location": {"data": {"x": 1, "y": 2}}}
    for mode, data in kinds.items():
        assert codes(read(tmp_path, project(data, mode=mode))) == ["in"]
    assert codes(read(tmp_path, project(BOX, mode="new"))) == ["IMP-022"]
    (exam,) = items(
        read(tmp_path, project({"data": None, "SOPInstanceUID": None, "StudyInstanceUID": "1.9"}, mode=None))
    )
    assert (exam.kind, exam.sample.name, exam.kept["label"]["description"]) == ("class", "1.9", "how")


def test_an_unknown_label_a_lacking_shape_and_a_lacking_uid_are_refused(tmp_path: Path) -> None:
    found = read(tmp_path, project(BOX | {"labelId": "X"}, {"data": None}, BOX | {"SOPInstanceUID": None}))
    assert codes(found) == ["IMP-026", "IMP-023", "IMP-023"]


def test_label_groups_behind_the_annotations_are_found_too(tmp_path: Path) -> None:
    document = project(BOX)
    turned = {"datasets": document["datasets"], "labelGroups": document["labelGroups"]}
    assert codes(read(tmp_path, turned)) == ["in"]
    assert items(read(tmp_path, turned))[0].value["box"][0] == Decimal(1)


def test_the_group_of_a_label_is_kept_with_it(tmp_path: Path) -> None:
    document = project({"labelId": "L"}, {"labelId": "M"}, mode=None)
    document["labelGroups"][0] |= {"id": "G1", "name": "Adjudication", "description": ""}
    document["labelGroups"].append({"labels": [{"id": "M", "name": "d"}]})
    one, two = items(read(tmp_path, document))
    assert one.kept["label"]["labelGroup"] == {"id": "G1", "name": "Adjudication"}
    assert "labelGroup" not in two.kept["label"]
