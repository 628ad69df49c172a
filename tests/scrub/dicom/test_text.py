"""Texts: what fits a VR, what a character set decodes, what is a number."""

from __future__ import annotations

import pytest
from scrub_support import made, read, scrub, write

from curator.identifiers.uids import is_uid
from curator.scrub.dicom.text import character_set, decode, fitting_text, is_number, is_standard_term


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"ISO_IR 100", b"ISO_IR 100"), (b"ISO_IR 192 ", b"ISO_IR 192"), (b"\\ISO 2022 IR 87", b"\\ISO 2022 IR 87"),
     (b"ISO-IR 100", b"ISO_IR 100"), (b"ISO IR 192", b"ISO_IR 192"), (b"ISO 2022-IR 149", b"ISO 2022 IR 149"),
     (b"GB18030", b"GB18030"), (b"", b"")],
)  # fmt: skip
def test_character_sets_are_read_in_the_standards_spelling(value: bytes, expected: bytes) -> None:
    found = character_set(value)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize("value", [b"DOE^JANE", b"ISO_IR 999", b"latin-1", "ISO_IR 100é".encode()])
def test_other_character_sets_are_none(value: bytes) -> None:
    assert character_set(value) is None


def test_text_is_decoded_by_its_character_set_or_not_at_all() -> None:
    latin = character_set(b"ISO_IR 100")
    utf = character_set(b"ISO_IR 192")
    assert latin is not None
    assert utf is not None
    assert decode(b"Caf\xe9 ", latin[1]) == "Café"
    assert fitting_text(b"Caf\xe9 ", "LO", utf[1]) is None
    assert fitting_text("Café".encode(), "LO", utf[1]) == "Café"
    assert fitting_text(b"Caf\xe9", "LO", ()) is None


@pytest.mark.parametrize(
    ("value", "vr", "fits"),
    [
        (b"HFS ", "CS", True),
        (b"ORIGINAL\\PRIMARY", "CS", True), (b"axial", "CS", False), (b"A" * 17, "CS", False),
        (b"ACME", "LO", True), (b"A" * 65, "LO", False), (b"A" * 64 + b"\\" + b"B" * 64, "LO", True),
        (b"A\0B", "LO", False),
        (b"A\nB", "LO", False), (b"A\r\nB", "ST", True), (b"A\x1bB", "LO", False), (b"B30f\0", "SH", True),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_their_vr_are_told(value: bytes, vr: str, fits: bool) -> None:
    assert (fitting_text(value, vr, ()) is not None) is fits


@pytest.mark.parametrize(
    ("value", "vr", "number"),
    [
        (b"0.48828125\\1", "DS", True), (b" -1.5e-3 ", "DS", True), (b"12", "IS", True), (b"12.0", "IS", True),
        (b"", "DS", True),
        (b"JANE", "DS", False), (b"1\\x", "IS", False), (b"1,5", "DS", False), (b"1" * 33, "DS", False),
        (b"0x1F", "IS", False),
    ],
)  # fmt: skip
def test_numbers_are_numbers(value: bytes, vr: str, number: bool) -> None:
    assert is_number(value, vr) is number


def test_uids_and_standard_terms() -> None:
    assert is_uid("1.2.840.10008.1.2")
    assert not is_uid("1.2.x")
    assert is_standard_term("ORIGINAL\\PRIMARY\\AXIAL")
    assert not is_standard_term("ORIGINAL\\JANE")


@pytest.mark.parametrize(
    ("charset", "maker"),
    [
        ("ISO_IR 100", "Café"),
        ("ISO_IR 192", "胸部 café"),
        ("ISO_IR 144", "Рентген"),
        ("GB18030", "胸部"),
        ("\\ISO 2022 IR 87", "胸部 CT"),
    ],
)
def test_texts_that_stay_are_read_as_they_were(charset: str, maker: str) -> None:
    made_of = charset.split("\\") if "\\" in charset else charset
    clean = read(scrub(write(made(SpecificCharacterSet=made_of, Manufacturer=maker))).data)
    assert clean.Manufacturer == maker
    assert clean.SpecificCharacterSet == made_of
