"""Texts whose bytes are of another character set than the file says."""

from __future__ import annotations

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag
from scrub_support import made, read, scrub, write

from curator.scrub.dicom.garbled import meant_as_utf8, without_garble
from curator.scrub.dicom.harvest import harvest

NAME, DESCRIPTION, MAKER, COMMENT = 0x00100010, 0x0008103E, 0x00080070, 0x00204000

#: Name, its set, and a text with it: what hospitals write under ISO_IR 100.
MISTAKEN = [
    ("王^小明", "gb18030", "CT 王小明 CHEST"),
    ("陳^美玲", "big5", "CT 陳美玲 CHEST"),
    ("홍^길동", "euc_kr", "CT 홍길동 CHEST"),
    ("山田^太郎", "euc_jp", "CT 山田様 CHEST"),
    ("山田^太郎", "shift_jis", "CT 山田太郎 CHEST"),
    ("Иванов^Пётр", "koi8_r", "CT Иванов CHEST"),
    ("Иванов^Пётр", "cp1251", "CT Иванов CHEST"),
    ("Παπαδόπουλος^Γ", "iso8859_7", "CT Παπαδόπουλος CHEST"),
    ("محمد^علي", "iso8859_6", "CT محمد CHEST"),
    ("Dvořák^Jiří", "utf-8", "CT Dvořák CHEST"),
]


def _file(charset: bytes, code: str, name: str, text: str) -> bytes:
    dataset = made()
    values = [(0x00080005, "CS", charset), (DESCRIPTION, "LO", text.encode(code)), (MAKER, "LO", text.encode(code))]
    values += [(COMMENT, "LT", text.encode(code))]
    values += [(NAME, "PN", name.encode(code))] if name else []
    for tag, vr, value in values:
        padded = value + b" " * (len(value) % 2)
        dataset._dict[Tag(tag)] = RawDataElement(Tag(tag), vr, len(padded), padded, 0, False, True)
    return write(dataset)


@pytest.mark.parametrize("charset", [b"ISO_IR 100", b"\\ISO 2022 IR 87", b"ISO 2022 IR 6\\ISO 2022 IR 149"])
@pytest.mark.parametrize(("name", "code", "text"), MISTAKEN, ids=lambda one: str(one)[:8])
@pytest.mark.parametrize("told", [True, False])
def test_no_bytes_of_a_name_in_another_set_stay(charset: bytes, name: str, code: str, text: str, told: bool) -> None:
    source = _file(charset, code, name if told else "", text)
    data = scrub(source, known=harvest(source).known).data
    for part in text.removeprefix("CT ").removesuffix(" CHEST").split():
        assert part.encode(code) not in data
    if code not in {"shift_jis", "utf-8"}:  # of these, bytes that no text has, and a reading that is known
        assert b"CT CHEST" in data


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Schädel nativ, Größe 3", "latin_1"),
        ("Tête: artère carotide créée", "latin_1"),
        ("37° 5µg/ml ±2 m² 1ª Nº 2", "latin_1"),
        ("¿Fractura? ¡Sí! «Étude»", "latin_1"),
        ("Pęcherzyk żółciowy, żółć", "iso8859_2"),
        ("Kalça ağrısı", "iso8859_9"),
        ("MÄÄT Jäämä", "latin_1"),
        ("Bệnh đường mật", "UTF8"),
    ],
)
def test_what_languages_write_stays(text: str, code: str) -> None:
    assert without_garble(text, (code,)) is text
    assert code == "UTF8" or meant_as_utf8(text.encode(code), (code,)) is None


def test_utf_8_under_another_set_is_read_as_what_it_is() -> None:
    assert meant_as_utf8("Schädel".encode(), ("latin_1",)) == "Schädel"
    assert meant_as_utf8("胸部".encode(), ("GB18030",)) == "胸部"
    assert meant_as_utf8("联通".encode("gb18030"), ("GB18030",)) is None  # valid UTF-8 by chance
    data = scrub(_file(b"ISO_IR 100", "utf-8", "", "CT Schädel nativ")).data
    assert "CT Schädel nativ".encode() in data


def test_a_text_in_private_characters_goes() -> None:
    clean = read(scrub(_file(b"ISO_IR 192", "utf-8", "", "CT \ue123\ue124 CHEST")).data)
    assert "SeriesDescription" not in clean
