"""Texts among numbers, numbers that look like texts, days and samples."""

from __future__ import annotations

import struct

import pytest

from curator.scrub.dicom.shapes import are_numbers, is_day, is_sample, is_text

COORDINATES = struct.pack("<4d", 56.6, 34.7, 28.2, 34.9)
MEASURES = bytes.fromhex("3333a34133332f42")  # 20.4 and 43.8: seven of eight bytes are printable


def test_floating_point_numbers_with_a_printable_look_are_numbers() -> None:
    assert is_text(MEASURES)
    assert are_numbers(MEASURES, "OF", "little")
    assert are_numbers(COORDINATES, "OD", "little")
    big = struct.pack(">2f", *struct.unpack("<2f", MEASURES))
    assert are_numbers(big, "OF", "big")
    assert not are_numbers(big, "OF", "little")
    assert not are_numbers(MEASURES, "OW", "little")


@pytest.mark.parametrize(
    "text",
    [
        "QUILLFEATHER, ADA, BORN 1931-04-07  ",
        "Müller, Jürgen, geboren in Köln ",
        "MÜLLERABMÜLLERABMÜLLERAB",
        "ÀÉÀAÉÀÉAÀÉÀA",
        "BÄBABÄBABÄBA",
        "1931-04-071931-04-07",
    ],
)
@pytest.mark.parametrize("vr", ["OF", "OD", "OW", "OB"])
@pytest.mark.parametrize("coding", ["latin-1", "utf-8"])
def test_a_text_is_never_taken_for_numbers(text: str, vr: str, coding: str) -> None:
    value = text.encode(coding, "replace")
    value += b" " * (-len(value) % 8)
    assert not (is_text(value) and are_numbers(value, vr, "little"))
    assert not (is_text(value) and are_numbers(value, vr, "big"))


def test_texts_are_found() -> None:
    assert is_text(b"QUILLFEATHER, ADA, BORN 1931-04-07")
    assert is_text("Müller, Jürgen, geboren in Köln".encode("latin-1"))
    assert is_text("Quillfeather".encode("utf-16-le"))
    assert not is_text(bytes(range(40)))


def test_days_and_samples() -> None:
    assert is_day(b"12\\19310407 ")
    assert not is_day(b"12\\19311307 ")
    assert is_sample(b"\x00\x80")
    assert not is_sample(b"ADA Q")
    assert not is_sample(bytes(16))
