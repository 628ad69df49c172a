"""PadChest's and ROCOv2's tables."""

from __future__ import annotations

import csv

import pytest

from curator.core.errors import UsageError
from curator.labels.readers.table import reader, recognized

HEADER = [
    "",
    "ImageID",
    "StudyID",
    "PatientID",
    "Report",
    "MethodLabel",
    "Labels",
    "Localizations",
    "LabelsLocalizationsBySentence",
    "labelCUIS",
    "LocalizationsCUIS",
]
ROW = [
    "0",
    "2168_00-163-058.png",
    "S1",
    "P1",
    "fibrosis basal",
    "Physician",
    "['pulmonary fibrosis', ' chronic changes']",
    "['loc basal', \"loc d'apex\"]",
    "[['pulmonary fibrosis', 'loc basal'], ['chronic changes']]",
    "['C0034069' 'C0742362']",
    "['C1282378'\n 'C0444530']",
]


def padchest(tmp_path, *rows, header=HEADER):
    path = tmp_path / "padchest.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def test_padchest_gives_classes_and_concepts_by_method(tmp_path):
    path = padchest(tmp_path, ROW, [*ROW[:5], "RNN_model", "['normal']", "", "", "", "nan"])
    assert recognized(path) == ["padchest"]
    told = list(reader("padchest").read(path))
    assert [(one.kind, one.value, one.origin) for one in told] == [
        ("classes", {"classes": ["chronic changes", "pulmonary fibrosis"]}, "human"),
        ("classes", {"classes": ["loc basal", "loc d'apex"]}, "human"),
        ("code", {"system": "UMLS", "code": "C0034069"}, "human"),
        ("code", {"system": "UMLS", "code": "C0742362"}, "human"),
        ("code", {"system": "UMLS", "code": "C1282378"}, "human"),
        ("code", {"system": "UMLS", "code": "C0444530"}, "human"),
        ("classes", {"classes": ["normal"]}, "model"),
    ]
    assert {one.sample.name for one in told} == {"2168_00-163-058.png"}
    assert told[0].kept["LabelsLocalizationsBySentence"] == ROW[8]
    assert {one.author for one in told} == {None}


@pytest.mark.parametrize(
    ("column", "cell", "codes"),
    [
        ("Labels", "['a', 'b'", ["IMP-023"]),
        ("Labels", "a", ["IMP-023"]),
        ("Labels", "[__import__('os')]", ["IMP-023"]),
        ("Labels", "[[['a']]]", ["IMP-023"]),
        ("Labels", "['a'] ['b']", ["IMP-023"]),
        ("labelCUIS", "['C0034069' 'Jane Doe']", ["in", "in", "IMP-023"]),
        ("labelCUIS", "[C0034069", ["in", "IMP-023"]),
        ("MethodLabel", "guess", ["IMP-023", "IMP-023"]),
    ],
)
def test_padchest_cells_that_cannot_be_read(tmp_path, column, cell, codes):
    row = [*ROW[:7], "", "", "['C0034069']", ""]
    row[HEADER.index(column)] = cell
    told = list(reader("padchest").read(padchest(tmp_path, row)))
    if column == "Labels":
        assert told.pop(1).kind == "code"
    assert [getattr(one, "code", "in") for one in told] == codes
    assert "Jane" not in repr([one for one in told if hasattr(one, "code")])


def test_a_row_of_another_length_is_counted(tmp_path):
    assert [one.code for one in reader("padchest").read(padchest(tmp_path, ROW[:-1]))] == ["IMP-023"]


def test_rocov2_captions_and_concepts(tmp_path):
    path = tmp_path / "train_captions.csv"
    path.write_text('ID,Caption\nROCOv2_2023_train_000001,"Head CT, ""axial"" [CC BY].\nNo bleed."\nx,\n')
    assert recognized(path) == ["rocov2"]
    told = list(reader("rocov2").read(path))
    assert told[0].value == {"text": 'Head CT, "axial" [CC BY].\nNo bleed.'}
    assert told[0].sample.name == "ROCOv2_2023_train_000001"
    assert (told[1].place, told[1].code) == ("row 4", "IMP-023")
    path.write_text("ID,CUIs\na,C0040405;C0817096\nb,C1;\nc\n")
    told = list(reader("rocov2").read(path))
    assert [getattr(one, "value", None) for one in told[:2]] == [
        {"system": "UMLS", "code": "C0040405"},
        {"system": "UMLS", "code": "C0817096"},
    ]
    assert [one.code for one in told[2:]] == ["IMP-023"] * 3


@pytest.mark.parametrize("data", [b'ID,Caption\nx,"open\n', b"ID,Caption\nx,\xff\n", b"", b"a,b\n"])
def test_broken_tables_are_refused_whole(tmp_path, data):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    for name in ("rocov2", "padchest", "doccano"):
        with pytest.raises(UsageError) as caught:
            list(reader(name).read(path))
        assert caught.value.code in {"IMP-001", "IMP-003"}
