"""The rule tables: complete, of the edition they name, and in step with the dictionary."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest
from pydicom import datadict

from curator.scrub.dicom.rules import data_text, row_of, supplement, supplement_action, table

DICTIONARY = datadict.DicomDictionary
ACTIONS = {"X": 417, "D": 93, "U": 55, "Z": 42, "X/D": 23, "X/Z": 11, "X/Z/D": 8, "Z/D": 6, "X/Z/U*": 2}


def _entries() -> list[str]:
    raw = tomllib.loads(data_text("supplement.toml"))
    lists = [rule["tags"] for rule in raw["rules"]]
    lists += [raw[name]["tags"] for name in ("required", "dummy_code", "words", "walked")] + list(raw["bulk"].values())
    known = tomllib.loads(data_text("identifiers.toml"))
    return [entry for each in [*lists, *known.values()] for entry in each]


def test_the_table_has_all_657_rows_of_the_2026d_edition() -> None:
    assert len(table()) == 657
    assert Counter(row.basic for row in table()) == ACTIONS
    assert "2026d" in data_text("ps315_e1_1.tsv").splitlines()[2]


def test_the_option_columns_are_those_of_2024e_and_what_2026d_adds() -> None:
    columns = Counter(name for row in table() for name in row.options)
    assert columns["uids"] == 60
    assert columns["full_dates"] == columns["modified_dates"] == 169
    assert columns["patient"] == 19
    assert columns["descriptors"] == 141
    later = row_of(0x00102162)
    assert later is not None
    assert later.options == {"patient": "K"}


@pytest.mark.parametrize(
    ("tag", "keyword", "basic", "options"),
    [
        (0x00100010, "PatientName", "Z", {}),
        (0x00100020, "PatientID", "Z/D", {}),
        (0x00080020, "StudyDate", "Z", {"full_dates": "K", "modified_dates": "C"}),
        (0x00101010, "PatientAge", "X", {"patient": "K"}),
        (0x00080018, "SOPInstanceUID", "U", {"uids": "K"}),
        (0x00081140, "ReferencedImageSequence", "X/Z/U*", {"uids": "K"}),
        (0x00181000, "DeviceSerialNumber", "X/Z/D", {"device": "K"}),
        (0x00080080, "InstitutionName", "X/Z/D", {"institution": "K"}),
        (0x50123000, "CurveData", "X", {"graphics": "C"}),
        (0x601E3000, "OverlayData", "X", {"graphics": "C"}),
        (0xFFFCFFFC, "DataSetTrailingPadding", "X", {}),
    ],
)
def test_single_rows_say_what_the_standard_says(tag: int, keyword: str, basic: str, options: dict[str, str]) -> None:
    row = row_of(tag)
    assert row is not None
    assert (row.keyword, row.basic, row.options) == (keyword, basic, options)


def test_tags_are_sorted_and_unique() -> None:
    tags = [row.tag for row in table()]
    assert tags == sorted(set(tags))
    assert all(re.fullmatch(r"[0-9A-Fx]{8}|ODD", tag) for tag in tags)


def test_every_entry_of_the_data_files_names_the_attribute_that_its_tag_is() -> None:
    for entry in _entries():
        tag, keyword = entry.split()
        if "x" not in tag:
            assert DICTIONARY[int(tag, 16)][4] == keyword, entry


def test_the_supplement_never_speaks_about_a_row_of_the_table() -> None:
    for tag in supplement().exact:
        assert row_of(tag) is None, f"{tag:08X}"


@pytest.mark.parametrize("tag", [0x00181803, 0x04000520, 0x00041500, 0x00041220, 0x00000002, 0x00020016, 0x60000022])
def test_what_the_table_forgets_is_removed_by_the_supplement(tag: int) -> None:
    assert supplement_action(tag) == "X"


def test_every_rule_of_the_supplement_has_its_reason() -> None:
    for rule in tomllib.loads(data_text("supplement.toml"))["rules"]:
        assert len(rule["reason"]) > 20
        assert rule["action"] in {"X", "Z", "D", "U", "K"}
