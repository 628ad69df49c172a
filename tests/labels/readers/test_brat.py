"""brat folders: every line becomes a label or a refusal, and nothing refers to what was refused."""

from __future__ import annotations

import hashlib

import pytest

from curator.core.errors import UsageError
from curator.labels.item import Refused
from curator.labels.readers.table import reader, recognized

TEXT = "No rash,\nbut high fever and 🩸 nausea after amoxicillin.\n"


def span(id_, kind, words, *, at=None):
    start = TEXT.index(words) if at is None else at
    return f"{id_}\t{kind} {start} {start + len(words)}\t{words}"


def read(tmp_path, *lines, text=TEXT, name="p/doe-jane.ann"):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(("\n".join(lines) + "\n").encode())
    if text is not None:
        path.with_suffix(".txt").write_bytes(text.encode())
    assert recognized(tmp_path) == ["brat"]
    told = list(reader("brat").read(tmp_path))
    for one in told:
        if isinstance(one, Refused):
            assert "doe" not in repr(one)
        assert "doe" not in one.place
    return told


def test_spans_relations_events_attributes_and_codes(tmp_path):
    fever, nausea = TEXT.index("fever"), TEXT.index("nausea")
    told = read(
        tmp_path,
        span("T1", "Symptom", "rash"),
        span("T2", "Drug", "amoxicillin"),
        f"T3\tSymptom {TEXT.index('high')} {TEXT.index('high') + 4};{nausea} {nausea + 6}\thigh nausea",
        span("T4", "Cause", "after"),
        "R1\tcausedBy Arg1:T1 Arg2:T2",
        "E1\tReaction:T4 Agent:T2 Sign:E2",
        "E2\tReaction:T1",
        "A1\tNegated T1",
        "A2\tCertainty E1 High",
        "N1\tReference T2 RxNorm:723\tamoxicillin",
        "#1\tAnnotatorNotes T1\tsee page 2",
        "*\tEquiv T1 T3 T4",
    )
    values = {one.label_id.removeprefix("brat-1-"): one.value for one in told}
    assert values["T1"] == {"type": "Symptom", "start": 3, "end": 7}
    assert values["T3"]["pieces"] == [[13, 17], [nausea, nausea + 6]]
    assert fever == 18
    assert values["R1"] == {"type": "causedBy", "from": "brat-1-T1", "to": "brat-1-T2"}
    assert values["E1"] == {"type": "Reaction", "from": "brat-1-T4", "to": "brat-1-T4"}
    assert values["E1-1"] == {"type": "Agent", "from": "brat-1-E1", "to": "brat-1-T2"}
    assert values["E1-2"] == {"type": "Sign", "from": "brat-1-E1", "to": "brat-1-E2"}
    assert values["A1"] == {"type": "Negated", "from": "brat-1-T1", "to": "brat-1-T1"}
    assert values["A2"]["type"] == "Certainty=High"
    assert values["N1"] == {"system": "RxNorm", "code": "723", "meaning": "amoxicillin"}
    assert values["N1-of"] == {"type": "Reference", "from": "brat-1-N1", "to": "brat-1-T2"}
    assert values["set-12-2"] == {"type": "Equiv", "from": "brat-1-T1", "to": "brat-1-T4"}
    kept = told[0].kept
    assert (kept["attributes"], kept["notes"]) == ({"Negated": True}, ["AnnotatorNotes: see page 2"])
    assert {(one.sample.name, one.sample.sha256) for one in told} == {
        ("p/doe-jane.txt", hashlib.sha256(TEXT.encode()).hexdigest())
    }
    assert len(told) == len(values) == 15


def test_line_ends_are_counted_as_they_stand(tmp_path):
    text = TEXT.replace("\n", "\r\n")
    start = text.index("rash,\r\nbut")
    told = read(tmp_path, f"T1\tX {start} {start + 10}\trash,  but", text=text)
    assert told[0].value == {"type": "X", "start": 3, "end": 13}


def test_what_cannot_hold_is_refused_and_takes_along_what_refers_to_it(tmp_path):
    told = read(
        tmp_path,
        span("T1", "Symptom", "rash", at=4),
        "T2\tDrug 50 5000\tamoxicillin",
        "T3\tDrug 5 3\tx",
        "T4\tDrug",
        span("T5", "Symptom", "rash"),
        span("T5", "Symptom", "fever"),
        "R1\tof Arg1:T1 Arg2:T2",
        "R2\tof T1",
        "E1\tX:T1 A:T2",
        "A1\tNegated T5",
        "N1\tReference T1 RxNorm:723\tx",
        "#1\tNote T1\tx",
        "Z1\twhat",
        "Tx\tDrug 3 7\trash",
    )
    codes = [one.code for one in told]
    assert codes == [
        "IMP-051",
        "IMP-051",
        "IMP-051",
        "IMP-023",
        "IMP-027",
        "IMP-027",
        "IMP-026",
        "IMP-023",
        "IMP-026",
        "IMP-026",
        "IMP-026",
        "IMP-026",
        "IMP-026",
        "IMP-026",
        "IMP-023",
        "IMP-023",
    ]


def test_a_document_without_its_text_is_refused_label_by_label(tmp_path):
    told = read(tmp_path, span("T1", "Symptom", "rash"), "A1\tNegated T1", text=None)
    assert [(one.code, one.facts) for one in told] == [("IMP-026", {"what": "text file"})] * 2


def test_documents_come_in_the_order_of_their_names(tmp_path):
    for name in ("b", "a"):
        told = read(tmp_path, span("T1", "X", "rash"), name=f"{name}.ann")
    assert [(one.label_id, one.sample.name) for one in told] == [("brat-1-T1", "a.txt"), ("brat-2-T1", "b.txt")]


def test_bytes_that_are_no_text_stop_the_import(tmp_path):
    (tmp_path / "a.ann").write_bytes(b"T1\tX 0 1\t\xff\n")
    with pytest.raises(UsageError) as caught:
        list(reader("brat").read(tmp_path))
    assert caught.value.code == "IMP-003"
