"""Siemens CSA headers: what is written anew reads as the source did, and holds nothing that is not listed."""

from __future__ import annotations

import re
import struct

import pytest
from csa_support import SOURCE, Entry, header, texts

from curator.scrub.dicom.csa import CsaRule, csa_rules, parse_csa, rewrite_csa

NAME = "Zygmuntowska"
BORN = "19620304"


def rewritten(entries: list[Entry], **how: object) -> dict[str, tuple[int, str, int, list[str]]]:
    made = rewrite_csa(header(entries, **how))  # type: ignore[arg-type]
    return {} if made is None else texts(made)


@pytest.mark.parametrize("second", [True, False])
def test_listed_elements_come_out_as_they_were(second: bool) -> None:
    found = rewritten(SOURCE, second=second)
    wanted = {
        name: (values, vr, syngo, items) for name, values, vr, syngo, items in SOURCE if items and name != "ICE_Dims"
    }
    assert found == wanted
    assert list(found) == list(wanted)


def test_writing_what_was_written_changes_nothing() -> None:
    made = rewrite_csa(header(SOURCE))
    assert made is not None
    assert len(made) % 4 == 0
    assert rewrite_csa(made) == made
    assert rewrite_csa(made + bytes(2)) == made


@pytest.mark.parametrize("second", [True, False])
def test_planted_identifiers_do_not_survive(second: bool) -> None:
    residue = f"{NAME}^Jane {BORN}".encode()
    planted: list[Entry] = [
        *SOURCE,
        ("PatientName", 1, "PN", 15, [NAME]),
        ("PatientsBirthDate", 1, "DA", 2, [BORN]),
        ("ReferencedImageSequence", 0, "UI", 25, ["1.2.3.4.5.6"]),
        ("MrPhoenixProtocol", 1, "UN", 0, [f"### ASCCONV BEGIN ###\ntPatientName = {NAME}\n{BORN}\n"]),
        ("UsedPatientWeight", 1, "IS", 6, ["88"]),
        ("EchoTime", 1, "DS", 3, [f"12 {NAME}"]),
        ("RepetitionTime", 1, "DS", 3, [BORN]),
        ("ProtocolSliceNumber", 1, "IS", 6, [BORN]),
        ("RealDwellTime", 1, "IS", 6, [f"0{BORN}"[:9]]),
        ("TimeAfterStart", 1, "DS", 3, ["nan"]),
        ("FlipAngle", 1, "DS", 3, ["0x5A"]),
        ("RFSWDDataType", 1, "SH", 22, [NAME]),
        ("MRAcquisitionType", 1, "CS", 16, [f"2D\n{NAME}"]),
        ("PixelSpacing", 2, "DS", 3, ["1.5", BORN]),
        ("PhaseEncodingDirectionPositive", 1, "IS", 6, ["2"]),
    ]
    source = header(planted, second=second, residue=residue)
    assert NAME.encode() in source
    made = rewrite_csa(source)
    assert made is not None
    for token in (NAME, BORN, "ASCCONV", "1.2.3.4", "Jane", "88"):
        assert token.lower().encode() not in made.lower(), token
    assert set(texts(made)) == {name for name, _, _, _, items in SOURCE if items and name != "ICE_Dims"}


def test_numbers_beside_the_values_carry_nothing() -> None:
    loud = bytearray(header([("B_value", 1, "IS", 6, ["1000"])]))
    quiet = bytes(loud)
    struct.pack_into("<I", loud, 12, 19620304)  # the check behind the count
    struct.pack_into("<i", loud, 16 + 72, 19620304)  # the syngo data type
    struct.pack_into("<i", loud, 16 + 80, 19620304)  # the check of the element
    struct.pack_into("<i", loud, 16 + 84, 19620304)  # the other lengths of the item
    loud[4:8] = b"ZYGM"
    loud[16 + 68 : 16 + 72] = b"ZYGM"
    assert rewrite_csa(bytes(loud)) == rewrite_csa(quiet)


def test_what_cannot_be_read_whole_gives_nothing() -> None:
    good = header(SOURCE)
    for length in range(len(good)):
        made = rewrite_csa(good[:length])
        assert made is None, length
    assert rewrite_csa(good + b"x") is None
    assert rewrite_csa(good + NAME.encode()) is None
    assert rewrite_csa(b"SV10" + NAME.encode() * 20) is None
    for at, number in [(8, 0), (8, 1001), (8, 0xFFFFFFFF), (16 + 76, -1), (16 + 76, 2**31 - 1), (16 + 64, -5)]:
        bad = bytearray(good)
        struct.pack_into("<q", bad, at, number) if number > 2**31 - 1 else struct.pack_into("<i", bad, at, number)
        assert rewrite_csa(bytes(bad)) is None, (at, number)
    for length in (-1, 2**31 - 1, len(good)):
        bad = bytearray(good)
        struct.pack_into("<i", bad, 16 + 84 + 4, length)
        assert rewrite_csa(bytes(bad)) is None, length


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [("ICE_Dims", 1, "LO", 19, ["X_1"])],
        [("B_value", 1, "IS", 6, ["1"]), ("B_value", 1, "IS", 6, ["2"])],
        [("B value", 1, "IS", 6, ["1"])],
        [("B_value", 1, "IS", 6, ["1", "2"])],
        [("B_value", 0, "IS", 6, ["1", "2"])],
        [("SliceNormalVector", 3, "FD", 4, ["0", "", "1"])],
    ],
)
def test_a_header_that_says_nothing_listed_or_contradicts_itself_gives_nothing(entries: list[Entry]) -> None:
    assert rewrite_csa(header(entries)) is None


def test_a_caller_may_allow_less() -> None:
    made = rewrite_csa(header(SOURCE), {"B_value": CsaRule("IS", 6, 1, low=0, high=2000)})
    assert made is not None
    assert set(texts(made)) == {"B_value"}
    assert rewrite_csa(header(SOURCE), {}) is None


def test_the_list_holds_sound_rules_only() -> None:
    for name, rule in csa_rules().items():
        assert len(name) < 64
        assert rule.vr in {"IS", "DS", "FD", "US", "UL", "SL", "CS", "SH"}
        assert bool(rule.form) is (rule.vr in {"CS", "SH"})
        if rule.form:
            assert not re.fullmatch(rule.form, NAME)
        else:
            assert rule.low < rule.high < 10_000_000


def test_the_printed_form_of_an_element_shows_no_value() -> None:
    read = parse_csa(header([("PatientName", 1, "PN", 15, [NAME])]))
    assert read is not None
    assert NAME not in repr(read)
