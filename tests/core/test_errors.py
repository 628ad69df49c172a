"""Codes, sentences and hints: complete, safe to send between processes, and never with a value in them."""

import pickle
import re
import string

import pytest

from curator.core import errors
from curator.core.errors import (
    CheckError,
    CuratorError,
    GateError,
    IntegrityError,
    ItemError,
    UsageError,
    codes,
    sentence_of,
)

KINDS = {cls.kind: cls for cls in (CheckError, GateError, IntegrityError, ItemError, UsageError)}


@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_kind_a_sentence_and_a_hint(code):
    entry = codes()[code]
    assert re.fullmatch(r"[A-Z0-9]{2,4}-\d{3}", code)
    assert {"kind", "sentence", "hint"} <= set(entry) <= {"kind", "sentence", "hint", "limit", "most"}
    assert entry["kind"] in errors.EXIT_OF_KIND
    assert entry["sentence"].endswith((".", "}"))
    assert entry["hint"].endswith(".")
    assert "\n" not in entry["sentence"] + entry["hint"]
    fields = [name for _, name, _, _ in string.Formatter().parse(entry["sentence"] + entry["hint"]) if name is not None]
    assert all(name.isidentifier() for name in fields)


def test_codes_come_in_order_and_none_is_given_twice():
    from importlib import resources

    assert list(codes()) == sorted(codes())
    found = []
    for entry in resources.files("curator.core").joinpath("codes").iterdir():
        found += re.findall(r"^\[([A-Z0-9]+-\d+)\]", entry.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == len(set(found)) == len(codes())


@pytest.mark.parametrize(("kind", "code"), [("gate", 1), ("usage", 2), ("check", 3), ("integrity", 4), ("item", 5)])
def test_each_kind_has_its_exit_code(kind, code):
    assert KINDS[kind]("SYS-001").exit_code == code


def test_an_error_crosses_processes_with_its_code_and_facts():
    for kind in KINDS.values():
        error = pickle.loads(pickle.dumps(kind("SYS-002", reason="EIO")))
        assert type(error) is kind
        assert (error.code, error.facts) == ("SYS-002", {"reason": "EIO"})


def test_facts_fill_the_sentence():
    assert "(EIO)" in CheckError("SYS-002", reason="EIO").sentence
    assert str(CheckError("SYS-001")).startswith("SYS-001 The disk is full")


@pytest.mark.parametrize("facts", [{}, {"other": 1}])
def test_a_missing_fact_leaves_a_sentence_that_can_be_read(facts):
    error = CheckError("SYS-002", **facts)
    assert error.sentence == codes()["SYS-002"]["sentence"].replace(" ({reason})", "")
    assert error.hint


def test_a_code_that_no_table_holds_is_still_printable():
    assert str(CheckError("XXX-999")) == "XXX-999 "


def test_facts_stay_out_of_repr():
    assert "DOE" not in repr(UsageError("SYS-008", reason="DOE^JANE"))


def test_every_error_is_of_the_one_tree():
    assert all(issubclass(kind, CuratorError) for kind in KINDS.values())


def test_a_code_told_without_its_case_shows_no_blank_to_be_filled_in():
    assert str(ItemError("ARC-001")) == "ARC-001 An archive that would unpack to far more than it should."
    for code in codes():
        shown = ItemError(code)
        assert not {"{", "}"} & set(shown.sentence.replace("{id, text}", "")), code


def test_a_code_that_is_counted_has_a_sentence_without_braces():
    assert all("{" not in sentence_of(code) for code in codes())
    assert sentence_of("DCM-005") == "Sequences are nested deeper than 64 levels."
    assert sentence_of("ARC-008") == "Archives inside of archives, deeper than 3 levels."
    assert sentence_of("ZZZ-999") == ""


def test_a_limit_that_a_table_of_codes_names_is_the_one_that_holds():
    from curator.detect.text import lines
    from curator.formats.dicom import encoding
    from curator.intake import archives
    from curator.scrub.fhir import parse as fhir
    from curator.scrub.hl7 import parse as hl7
    from curator.scrub.tabular import gather, plan, workbook
    from curator.scrub.text import jsonvalue

    limits = {
        "ARC-008": archives.MOST_LEVELS, "DCM-005": encoding.MAX_DEPTH, "FHR-004": fhir.DEEPEST,
        "FHR-005": fhir.LONGEST_NUMBER, "HLS-007": hl7.LARGEST >> 20, "JSN-005": jsonvalue.MOST_DEPTH,
        "JSN-006": jsonvalue.MOST_LINE >> 20, "TAB-008": plan.MOST_COLUMNS, "TAB-015": workbook.MOST_UNPACKED >> 20,
        "TAB-018": gather._MOST_KNOWN, "TXT-005": lines.LIMIT >> 20,
    }  # fmt: skip
    named = {code: one.get("limit") or one.get("most") for code, one in codes().items() if {"limit", "most"} & set(one)}
    assert named == {code: f"{limit:,}" for code, limit in limits.items()}
    for code in limits:
        assert "…" not in sentence_of(code)
