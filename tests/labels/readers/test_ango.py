"""Ango Hub: who left a label as it stands, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curator.labels.item import Item, Refused
from curator.labels.readers.table import reader


def read(folder: Path, document: Any) -> list[Item | Refused]:
    path = folder / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return list(reader("ango-hub").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


TOOL = {"objectId": "o1", "title": "c", "bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}}
MOVED = TOOL | {"bounding-box": {"x": 2, "y": 2, "width": 3, "height": 4}}


def asset(task: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return [{"asset": "https://x.example/a.png", "externalId": "a.png", "task": task} | more]


def step(name: str, at: int, tools: list[Any], **more: Any) -> dict[str, Any]:
    when = f"2024-02-01T1{at}:00:00.000Z"
    return {"stageId": name, "completedBy": f"p{at}@x.example", "completedAt": when, "tools": tools} | more


def test_a_reviewer_who_moved_the_box_is_its_author(tmp_path: Path) -> None:
    past = [
        step("Label", 0, [TOOL]),
        step("Review", 1, [MOVED], reviewStatus="Accepted"),
        step("Final", 2, [MOVED], reviewStatus="Rejected"),
    ]
    (one,) = items(read(tmp_path, asset({"tools": [MOVED], "stageHistory": past})))
    assert (one.author, one.labeled_at, one.stage) == ("p1@x.example", "2024-02-01T11:00:00.000Z", "review")
    assert [(r.by, r.outcome) for r in one.reviews] == [("p2@x.example", "rejected")]


def test_stages_that_hold_something_else_say_nothing_of_the_label(tmp_path: Path) -> None:
    (one,) = items(read(tmp_path, asset({"tools": [MOVED], "stageHistory": [step("Label", 0, [TOOL])]})))
    assert (one.author, one.labeled_at) == (None, None)


def test_stages_without_labels_name_the_only_one_who_labeled(tmp_path: Path) -> None:
    past = [step("Label", 0, []), step("Review", 1, [], reviewStatus="Accepted")]
    (one,) = items(read(tmp_path, asset({"tools": [TOOL], "stageHistory": past})))
    assert (one.author, [r.outcome for r in one.reviews]) == ("p0@x.example", ["accepted"])
    both = [step("Label", 0, []), step("Label2", 1, [])]
    (two,) = items(read(tmp_path, asset({"tools": [TOOL], "stageHistory": both})))
    assert two.author is None


def test_shapes_answers_and_relations_come_in_and_the_rest_is_refused(tmp_path: Path) -> None:
    ring = [[0, 0], [9, 0], [9, 9]]
    tools = [
        TOOL,
        {"objectId": "o2", "title": "p", "polygon": [ring]},
        {"objectId": "o3", "title": "s", "segmentation": {"zones": [{"region": ring, "holes": []}]}},
        {"objectId": "o4", "title": "r", "rotated-bounding-box": [[0, 0], [4, 0], [4, 4], [0, 4]]},
        {"objectId": "o5", "title": "n", "ner": {"start": 1, "end": 2}},
        {"objectId": "o6", "title": "x", "brush": {}},
    ]
    answers = [{"objectId": "o7", "title": "q", "answer": ["b", "a"]}]
    relations = [{"objectId": "o8", "title": "next", "from": "o1", "to": "o2"}]
    found = read(tmp_path, asset({"tools": tools, "classifications": answers, "relations": relations}))
    assert codes(found) == ["in", "in", "in", "in", "IMP-022", "IMP-022", "in", "in"]
    joined = found[-1]
    assert isinstance(joined, Item)
    assert isinstance(found[0], Item)
    assert joined.value["from"] == found[0].label_id


def test_the_older_form_is_read_only_where_there_is_no_task(tmp_path: Path) -> None:
    assert len(items(read(tmp_path, asset({"tools": [TOOL]}, tasks=[{"objects": [TOOL]}])))) == 1
    old = [{"asset": "x", "externalId": "a.png", "tasks": [{"objects": [TOOL]}, {"objects": [TOOL]}]}]
    assert len(items(read(tmp_path, old))) == 2
