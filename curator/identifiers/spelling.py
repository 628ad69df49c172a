"""How texts are made comparable: folded letters, words, pieces of words, and the dates that a text can be read as.

Pure functions of a text. They must take linear time, since a hostile file chooses the text.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import Any

#: English names of the months, from January on.
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_CJK = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_CJK_WEIGHT = 3
_WORD = re.compile(r"[^\W_]+")
_NOT_WORD = re.compile(r"[\W_]+")
_LETTERS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ANY_LETTERS = re.compile(r"[^\W\d_]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
#: Cyrillic and Greek letters that look like Latin ones, lower case; replaced in words that have Latin letters too.
_ALIKE = str.maketrans("аеорсухіјѕһԁԛԝвкмнтαοικνρτυχϲ", "aeopcyxijshdqwbkmhtaoiknptuxc")
#: Katakana as hiragana, so that a reading is found in either.
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
#: Figures that stand for letters (SM1TH, J0NES), in both readings of the one.
_AS_LETTERS = tuple(str.maketrans("0134578", letters) for letters in ("oieastb", "oleastb"))
_SIGNS = str.maketrans("!@$|", "1451")
_LEAST_MIXED = 4
#: Dates by Japanese eras, and the year before the first of each.
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018} | dict(
    zip("mtshr", (1867, 1911, 1925, 1988, 2018), strict=True)
)
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|(?<![a-z])[mtshr]) ?(\d{1,2}|元)[年./-] ?(\d{1,2})[月./-] ?(\d{1,2})(?!\d)"
)
_LATIN = re.compile("[a-z]")
_FIGURES = re.compile("[0-9]+")
_FOREIGN = re.compile("[\u0370-\u052f]")
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ø": "Oe", "Ü": "Ue", "Å": "Aa"}
)
_AS_ONE = re.compile("(?<=[aouAOU])e")
_SHARD, _LEAST_SHARDS, _LEAST_JOINED = 2, 3, 4


@cache
def word_list(name: str) -> Any:
    """Return one list of ``data/words.toml``: ``placeholders``, ``name_particles`` or ``months``."""
    text = resources.files("curator.identifiers").joinpath("data", "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)[name]


@cache
def _months() -> dict[str, str]:
    raw = word_list("months")
    return {name: f"{at:02d}" for at, names in enumerate(raw, 1) for name in names}


@cache
def _forms() -> tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...]:
    """Return the spellings of a date with the groups of year, month and day."""
    names = "|".join(sorted(_months(), key=lambda name: (-len(name), name)))
    month = rf"({names})[a-z]*"
    gap, sep, year = r"[-./,'_ ]{0,3}(?:(?:of|de|del|d)\b[' ]?)?", r"[-./\\_ ]", r"(\d{4}|\d{2})(?!\d)"
    two = rf"(?<!\d)(\d{{1,2}}){sep}(\d{{1,2}}){sep}(\d{{4}}|\d{{2}})(?!\d)"
    six = r"(?<!\d)(\d\d)(\d\d)(\d\d)(?!\d)"
    texts = (
        (r"(?=(\d{4})[-./_ ]?(\d\d)[-./_ ]?(\d\d))", (0, 1, 2)),
        (r"(?=(\d\d)[-./_ ]?(\d\d)[-./_ ]?(\d{4}))", (2, 1, 0)),
        (r"(?=(\d\d)[-./_ ]?(\d\d)[-./_ ]?(\d{4}))", (2, 0, 1)),
        (two, (2, 1, 0)),
        (two, (2, 0, 1)),
        (two, (0, 1, 2)),
        (rf"(?<!\d)(\d{{4}}){sep}(\d{{1,2}}){sep}(\d{{1,2}})(?!\d)", (0, 1, 2)),
        (six, (0, 1, 2)),
        (six, (2, 1, 0)),
        (six, (2, 0, 1)),
        (rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er)?{gap}{month}{gap}{year}", (2, 1, 0)),
        (rf"(?<![a-z]){month}{gap}(\d{{1,2}})(?:st|nd|rd|th)?{gap}{year}", (2, 0, 1)),
        (rf"(?<!\d)(\d{{4}}){gap}{month}{gap}(\d{{1,2}})(?!\d)", (0, 1, 2)),
        ("(\\d{4}) ?[\u5e74\ub144] ?(\\d{1,2}) ?[\u6708\uc6d4] ?(\\d{1,2}) ?[\u65e5\uc77c]", (0, 1, 2)),
    )
    return tuple((re.compile(text), groups) for text, groups in texts)


def fold(text: str) -> str:
    """Return the letters and digits of a text in lower case, without accents."""
    if text.isascii():
        return _NOT_WORD.sub("", text.lower())
    plain = _unmixed(_stripped(text))
    return "".join(mark for mark in plain if mark.isalnum())


def _stripped(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN).translate(_KANA)
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def _unmixed(text: str) -> str:
    """Replace letters that only look Latin, in words that mix scripts."""
    if not _FOREIGN.search(text):
        return text
    text = _INVISIBLE.sub("", text)
    return _WORD.sub(lambda word: word[0].translate(_ALIKE) if _LATIN.search(word[0]) else word[0], text)


def words(text: str) -> list[str]:
    """Return the words of a text, each folded."""
    if text.isascii():
        return [word for word in _NOT_WORD.split(text.lower()) if word]
    return [folded for folded in map(fold, _WORD.findall(unicodedata.normalize("NFC", visible(text)))) if folded]


def visible(text: str) -> str:
    """Return a text without characters that show nothing and only part a word."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def pieces(text: str) -> set[str]:
    """Return the runs of letters of a text, folded: ``smith`` of SMITH2, ``doe`` of ChestDoe."""
    if text.isascii():
        return {piece.lower() for piece in _LETTERS.findall(text)}
    return {fold(piece) for piece in _ANY_LETTERS.findall(unicodedata.normalize("NFC", visible(text)))}


def shards(parts: list[str]) -> list[str]:
    """Return what words of one or two characters spell together: ``smith`` of S M I T H and of SM IT H."""
    found: list[str] = []
    run: list[str] = []
    for part in [*parts, "\0\0\0"]:
        if len(part) <= _SHARD:
            run.append(part)
            continue
        joined = "".join(run)
        if len(run) >= _LEAST_SHARDS and len(joined) >= _LEAST_JOINED:
            found.append(joined)
        run = []
    return found


def repaired(text: str) -> str:
    """Return a text whose UTF-8 was read as ISO 8859-1 as it was meant; empty when it was not."""
    if text.isascii():
        return ""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""


def misread(text: str) -> set[str]:
    """Return the words of letters and figures of a text with the figures read as letters: ``smith`` of SM1TH."""
    found: set[str] = set()
    for part in words(text.translate(_SIGNS)):
        letters = sum(map(str.isalpha, part))
        if _LEAST_MIXED <= len(part) < 2 * letters and letters < len(part):
            found.update(part.translate(table) for table in _AS_LETTERS)
    return found


def spellings(name: str) -> set[str]:
    """Return a name with its umlauts written as they are, as two letters, and as one letter without dots."""
    return {name, unicodedata.normalize("NFC", name).translate(_SPELLED_OUT), _AS_ONE.sub("", name)}


def weight(folded: str) -> int:
    """Return how much a folded value says: its length, an ideograph or Hangul syllable counting for three."""
    return len(folded) + (0 if folded.isascii() else (_CJK_WEIGHT - 1) * len(_CJK.findall(folded)))


@cache
def _month_names() -> tuple[str, ...]:
    """Return the months' names that no other one begins, as far as they are ASCII."""
    names = [name for name in _months() if name.isascii()]
    return tuple(name for name in names if not any(name != other and name.startswith(other) for other in names))


def _may_date(lower: str) -> bool:
    """Say whether an ASCII text may hold a date: three runs of figures, a long one, or a month's name and figures."""
    runs = _FIGURES.findall(lower)
    figures = sum(map(len, runs))
    if len(runs) > 2 or figures > 7 or (runs and len(max(runs, key=len)) > 5):
        return True
    if figures > 2:
        for name in _month_names():
            if name in lower:
                return True
    return False


def dates_in(text: str) -> set[str]:
    """Return every date that a text can be read as holding: YYYYMMDD, or YYMMDD where the year has two digits."""
    found: set[str] = set()
    lower = text.lower() if text.isascii() else unicodedata.normalize("NFKC", _stripped(visible(text)))
    if not (_may_date(lower) if text.isascii() else any(map(str.isdigit, lower))):
        return found
    for era, year, month, day in _ERA.findall(lower):
        found.add(f"{_ERAS[era] + (1 if year == '元' else int(year)):04d}{month.zfill(2)}{day.zfill(2)}")
    months = _months()
    for form, (year, month, day) in _forms():
        for match in form.findall(lower):
            number = months.get(match[month]) or match[month].zfill(2)
            found.add(f"{match[year]}{number}{match[day].zfill(2)}")
    return found


def may_tell_year(text: str, years: Collection[str]) -> bool:
    """Say whether :func:`dates_in` may find a date of one of some years in a text, or one counted from an era.

    Parameters
    ----------
    text
        Any text.
    years
        Four figures each.
    """
    if not text.isascii():
        return True
    return any(year in text for year in years) or _ERA.search(text.lower()) is not None
