"""doccano's exports come in label by label, and what cannot come in is counted."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Item, Refused
from curator.labels.readers.table import reader, recognized

NOTE = "Warfarin 5 mg taglich, Blutung 🩸 am Knie."


def read(tmp_path, records, name="export.jsonl", format="doccano"):
    path = tmp_path / name
    text = (
        records if isinstance(records, str) else "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
    )
    path.write_text(text, encoding="utf-8")
    return list(reader(format).read(path))


def test_spans_keep_overlaps_and_repeats_and_count_code_points(tmp_path):
    start = NOTE.index("am Knie")
    told = read(
        tmp_path,
        [
            {
                "id": 7,
                "text": NOTE,
                "label": [[0, 8, "DRUG"], [0, 13, "DRUG"], [0, 8, "DRUG"], [start, start + 7, "SITE"]],
            }
        ],
    )
    assert [one.value for one in told] == [
        {"type": "DRUG", "start": 0, "end": 8},
        {"type": "DRUG", "start": 0, "end": 13},
        {"type": "DRUG", "start": 0, "end": 8},
        {"type": "SITE", "start": start, "end": start + 7},
    ]
    assert NOTE[start : start + 7] == "am Knie"
    assert len({one.label_id for one in told}) == 4
    assert {one.sample.sha256 for one in told} == {hashlib.sha256(NOTE.encode()).hexdigest()}
    assert told[0].kept == {"id": 7}
    assert {one.author for one in told} == {None}


def test_relations_lead_to_the_labels_of_their_spans_or_are_refused(tmp_path):
    entities = [
        {"id": 31, "label": "DRUG", "start_offset": 0, "end_offset": 8},
        {"id": 32, "label": "DOSE", "start_offset": 9, "end_offset": 13},
        {"id": 33, "label": "LOST", "start_offset": 40, "end_offset": 4000},
    ]
    relations = [
        {"id": 1, "from_id": 32, "to_id": 31, "type": "of"},
        {"id": 2, "from_id": 33, "to_id": 31, "type": "of"},
        {"id": 3, "from_id": 99, "to_id": 31, "type": "of"},
    ]
    told = read(tmp_path, [{"text": NOTE, "entities": entities, "relations": relations, "Comments": ["see page 2"]}])
    assert [getattr(one, "code", "in") for one in told] == ["in", "in", "IMP-051", "in", "IMP-026", "IMP-026"]
    assert told[3].value == {"type": "of", "from": told[1].label_id, "to": told[0].label_id}
    assert told[0].kept == {"Comments": ["see page 2"], "label": {"id": 31}}


def test_doubled_entity_ids_are_refused_with_what_refers_to_them(tmp_path):
    entities = [{"id": 1, "label": "A", "start_offset": at, "end_offset": at + 2} for at in (0, 3)]
    told = read(
        tmp_path, [{"text": NOTE, "entities": entities, "relations": [{"from_id": 1, "to_id": 1, "type": "x"}]}]
    )
    assert [one.code for one in told] == ["IMP-027", "IMP-027", "IMP-026"]


def test_classes_of_json_csv_and_a_pretty_printed_file(tmp_path):
    told = read(tmp_path, [{"text": "a", "label": ["pos", "neg"]}, {"text": "b", "label": []}, {"label": ["neg"]}])
    assert told[0].value == {"classes": ["neg", "pos"]}
    assert isinstance(told[1], Refused)
    assert told[1].place == "line 3 label"
    assert len(told) == 2
    pretty = json.dumps([{"text": "a", "label": ["pos"]}, {"text": "b", "label": "neg"}], indent=1)
    told = read(tmp_path, pretty, "all.json")
    assert [one.kind for one in told] == ["classes", "class"]
    told = read(tmp_path, 'id,text,label,meta\n1,"a, ""b""",neg#pos,m\n2,c,,m\n3,d\n', "all.csv")
    assert told[0].value == {"classes": ["neg", "pos"]}
    assert told[0].kept == {"id": "1", "meta": "m"}
    assert told[1].code == "IMP-023"
    assert len(told) == 2


def test_texts_are_taken_as_texts_when_the_reader_is_named_and_for_sound(tmp_path):
    records = [{"filename": "visit-1.wav", "label": ["no acute bleed"]}]
    assert read(tmp_path, records)[0].value == {"text": "no acute bleed"}
    records = [{"text": "source", "label": ["goal", "target"]}]
    assert [one.value for one in read(tmp_path, records, format="doccano-seq2seq")] == [
        {"text": "goal"},
        {"text": "target"},
    ]
    assert recognized(tmp_path / "export.jsonl") == ["doccano"]


def test_boxes_and_polygons_keep_their_digits(tmp_path):
    box = '{"filename":"a.png","bbox":[{"id":1,"x":11.50,"y":12,"width":64.125,"height":66,"label":"cat"}]}\n'
    ring = '{"filename":"a.png","segmentation":[{"id":1,"points":[0,0,10.25,0,10,10],"label":"cat"}]}\n'
    told = read(tmp_path, box + ring)
    assert told[0].value == {"class": "cat", "box": [Decimal("11.50"), Decimal(12), Decimal("64.125"), Decimal(66)]}
    assert told[1].value["rings"] == [[Decimal(0), Decimal(0), Decimal("10.25"), Decimal(0), Decimal(10), Decimal(10)]]


def test_an_approver_is_a_review_and_a_user_of_an_old_export_an_author(tmp_path):
    old = {"id": 4, "text": NOTE, "annotation_approver": "chief", "meta": {}}
    spans = [{"id": 9, "label": 3, "start_offset": 0, "end_offset": 8, "user": 2, "prob": Decimal(0).__int__()}]
    told = read(tmp_path, [old | {"annotations": spans}, old | {"annotations": []}])
    assert told[0].author == "2"
    assert told[0].origin == "human"
    assert told[0].confidence is None
    assert told[0].value["type"] == "3"
    assert [(review.by, review.outcome) for review in told[0].reviews] == [("chief", "accepted")]
    assert told[1].value == {"classes": []}


@pytest.mark.parametrize("cut", range(1, 60, 4))
def test_a_line_that_breaks_off_takes_the_whole_file_with_it(tmp_path, cut):
    line = json.dumps({"text": "Jane Doe, 1950-01-02", "label": [[0, 8, "NAME"]]})
    with pytest.raises(UsageError) as caught:
        read(tmp_path, line + "\n" + line[:-cut])
    assert caught.value.code == "IMP-003"
    assert "Jane" not in str(caught.value)


def test_items_are_items(tmp_path):
    assert all(isinstance(one, Item) for one in read(tmp_path, [{"text": "abc", "label": [[0, 1, "x"]]}]))
