"""A name in an old encoding within an English note is read in the letters in which it was written, or not at all."""

import io

import pytest

from curator.core.errors import ItemError
from curator.formats.fewmarks import reads_well
from curator.formats.textcode import decoded, detect

NOTE = (
    "Patient seen in clinic today for follow up.\nSpoke with {} at the bedside.\nBP 132/78, metoprolol 25 mg daily.\n"
)
NAMES = {
    "koi8_r": "Иванов|Сергей Петров|Щукин|Анна Смирнова|Ольга",
    "cp1251": "Иванов|Сергей Петров|Щукин|Анна Смирнова|Ольга",
    "iso8859_5": "Иванов|Сергей Петров|Щукин",
    "shift_jis": "山田|田中さん|佐藤|サトウ|鈴木一郎|高橋健|伊藤美咲|渡辺翔",
    "euc_jp": "山田|田中さん|佐藤|サトウ|鈴木一郎|高橋健|伊藤美咲|渡辺翔",
    "gb18030": "王小明|李娜|张伟|刘洋|陈静|杨勇|赵敏|李",
    "big5": "陳大文|林志玲|黃小明|張惠妹|李國華",
    "euc_kr": "김철수|이영희|박지성|최민수|정수빈",
    "cp1253": "Παπαδόπουλος|Γιώργος|Μαρία|Νικολάου",
    "cp1255": "כהן|לוי|יוסף|רחל",
    "cp1256": "محمد|أحمد|فاطمة|علي",
    "cp437": "José|Müller|Renée|Núñez",
    "cp850": "José|Müller|Zoë|Renée|François|Núñez",
    "cp1252": "José|Müller|Zoë|Renée|François|Núñez|Björk|Ångström|O’Brien|Øystein|Škoda",
    "cp1250": "Łukasz|Şerban|Wójcik",
}


@pytest.mark.parametrize(
    ("encoding", "name"), [(one, name) for one, names in NAMES.items() for name in names.split("|")]
)
@pytest.mark.parametrize("times", [1, 3])
def test_a_foreign_name_in_an_english_note_is_read_right_or_the_note_is_held_back(
    encoding: str, name: str, times: int
) -> None:
    text = NOTE.format(name) * times
    stream = io.BytesIO(text.encode(encoding))
    if encoding == "cp1252":
        assert "".join(decoded(stream, detect(stream))) == text
        return
    try:
        read = "".join(decoded(stream, detect(stream)))
    except ItemError as error:
        read = text if error.code in {"TXT-020", "TXT-021", "TXT-022"} else ""
    assert read == text


@pytest.mark.parametrize(
    "line",
    [
        "37 °C, 38.5ºC, SpO2 94 ± 2 %, ½ tab, 1·5 mg, 10 µg/h, 5×10³, 2–3 d, pain 3/10…",
        "pt’s wife said “he’s fine”—then left • bullet ¶ § 4 © 2019 Tylenol® ™ £20 ¿cómo está? ¡ojo! à la carte",
        "Sjögren’s, Ménière, Guillain–Barré, naïve, café-au-lait, D’Angiò, MÜLLER, JOSÉ, Émile, Åsa, RENé, patient´s",
        "„Spaß“, «oui», Nº 4, 1ª, ‘so’, (°), word…”, †2019, re\xadport, ¦ ¤",
    ],
)
def test_what_people_write_reads_well(line: str) -> None:
    assert reads_well(line)
    stream = io.BytesIO((NOTE.format("him") + line + "\n").encode("cp1252"))
    assert "".join(decoded(stream, detect(stream))).endswith(line + "\n")


@pytest.mark.parametrize(
    "word",
    [
        "ŽR“c",
        "»‚‡ÌÓ‚",
        "Dvo¯·k",
        "£ukasz",
        "©imek",
        "ªerban",
        "Jos‚",
        "Zo‘",
        "MŸller",
        "MÅller",
        "Ùóêèí",
        "Î‰Ô",
        "—Ó”¬",
    ],
)
def test_what_comes_of_misreading_does_not(word: str) -> None:
    assert not reads_well(f"Spoke with {word} at the bedside")
