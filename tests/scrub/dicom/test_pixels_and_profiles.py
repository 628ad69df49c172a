"""Bytes that are handed on as they are: pixel data, compressed frames, ICC profiles."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit
from scrub_support import file_named, made, read, scrub, write

from curator.core.errors import ItemError
from curator.scrub.dicom.icc import is_clean_profile
from curator.scrub.dicom.streams import Picture, check_frames

JPEG_SIZE = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00"
JPEG_SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\x00\xff\xd0\x34"
JPEG_END = JPEG_SIZE + JPEG_SCAN + b"\xff\xd9"
J2K_SIZE = b"\xff\x4f\xff\x51\x00\x29" + bytes(34) + b"\x00\x01\x07\x01\x01"
J2K_TILE = b"\xff\x90\x00\x0a" + bytes(7) + b"\x01\xff\x93ab"
SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
JPEG, J2K, RLE = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5"


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + JPEG_END


def item(body: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + struct.pack("<L", len(body)) + body


def profile() -> bytes:
    return bytes(read(file_named("hotiron.dcm")).ICCProfile)


def code(fragments: bytes, syntax: str, frames: int = 1, *, accepted: bool = False) -> str:
    """The code under which fragments are held back, empty when they are not."""
    try:
        check_frames(fragments, Picture(syntax, frames=frames, pixels=4, accepted=accepted))
    except ItemError as error:
        return error.code
    return ""


def j2k(*segments: bytes, tail: bytes = b"") -> bytes:
    return J2K_SIZE + b"".join(segments) + J2K_TILE + b"\xff\xd9" + tail


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body) + 8) + kind + body


def jp2(*extra: bytes) -> bytes:
    head = box(b"ihdr", bytes(8) + b"\0\1\7\7\0\0") + box(b"colr", b"\1\0\0" + bytes(4)) + b"".join(extra)
    return SIGNATURE + box(b"ftyp", b"jp2 " + bytes(4) + b"jp2 ") + box(b"jp2h", head) + box(b"jp2c", j2k())


#: What an encoder notes of the layers: how much error each takes away, and its bytes.
LAYERS = b"log_2{Delta-D(MSE)/[2^16*Delta-L(bytes)]}, L(bytes)\n -65.4, 6.8e+004\n-256.0, 3.7e+006\n"


def rle(body: bytes, *, count: int = 1, start: int = 64) -> bytes:
    return struct.pack("<16L", count, start, *bytes(14)) + body


@pytest.mark.parametrize(
    ("frame", "syntax"),
    [
        (jpeg(segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0")), JPEG),
        (jpeg(segment(0xFE, b"LEAD Technologies Inc. V1.01\0")), JPEG),
        (jpeg(segment(0xFE, b"")), JPEG),
        (jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")), JPEG),
        (b"\xff\xd8" + JPEG_SIZE + JPEG_SCAN + JPEG_SCAN + b"\xff\xd9", JPEG),
        (jpeg() + b"\0", JPEG),
        (jpeg() + b"\xff", JPEG),
        (jpeg() + b"\xff" * 14, JPEG),
        (jpeg(segment(0xE0, b"LJIF\0\1" + bytes(7)), segment(0xFE, b"MITRA_DICOM_STANDARD")), JPEG),
        (jpeg(segment(0xFE, b"Compressed by DicomObjects 4.3.148.92")), JPEG),
        (jpeg(segment(0xFE, b"Created with GIMP")), JPEG),
        (j2k(segment(0x64, b"\0\1Created by Grok     version 2.3.0")), J2K),
        (j2k(segment(0x64, b"\0\1Kdu-Layer-Info: " + LAYERS)), J2K),
        (j2k(tail=b"\xff\xff"), J2K),
        (jp2(box(b"res ", box(b"resc", bytes(10)) + box(b"resd", bytes(10)))), J2K),
        (j2k(segment(0x64, b"\0\1Kakadu-v5.2.1\0\0\0\0\0")), J2K),
        (j2k(tail=b"\0"), J2K),
        (rle(b"\3\1\2\3\4"), RLE),
        (rle(b"\xfd\1\0\0"), RLE),
    ],
)
def test_encoders_names_and_structure_are_no_metadata(frame: bytes, syntax: str) -> None:
    assert code(item(b"") + item(frame), syntax) == ""


@pytest.mark.parametrize(
    ("frame", "syntax", "expected"),
    [
        (jpeg(segment(0xFE, b"Doe^Jane 19520319")), JPEG, "DCM-048"),
        (jpeg(segment(0xE1, b"Exif\0\0II*\0")), JPEG, "DCM-048"),
        (jpeg(segment(0xED, b"Photoshop 3.0\0")), JPEG, "DCM-048"),
        (jpeg(segment(0xE0, b"JFIF\0" + bytes(100))), JPEG, "DCM-048"),
        (jpeg(segment(0xC4, b"\0" + bytes(16) + b"Jane")), JPEG, "DCM-048"),
        (jpeg(segment(0xDB, b"\0" + bytes(64) + b"Jane")), JPEG, "DCM-048"),
        (jpeg() + b"Jane Doe", JPEG, "DCM-047"),
        (jpeg() + b"\xff\0", JPEG, "DCM-047"),
        (jpeg(segment(0xE0, b"LJIF\0\1" + b"Jane\0\0\0")), JPEG, "DCM-048"),
        (jpeg(segment(0xFE, b"Compressed by DicomObjects for Jane")), JPEG, "DCM-048"),
        (j2k(segment(0x64, b"\0\1Kdu-Layer-Info: " + LAYERS + b"\n Jane")), J2K, "DCM-048"),
        (jp2(box(b"res ", box(b"resc", b"Jane Doe 1952"))), J2K, "DCM-048"),
        (jp2(box(b"res ", box(b"xml ", bytes(10)))), J2K, "DCM-048"),
        (b"Jane" + jpeg(), JPEG, "DCM-047"),
        (jpeg()[:-2] + segment(0xFE, b"Jane") + b"\xff\xd9", JPEG, "DCM-048"),
        (j2k(tail=b"Jane Doe"), J2K, "DCM-047"),
        (j2k(segment(0x64, b"\0\1Jane D")), J2K, "DCM-048"),
        (j2k(segment(0x74, b"\0\1Jane D")), J2K, "DCM-048"),
        (SIGNATURE + b"\0\0\0\x0cxml Jane", J2K, "DCM-048"),
        (rle(b"\3\1\2\3\4Jane"), RLE, "DCM-047"),
        (rle(b"Jane\3\1\2\3\4", start=68), RLE, "DCM-047"),
        (rle(b"\3\1\2\3\4", count=2), RLE, "DCM-047"),
        (b"\0\0\0\0", JPEG, "DCM-047"),
        (b"", JPEG, "DCM-047"),
        (b"\0\0\1\xb3", "1.2.840.10008.1.2.4.100", "DCM-049"),
    ],
)
def test_what_no_standard_names_is_held_back(frame: bytes, syntax: str, expected: str) -> None:
    assert code(item(b"") + item(frame), syntax) == expected


def test_one_byte_that_makes_the_only_frame_even_may_be_any() -> None:
    odd, even = jpeg(), jpeg(segment(0xFE, b"\0"))
    assert (len(odd) % 2, len(even) % 2) == (1, 0)
    assert code(item(b"") + item(odd + b"\xcc"), JPEG) == ""
    assert code(item(b"") + item(odd + b"\xcc") * 2, JPEG, frames=2) == "DCM-047"
    assert code(item(b"") + item(odd + b"\xcc\xcc\xcc"), JPEG) == "DCM-047"
    assert code(item(b"") + item(even + b"\xcc"), JPEG) == "DCM-047"


BARE, DEFLATED = "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.8.1"


def deflate(data: bytes, tail: bytes = b"") -> bytes:
    writer = zlib.compressobj(wbits=-15)
    return writer.compress(data) + writer.flush() + tail


@pytest.mark.parametrize(
    ("frame", "syntax", "expected"),
    [
        (b"\1\2\3\4", BARE, ""),
        (b"\1\2\3", BARE, "DCM-047"),
        (b"\1\2\3\4Jane", BARE, "DCM-047"),
        (deflate(b"\1\2\3\4"), DEFLATED, ""),
        (deflate(b"\1\2\3\4", b"\0"), DEFLATED, ""),
        (deflate(b"\1\2\3\4", b"\0\0"), DEFLATED, "DCM-047"),
        (deflate(b"\1\2\3\4", b"Jane"), DEFLATED, "DCM-047"),
        (deflate(b"\1\2\3\4Jane"), DEFLATED, "DCM-047"),
        (deflate(b"\1\2\3"), DEFLATED, "DCM-047"),
        (deflate(b"\1\2\3\4")[:-1], DEFLATED, "DCM-047"),
        (b"\0\0\0\xff\xff" * 40 + deflate(b"\1\2\3\4"), DEFLATED, "DCM-047"),
        (b"Jane", DEFLATED, "DCM-047"),
        (jpeg(), "1.2.840.10008.1.2.4.55", ""),
        (jpeg(segment(0xFE, b"Jane")), "1.2.840.10008.1.2.4.55", "DCM-048"),
        (jpeg(segment(0xDE, b"\x08" + bytes(5))), "1.2.840.10008.1.2.4.59", "DCM-048"),
        (b"\xff\x0aJane", "1.2.840.10008.1.2.4.110", "DCM-049"),
    ],
)
def test_frames_are_followed_with_a_signed_record_and_without_one(frame: bytes, syntax: str, expected: str) -> None:
    for accepted in (False, True):
        assert code(item(b"") + item(frame), syntax, accepted=accepted) == expected


def test_a_run_length_frame_of_single_bits_is_as_long_as_its_bits() -> None:
    frame = rle(b"\1\xaa\x55")
    for pixels, allocated, expected in ((16, 1, ""), (13, 1, ""), (17, 1, "DCM-047"), (8, 1, "DCM-047"), (2, 8, "")):
        found = ""
        try:
            check_frames(item(b"") + item(frame), Picture(RLE, pixels=pixels, allocated=allocated))
        except ItemError as error:
            found = error.code
        assert found == expected


def test_a_segment_is_padded_with_zeros_or_one_byte_of_no_output() -> None:
    assert code(item(b"") + item(rle(b"\3\1\2\3\4\x80")), RLE) == ""
    assert code(item(b"") + item(rle(b"\3\1\2\3\4\0\0")), RLE) == ""
    assert code(item(b"") + item(rle(b"\3\1\2\3\4\x80J")), RLE) == "DCM-047"
    assert code(item(b"") + item(rle(b"\3\1\2\3\4\x80\x80")), RLE) == "DCM-047"


def test_the_fragments_of_a_frame_are_read_as_one() -> None:
    frame = jpeg(segment(0xFE, b"Jane Doe"))
    for at in range(1, len(frame)):
        assert code(item(b"") + item(frame[:at]) + item(frame[at:]), JPEG) == "DCM-048"
    assert code(item(b"") + item(jpeg()[:7]) + item(jpeg()[7:]), JPEG) == ""


def test_a_scan_of_nothing_but_fill_bytes_is_read_in_linear_time() -> None:
    # At quadratic cost this would take hours and run into the time limit of the suite.
    frame = b"\xff\xd8" + JPEG_SIZE + JPEG_SCAN + b"\xff" * 2_000_000
    for syntax in (JPEG, "1.2.840.10008.1.2.4.80"):
        assert code(item(b"") + item(frame + b"\0"), syntax) == "DCM-047"
        assert code(item(b"") + item(frame + b"\xfe\0\6Jane"), syntax) == "DCM-048"
        assert code(item(b"") + item(frame + b"\xd9"), syntax) == ""


def test_an_offset_table_names_the_fragments_or_is_empty() -> None:
    frame = jpeg() + b"\0" * (len(jpeg()) % 2)
    two = item(frame) * 2
    for table, expected in (
        (struct.pack("<2L", 0, len(frame) + 8), ""),
        (struct.pack("<2L", 0, len(frame)), "DCM-047"),
        (struct.pack("<L", 0), "DCM-047"),
        (b"Jane Doe", "DCM-047"),
    ):
        assert code(item(table) + two, JPEG, 2) == expected


def test_an_extended_offset_table_gives_places_and_lengths_as_they_are() -> None:
    frame = jpeg() + b"\0" * (len(jpeg()) % 2)
    right = (struct.pack("<Q", 0), struct.pack("<Q", len(jpeg())))
    check_frames(item(b"") + item(frame), Picture(JPEG), *right)
    for wrong in ((b"Jane Doe", right[1]), (right[0], b"Jane Doe"), (right[0], None), (right[0] * 2, right[1] * 2)):
        with pytest.raises(ItemError, match="DCM-047"):
            check_frames(item(b"") + item(frame), Picture(JPEG), *wrong)


def test_video_passes_with_a_signed_record_unless_it_holds_user_data() -> None:
    for syntax, frame, expected in (
        ("1.2.840.10008.1.2.4.100", b"\0\0\1\xb3\1\2", ""),
        ("1.2.840.10008.1.2.4.100", b"\0\0\1\xb3\0\0\1\xb2Jane", "DCM-048"),
        ("1.2.840.10008.1.2.4.102", b"\0\0\1\x06\5\4Jane", "DCM-048"),
        ("1.2.840.10008.1.2.4.107", b"\0\0\1\x4e\1\5\4Jane", "DCM-048"),
    ):
        assert code(item(b"") + item(frame), syntax, accepted=True) == expected
        assert code(item(b"") + item(frame), syntax) == "DCM-049"


def test_a_frame_with_a_comment_is_held_back_and_one_without_keeps_its_bytes() -> None:
    for frame, syntax, held in (
        (jpeg(segment(0xFE, b"Jane")), JPEGBaseline8Bit, True),
        (jpeg(), JPEGBaseline8Bit, False),
        (j2k(), JPEG2000Lossless, False),
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
    for syntax, head in ((JPEG, b"\xff\xd8"), (J2K, J2K_SIZE), (J2K, SIGNATURE), (RLE, rle(b"")), (JPEG, jpeg()[:-2])):
        for frame in (data, head + data):
            assert code(item(b"") + item(frame), syntax) in {"", "DCM-047", "DCM-048"}
        assert code(data, syntax) in {"", "DCM-047", "DCM-048"}


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
