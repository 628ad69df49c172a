"""Identifiers of the person, spelled otherwise, in a text that is kept; and ordinary values that must not be lost."""

from __future__ import annotations

import io

import pydicom
import pytest
from attack_bytes import both_passes, element, file_of, item

_LO = 0x00281055  # Window Center & Width Explanation: a text that is kept, as the control below shows
_LATIN, _UTF8 = b"ISO_IR 100", b"ISO_IR 192"

#: (patient's name, text that is kept, character set)
SPELLINGS = [
    (b"Smith^Johnathan", b"SMITH", _LATIN),
    (b"Smith^Johnathan", b"smith chest", _LATIN),
    (b"Smith^Johnathan", b"J. Smith", _LATIN),
    (b"Doe^Jane", b"DOE_JANE", _LATIN),
    (b"Doe^Jane", b"doe-chest", _LATIN),
    (b"O'Brien^Mary", b"O BRIEN", _LATIN),
    ("Müller^Hans".encode("latin-1"), b"MULLER", _LATIN),
    ("Straße^Hans".encode("latin-1"), b"Strasse", _LATIN),
    ("Иванов^Иван".encode(), "Иванов".encode(), _UTF8),
    (b"Ffoulkes^Al", "\ufb00oulkes".encode(), _UTF8),
    (b"Smith^Johnathan", "\uff33\uff2d\uff29\uff34\uff28".encode(), _UTF8),
    (b"Smith^Johnathan", "Smith".encode("utf-16-le"), _UTF8),
    (b"Smith^Johnathan", b"\xef\xbb\xbfSmith", _UTF8),
    ("Yamada^Tarou=山田^太郎".encode(), "山田".encode(), _UTF8),
    (b"Smith^Johnathan", b"SM\x1b(BITH", b"\\ISO 2022 IR 87"),
    (b"Smith^Johnathan", b"SM\x1b(JITH", b"\\ISO 2022 IR 13"),
    (b"Smith^Johnathan", b"\x1b%GSmith", b"\\ISO 2022 IR 87"),
    (b"O'Brien^Mary", b"Obrien chest", _LATIN),
    (b"Smith-Jones^Al", b"SmithJones", _LATIN),
    (b"De La Cruz^Ana", b"delacruz", _LATIN),
    (b"Van Dyk^Al", b"vandyk", _LATIN),
    (b"Smith^Johnathan", b"SMITH2", _LATIN),
    (b"Smith^Johnathan", b"JSMITH", _LATIN),
    (b"Smith^Johnathan", b"SMITHJ", _LATIN),
    (b"Smith^Johnathan", b"S M I T H", _LATIN),
    (b"Doe^Jane", b"DOE1", _LATIN),
    (b"Doe^Jane", b"JDOE", _LATIN),
    (b"Li^Na", b"LI NA scan", _LATIN),
    (b"Wu^Yu", b"Wu Yu", _LATIN),
    ("Müller^Hans".encode("latin-1"), b"Mueller", _LATIN),
    (b"Mueller^Hans", b"Muller", _LATIN),
    (b"Smith^Johnathan", "S\u200bmith".encode(), _UTF8),
    (b"Smith^Johnathan", "\u0405mith".encode(), _UTF8),
    (b"O'Brien^Mary", b"O&#39;Brien", _LATIN),
    (b"Smith^Johnathan", b"head%20of%20%53%6D%69%74%68", _LATIN),
    (b"Smith^Johnathan", b"=53=6D=69=74=68", _LATIN),
    (b"Smith^Johnathan", rb"\\u0053\\u006d\\u0069\\u0074\\u0068", _LATIN),
    (b"Smith^Johnathan", b"Sm9obmF0aGFu", _LATIN),
    (b"Smith^Johnathan", b"4a6f686e617468616e", _LATIN),
]


@pytest.mark.parametrize(("name", "text", "charset"), SPELLINGS)
def test_the_patients_name_goes_from_kept_text_in_any_spelling(name: bytes, text: bytes, charset: bytes) -> None:
    data = file_of({0x00080005: ("CS", charset), 0x00100010: ("PN", name), _LO: ("LO", text)})
    assert text in data
    assert text not in both_passes(data).data


@pytest.mark.parametrize(
    "text",
    [
        b"MRN123456", b"MRN 123456", b"mrn_123456",
        b"19610405", b"1961-04-05", b"05.04.1961", b"4/5/1961", b"05 Apr 1961", b"Apr 5, 1961", b"April 5th, 1961",
        b"x19610405y", b"20190302101112", b"2019-03-02T10:11:12", b"v2019.03.02",
        b"123456", b"4/5/61", b"05APR61", b"610405", b"1961-4-5", b"5th of April 1961", b"5 avril 1961",
        b"123 45 6789", b"SSN 123456789", b"5558675309", b"+44 20 7946 0958", b"10.20.30.40", b"00:1B:44:11:3A:B7",
        b"host.hospital.org", b"123-45-6789", b"555-867-5309", b"+1 (555) 867-5309", b"a@b.org", b"http://x.y/z",
    ],
)  # fmt: skip
def test_record_numbers_dates_and_addresses_go_from_kept_text(text: bytes) -> None:
    data = file_of({_LO: ("LO", text)})
    assert text not in both_passes(data).data


@pytest.mark.parametrize("value", [b"12345678", b"012345678", b"-12345678", b"1234\\5678"])
def test_a_record_number_goes_from_a_number_attribute(value: bytes) -> None:
    data = file_of({0x00100020: ("LO", b"12345678"), 0x00181151: ("IS", value)})
    assert value not in both_passes(data).data


@pytest.mark.parametrize("value", [b"1.2345678E7", b"12345678.5", b"1234.5678", b"5041961", b"610405"])
def test_a_record_number_or_birth_date_goes_from_a_decimal_attribute(value: bytes) -> None:
    data = file_of({0x00100020: ("LO", b"12345678"), 0x00180060: ("DS", value)})
    assert value not in both_passes(data).data


@pytest.mark.parametrize(
    "value", [b"MRN-123456", b"SMITH^JOHN", b"1961-04-05", b"M\0R\0N\x001\x002\x003\x004\x005\x006\0"]
)
def test_known_values_go_from_lookup_tables_with_their_separators(value: bytes) -> None:
    data = file_of(extra=element(0x00283010, "SQ", item(element(0x00283006, "OW", value))))
    assert value not in both_passes(data).data


def test_a_lookup_table_of_all_codes_stays_whatever_the_record_number() -> None:
    table = bytes(range(256))
    data = file_of(
        {0x00100020: ("LO", b"3456789")}, extra=element(0x00283010, "SQ", item(element(0x00283006, "OW", table)))
    )
    assert table in both_passes(data).data


def test_numbers_that_are_no_context_group_are_no_registered_uid() -> None:
    data = file_of({0x00081155: ("UI", b"1.2.840.10008.6.1.9931\\1.2.840.10008.6.1.0405")})
    result = both_passes(data).data
    assert b"6.1.9931" not in result
    assert b"6.1.0405" not in result


USEFUL = {
    0x00180050: ("DS", b"1.25"),
    0x00180060: ("DS", b"120"),
    0x00180022: ("CS", b"FAT_SAT\\HELICAL MODE"),
    0x00181210: ("SH", b"B30f"),
    0x00185100: ("CS", b"HFS"),
    0x00200011: ("IS", b"3"),
    0x00200013: ("IS", b"12"),
    0x00200032: ("DS", b"-1\\-2\\3.5"),
    0x00200037: ("DS", b"1\\0\\0\\0\\1\\0"),
    0x00280030: ("DS", b"0.7\\0.7"),
    0x00281050: ("DS", b"40\\400"),
    0x00281051: ("DS", b"400\\1"),
    0x00281052: ("DS", b"-1024"),
    0x00281053: ("DS", b"1"),
    0x00080070: ("LO", b"SIEMENS"),
    0x00081090: ("LO", b"Somatom"),
    0x00101010: ("AS", b"045Y"),
    0x00101020: ("DS", b"1.8"),
}


@pytest.mark.parametrize("record", [b"MRN-123456", b"12345", b"2000", b"120", b"11111", b"1"])
@pytest.mark.parametrize("name", [b"Smith^Johnathan", b"HFS^AB", b"Head^X", b"Axial^Bob"])
def test_numbers_geometry_and_terms_stay_whoever_the_patient_is(record: bytes, name: bytes) -> None:
    data = file_of({**USEFUL, 0x00100010: ("PN", name), 0x00100020: ("LO", record)})
    read = pydicom.dcmread(io.BytesIO(both_passes(data).data))
    source = pydicom.dcmread(io.BytesIO(data))
    assert {tag: read[tag].value for tag in USEFUL} == {tag: source[tag].value for tag in USEFUL}
    assert read.PixelData == source.PixelData
    assert read.to_json()


def test_a_text_that_names_nobody_stays_where_the_others_go() -> None:
    data = file_of({_LO: ("LO", b"Soft tissue")})
    assert pydicom.dcmread(io.BytesIO(both_passes(data).data))[_LO].value == "Soft tissue"


@pytest.mark.parametrize("text", [b"95 years old", b"95yo F", b"age 102", b"2017-07-11", b"July 11, 2017"])
def test_ages_over_89_and_full_dates_go_from_kept_text(text: bytes) -> None:
    assert text not in both_passes(file_of({_LO: ("LO", text)})).data


def test_ages_of_89_and_less_stay_in_kept_text() -> None:
    assert b"Soft tissue 45 y" in both_passes(file_of({_LO: ("LO", b"Soft tissue 45 y")})).data


@pytest.mark.parametrize("pointer", [b"SMIT", b"\x29\x00\x10\x10", b"\xfe\x7f\x34\x12"])
def test_a_pointer_to_no_public_attribute_goes(pointer: bytes) -> None:
    data = file_of({0x00280009: ("AT", pointer)})
    assert 0x00280009 not in pydicom.dcmread(io.BytesIO(both_passes(data).data))


def test_a_pointer_to_a_public_attribute_stays() -> None:
    data = file_of({0x00280009: ("AT", b"\x18\x00\x63\x10")})
    assert pydicom.dcmread(io.BytesIO(both_passes(data).data))[0x00280009].value == 0x00181063


@pytest.mark.parametrize("value", [b"QZSECRET", b"QZSECRETQZSECRET", b"Doe\0"])
def test_words_in_the_padding_of_a_waveform_go(value: bytes) -> None:
    data = file_of({0x5400100A: ("OB", value)})
    assert value not in both_passes(data).data


def test_a_person_with_more_dates_than_are_searched_loses_every_kept_text() -> None:
    days = b"\\".join(f"{2000 + n // 336}{n // 28 % 12 + 1:02d}{n % 28 + 1:02d}".encode() for n in range(600))
    data = file_of({_LO: ("LO", b"Soft tissue"), 0x00181078: ("DT", days)})
    assert b"Soft tissue" not in both_passes(data).data
