"""Texts are written in the data set's own character set, and a reader gets the same text back."""

from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.charset import decode_bytes
from pydicom.data import get_charset_files
from pydicom.dataset import Dataset

from curator.scrub.dicom.charsets import encode_text
from curator.scrub.dicom.text import character_set, decode

SETS = {
    "latin-1": (b"ISO_IR 100", "Schädel über Größe façade"),
    "latin-2": (b"ISO_IR 101", "głowy klatki łokieć říční"),
    "latin-3": (b"ISO_IR 109", "ġiżimina ħobż"),
    "latin-4": (b"ISO_IR 110", "ķermeņa šķērsgriezums"),
    "cyrillic": (b"ISO_IR 144", "КТ грудной клетки"),
    "arabic": (b"ISO_IR 127", "صدر"),
    "greek": (b"ISO_IR 126", "θώρακα"),
    "hebrew": (b"ISO_IR 138", "חזה"),
    "turkish": (b"ISO_IR 148", "göğüs ışını"),
    "thai": (b"ISO_IR 166", "ทรวงอก"),
    "kana": (b"ISO_IR 13", "ﾑﾈ CT"),
    "utf-8": (b"ISO_IR 192", "胸部 CT 흉부 грудь é"),
    "gb18030": (b"GB18030", "胸部正位 CT 扫描"),
    "gbk": (b"GBK", "胸部正位 CT"),
    "japanese": (b"\\ISO 2022 IR 87", "胸部単純 CT 造影"),
    "japanese-kana": (b"ISO 2022 IR 13\\ISO 2022 IR 87", "ﾑﾈ 胸部 CT 頭部"),
    "japanese-more": (b"\\ISO 2022 IR 87\\ISO 2022 IR 159", "胸部 鷗 丂 CT"),
    "japanese-korean": (b"\\ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 149", "ﾈ胸 ﾈ 흉부 CT ﾈ"),
    "korean": (b"\\ISO 2022 IR 149", "흉부 CT 정면"),
    "greek-russian": (b"ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126", "é грудь é θώρακα CT é"),
    "ascii-latin": (b"\\ISO 2022 IR 100\\ISO 2022 IR 101", "tête łokieć CT"),
}


def read_back(made: bytes, term: bytes, vr: str, keyword: str) -> str:
    """Write a data set with the value and read it by pydicom."""
    size = made + b" " * (len(made) % 2)
    tag = {"SeriesDescription": b"\x08\x00\x3e\x10", "ImageComments": b"\x20\x00\x00\x40"}[keyword]
    charset = term + b" " * (len(term) % 2)
    data = b"\x08\x00\x05\x00CS" + len(charset).to_bytes(2, "little") + charset
    data += tag + vr.encode() + len(size).to_bytes(2, "little") + size
    found = pydicom.dcmread(BytesIO(_head() + data), force=True)
    value = found[keyword].value
    return value if isinstance(value, str) else "\\".join(value)


def _head() -> bytes:
    meta = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0"
    return b"\0" * 128 + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00" + len(meta).to_bytes(4, "little") + meta


def test_latin_9_is_read_and_written_although_pydicom_does_not_know_it() -> None:
    found = character_set(b"ISO_IR 203")
    assert found == (b"ISO_IR 203", ("iso8859_15",))
    source = b"CT \xbcuvrard\xe9 thorax \xa4"
    assert decode(source, found[1]) == "CT Œuvrardé thorax €"
    assert encode_text("thorax €", found[1], "LO", source) == b"thorax \xa4"


@pytest.mark.parametrize("name", SETS)
def test_each_character_set_is_written_so_that_pydicom_reads_the_same(name: str) -> None:
    term, text = SETS[name]
    encodings = character_set(term)[1]
    made = encode_text(text, encodings, "LO", b"")
    assert made is not None
    assert read_back(made, term, "LO", "SeriesDescription") == text
    assert read_back(made, term, "LT", "ImageComments") == text


@pytest.mark.parametrize("name", SETS)
def test_values_and_lines_each_begin_in_the_first_set(name: str) -> None:
    term, text = SETS[name]
    encodings = character_set(term)[1]
    several = encode_text(f"{text}\\A\\{text}", encodings, "LO", b"")
    assert several is not None
    assert read_back(several, term, "LO", "SeriesDescription") == f"{text}\\A\\{text}"
    parts = several.split(b"\\")
    assert parts[0] == parts[2] == encode_text(text, encodings, "LO", b"")
    lines = encode_text(f"{text}\r\n{text}\r\nA", encodings, "LT", b"")
    assert lines is not None
    assert read_back(lines, term, "LT", "ImageComments") == f"{text}\r\n{text}\r\nA"


def test_escape_sequences_end_before_what_parts_values() -> None:
    encodings = character_set(b"\\ISO 2022 IR 87")[1]
    assert encode_text("胸\\A", encodings, "LO", b"") == b"\x1b$B6;\x1b(B\\A"
    roman = character_set(b"ISO 2022 IR 13\\ISO 2022 IR 87")[1]
    assert encode_text("胸^ﾑﾈ", roman, "PN", b"") == b"\x1b$B6;\x1b(J^\xd1\xc8"
    mixed = character_set(b"ISO 2022 IR 100\\ISO 2022 IR 144")[1]
    assert encode_text("г", mixed, "LO", b"") == b"\x1b-L\xd3\x1b-A"


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (b"", "Schädel"),
        (b"ISO_IR 6", "é"),
        (b"ISO_IR 100", "胸"),
        (b"ISO_IR 13", "胸"),
        (b"\\ISO 2022 IR 87", "é"),
        (b"\\ISO 2022 IR 87", "흉"),
        (b"\\ISO 2022 IR 149", "ﾑ"),
        (b"GBK", "😀"),
        (b"ISO_IR 192", "a\x1bb"),
    ],
)
def test_what_the_set_does_not_hold_is_not_written(term: bytes, text: str) -> None:
    assert encode_text(text, character_set(term)[1] if term else (), "LO", b"") is None


def test_unknown_terms_and_the_default_repertoire_hold_ascii_at_most() -> None:
    assert encode_text("é", ("ISO_IR 999",), "LO", b"") is None
    assert encode_text("A", ("ISO_IR 999",), "LO", b"") is None
    assert encode_text("CT CHEST", (), "LO", b"") == b"CT CHEST"


def test_defined_terms_do_as_well() -> None:
    assert encode_text("Schädel", ("ISO_IR 100",), "LO", b"") == "Schädel".encode("latin-1")
    assert encode_text("胸", ("", "ISO 2022 IR 87"), "LO", b"") == b"\x1b$B6;\x1b(B"


def test_chinese_is_read_and_written_with_its_escape_sequence() -> None:
    encodings = character_set(b"\\ISO 2022 IR 58")[1]
    lungs = "胸部平扫".encode("gb2312")
    assert decode(b"CT \x1b$)A" + lungs + b" ", encodings) == "CT 胸部平扫"
    assert encode_text("CT 胸部平扫", encodings, "LO", b"") == b"CT \x1b$)A" + lungs
    assert encode_text("胸部\\平扫\r\nCT", encodings, "LT", b"") == (
        b"\x1b$)A" + lungs[:4] + b"\\\x1b$)A" + lungs[4:] + b"\r\nCT"
    )


def test_bytes_that_say_the_same_stay() -> None:
    old = b"\x1b$B6;It\x1b(B  "
    encodings = character_set(b"\\ISO 2022 IR 87")[1]
    assert encode_text("胸部", encodings, "LO", old) == old


def test_a_character_with_the_byte_of_the_value_mark_is_not_written_where_values_are_parted() -> None:
    encodings = character_set(b"GBK")[1]
    text = next(mark for mark in map(chr, range(0x4E00, 0x9FA5)) if mark.encode("gbk")[1:] == b"\\")
    assert encode_text(text, encodings, "LO", b"") is None
    assert encode_text(text, encodings, "LT", b"") == text.encode("gbk")


@pytest.mark.parametrize(
    "name",
    ["chrArab", "chrFren", "chrFrenMulti", "chrGerm", "chrGreek", "chrH31", "chrH32", "chrHbrw", "chrI2", "chrJapMulti"]
    + ["chrJapMultiExplicitIR6", "chrKoreanMulti", "chrRuss", "chrX1", "chrX2", "chrSQEncoding", "chrSQEncoding1"],
)
def test_the_texts_of_pydicoms_own_files_come_back(name: str) -> None:
    (path,) = get_charset_files(f"{name}.dcm")
    found = pydicom.dcmread(path)
    seen = 0

    def each(data: Dataset, terms: object) -> None:
        nonlocal seen
        own = data.get("SpecificCharacterSet", terms)
        value = own if isinstance(own, str) else "\\".join(own or [])
        read = character_set(value.encode("ascii"))
        assert read is not None
        for element in data:
            if element.VR == "SQ":
                for item in element.value:
                    each(item, own)
            elif element.VR in {"PN", "LO", "LT", "SH", "ST"} and element.value and "\x1b" not in str(element.value):
                text = str(element.value)
                if text.isascii():
                    continue
                made = encode_text(text, read[1], element.VR, b"")
                assert made is not None, element.keyword
                delimiters = {0x5C, 0x5E, 0x3D, 0x0D, 0x0A}
                assert decode_bytes(made, list(read[1]), delimiters) == text
                seen += 1

    each(found, "")
    assert seen


ALPHABETS = {
    b"ISO_IR 100": "abc é ü ß Ø -_/",
    b"ISO_IR 101": "abc ł ń ř ő -",
    b"ISO_IR 144": "abc Ж я д -",
    b"ISO_IR 192": "abc é 胸 한 😀 -",
    b"GB18030": "abc 胸 部 é 한 -",
    b"\\ISO 2022 IR 87": "abc 胸部頭造影あアー　 -^=",
    b"ISO 2022 IR 13\\ISO 2022 IR 87": "abc 胸部 ﾑﾈｱ ア^=",
    b"\\ISO 2022 IR 87\\ISO 2022 IR 159": "abc 胸部 丂 鷗 é^",
    b"\\ISO 2022 IR 149": "abc 흉부 뇌 -^=",
    b"ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126": "abc é ü Ж я θ ώ ^",
    b"\\ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 149": "ab ﾑﾈ 胸部 흉부 ^",
}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("term", ALPHABETS, ids=[term.decode().replace("\\", "+") or "none" for term in ALPHABETS])
def test_what_is_written_is_read_as_it_was(term: bytes, data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from(ALPHABETS[term]), max_size=24)).strip()
    encodings = character_set(term)[1]
    made = encode_text(text, encodings, "LT", b"")
    assert made is not None
    assert decode_bytes(made, list(encodings), {0x5C, 0x0D, 0x0A, 0x09, 0x0C, 0x5E, 0x3D}) == text
