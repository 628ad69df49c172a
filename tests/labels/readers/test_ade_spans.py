"""Spans of adverse drug events: their attributes are kept, and stand as relations of their own."""

from __future__ import annotations

import json
from decimal import Decimal

from curator.labels.readers.table import reader, recognized

NOTE = "No rash after amoxicillin 500 mg since Monday."


def at(words):
    return {"start": NOTE.index(words), "end": NOTE.index(words) + len(words)}


RECORD = {
    "report": "r-17",
    "text": NOTE,
    "annotator": "reader-2",
    "time": "2026-03-01T09:00:00+01:00",
    "spans": [
        {"id": "s1", "type": "drug", **at("amoxicillin")},
        {"id": "s2", "type": "dose", **at("500 mg"), "drug": "s1", "words": "500 mg"},
        {
            "id": "s3",
            "type": "symptom",
            **at("rash"),
            "negation": True,
            "severity": "mild",
            "timing": "s4",
            "fatal": False,
        },
        {
            "id": "s4",
            "type": "timing",
            **at("since Monday"),
            "confidence": 0.75,
            "annotator": "reader-3",
            "time": "Monday",
        },
    ],
    "relations": [{"type": "caused-by", "from": "s3", "to": "s1", "certainty": "low"}],
}


def read(tmp_path, *records):
    path = tmp_path / "ade.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    assert recognized(path) == ["ade-spans"]
    return list(reader("ade-spans").read(path))


def test_spans_attributes_and_relations(tmp_path):
    told = read(tmp_path, RECORD)
    ids = {f"s{n}": f"ade-1-s{n}" for n in range(1, 5)}
    assert [NOTE[one.value["start"] : one.value["end"]] for one in told[:4]] == [
        "amoxicillin",
        "500 mg",
        "rash",
        "since Monday",
    ]
    assert [(one.value["type"], one.value["from"], one.value["to"]) for one in told[4:]] == [
        ("drug", ids["s2"], ids["s1"]),
        ("negation", ids["s3"], ids["s3"]),
        ("severity=mild", ids["s3"], ids["s3"]),
        ("timing", ids["s3"], ids["s4"]),
        ("caused-by", ids["s3"], ids["s1"]),
    ]
    assert told[2].kept["label"]["attributes"] == {"negation": True, "severity": "mild", "timing": "s4", "fatal": False}
    assert told[8].kept == {"report": "r-17", "label": {"certainty": "low"}}


def test_who_and_when_of_the_record_hold_unless_the_span_says_otherwise(tmp_path):
    told = read(tmp_path, RECORD)
    assert (told[0].author, told[0].labeled_at) == ("reader-2", "2026-03-01T09:00:00+01:00")
    assert (told[3].author, told[3].labeled_at, told[3].confidence) == ("reader-3", None, Decimal("0.75"))
    assert told[3].kept["label"]["time"] == "Monday"


def test_a_refused_span_takes_its_attributes_along(tmp_path):
    spans = [dict(one) for one in RECORD["spans"]]
    spans[0]["end"] = 4000
    told = read(tmp_path, RECORD | {"spans": spans}, RECORD | {"spans": [spans[1], spans[1]], "relations": []})
    assert [getattr(one, "code", "in") for one in told] == [
        "IMP-051",
        "in",
        "in",
        "in",
        "IMP-026",
        "in",
        "in",
        "in",
        "IMP-026",
        "IMP-027",
        "IMP-027",
        "IMP-026",
        "IMP-026",
    ]
