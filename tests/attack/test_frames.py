"""Words hidden in compressed frames, in their tables and in the numbers that describe the pixels."""

from __future__ import annotations

import struct

import pytest
from attack_bytes import BASELINE, SECRET, both_passes, element, file_of, item

from curator.core.errors import ItemError

_U = b"1.2.840.10008.1.2."
_J2K, _RLE = _U + b"4.90", _U + b"5"
_SOI, _EOI, _EOC = b"\xff\xd8", b"\xff\xd9", b"\xff\xd9"
_SOF = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00"
_SOS = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
_IMAGE = _SOF + _SOS + b"\x12\x34" + _EOI
_SIZ = b"\xff\x4f\xff\x51\x00\x29" + bytes(34) + b"\x00\x01\x07\x01\x01"
_SOT, _SOD = b"\xff\x90\x00\x0a" + bytes(7) + b"\x01", b"\xff\x93\x12"
_CODESTREAM = _SIZ + _SOT + _SOD + _EOC


def _segment(body: bytes, mark: bytes = b"\xff\xfe") -> bytes:
    return mark + struct.pack(">H", len(body) + 2) + body


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", 8 + len(body)) + kind + body


def _rle(body: bytes, *, header: bytes = bytes(52), start: int = 64) -> bytes:
    return struct.pack("<3L", 2, start, start + 6) + header + body


_JP, _TYPE = _box(b"jP  ", b"\r\n\x87\n"), b"jp2 \0\0\0\0jp2 "
_COLOR = _box(b"ihdr", bytes(8) + b"\0\1" + bytes(4))
_RUNS = b"\3\1\2\3\4\0\3\1\2\3\4\0"

#: Where the words are -> transfer syntax, fragments.
FRAMES = {
    "offset table": (BASELINE, [SECRET, _SOI + _IMAGE]),
    "fragment behind the frame": (BASELINE, [b"", _SOI + _IMAGE, SECRET]),
    "no code stream": (_U + b"4.80", [b"", SECRET * 3]),
    "comment over two fragments": (
        BASELINE,
        [b"", _SOI + _segment(SECRET * 2)[:2], _segment(SECRET * 2)[2:] + _IMAGE],
    ),
    "start of image alone": (BASELINE, [b"", _SOI, _segment(SECRET) + _IMAGE]),
    "behind the end of the image": (BASELINE, [b"", _SOI + _IMAGE + SECRET]),
    "comment behind a scan": (BASELINE, [b"", _SOI + _SOF + _SOS + b"\x12" + _segment(SECRET) + _SOS + _EOI]),
    "behind a restart marker": (BASELINE, [b"", _SOI + b"\xff\xd0" + _segment(SECRET) + _IMAGE]),
    "before the image": (BASELINE, [b"", b"\0\0" + _SOI + _segment(SECRET) + _IMAGE]),
    "reserved segment": (BASELINE, [b"", _SOI + _segment(SECRET, b"\xff\xf0") + _IMAGE]),
    "JFIF": (BASELINE, [b"", _SOI + _segment(b"JFIF\0\1\2\0\0\1\0\1\1\1" + SECRET, b"\xff\xe0") + _IMAGE]),
    "Adobe": (BASELINE, [b"", _SOI + _segment(b"Adobe" + SECRET, b"\xff\xee") + _IMAGE]),
    "Huffman table": (BASELINE, [b"", _SOI + _segment(bytes(17) + SECRET, b"\xff\xc4") + _IMAGE]),
    "behind the end of the code stream": (_J2K, [b"", _CODESTREAM + SECRET]),
    "comment in a tile": (_J2K, [b"", _SIZ + _SOT + _segment(b"\0\1" + SECRET, b"\xff\x64") + _SOD + _EOC]),
    "packet lengths": (_J2K, [b"", _SIZ + _SOT + _segment(b"\0" + SECRET, b"\xff\x58") + _SOD + _EOC]),
    "tile lengths": (_J2K, [b"", _SIZ + _segment(b"\0\x40" + SECRET, b"\xff\x55") + _SOT + _SOD + _EOC]),
    "XML box in the header box": (
        _J2K,
        [
            b"",
            _JP + _box(b"ftyp", _TYPE) + _box(b"jp2h", _COLOR + _box(b"xml ", SECRET)) + _box(b"jp2c", _CODESTREAM),
        ],
    ),
    "file type box": (
        _J2K,
        [b"", _JP + _box(b"ftyp", _TYPE + SECRET) + _box(b"jp2h", _COLOR) + _box(b"jp2c", _CODESTREAM)],
    ),
    "RLE header": (_RLE, [b"", _rle(_RUNS, header=SECRET + bytes(44))]),
    "RLE gap": (_RLE, [b"", _rle(SECRET * 2 + _RUNS, start=80)]),
    "RLE tail": (_RLE, [b"", _rle(_RUNS + SECRET)]),
    "MPEG-2 user data": (_U + b"4.100", [b"", b"\0\0\1\xb3\0\0\1\xb2" + SECRET]),
    "H.264 user data": (_U + b"4.102", [b"", b"\0\0\1\x06\x05\x10" + SECRET * 2]),
}


@pytest.mark.parametrize("place", FRAMES)
@pytest.mark.parametrize("accepted", [True, False])
def test_words_in_a_compressed_frame_hold_the_file_back(place: str, accepted: bool) -> None:
    syntax, fragments = FRAMES[place]
    with pytest.raises(ItemError) as caught:
        both_passes(file_of(syntax=syntax, fragments=fragments), accepted=accepted)
    assert caught.value.code in {"DCM-047", "DCM-048", "DCM-049"}


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (BASELINE, _SOI + _IMAGE),
        (_J2K, _CODESTREAM),
        (_J2K, _JP + _box(b"ftyp", _TYPE) + _box(b"jp2h", _COLOR) + _box(b"jp2c", _CODESTREAM)),
        (_RLE, _rle(_RUNS)),
    ],
)
def test_the_same_frames_without_words_keep_their_bytes(syntax: bytes, frame: bytes) -> None:
    assert frame in both_passes(file_of(syntax=syntax, fragments=[b"", frame])).data


NUMBERS = {
    "behind floating-point pixels": file_of({0x7FE00008: ("OF", bytes(16) + SECRET)}, without=[0x7FE00010]),
    "behind double pixels": file_of({0x7FE00009: ("OD", bytes(32) + SECRET)}, without=[0x7FE00010]),
    "extended offset table": file_of({0x7FE00001: ("OV", SECRET)}),
    "extended offset table's lengths": file_of({0x7FE00002: ("OV", SECRET)}),
    "second value of the rows": file_of({0x00280010: ("US", b"\2\0SM")}),
}


@pytest.mark.parametrize("place", NUMBERS)
def test_words_around_the_pixels_hold_the_file_back(place: str) -> None:
    with pytest.raises(ItemError, match="DCM-047"):
        both_passes(NUMBERS[place], accepted=True)


def test_an_answer_given_as_a_sequence_counts_as_an_unknown_answer() -> None:
    data = file_of(extra=element(0x00280301, "SQ", item(element(0x00181020, "LO", b"NO"))))
    with pytest.raises(ItemError, match="DCM-041"):
        both_passes(data)
