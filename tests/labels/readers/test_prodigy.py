"""Prodigy's tasks: an accepted one states its labels, a rejected or ignored one is counted and states nothing."""

from __future__ import annotations

import json
from decimal import Decimal

from curator.labels.readers.table import reader, recognized

NOTE = "started warfarin 5 mg daily"
TASK = {
    "text": NOTE,
    "spans": [
        {"start": 8, "end": 16, "token_start": 1, "token_end": 1, "label": "Drug", "text": "warfarin"},
        {"start": 17, "end": 21, "token_start": 2, "token_end": 3, "label": "Dose"},
    ],
    "answer": "accept",
    "_timestamp": 1700000000,
    "_annotator_id": "meds-anna",
    "_session_id": "meds-anna",
    "_view_id": "ner_manual",
    "_task_hash": -456,
    "_input_hash": 123,
}


def read(tmp_path, *records):
    path = tmp_path / "out.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    assert recognized(path) == ["prodigy"]
    return list(reader("prodigy").read(path))


def codes(told):
    return [getattr(one, "code", "in") for one in told]


def test_an_accepted_task_gives_person_time_and_spans(tmp_path):
    told = read(tmp_path, TASK)
    assert [(one.value, one.author, one.labeled_at, one.origin) for one in told] == [
        ({"type": "Drug", "start": 8, "end": 16}, "meds-anna", "2023-11-14T22:13:20Z", "human"),
        ({"type": "Dose", "start": 17, "end": 21}, "meds-anna", "2023-11-14T22:13:20Z", "human"),
    ]
    assert told[0].kept["_view_id"] == "ner_manual"
    assert told[0].kept["label"] == {"token_start": 1, "token_end": 1}


def test_rejected_and_ignored_labels_are_refused_and_counted(tmp_path):
    told = read(tmp_path, TASK, TASK | {"answer": "reject"}, TASK | {"answer": "ignore"}, TASK | {"answer": "maybe"})
    assert codes(told) == ["in", "in", *["IMP-050"] * 4, *["IMP-023"] * 2]
    assert {one.facts["what"] for one in told[2:6]} == {"rejected", "skipped"}


def test_an_accepted_task_without_a_span_says_that_nothing_was_found(tmp_path):
    told = read(tmp_path, TASK | {"spans": []}, TASK | {"spans": [], "answer": "reject"})
    assert len(told) == 1
    assert (told[0].kind, told[0].value) == ("classes", {"classes": []})


def test_words_that_do_not_stand_at_the_offsets_are_refused(tmp_path):
    spans = [{"start": 7, "end": 15, "label": "Drug", "text": "warfarin"}, {"start": 20, "end": 99, "label": "Dose"}]
    assert codes(read(tmp_path, TASK | {"spans": spans})) == ["IMP-051", "IMP-051"]


def test_choices_are_classes_and_must_be_among_the_options(tmp_path):
    task = {key: TASK[key] for key in ("text", "answer", "_task_hash", "_input_hash")}
    task |= {"options": [{"id": "ADE", "text": "adverse"}, {"id": 2, "text": "none"}]}
    multiple = {"config": {"choice_style": "multiple"}}
    told = read(
        tmp_path,
        task | {"accept": ["ADE"]},
        task | {"accept": ["ADE"]} | multiple,
        task | {"accept": [2, "ADE"]},
        task | {"accept": ["x"]},
        task | {"accept": []},
    )
    assert [one.value for one in told if not hasattr(one, "code")] == [
        {"class": "ADE"},
        {"classes": ["ADE"]},
        {"classes": ["2", "ADE"]},
        {"classes": []},
    ]
    assert codes(told)[3] == "IMP-026"


def test_relations_join_the_spans_at_their_ends(tmp_path):
    head, child = ({"start": 17, "end": 21, "label": "Dose"}, {"start": 8, "end": 16, "label": "Drug"})
    good = {"head": 3, "child": 1, "label": "of", "head_span": head, "child_span": child}
    told = read(tmp_path, TASK | {"relations": [good, good | {"child_span": {"start": 0, "end": 3}}]})
    assert told[2].value == {"type": "of", "from": told[1].label_id, "to": told[0].label_id}
    assert codes(told) == ["in", "in", "in", "IMP-026"]


def test_a_session_named_by_the_clock_is_nobody_and_a_score_is_a_models(tmp_path):
    clock = TASK | {"_annotator_id": "2023-11-14_22-13-20", "_session_id": "meds-2023-11-14_22-13-20"}
    told = read(tmp_path, clock)
    assert {(one.author, one.origin) for one in told} == {(None, "unknown")}
    assert told[0].kept["_annotator_id"] == "2023-11-14_22-13-20"
    proposal = {"text": NOTE, "label": "ADE", "score": 0.875, "_task_hash": 1, "_input_hash": 2}
    told = read(tmp_path, proposal, proposal | {"answer": "accept", "_annotator_id": "anna"})
    assert (told[0].origin, told[0].confidence, told[0].confidence_scale) == (
        "model",
        Decimal("0.875"),
        "probability-0-1",
    )
    assert (told[1].origin, told[1].confidence, told[1].kept["score"]) == ("human", None, Decimal("0.875"))


def test_shapes_on_pictures_and_spans_of_sound(tmp_path):
    task = {"image": "chest-1.png", "width": 100, "height": 50, "answer": "accept", "_view_id": "image_manual"}
    rect = {"label": "mass", "type": "rect", "points": [[10, 5], [10, 25], [40, 25], [40, 5]]}
    bow = {"label": "mass", "type": "polygon", "points": [[0, 0], [10, 10], [10, 0], [0, 10]]}
    told = read(tmp_path, task | {"spans": [rect, bow, rect | {"points": [[10, 5], [400, 25]]}]})
    assert told[0].value == {"class": "mass", "box": [10, 5, 30, 20]}
    assert told[0].sample.size == (100, 50)
    assert codes(told) == ["in", "IMP-025", "IMP-021"]
    sound = {
        "audio": "a.wav",
        "audio_spans": [{"start": 1.5, "end": 2, "label": "cough"}],
        "answer": "accept",
        "_view_id": "audio",
    }
    assert codes(read(tmp_path, sound)) == ["IMP-022"]
