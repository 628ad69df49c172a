"""Token columns become spans of a text that is made by one rule."""

from __future__ import annotations

import hashlib

import pytest

from curator.core.errors import UsageError
from curator.labels.readers.table import reader, recognized

CONLL = """-DOCSTART- -X- -X- O

Started VBD B-VP O
warfarin NN B-NP B-Drug
5 CD I-NP B-Dose
mg NN I-NP I-Dose

Bled VBD B-VP I-Symptom
. . O O

-DOCSTART- -X- -X- O

Rash NN B-NP B-Symptom
"""
FIRST = "Started warfarin 5 mg\nBled ."


def read(tmp_path, text, format="conll"):
    path = tmp_path / "export.conll"
    path.write_bytes(text.encode())
    return list(reader(format).read(path))


def told_spans(told, text):
    return [(one.value["type"], text[one.value["start"] : one.value["end"]]) for one in told]


def test_spans_stand_in_the_text_that_the_rule_makes(tmp_path):
    told = read(tmp_path, CONLL)
    assert told_spans(told[:3], FIRST) == [("Drug", "warfarin"), ("Dose", "5 mg"), ("Symptom", "Bled")]
    assert told[0].sample.sha256 == hashlib.sha256(FIRST.encode()).hexdigest()
    assert told[3].sample.sha256 == hashlib.sha256(b"Rash").hexdigest()
    assert (told[3].value["start"], told[3].sample.name) == (0, "document 2")
    assert told[1].kept == {"tags": ["B-Dose", "I-Dose"], "columns": [["CD", "I-NP"], ["NN", "I-NP"]]}
    assert recognized(tmp_path / "export.conll") == ["conll"]


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("B-X I-X O", ["a b"]),
        ("I-X I-X I-Y", ["a b", "c"]),
        ("I-X B-X I-X", ["a", "b c"]),
        ("S-X B-X E-X", ["a", "b c"]),
        ("U-X B-X L-X", ["a", "b c"]),
        ("B-X E-X E-X", ["a b", "c"]),
        ("B-X O I-X", ["a", "c"]),
        ("O O O", []),
    ],
)
def test_every_tagging_scheme_gives_its_spans(tmp_path, tags, spans):
    text = "".join(f"{token}\t{tag}\r\n" for token, tag in zip("abc", tags.split(), strict=True))
    assert [words for _, words in told_spans(read(tmp_path, text), "a b c")] == spans


def test_a_span_ends_with_its_sentence_and_its_document(tmp_path):
    told = read(tmp_path, "a\tB-X\n\nb\tI-X\n-DOCSTART-\tO\nc\tI-X\n")
    assert [(one.value["start"], one.value["end"], one.sample.name) for one in told] == [
        (0, 1, "document 1"),
        (2, 3, "document 1"),
        (0, 1, "document 2"),
    ]


def test_a_strange_tag_is_refused_and_breaks_no_count(tmp_path):
    told = read(tmp_path, "a\tB-X\nb\tDoe^Jane\nc\tI-X\n")
    assert [getattr(one, "code", "in") for one in told] == ["in", "IMP-022", "in"]
    assert "Doe" not in repr(told[1])


@pytest.mark.parametrize("text", ["", "-DOCSTART- O\n", "token\n", "\tB-X\n", "a\tB-X\n\udcff"])
def test_what_is_no_column_file_is_refused_whole(tmp_path, text):
    path = tmp_path / "x.conll"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as caught:
        list(reader("conll").read(path))
    assert caught.value.code in {"IMP-001", "IMP-003"}


CONLLU = """# newdoc id = note-1
# sent_id = s1
# text = Vamos al ER
1\tVamos\tir\tVERB\t_\tMood=Ind\t0\troot\t_\t_
2-3\tal\t_\t_\t_\t_\t_\t_\t_\t_
2\ta\ta\tADP\t_\t_\t4\tcase\t_\t_
3\tel\tel\tDET\t_\t_\t4\tdet\t_\t_
4\tER\tER\tPROPN\t_\t_\t1\tobl\t_\tNER=B-Site
4.1\tx\tx\tX\t_\t_\t_\t_\t_\t_

1\tFin\tfin\tNOUN\t_\t_\t9\troot\t_\t_
"""


def test_conllu_gives_words_dependencies_and_entities(tmp_path):
    told = read(tmp_path, CONLLU, "conllu")
    text = "Vamos al ER\nFin"
    spans = [one for one in told if getattr(one, "kind", "") == "span"]
    assert told_spans(spans, text) == [
        ("VERB", "Vamos"),
        ("ADP", "al"),
        ("DET", "al"),
        ("PROPN", "ER"),
        ("Site", "ER"),
        ("NOUN", "Fin"),
    ]
    assert {one.sample.sha256 for one in spans} == {hashlib.sha256(text.encode()).hexdigest()}
    relations = {one.value["type"]: one.value for one in told if getattr(one, "kind", "") == "relation"}
    assert relations["root"] == {"type": "root", "from": "conllu-1-w1", "to": "conllu-1-w1"}
    assert relations["obl"] == {"type": "obl", "from": "conllu-1-w1", "to": "conllu-1-w4"}
    assert [one.code for one in told if hasattr(one, "code")] == ["IMP-022", "IMP-026"]
    assert spans[0].kept["FEATS"] == "Mood=Ind"
    assert recognized(tmp_path / "export.conll") == ["conllu"]


@pytest.mark.parametrize(
    "line", ["2\t" + "_\t" * 8 + "_", "1-1\t" + "x\t" * 8 + "x", "1-9\t" + "x\t" * 8 + "x", "1\tx"]
)
def test_conllu_out_of_order_is_refused_whole(tmp_path, line):
    with pytest.raises(UsageError) as caught:
        read(tmp_path, line + "\n", "conllu")
    assert caught.value.code == "IMP-003"
