"""Preamble, file meta information, transfer syntaxes, inflation."""

from __future__ import annotations

import struct
import time
import zlib

import pytest
from corpus import IMPLICIT, UID, explicit, file_of, implicit

from curator.core.errors import ItemError
from curator.formats.dicom import opening
from curator.formats.dicom.walk import check_structure

DEFLATED = b"1.2.840.10008.1.2.1.99"


def refused(data: bytes) -> str:
    with pytest.raises(ItemError) as caught:
        check_structure(data)
    return caught.value.code


def deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(body) + engine.flush()


@pytest.mark.parametrize(
    "body", [b"", b"x", b"#!/bin/sh\necho hello world\n", bytes(200), b"\x08\x00", b"\x02\x00\x00\x00ULxx"]
)
def test_what_does_not_begin_as_dicom_is_not_dicom(body: bytes) -> None:
    assert refused(body) in {"DCM-001", "DCM-007"}


def test_a_file_without_preamble_and_meta_is_read_by_its_first_element() -> None:
    structure = check_structure(UID + explicit(0x00080018, b"UI", b"1.2\0"))
    assert (structure.guessed, structure.explicit, structure.has_meta, structure.has_preamble) == (
        True,
        True,
        False,
        False,
    )
    structure = check_structure(implicit(0x00080016, b"1.2 "))
    assert (structure.transfer_syntax, structure.explicit) == (IMPLICIT.decode(), False)
    structure = check_structure(struct.pack(">HH2sH", 8, 0x16, b"UI", 4) + b"1.2\0")
    assert (structure.transfer_syntax, structure.little) == ("1.2.840.10008.1.2.2", False)


def test_a_missing_transfer_syntax_is_guessed() -> None:
    meta = explicit(0x00020002, b"UI", b"1.2.840.10008.5.1.4.1.1.2\0")
    meta = explicit(0x00020000, b"UL", struct.pack("<L", len(meta))) + meta
    structure = check_structure(bytes(128) + b"DICM" + meta + UID)
    assert (structure.guessed, structure.transfer_syntax) == (True, "1.2.840.10008.1.2.1")
    assert structure.meta_sop_class == "1.2.840.10008.5.1.4.1.1.2"


def test_the_file_meta_information_may_stand_without_preamble() -> None:
    assert check_structure(file_of(UID)[132:]).has_meta


@pytest.mark.parametrize("wrong", [0, 3, 9000, 0xFFFFFFFF])
def test_a_wrong_group_length_is_reported_and_harmless(wrong: int) -> None:
    data = bytearray(file_of(UID))
    data[140:144] = struct.pack("<L", wrong)
    structure = check_structure(bytes(data))
    assert not structure.meta_length_ok
    assert structure.elements == 1


def test_a_true_group_length_is_reported() -> None:
    assert check_structure(file_of(UID)).meta_length_ok


def test_file_meta_information_in_implicit_vr_is_read() -> None:
    meta = implicit(0x00020010, IMPLICIT + b"\0")
    structure = check_structure(bytes(128) + b"DICM" + meta + implicit(0x00080016, b"1.2 "))
    assert not structure.meta_explicit
    assert structure.transfer_syntax == IMPLICIT.decode()


@pytest.mark.parametrize(
    "meta",
    [
        explicit(0x00020010, b"ZZ", b"1.2 "),
        explicit(0x00020010, b"UI", b"1.2 ") * 2,
        explicit(0x00020001, b"OB", length=0xFFFFFFFF),
        explicit(0x00020010, b"UI", b"1" * 300),
    ],
)
def test_damaged_file_meta_information_is_refused(meta: bytes) -> None:
    assert refused(bytes(128) + b"DICM" + meta + UID) == "DCM-002"


def test_cut_file_meta_information_is_refused() -> None:
    data = file_of(UID)
    for cut in range(133, len(data) - len(UID)):
        assert refused(data[:cut]) in {"DCM-007", "DCM-013"}


@pytest.mark.parametrize("uid", [b"1.2.3.4", b"1.2.840.113619.5.2", b"1.2.840.10008.1.1", b"junk", b"\xff\xff"])
def test_an_unknown_or_private_transfer_syntax_is_refused(uid: bytes) -> None:
    assert refused(file_of(UID, uid)) == "DCM-019"


@pytest.mark.parametrize("uid", [b"1.2.840.10008.1.2.4.94", b"1.2.840.10008.1.2.6.2", b"1.2.840.10008.1.20"])
def test_a_transfer_syntax_whose_pixels_or_data_set_are_elsewhere_is_refused(uid: bytes) -> None:
    assert refused(file_of(UID, uid)) == "DCM-018"


def test_an_encoding_that_contradicts_its_declaration_is_read_as_it_is() -> None:
    structure = check_structure(file_of(implicit(0x00080016, b"1.2 ")))
    assert (structure.transfer_syntax, structure.explicit) == ("1.2.840.10008.1.2.1", False)
    assert check_structure(file_of(UID, IMPLICIT)).explicit


def test_a_deflated_data_set_is_inflated() -> None:
    structure = check_structure(file_of(deflate(UID * 3) + b"\0", DEFLATED))
    assert (structure.deflated, structure.elements, structure.trailing) == (True, 3, 1)
    assert bytes(structure.buffer[structure.meta_end : structure.end]) == UID * 3


def test_bytes_behind_a_deflate_stream_are_trailing() -> None:
    assert check_structure(file_of(deflate(UID) + b"DOE^JANE", DEFLATED)).trailing == 8


def test_a_damaged_or_cut_deflate_stream_is_refused() -> None:
    packed = deflate(UID + explicit(0x00091001, b"OB", bytes(range(256)) * 8))
    assert refused(file_of(packed[:-3], DEFLATED)) == "DCM-007"
    assert refused(file_of(b"\xff" * 100, DEFLATED)) == "DCM-010"
    assert refused(file_of(deflate(b"abcdef") + bytes(4), DEFLATED)) == "DCM-013"


def test_a_deflate_bomb_is_refused_before_it_fills_the_memory() -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(engine.compress(bytes(1 << 20)) for _ in range(80)) + engine.flush()
    assert len(packed) < 100_000
    started = time.process_time()
    assert refused(file_of(packed, DEFLATED)) == "DCM-011"
    assert time.process_time() - started < 5


def test_inflation_is_bounded_by_ratio_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    body = UID + explicit(0x00091001, b"OB", bytes(100_000))
    monkeypatch.setattr(opening, "INFLATE_LEAST", 50_000)
    assert refused(file_of(deflate(body), DEFLATED)) == "DCM-011"
    monkeypatch.setattr(opening, "INFLATE_RATIO", 1000)
    assert check_structure(file_of(deflate(body), DEFLATED)).elements == 2
    monkeypatch.setattr(opening, "INFLATE_MOST", 60_000)
    assert refused(file_of(deflate(body), DEFLATED)) == "DCM-011"
