"""Encodings: every usual one is told by content, what does not decode whole is refused. All texts are made up."""

import io

import pytest

from curator.core.errors import ItemError
from curator.formats import textcode
from curator.formats.textcode import Coding, decoded, detect

LATIN = "Patient: José Núñez\nDr. Müller examinó al niño. Fièvre élevée, café “très” bien – 37 °C\n"
TEXTS = {
    "cp1252": LATIN,
    "iso8859_2": "Pacjent: Łukasz Wiśniewski, gorączka, kaszel, świszczący oddech, żółtaczka\n",
    "cp1250": "Pacjent: Łukasz Wiśniewski, gorączka, kaszel, świszczący oddech, żółtaczka\n",
    "cp437": "Patient José Núñez, niño café\n",
    "cp850": "Patient José Núñez, niño café Müller über\n",
    "mac_roman": "Patient: José Núñez\nDr. Müller examinó al niño. “Fièvre” élevée\n",
    "shift_jis": "患者：田中太郎さん。発熱と咳が三日間続いている。カタカナのテスト\n",
    "euc_jp": "患者：田中太郎さん。発熱と咳が三日間続いている。\n",
    "iso2022_jp": "患者：田中太郎さん。発熱と咳が三日間続いている。\n",
    "euc_kr": "환자: 김철수. 발열과 기침이 사흘 동안 지속되었다.\n",
    "gb18030": "患者：王小明，男，五十四岁。发热咳嗽三天，伴有胸痛。\n",
    "big5": "病人：王小明，男，五十四歲。發熱咳嗽三天，伴有胸痛。\n",
    "koi8_r": "Пациент: Иванов Пётр. Жалобы на кашель и температуру.\n",
    "cp1251": "Пациент: Иванов Пётр. Жалобы на кашель и температуру.\n",
    "iso8859_5": "Пациент: Иванов Пётр. Жалобы на кашель и температуру.\n",
    "cp1255": "המטופל: דוד כהן. חום ושיעול במשך שלושה ימים\n",
    "cp1256": "المريض: محمد علي. حمى وسعال لمدة ثلاثة أيام\n",
    "cp1253": "Ασθενής: Γιώργος Παπαδόπουλος. Πυρετός και βήχας\n",
}


def read(data):
    stream = io.BytesIO(data)
    coding = detect(stream)
    return coding, "".join(decoded(stream, coding))


def code_of(data):
    with pytest.raises(ItemError) as caught:
        read(data)
    return caught.value.code


@pytest.mark.parametrize("name", TEXTS)
def test_an_old_encoding_is_told_among_lines_of_plain_english(name):
    text = "Seen in clinic, no acute distress, lungs clear.\n" * 3 + TEXTS[name]
    assert read(text.encode(name))[1] == text


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("text", [LATIN, "plain ascii\r\nlines\r\n", "Пациент Иванов был здесь 3 раза.\n" * 4])
def test_unicode_is_told_with_and_without_a_mark(name, text):
    assert read(text.encode(name))[1] == text


def test_a_mark_with_bytes_in_front_of_it_in_both_orders():
    assert read("\ufeffabc é".encode("utf-16-be"))[1] == "abc é"
    assert read("\ufeffabc é".encode("utf-32-be"))[1] == "abc é"


def test_lines_of_windows_1252_among_utf8_are_read_line_by_line():
    data = "é à ü naïve\n".encode() * 20 + "Patient José seen\r\n".encode("cp1252") + "fin ç\n".encode()
    coding, text = read(data)
    assert coding == Coding("mixed")
    assert text == "é à ü naïve\n" * 20 + "Patient José seen\r\nfin ç\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"abc\0def\0ghi" * 9, "TXT-020"),
        (bytes(range(256)) * 4, "TXT-020"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 200)), "TXT-020"),
        (b"text with \x01\x02\x03\x04 controls", "TXT-020"),
        ("é ü\n".encode() * 9 + b"one line that mixes \xe9 and \xc3\xa9\n", "TXT-022"),
        ("é ü\n".encode() * 9 + b"no letter of either: \x81\n", "TXT-022"),
        ("plain text é\n".encode("utf-16")[:-1], "TXT-021"),
    ],
)
def test_what_does_not_decode_whole_is_refused(data, code):
    assert code_of(data) == code


def test_two_encodings_in_one_file_are_no_single_old_one():
    assert code_of("Müller\n".encode() * 9 + b"M\xfcller und \xc3\xbcber\n" * 2) == "TXT-022"


@pytest.mark.parametrize(
    "data",
    [
        "Café ".encode() + "Hélène Beaupré\n".encode("cp1252"),
        "voilà ".encode() + "Hélène à Orléans\n".encode("cp1252"),
        b"no accent here\n" * 9 + "Zoë ".encode() + "Renée\n".encode("cp1252") + "Hélène\n".encode("cp1252"),
    ],
)
def test_one_line_of_two_encodings_is_not_read_as_an_old_one_with_garbled_names(data):
    assert code_of(data) == "TXT-022"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Spaß“ sagte er, JA Ärger\n", "cp1252"),
        ("CAFÉ» dit-il à Hélène\n", "cp1252"),
        ("TÄSSÄ” hän sanoi yö\n", "cp1252"),
        ("Гёте пришёл\nвчера был больной\n", "cp1251"),
    ],
)
def test_an_old_encoding_with_letters_before_closing_marks_is_read(text, name):
    assert read(text.encode(name))[1] == text


@pytest.mark.parametrize("block", [1, 2, 3, 7, 64])
def test_characters_that_lie_over_two_blocks_are_read_whole(monkeypatch, block):
    monkeypatch.setattr(textcode, "BLOCK", block)
    for name in ("utf-8", "utf-16", "gb18030"):
        data = ("Größe 患者 und mehr\n" * 9).encode(name)
        stream = io.BytesIO(data)
        coding = Coding(name if name != "utf-16" else "utf-16-le", 0 if name != "utf-16" else 2)
        assert "".join(decoded(stream, coding)) == "Größe 患者 und mehr\n" * 9
    data = "é ü\n".encode() * 20 + b"Jos\xe9\r\n" + "ok ö".encode()
    assert read(data)[1] == "é ü\n" * 20 + "José\r\nok ö"


def test_an_empty_file_and_one_of_a_mark_alone_are_empty_texts():
    assert read(b"")[1] == read(b"\xef\xbb\xbf")[1] == read(b"\xff\xfe")[1] == ""


def test_escapes_of_terminals_stay_text():
    assert read(b"\x1b[31mred\x1b[0m and so on\n")[1].startswith("\x1b[31m")


def test_a_text_that_is_too_long_to_be_read_whole_is_refused():
    with pytest.raises(ItemError) as caught:
        textcode.whole(io.BytesIO(b"x" * 2000), 1000)
    assert caught.value.code == "TXT-023"
