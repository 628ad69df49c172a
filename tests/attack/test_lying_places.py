"""Words in places of a header where numbers, pointers, tables and other things belong, or under a VR that lies."""

from __future__ import annotations

import pytest
from attack_bytes import SECRET as S
from attack_bytes import both_passes, element, file_of, item

from curator.core.errors import ItemError


def out(data):
    """Return what came out of both passes; a file that is held back gives nothing."""
    try:
        return both_passes(data, accepted=True).data
    except ItemError:
        return b""


PLACES = {
    "behind float pixel data": (file_of({0x7FE00008: ("OF", bytes(16) + S)}, without=[0x7FE00010]), S),
    "offset table of a native file": (file_of({0x7FE00001: ("OV", S)}), S),
    "second value of Rows": (file_of({0x00280010: ("US", b"\2\0SM")}), b"\2\0SM"),
    "name among whole numbers": (file_of({0x00280106: ("US", b"\1JOHNATHAN")}), b"JOHNATHAN"),
    "name among doubles": (file_of({0x00189073: ("FD", b"\1Johnathan Smith")}), b"Johnathan"),
    "name among floats": (file_of({0x00189079: ("FL", b"JOHNATHAN\0\0\xff")}), b"JOHNATHAN"),
    "record number in a lookup table": (
        file_of(extra=element(0x00283010, "SQ", item(element(0x00283006, "OW", b"MRN-123456")))),
        b"MRN-123456",
    ),
    "social security number in a lookup table": (
        file_of(extra=element(0x00283010, "SQ", item(element(0x00283006, "OW", b"SSN 123-45-6789 ")))),
        b"123-45-6789",
    ),
    "waveform padding": (file_of({0x5400100A: ("OB", S)}), S),
    "name that poses as bytes": (
        file_of({0x00100010: ("OB", b"Zebedee^Quux"), 0x00281055: ("LO", b"Zebedee")}),
        b"Zebedee",
    ),
    "record number that poses as words": (
        file_of({0x00100020: ("OW", b"ZB998877"), 0x00281055: ("LO", b"ZB998877")}),
        b"ZB998877",
    ),
    "creator of private attributes": (file_of({0x00209213: ("LO", S)}), S),
    "number that poses as a registered UID": (file_of({0x00081155: ("UI", b"1.2.840.10008.6.1.9931")}), b"6.1.9931"),
    "pointer": (file_of({0x00280009: ("AT", b"SMIT")}), b"SMIT"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_word_in_a_place_for_something_else_goes(place):
    assert PLACES[place][1] not in out(PLACES[place][0])
