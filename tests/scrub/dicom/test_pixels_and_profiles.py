"""Bytes that are handed on as they are: pixel data, compressed frames, ICC profiles."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit
from scrub_support import file_named, made, read, scrub, write

from curator.core.errors import ItemError
from curator.scrub.dicom.icc import is_clean_profile
from curator.scrub.dicom.streams import has_metadata

JPEG_END = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34\xff\xd9"
J2K_SIZE = b"\xff\x4f\xff\x51\x00\x04\x00\x00"


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + JPEG_END


def item(body: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + struct.pack("<L", len(body)) + body


def profile() -> bytes:
    return bytes(read(file_named("hotiron.dcm")).ICCProfile)


@pytest.mark.parametrize(
    "frame",
    [
        jpeg(segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0")),
        jpeg(segment(0xFE, b"LEAD Technologies Inc. V1.01\0")),
        jpeg(segment(0xFE, b"")),
        jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")),
        J2K_SIZE + b"\xff\x64\x00\x16\x00\x01Kakadu-v5.2.1\0\0\0\0\0" + b"\xff\x90",
        jpeg() + b"\0",
        J2K_SIZE + b"\xff\x90abc\xff\xd9\0",
        b"\0\0\0\0",
        b"",
    ],
)
def test_encoders_names_and_structure_are_no_metadata(frame: bytes) -> None:
    assert not has_metadata(item(b"") + item(frame))


@pytest.mark.parametrize(
    "frame",
    [
        jpeg(segment(0xFE, b"Doe^Jane 19520319")),
        jpeg(segment(0xE1, b"Exif\0\0II*\0")),
        jpeg(segment(0xED, b"Photoshop 3.0\0")),
        jpeg() + b"Jane Doe",
        jpeg()[:-2] + segment(0xFE, b"Jane") + b"\xff\xd9",
        J2K_SIZE + b"\xff\x90abc\xff\xd9Jane Doe",
        jpeg(segment(0xE0, b"JFIF\0" + bytes(100))),
        J2K_SIZE + b"\xff\x64\x00\x0a\x00\x01Jane D" + b"\xff\x90",
        b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0\0\0\x0cxml Jane",
    ],
)
def test_comments_and_application_blocks_are_metadata(frame: bytes) -> None:
    assert has_metadata(item(b"") + item(frame))


def test_a_frame_with_a_comment_is_held_back_and_one_without_keeps_its_bytes() -> None:
    for frame, syntax, held in (
        (jpeg(segment(0xFE, b"Jane")), JPEGBaseline8Bit, True),
        (jpeg(), JPEGBaseline8Bit, False),
        (J2K_SIZE + b"\xff\x90ab", JPEG2000Lossless, False),
    ):
        dataset = made()
        dataset.add_new(0x7FE00010, "OB", encapsulate([frame]))
        dataset["PixelData"].is_undefined_length = True
        source = write(dataset, syntax)
        if held:
            with pytest.raises(ItemError, match="DCM-048"):
                scrub(source)
        else:
            assert read(scrub(source).data).PixelData == dataset.PixelData


@given(st.binary(max_size=300))
def test_no_bytes_make_the_frame_reader_fail(data: bytes) -> None:
    for frame in (data, b"\xff\xd8" + data, J2K_SIZE + data, b"\0\0\0\x0cjP  \r\n\x87\n" + data):
        assert has_metadata(item(frame)) in {True, False}
    assert has_metadata(data) in {True, False}


@pytest.mark.parametrize(("extra", "held"), [(b"", False), (b"\0", False), (b"\0\0\0\0", False), (b"Jane", True)])
def test_bytes_behind_the_picture_are_held_back_unless_they_are_zero(extra: bytes, held: bool) -> None:
    dataset = made()
    dataset.PixelData = dataset.PixelData + extra
    if held:
        with pytest.raises(ItemError, match="DCM-047"):
            scrub(write(dataset))
    else:
        assert read(scrub(write(dataset)).data).PixelData[:8] == dataset.PixelData[:8]


def test_pixel_data_without_a_picture_are_held_back() -> None:
    dataset = made()
    del dataset.Rows
    with pytest.raises(ItemError, match="DCM-047"):
        scrub(write(dataset))


def test_a_frame_count_is_respected() -> None:
    dataset = made(NumberOfFrames=2)
    dataset.PixelData = dataset.PixelData * 2
    assert read(scrub(write(dataset)).data).PixelData == dataset.PixelData
    dataset.NumberOfFrames = 1
    with pytest.raises(ItemError, match="DCM-047"):
        scrub(write(dataset))


def test_a_standard_color_profile_stays() -> None:
    assert is_clean_profile(profile())
    assert "ICCProfile" in read(scrub(file_named("hotiron.dcm")).data)


@pytest.mark.parametrize("at", [104, 400, 900])
def test_a_color_profile_with_foreign_words_goes(at: int) -> None:
    data = bytearray(profile())
    data[at : at + 9] = b"Doe, Jane"
    text_area = data[380:990]
    if is_clean_profile(bytes(data)):
        assert b"Doe, Jane" in bytes(text_area)
    else:
        dataset = made()
        dataset.add_new(0x00282000, "OB", bytes(data))
        assert "ICCProfile" not in read(scrub(write(dataset)).data)


def test_every_text_of_a_color_profile_is_read() -> None:
    whole = profile()
    for known in (b"Hewlett-Packard", b"sRGB IEC61966-2.1", b"http://www.iec.ch"):
        assert known in whole
        assert not is_clean_profile(whole.replace(known, b"J" * len(known)))


@given(st.binary(max_size=400))
def test_no_bytes_make_the_profile_reader_fail(data: bytes) -> None:
    assert not is_clean_profile(data) or data[36:40] == b"acsp"


@given(st.integers(0, 3143), st.integers(1, 255))
def test_no_changed_byte_makes_the_profile_reader_fail(at: int, change: int) -> None:
    data = bytearray(profile())
    data[at] ^= change
    assert is_clean_profile(bytes(data)) in {True, False}
