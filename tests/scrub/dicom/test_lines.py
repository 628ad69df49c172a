"""Texts with lines where the VR has none are cleaned line by line and written in one."""

from __future__ import annotations

import time

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from scrub_support import made, read, scrub, stands_in, write

from curator.scrub.dicom.values import _in_one_line


def raw(value: bytes, tag: int = 0x00321030, vr: str = "LO", **values: object) -> Dataset:
    dataset = made(**values)
    dataset._dict[Tag(tag)] = RawDataElement(Tag(tag), vr, len(value), value, 0, False, True)
    return dataset


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (
            b"multiple diagnoses\rRIS COMMENTS- Abdominal testis, bilateral ",
            "multiple diagnoses RIS COMMENTS- Abdominal testis, bilateral",
        ),
        (b"test\r\nCT CHEST", "test CT CHEST"),
        (b"CT CHEST\rDr. Quillfeather", "CT CHEST"),
        (b"Quillfeather\nAda", None),
        (b"CT\tCHEST", "CT CHEST"),
        (b"CT CHEST\x07", None),
    ],
)
def test_a_line_end_in_a_text_without_lines_becomes_a_blank(value: bytes, wanted: str | None) -> None:
    assert (read(scrub(write(raw(value))).data).get("ReasonForStudy") or None) == wanted


@pytest.mark.parametrize("value", [b"CT Quill\rfeather ", b"CT QUILLFEATHER\r\rADA ", b"MRN\r4471902 "])
def test_a_known_value_over_the_end_of_a_line_goes(value: bytes) -> None:
    out = scrub(write(raw(value)), known=(("name", "Quillfeather^Ada"), ("id", "4471902"))).data
    assert not any(stands_in(token, out) for token in ("Quill", "feather", "QUILLFEATHER", "4471902"))


@pytest.mark.parametrize(
    ("lines", "line", "wanted"),
    [
        ("a b\nc", "a b c", "a b c"),
        ("a b\nc d e", "a b d e", "a b d e"),
        ("a b\nd", "a b c d", "a b d"),
        ("", "a", ""),
        ("a a", "a", "a"),
        ("x b c", "a b c", "b c"),
        ("ct " * 40_000, "ct " * 40_000, ("ct " * 40_000).strip()),
        ("ct mr " * 20_000, "mr ct " * 20_000, ""),
    ],
)
def test_what_both_forms_of_a_text_have_stays_and_a_long_one_costs_little(lines: str, line: str, wanted: str) -> None:
    begun = time.process_time()
    assert _in_one_line(lines, line) == wanted
    assert time.process_time() - begun < 2


def test_a_text_that_is_too_long_for_its_vr_goes_as_before() -> None:
    assert not read(scrub(write(raw(b"CT CHEST\r" * 20))).data).get("ReasonForStudy")


@pytest.mark.parametrize(
    "coil",
    [
        "8HRBRAIN",
        "8CHKNEE",
        "TORSOPA",
        "QUADKNEE",
        "32Ch Head",
        "SENSE-NV-16",
        "8US TORSOPA",
        "16HRBRAIN",
        "HeadNeck_20",
    ],
)
def test_names_of_coils_stay_with_their_channels_and_parts_of_the_body(coil: str) -> None:
    assert read(scrub(write(made(ReceiveCoilName=coil, TransmitCoilName=coil))).data).ReceiveCoilName == coil


@pytest.mark.parametrize("coil", ["SMITHHEAD", "8HRSMITH", "8CHJONES"])
def test_a_name_within_a_coils_name_goes(coil: str) -> None:
    out = scrub(write(made(ReceiveCoilName=coil))).data
    assert not any(stands_in(token, out) for token in ("SMITH", "JONES"))
