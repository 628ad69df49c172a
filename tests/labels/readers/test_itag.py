"""iTAG: the stages of labeling, check and verification, and what each did to a label."""

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
    return list(reader("itag").read(path))


def items(found: list[Item | Refused]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


def codes(found: list[Item | Refused]) -> list[str]:
    return [one.code if isinstance(one, Refused) else "in" for one in found]


def shape(own: str, x: int = 0, **more: Any) -> dict[str, Any]:
    ring = [[x, 0], [9, 0], [9, 9]]
    return {"id": own, "type": "image/polygon", "value": ring, "labels": {"q": "c"}} | more


def results(*shapes: dict[str, Any]) -> dict[str, Any]:
    return {"results": [{"questionId": "1", "type": "image", "width": 20, "height": 20, "data": list(shapes)}]}


def line(**stages: Any) -> dict[str, Any]:
    keys = {"label": "label-7", "check": "label-7-check", "verify": "label-7-verify"}
    return {"data": {"source": "oss://b/a.jpg"}} | {keys[step]: held for step, held in stages.items()}


def test_a_label_that_stands_is_accepted_by_each_later_stage(tmp_path: Path) -> None:
    held = results(shape("s"))
    (one,) = items(read(tmp_path, line(label=held, check=held, verify=held)))
    assert (one.stage, [r.outcome for r in one.reviews]) == ("label", ["accepted", "accepted"])
    assert one.sample.size == (20, 20)
    assert one.sample.name == "oss://b/a.jpg"


def test_a_label_that_was_changed_is_of_the_stage_that_changed_it(tmp_path: Path) -> None:
    changed = results(shape("s", 1))
    (one,) = items(read(tmp_path, line(label=results(shape("s")), check=changed, verify=changed)))
    assert (one.stage, [r.outcome for r in one.reviews]) == ("check", ["accepted"])
    assert one.value["rings"][0][0] == Decimal(1)
    assert one.kept["earlier"]["label"]["value"][0] == [0, 0]


def test_a_label_that_was_dropped_comes_in_as_rejected(tmp_path: Path) -> None:
    both = results(shape("s"), shape("t", 2))
    kept, dropped = items(read(tmp_path, line(label=both, check=results(shape("s")))))
    assert [r.outcome for r in kept.reviews] == ["accepted"]
    assert (dropped.stage, [r.outcome for r in dropped.reviews]) == ("label", ["rejected"])


def test_answers_and_spans_come_in_and_the_words_tell_where_a_span_ends(tmp_path: Path) -> None:
    spans = {"objects": [
        {"start": 4, "end": 7, "text": "four", "result": {"N": ["x"]}},
        {"start": 4, "end": 8, "text": "four", "result": {"N": ["y"]}},
        {"start": 4, "end": 9, "text": "four", "result": {"N": ["z"]}},
    ]}  # fmt: skip
    answer = {"questionId": "3", "type": "survey/value", "markTitle": "q", "data": "yes"}
    many = answer | {"questionId": "4", "data": ["b", "a"]}
    empty = answer | {"questionId": "5", "data": ""}
    found = read(tmp_path, line(label={"results": [spans, answer, many, empty]}))
    assert codes(found) == ["in", "in", "IMP-035", "in", "in", "IMP-023"]
    values = [one.value for one in found if isinstance(one, Item)]
    assert values[0] == {"type": "x", "start": 4, "end": 8}
    assert values[1]["end"] == 8
    assert values[2:] == [{"class": "q: yes"}, {"classes": ["q: a", "q: b"]}]


def test_a_picture_that_was_turned_and_an_unknown_shape_are_refused(tmp_path: Path) -> None:
    turned = results(shape("s"))
    turned["results"][0]["rotation"] = 90
    assert codes(read(tmp_path, line(label=turned))) == ["IMP-022"]
    assert codes(read(tmp_path, line(label=results(shape("s", type="image/new"))))) == ["IMP-022"]
