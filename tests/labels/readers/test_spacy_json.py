"""spaCy's JSON forms give spans and classes; its binary form is refused whole."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.labels.readers.table import reader, recognized

NOTE = "started warfarin 5 mg daily"
PAIR = [NOTE, {"entities": [[8, 16, "Drug"], [17, 21, "Dose"]], "cats": {"ADE": 1.0, "none": 0}}]


def read(tmp_path, text, name="x.json"):
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    assert recognized(path) == ["spacy"]
    return list(reader("spacy").read(path))


def codes(told):
    return [getattr(one, "code", "in") for one in told]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([PAIR]),
        json.dumps([PAIR], indent=2),
        json.dumps(PAIR) + "\n",
        json.dumps({"classes": [], "annotations": [None, PAIR]}),
    ],
    ids=["array", "pretty", "lines", "annotator"],
)
def test_pairs_of_text_and_labels_in_every_layout(tmp_path, text):
    told = read(tmp_path, text)
    assert [one.value for one in told] == [
        {"type": "Drug", "start": 8, "end": 16},
        {"type": "Dose", "start": 17, "end": 21},
        {"classes": ["ADE"]},
    ]
    assert len({one.label_id for one in told}) == 3


def test_several_pairs_on_lines_of_their_own(tmp_path):
    told = read(
        tmp_path, json.dumps(PAIR) + "\n" + json.dumps(["x", {"entities": []}]) + "\n" + json.dumps(PAIR), "x.jsonl"
    )
    assert [one.sample.name for one in told] == ["line 1"] * 3 + ["line 3"] * 3


def test_doc_to_json_with_span_groups(tmp_path):
    doc = {
        "text": NOTE,
        "ents": [{"start": 8, "end": 16, "label": "Drug"}],
        "tokens": [{"id": 0, "start": 0, "end": 7}],
        "spans": {"sc": [{"start": 17, "end": 21, "label": "Dose", "kb_id": "Q1"}]},
    }
    told = read(tmp_path, doc)
    assert [one.value["type"] for one in told] == ["Drug", "Dose"]
    assert told[1].kept["label"] == {"group": "sc", "kb_id": "Q1"}


def test_training_format_of_version_2_finds_its_tokens_in_the_raw_text(tmp_path):
    tokens = [
        {"orth": word, "ner": tag}
        for word, tag in [
            ("No", "O"),
            ("rash", "U-Symptom"),
            (".", "O"),
            ("5", "B-Dose"),
            ("mg", "L-Dose"),
            ("x", "Q-X"),
            ("a", "B-A"),
        ]
    ]
    sentences = [{"tokens": tokens[:3]}, {"tokens": tokens[3:]}]
    raw = "No rash.  5mg xa"
    told = read(tmp_path, [{"id": 0, "paragraphs": [{"raw": raw, "sentences": sentences}, {"sentences": sentences}]}])
    assert codes(told) == ["in", "in", "IMP-022", "in"] * 2
    assert [raw[one.value["start"] : one.value["end"]] for one in told[:2]] == ["rash", "5mg"]
    joined = "No rash .\n5 mg x a"
    assert [joined[one.value["start"] : one.value["end"]] for one in told[4:6]] == ["rash", "5 mg"]
    other = [{"id": 0, "paragraphs": [{"raw": "something else", "sentences": sentences}]}]
    assert codes(read(tmp_path, other)) == ["IMP-051", "IMP-051", "IMP-022", "IMP-051"]


def test_scores_are_no_statements_and_links_are_counted(tmp_path):
    labels = {
        "entities": [[8, 16, "Drug"], [8, 99, "Drug"], [8, 16]],
        "cats": {"ADE": 0.4},
        "links": {"(8, 16)": {"Q1": 1.0}},
    }
    assert codes(read(tmp_path, [[NOTE, labels]])) == ["in", "IMP-051", "IMP-023", "IMP-022", "IMP-022"]


def test_a_binary_docbin_is_refused_by_name(tmp_path):
    path = tmp_path / "train.spacy"
    path.write_bytes(zlib.compress(b"Jane Doe" * 10))
    assert recognized(path) == ["spacy"]
    with pytest.raises(UsageError) as caught:
        list(reader("spacy").read(path))
    assert caught.value.code == "IMP-001"
    assert "JSON" in str(caught.value)


def test_classes_of_texts_on_lines_of_their_own(tmp_path):
    told = read(
        tmp_path, '{"text": "Cough.", "cats": {"A": 1.0, "B": 0.0}}\n{"cats": {"A": 0, "B": 1}, "text": "No."}\n'
    )
    assert [one.value for one in told] == [{"classes": ["A"]}, {"classes": ["B"]}]
    assert recognized(tmp_path / "x.json") == ["spacy"]


def test_a_broken_line_is_named_by_its_number(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "Jane Doe", "cats": {"A": 1}}\n\n{"text": "Jane Doe", "cats"')
    with pytest.raises(UsageError) as caught:
        list(reader("spacy").read(path))
    assert (caught.value.code, "line 3" in str(caught.value), "Jane" in str(caught.value)) == ("IMP-003", True, False)


def test_classes_without_values_are_not_taken_for_spacys(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Find a flight", "entities": [[0, 4, "verb"]], "cats": ["flight"]}\n')
    assert recognized(path) == ["doccano"]
    path.write_text('{"text": "Find a flight", "entities": [[0, 4, "verb"]], "cats": {"flight": 1.0}}\n')
    assert recognized(path)[0] == "spacy"
