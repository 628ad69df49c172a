"""Identifiers in descriptions and machine texts, written to be overlooked; and texts that take long to read."""

from __future__ import annotations

import io
import sys

import pydicom
import pytest
from attack_bytes import both_passes, element, file_of, item

from curator.identifiers.spelling import fold
from curator.scrub.dicom.descriptors import Descriptors
from curator.scrub.policy import load_policy

SAFE_HARBOR = load_policy("safe-harbor")
NOBODY = Descriptors((), SAFE_HARBOR)
_DESCRIPTION, _MODEL, _LABEL, _COMMENT = 0x0008103E, 0x00081090, 0x00281055, 0x00204000
_UTF8 = b"ISO_IR 192"

#: (known identifiers by attribute, how a text spells one of them, what must be in no output)
KNOWN = [
    ({0x00100010: ("PN", "Smithson^Jonathan")}, "SM1THS0N", "sm1ths0n"),
    ({0x00100010: ("PN", "Smithson^Jonathan")}, "J0NATHAN", "j0nathan"),
    ({0x00100010: ("PN", "Smithson^Jonathan")}, "SM!THSON", "thson"),
    ({0x00100010: ("PN", "García López^María José")}, "G4RCIA", "g4rcia"),
    ({0x00100010: ("PN", "Sørensen^Åse")}, "SOERENSEN", "soerensen"),
    ({0x00100010: ("PN", "Yamada^Tarou==やまだ^たろう")}, "ヤマダタロウ", "やまたたろう"),
    ({0x00100010: ("PN", "Yamada^Tarou==やまだ^たろう")}, "ﾔﾏﾀﾞ", "やまた"),
    ({0x00102154: ("SH", "(617) 555-0148")}, "5550148", "5550148"),
    ({0x00102154: ("SH", "(617) 555-0148")}, "555-0148", "5550148"),
    ({0x00101040: ("LO", "1180 Quernstone Avenue")}, "QUERNSTONE", "quernstone"),
    ({0x00101040: ("LO", "1180 Quernstone Avenue")}, "1180 Quernstone", "quernstone"),
    ({0x00100030: ("DA", "19480517")}, "昭和23年5月17日", "23年5月17日"),
    ({0x00100030: ("DA", "19480517")}, "S23.5.17", "23517"),
    ({0x00080080: ("LO", "Quillmoor Memorial Hospital")}, "QUILLMOOR", "quillmoor"),
    ({0x00080080: ("LO", "Quillmoor Memorial Hospital")}, "QMH", "qmh"),
]


@pytest.mark.parametrize("tag", [_DESCRIPTION, _MODEL, _LABEL, _COMMENT])
@pytest.mark.parametrize(("header", "text", "core"), KNOWN)
def test_a_known_identifier_goes_from_every_text_however_it_is_written(
    header: dict[int, tuple[str, str]], text: str, core: str, tag: int
) -> None:
    elements = {at: (vr, value.encode()) for at, (vr, value) in header.items()}
    data = file_of({0x00080005: ("CS", _UTF8), **elements, tag: ("LT" if tag == _COMMENT else "LO", text.encode())})
    assert core in fold(data.decode("utf-8", "ignore"))
    assert fold(core) not in fold(both_passes(data).data.decode("utf-8", "ignore"))


@pytest.mark.parametrize("text", ["17_MAY_48", "MAY_17_1948"])
def test_a_known_date_goes_from_a_code_string_with_underscores(text: str) -> None:
    data = file_of({0x00100030: ("DA", b"19480517"), 0x00189004: ("CS", text.encode())})
    assert text.encode() not in both_passes(data).data


def test_an_institution_does_not_hide_behind_the_name_of_its_scanner() -> None:
    data = file_of(
        {
            0x00080080: ("LO", b"QUILLMOOR GENERAL"),
            _MODEL: ("LO", b"LightSpeed QUILLMOOR GENERAL"),
            _DESCRIPTION: ("LO", b"CHEST QUILLMOOR GENERAL"),
            0x00181020: ("LO", b"07MW11.10"),
        }
    )
    found = pydicom.dcmread(io.BytesIO(both_passes(data).data))
    assert "QUILLMOOR" not in str(found).upper()
    assert found.ManufacturerModelName.startswith("LightSpeed")
    assert found.SeriesDescription.startswith("CHEST")
    assert found.SoftwareVersions == "07MW11.10"


def test_the_maker_that_is_the_institution_stays() -> None:
    data = file_of({0x00080070: ("LO", b"SIEMENS"), 0x00080080: ("LO", b"Siemens"), _MODEL: ("LO", b"Biograph 64")})
    found = pydicom.dcmread(io.BytesIO(both_passes(data).data))
    assert (found.Manufacturer, found.ManufacturerModelName) == ("SIEMENS", "Biograph 64")


#: Of nobody that a header knows.
STRANGERS = [
    ("XR Sm1th J0hn CHEST", "XR CHEST"),
    ("S.M.I.T.H CT", "CT"),
    ("CHEST PA AND LATERAL LEE, MIN-JUN", "CHEST PA AND LATERAL"),
    ("96M fall CT HEAD", "fall CT HEAD"),
    ("CT_94F_AX", "CT_AX"),
    ("CT HEAD ninety-four year old", "CT HEAD"),
    ("94 лет CT", "CT"),
    ("CT_094Y_AX", "CT_AX"),
    ("CT_10.2.4.18_AX", "CT_AX"),
    ("CT_529.31.8847_AX", "CT_AX"),
    ("CT_room 412B_AX", "CT_AX"),
    ("CHEST 12.345.678-9", "CHEST"),
    ("CHEST AB 12 34 56 C", "CHEST"),
    ("MVA plate 7ABC123", "MVA"),
    ("CT 14/III/2019", "CT"),
    ("CT 14 марта 2019", "CT"),
    ("12 rue des Lilas 75011 Paris IRM", "IRM"),
    ("SW1A 2AA CT", "CT"),
    ("CT M5V 2T6", "CT"),
    ("CT 東京都新宿区西新宿2-8-1", "CT"),
    ("file C:/Users/kwright/Desktop/T1", "file"),
    ("/home/tanaka/dicom/001 ADC", "ADC"),
    ("D:\\export\\QWERTZ_A\\CT1", ""),
    ("\\\\pacs01\\share\\QWERTZ", ""),
]


@pytest.mark.parametrize(("text", "wanted"), STRANGERS)
def test_an_identifier_of_nobody_known_goes_by_its_form(text: str, wanted: str) -> None:
    assert NOBODY.clean(text, vr="LO") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "ep2d_diff_b1000_tra", "t2_tse_tra_320", "AX T1 FSE", "Body 5.0 Br40 S3", "B30f", "FC51", "L4 5AP", "T1 2AX",
        "XR HAND 3 VIEWS", "CT 100 kV", "1.2.3", "T1 MAP 1.5T", "F 90", "e-THRIVE 4D", "S1 1MM", "GRE 3D 90 FA",
        "10 F SHEATH", "LONG LEG", "LONG BONES", "DWI b1000", "CBCT 0.6MM", "MIN-IP", "C7-T1", "T10-L2",
    ],
)  # fmt: skip
def test_what_looks_like_one_and_is_none_stays(text: str) -> None:
    assert NOBODY.clean(text, vr="LO") == text


@pytest.mark.parametrize(
    "text",
    [
        "MRN 4471908", "Pat-ID 77120934", "SSN:529318847", "14 Mar 2019", "平成31年3月14日", "14.03.2019",
        "192.168.14.22", "C:/Users/kwright/scan", "1.2.840.113619.2.55.3.604688119.971.1268071029.320",
    ],
)  # fmt: skip
def test_a_text_about_a_machine_loses_what_no_version_looks_like(text: str) -> None:
    for whole in (text, f"syngo {text}"):
        assert text not in NOBODY.clean(whole, vr="LO", strangers=True, technical=True)


@pytest.mark.parametrize("text", ["syngo MR E11", "07MW11.10", "5.4.1.1", "V4.10_22R01", "2.6.3.4", "12HW14.6"])
def test_a_version_of_a_program_stays(text: str) -> None:
    assert NOBODY.clean(text, vr="LO", strangers=True, technical=True) == text


#: Pieces that long texts are made of. Each took time that grew with the square of the length, or is like one that did.
PIECES = ["van der ", "General Hospital ", "Dr. Patel ", "a", "Smithson CT ", "山", "1-", "(", "a_", "S M ", "12 34 "]


class _Steps:
    """Counts lines of code that run, in functions of the program, so that no clock is needed."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *_: object) -> _Steps:
        self.count += 1
        return self


@pytest.mark.parametrize("piece", PIECES)
def test_the_work_grows_with_the_length_of_a_text_and_not_with_its_square(piece: str) -> None:
    known = (("name", "Smithson^Jonathan"), ("id", "40417723"))
    spent = []
    for size in (2_000, 2_100, 8_400):  # the first one warms the tables; what was read before is remembered
        steps = _Steps()
        cleaner = Descriptors(known, SAFE_HARBOR)
        before = sys.gettrace()
        sys.settrace(steps)
        try:
            cleaner.clean((piece * size)[:size], vr="UT")
        finally:
            sys.settrace(before)
        spent.append(steps.count)
    assert spent[2] < 8 * spent[1]


def test_a_text_longer_than_its_vr_allows_does_not_pass_cut_by_backslashes() -> None:
    text = b"chest " * 1000 + b"\\"
    data = file_of({_COMMENT: ("LT", text * 3)})
    assert "ImageComments" not in pydicom.dcmread(io.BytesIO(both_passes(data).data))


def test_a_path_over_several_values_goes_as_a_whole_also_below() -> None:
    text = b"D:\\export\\QWERTZ_A\\CT1"
    nested = item(element(0x00080104, "LO", text))
    data = file_of({_LABEL: ("LO", text), 0x00321064: ("SQ", nested)})
    assert b"QWERTZ" not in both_passes(data).data


@pytest.mark.parametrize(("code", "stays"), [(b"SMITHJOHN", False), (b"DRPATEL", False), (b"MRKNEEWO", True)])
def test_a_name_does_not_pass_as_a_code(code: bytes, stays: bool) -> None:
    body = element(0x00080100, "SH", code) + element(0x00080102, "SH", b"99LOCAL") + element(0x00080104, "LO", b"Knee")
    data = file_of({0x00081032: ("SQ", item(body))})
    assert (code in both_passes(data).data) is stays


def test_a_name_parted_by_what_a_wrong_character_set_hides_goes() -> None:
    header = {0x00080005: ("CS", b"ISO_IR 100"), 0x00100010: ("PN", b"Quillfeather^Zeb")}
    text = "Quill\u00adfeather".encode()
    assert b"feather" not in both_passes(file_of({**header, _LABEL: ("LO", text)})).data.lower()
