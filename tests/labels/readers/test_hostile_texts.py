"""Wrong types everywhere and bytes torn anywhere: only coded errors come out, and nothing that was read is in them."""

from __future__ import annotations

import copy
import json
import random

import pytest

from curator.core.errors import CuratorError
from curator.labels.item import KINDS, Item, Refused
from curator.labels.readers.table import reader

SECRET = ("Doe^Jane", "MRN-48213", "jane.doe@example.org", "1950-01-02")
WHO = {"_annotator_id": SECRET[2], "_timestamp": 1700000000, "_session_id": SECRET[0], "_task_hash": 1}
TEXT = "Doe^Jane took warfarin 5 mg, MRN-48213."
GOOD = {
    "doccano": [
        {"id": 1, "text": TEXT, "label": [[0, 8, SECRET[0]]], "Comments": [SECRET[1]]},
        {
            "text": TEXT,
            "entities": [{"id": 1, "label": SECRET[1], "start_offset": 0, "end_offset": 8}],
            "relations": [{"id": 1, "from_id": 1, "to_id": 1, "type": SECRET[0]}],
            "annotation_approver": SECRET[2],
        },
        {"filename": SECRET[1], "bbox": [{"x": 1, "y": 2, "width": 3, "height": 4, "label": SECRET[0]}]},
        {"filename": SECRET[1], "segmentation": [{"points": [0, 0, 4, 0, 4, 4], "label": SECRET[0]}]},
        {"text": TEXT, "cats": [SECRET[0]], "annotations": [{"label": 1, "user": 2}]},
    ],
    "prodigy": [
        {
            "text": TEXT,
            "spans": [{"start": 0, "end": 8, "label": SECRET[0]}],
            "answer": "accept",
            "label": SECRET[1],
            **WHO,
            "relations": [{"label": "x", "head_span": {"start": 0, "end": 8}, "child_span": {"start": 0, "end": 8}}],
        },
        {
            "text": TEXT,
            "options": [{"id": SECRET[0], "text": "x"}],
            "accept": [SECRET[0]],
            "config": {"choice_style": "single"},
            **WHO,
        },
        {
            "image": SECRET[1],
            "width": 9,
            "height": 9,
            "spans": [{"label": "x", "type": "rect", "points": [[1, 1], [2, 2]]}],
            **WHO,
        },
        {"text": TEXT, "label": SECRET[0], "score": 0.5, "user_input": SECRET[1], "meta": {"file": SECRET[1]}, **WHO},
    ],
    "spacy": [
        {
            "text": TEXT,
            "ents": [{"start": 0, "end": 8, "label": SECRET[0]}],
            "cats": {SECRET[0]: 1.0},
            "spans": {"sc": []},
        },
        {
            "id": 1,
            "paragraphs": [
                {
                    "raw": TEXT,
                    "sentences": [{"tokens": [{"orth": "Doe^Jane", "ner": "U-X"}]}],
                    "cats": [{"label": SECRET[1], "value": 1}],
                }
            ],
        },
        {
            "classes": [SECRET[0]],
            "annotations": [[TEXT, {"entities": [[0, 8, SECRET[0]]], "links": {"(0, 8)": {}}}], None],
        },
    ],
    "ade-spans": [
        {
            "text": TEXT,
            "annotator": SECRET[2],
            "time": SECRET[3],
            "confidence": 1,
            "spans": [
                {
                    "id": SECRET[0],
                    "start": 0,
                    "end": 8,
                    "type": "drug",
                    "negated": True,
                    "dose": SECRET[0],
                    "attributes": {"a": 1},
                }
            ],
            "relations": [{"type": "x", "from": SECRET[0], "to": SECRET[0]}],
        },
    ],
}
WRONG = [
    None,
    True,
    -1,
    1.5,
    10**18,
    "",
    SECRET[0],
    "\ud800",
    [],
    [1],
    [[1]],
    [SECRET[1]],
    {},
    {"label": SECRET[0]},
    {SECRET[0]: [1]},
]


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, inner in list(value.items()) if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


def put(value, path, wrong):
    value = copy.deepcopy(value)
    if not path:
        return wrong
    at = value
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = wrong
    return value


def check(name, path):
    raised = []
    try:
        told = list(reader(name).read(path))
    except CuratorError as error:
        raised.append(error)
    for error in raised:
        said = str(error) + error.hint + repr(error.facts)
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None
        assert not [secret for secret in SECRET if secret in said]
        assert error.code in {"IMP-001", "IMP-002", "IMP-003"}
        return None
    ids = [one.label_id for one in told if isinstance(one, Item)]
    assert len(set(ids)) == len(ids)
    for one in told:
        shown = one.place if isinstance(one, Item) else repr(one)
        assert not [secret for secret in SECRET if secret in shown]
        if isinstance(one, Item):
            assert one.kind in KINDS
            assert one.label_id.isascii()
            assert len(one.label_id) <= 100
            assert one.kind != "relation" or {one.value["from"], one.value["to"]} <= set(ids)
        else:
            assert isinstance(one, Refused)
    return told


@pytest.mark.parametrize("name", GOOD)
def test_wrong_values_at_every_place(tmp_path, name):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in GOOD[name]))
    whole = check(name, path)
    assert whole
    assert [one for one in whole if isinstance(one, Item)]
    tried = 0
    for record in GOOD[name]:
        for where in places(record):
            for wrong in WRONG:
                path.write_text(json.dumps(GOOD[name][0]) + "\n" + json.dumps(put(record, where, wrong)) + "\n")
                check(name, path)
                tried += 1
    assert tried > 200


@pytest.mark.parametrize("name", GOOD)
def test_one_wrong_label_never_changes_the_count(tmp_path, name):
    """A label in a list may become anything: it is counted as one all the same."""
    path = tmp_path / "x.jsonl"
    for record in GOOD[name][:1]:
        path.write_text(json.dumps(record) + "\n")
        whole = check(name, path)
        key = next(key for key in ("label", "spans", "ents") if isinstance(record.get(key), list))
        for wrong in (None, True, 1, {}, [], [1, 2]):
            path.write_text(json.dumps(put(record, (key, 0), wrong)) + "\n")
            told = check(name, path)
            attributes = 3 if name == "ade-spans" else 0
            assert len(whole) - attributes <= len(told) <= len(whole)


COLUMNS = {
    "conll": "-DOCSTART- -X- O\n\nDoe^Jane NN B-MRN-48213\ntook VB O\n",
    "conllu": "# newdoc\n1-2\tDoe^Jane\t" + "_\t" * 7 + "_\n"
    "1\tDoe\t_\tX\t_\t_\t2\tMRN-48213\t_\t_\n2\tJane\t_\tX\t_\t_\t0\troot\t_\tNER=B-Y\n",
    "captions": "WEBVTT\n\nDoe^Jane\n00:01.000 --> 00:02.000\nMRN-48213\n",
    "padchest": "ImageID,StudyID,MethodLabel,Labels,labelCUIS\n"
    "MRN-48213,Doe^Jane,Physician,\"['Doe^Jane']\",['C0000001']\n",
    "rocov2": 'ID,Caption\nMRN-48213,"Doe^Jane, 1950-01-02"\n',
    "doccano": "text,label\nDoe^Jane took warfarin,MRN-48213\n",
    "brat": "T1\tMRN-48213 0 8\tDoe^Jane\nT2\tX 0 3;4 8\tDoe Jane\nR1\tMRN-48213 A:T1 B:T2\n"
    "E1\tX:T1 Doe^Jane:T1\nA1\tN T1\n#1\tN T1\tDoe^Jane\n"
    "N1\tReference T1 MRN:48213\tDoe^Jane\n*\tEquiv T1 T2\n",
}
ENDING = {"captions": ".vtt", "padchest": ".csv", "rocov2": ".csv", "doccano": ".csv", "brat": ".ann"}


@pytest.mark.parametrize("name", COLUMNS)
def test_torn_and_mixed_up_text_files(tmp_path, name):
    path = tmp_path / f"x{ENDING.get(name, '.txt')}"
    if name == "brat":
        path.with_suffix(".txt").write_text(TEXT)
    good = COLUMNS[name]
    path.write_text(good)
    assert any(isinstance(one, Item) for one in check(name, path))
    dice = random.Random(7)
    for cut in range(len(good)):
        path.write_text(good[:cut])
        check(name, path)
    for _ in range(400):
        data = bytearray(good.encode())
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data))
            data[at : at + dice.randint(0, 3)] = dice.choice(
                [b"\t", b"\n", b" ", b"9", b"\xff", b'"', b"'", b"-->", b"T1", b":", b";", b"\0", b"["]
            )
        path.write_bytes(bytes(data))
        check(name, path)


@pytest.mark.parametrize("name", ["prodigy", "spacy", "ade-spans", "doccano", "padchest", "rocov2", "conllu"])
@pytest.mark.parametrize(
    "record",
    [
        {"images": [], "annotations": [{"id": 1, "bbox": [1, 2, 3, 4]}], "categories": []},
        {"task": 1, "annotations": [{"result": [{"value": {"start": 0}}]}], "data": {"text": "x"}},
        {"note": "x", "marks": [1]},
    ],
)
def test_a_file_of_another_format_is_never_an_empty_one(tmp_path, name, record):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(record))
    told = check(name, path)
    assert told is None or [one for one in told if isinstance(one, Refused)]
