"""The checker of define.xml, which shares no code with what writes it: sound ones pass, each planted fault is found."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from curator.release.define import DataSet, Variable, define_xml
from curator.release.xport import Column, transport

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
CASES = DataSet(
    "CASES",
    "Cases",
    "one row a case",
    "cases.xpt",
    (
        Variable(Column("CASEID", "Case", length=20), "Assigned", "by the site", key=1),
        Variable(Column("SEX", "Sex", length=1), "Collected", "in the header", (("F", "Female"), ("M", "Male"))),
        Variable(Column("AGE", "Age in years", "num"), "Derived", "from the header", whole=True),
        Variable(Column("DOSE", "Dose in mGy", "num"), "Collected", "in the header"),
    ),
    repeating=False,
)
ROWS: list[list[Any]] = [["P1AA", "F", 44, 1.5], ["P2BB", "M", None, None], ["P3CC", "", 90, 0.25]]


@pytest.fixture(scope="module")
def checker() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        made = importlib.import_module("define_check")
        yield made
        sys.modules.pop("define_check", None)


def files(rows: list[list[Any]] | None = None) -> dict[str, bytes]:
    made = transport("CASES", "Cases", CASES.columns, ROWS if rows is None else rows, date(2026, 11, 20))
    return {
        "define.xml": define_xml("trial", "1.0.0", "2026-11-20", "curator", [CASES]),
        "cases.xpt": b"".join(made),
    }


def test_what_the_builder_writes_is_sound(checker: Any) -> None:
    assert checker.check(files()) == []
    assert checker.check(files([])) == []


def test_its_reader_of_transport_files_gives_the_rows_back(checker: Any) -> None:
    name, variables, rows, width = checker.transport(files()["cases.xpt"])
    assert (name, [one[0] for one in variables], width) == ("CASES", ["CASEID", "SEX", "AGE", "DOSE"], 37)
    assert [row[:20].decode().strip() for row in rows] == ["P1AA", "P2BB", "P3CC"]


LEAF, CLASS = b'<def:leaf ID="LF.CASES"', b'<def:Class Name="ADAM OTHER"/>'
FAULTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no context": (lambda d: d.replace(b' def:Context="Other"', b""), "lacks def:Context"),
    "another ODM": (lambda d: d.replace(b'"1.3.2"', b'"1.2"'), "none of the values"),
    "another version": (lambda d: d.replace(b'DefineVersion="2.1.0"', b'DefineVersion="2.0.0"'), "is not 2.1"),
    "no time": (lambda d: d.replace(b"T00:00:00Z", b""), "ISO 8601"),
    "no study's name": (lambda d: d.replace(b"<StudyName>trial</StudyName>", b""), "0 of StudyName"),
    "an empty name": (lambda d: d.replace(b"<StudyName>trial<", b"<StudyName><"), "is empty"),
    "no structure": (lambda d: d.replace(b' def:Structure="one row a case"', b""), "lacks def:Structure"),
    "no standard said": (lambda d: d.replace(b' def:IsNonStandard="Yes" def:Arch', b" def:Arch"), "neither a standard"),
    "another leaf": (lambda d: d.replace(b'leaf ID="LF.CASES"', b'leaf ID="LF.OTHER"'), "is no leaf"),
    "another file": (lambda d: d.replace(b'href="cases.xpt"', b'href="other.xpt"'), "is not there"),
    "an item undefined": (lambda d: d.replace(b'OID="IT.CASES.AGE" Name', b'OID="IT.CASES.X" Name'), "not defined"),
    "an item unused": (lambda d: d.replace(b'OID="IT.CASES.AGE" Name', b'OID="IT.CASES.X" Name'), "never used"),
    "a list undefined": (lambda d: d.replace(b'CodeList OID="CL.', b'CodeList OID="CX.'), "not defined"),
    "an OID twice": (lambda d: d.replace(b"IT.CASES.AGE", b"IT.CASES.DOSE"), "stands twice"),
    "a gap": (lambda d: d.replace(b'OrderNumber="3"', b'OrderNumber="5"'), "without a gap"),
    "a free key": (lambda d: d.replace(b'Mandatory="Yes" Key', b'Mandatory="No" Key'), "key that is not mandatory"),
    "no length": (lambda d: d.replace(b' Length="20"', b""), "lacks the Length"),
    "no digits": (lambda d: d.replace(b' SignificantDigits="2"', b""), "SignificantDigits"),
    "another type": (lambda d: d.replace(b'DataType="float"', b'DataType="double"'), "none of the values"),
    "another origin": (lambda d: d.replace(b'Type="Collected"', b'Type="CRF"'), "none of the values"),
    "a submission of no standard": (lambda d: d.replace(b'"Other"', b'"Submission"', 1), "no def:Standards is named"),
    "another class": (lambda d: d.replace(LEAF, b'<def:Class Name="OTHER"/>' + LEAF, 1), "none of the values"),
    "a class of no standard": (lambda d: d.replace(LEAF, CLASS + LEAF, 1), "exclude each other"),
    "a submission without a class": (
        lambda d: d.replace(b'"Other"', b'"Submission"', 1).replace(b'def:IsNonStandard="Yes" def:Arch', b"def:Arch"),
        "lacks the def:Class",
    ),
    "another order": (lambda d: d.replace(b"<Description>", CLASS + b"<Description>", 1), "another order"),
    "an unknown part": (lambda d: d.replace(b"<GlobalVariables>", b"<GlobalVariables><Other/>"), "does not belong"),
    "an unknown mark": (lambda d: d.replace(b'Name="trial 1.0.0"', b'Name="trial" Odd="1"'), "unknown here"),
    "a name too long": (lambda d: d.replace(b'SASFieldName="AGE"', b'SASFieldName="AGEOFCASE"'), "no name of a var"),
    "a term twice": (lambda d: d.replace(b'CodedValue="M"', b'CodedValue="F"'), "one twice"),
    "a term less": (lambda d: d.replace(b'CodedValue="M"', b'CodedValue="X"'), "not in its code list"),
    "another length": (lambda d: d.replace(b'Length="20"', b'Length="21"'), "not those that are described"),
    "another label": (lambda d: d.replace(b"Age in years", b"Age in months"), "not the one that is described"),
    "no XML": (lambda d: d[:-8], "not well-formed"),
    "entities": (lambda d: d.replace(b"?>\n", b'?>\n<!DOCTYPE ODM [<!ENTITY a "b">]>\n', 1), "entities"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_planted_fault_in_the_description_is_found(checker: Any, what: str) -> None:
    change, words = FAULTS[what]
    made = files()
    turned = change(made["define.xml"])
    assert turned != made["define.xml"]
    found = checker.check({**made, "define.xml": turned})
    assert any(words in line for line in found), found


def test_files_that_are_not_as_described_are_found(checker: Any) -> None:
    for rows, words in (
        ([["P1AA", "Q", 1, 1.0]], "not in its code list"),
        ([["", "F", 1, 1.0]], "mandatory and missing"),
        ([["P1AA", "F", 1, 1.0]] * 2, "same key"),
    ):
        found = checker.check(files(rows))
        assert any(words in line for line in found), (words, found)
    made = files()
    for data in (b"", made["cases.xpt"][:-1], made["cases.xpt"][80:], b"x" * 800):
        assert checker.check({**made, "cases.xpt": data}) != []
    assert any("no leaf" in line for line in checker.check({**made, "more.xpt": made["cases.xpt"]}))
    assert checker.check({}) == ["there is no define.xml"]


def test_the_tree_of_a_package_is_checked_with_it(checker: Any, tmp_path: Path) -> None:
    from zipfile import ZipFile

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        ecopy = importlib.import_module("ecopy_check")
    folder = tmp_path / "STATISTICAL DATA"
    folder.mkdir()
    made = files()
    for data, wanted in ((made["define.xml"], 0), (made["define.xml"].replace(b'"Other"', b'"Any"'), 1)):
        with ZipFile(folder / "case_level_data.zip", "w") as archive:
            archive.writestr("define.xml", data)
            archive.writestr("cases.xpt", made["cases.xpt"])
        found = [line for line in ecopy.check(tmp_path) if "case_level" in line]
        assert len(found) == wanted, found
