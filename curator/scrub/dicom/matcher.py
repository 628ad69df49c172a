"""Comparing texts with the known identifiers of a person, in every spelling: case, accents, order, separators, dates.

Strong values (five letters or digits and more) are searched inside words; weak ones (shorter, and single name parts) as
whole words; those of one or two characters as whole values. It must never report which value was found.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from curator.scrub.dicom.rules import data_text

STRONG = 5
STRONG_NAME_PART = 6
WEAK = 3
_PHONE_DIGITS = 7
_CJK = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_CJK_WEIGHT = 3
_WORD = re.compile(r"[^\W_]+")
_NOT_WORD = re.compile(r"[\W_]+")
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_MONTHS = {name: f"{at:02d}" for at, name in enumerate(_MONTH[1:48].split("|"), 1)}
_DATES = (
    (re.compile(r"(?=(\d{4})[-./_ ]?(\d\d)[-./_ ]?(\d\d))"), (0, 1, 2)),
    (re.compile(r"(?=(\d\d)[-./_ ]?(\d\d)[-./_ ]?(\d{4}))"), (2, 1, 0)),
    (re.compile(r"(?=(\d\d)[-./_ ]?(\d\d)[-./_ ]?(\d{4}))"), (2, 0, 1)),
    (re.compile(r"\b(\d)[-./ ](\d{1,2})[-./ ](\d{4})"), (2, 1, 0)),
    (re.compile(r"\b(\d{1,2})[-./ ](\d)[-./ ](\d{4})"), (2, 1, 0)),
    (re.compile(r"\b(\d)[-./ ](\d{1,2})[-./ ](\d{4})"), (2, 0, 1)),
    (re.compile(r"\b(\d{1,2})[-./ ](\d)[-./ ](\d{4})"), (2, 0, 1)),
    (re.compile(rf"(\d{{1,2}})[-./, ]*{_MONTH}[-./, ]*(\d{{4}})"), (2, 1, 0)),
    (re.compile(rf"{_MONTH}[-./, ]*(\d{{1,2}})(?:st|nd|rd|th)?[-./, ]*(\d{{4}})"), (2, 0, 1)),
    (re.compile(rf"(\d{{4}})[-./, ]*{_MONTH}[-./, ]*(\d{{1,2}})"), (0, 1, 2)),
)

#: What is an identifier by its form, whoever's it is: e-mail, web address, US social security and
#: telephone number, UID.
_FORMS = re.compile(
    r"[^\s@\\]{1,64}@[^\s@\\]{1,255}\.[a-z]{2,}|\b(?:https?|ftp)://|\bwww\.|(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"
    r"|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)|(?<![\d.])192\.168\.\d{1,3}\.\d{1,3}(?![\d.])"
    r"|(?<![\d.])[012]\.\d+(?:\.\d+){4,}",
    re.IGNORECASE,
)
_LONG_UID = 20


@cache
def _particles() -> frozenset[str]:
    return frozenset(tomllib.loads(data_text("words.toml"))["name_particles"])


def fold(text: str) -> str:
    """Return the letters and digits of a text in lower case, without accents."""
    if text.isascii():
        return _NOT_WORD.sub("", text.lower())
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    return "".join(mark for mark in plain if mark.isalnum() and not unicodedata.combining(mark))


def words(text: str) -> list[str]:
    """Return the words of a text, each folded."""
    if text.isascii():
        return [word for word in _NOT_WORD.split(text.lower()) if word]
    return [folded for folded in map(fold, _WORD.findall(unicodedata.normalize("NFC", text))) if folded]


def weight(folded: str) -> int:
    """Return how much a folded value says: its length, an ideograph or Hangul syllable counting for three."""
    return len(folded) + (0 if folded.isascii() else (_CJK_WEIGHT - 1) * len(_CJK.findall(folded)))


def dates_in(text: str) -> set[str]:
    """Return every date that a text can be read as holding, YYYYMMDD, in any usual spelling."""
    found = set()
    lower = text.lower()
    for form, (year, month, day) in _DATES:
        for match in form.findall(lower):
            number = _MONTHS.get(match[month][:3], match[month].zfill(2))
            found.add(f"{match[year]}{number}{match[day].zfill(2)}")
    return found


_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa"})
_AS_ONE = re.compile("(?<=[aouAOU])e")


def _spellings(name: str) -> set[str]:
    """Return a name with its umlauts written as they are, as two letters, and as one letter without dots."""
    return {name, unicodedata.normalize("NFC", name).translate(_WRITTEN_OUT), _AS_ONE.sub("", name)}


class Matcher:
    """The known identifiers of one person, made ready for searching.

    Parameters
    ----------
    known
        (category, value) pairs. ``name`` values are taken apart, ``birth_date`` and ``date`` values (YYYYMMDD) are
        found in every spelling of a date.
    """

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self.strong: set[str] = set()
        self.weak: set[str] = set()
        self.whole: set[str] = set()
        self.dates: set[str] = set()
        for category, value in known:
            if category in {"birth_date", "date"}:
                if len(value) == 8 and value.isdecimal():
                    self.dates.add(value)
            elif category == "name":
                for group in value.split("="):
                    for spelling in _spellings(group):
                        self._name(spelling)
            else:
                self._value(category, value)
        self.strong_list = sorted(self.strong)
        self.numbers = frozenset(value.lstrip("0") for value in self.strong if value.isdecimal() and value.isascii())
        self.raw = tuple(
            mark.encode(code)
            for value in self.strong_list
            if len(value) > STRONG and value.isascii()
            for mark in {value, value.upper(), value.capitalize()}
            for code in ("ascii", "utf-16-le", "utf-16-be")
        )
        numbers = {number for number in self.numbers if len(number) >= STRONG} | self.dates
        self.number_bytes = tuple(sorted(number.encode("ascii") for number in numbers))

    def _add(self, folded: str, least: int = STRONG) -> None:
        if folded in _particles() or not folded:
            return
        size = weight(folded)
        if size >= least:
            self.strong.add(folded)
        elif size >= WEAK:
            self.weak.add(folded)
        else:
            self.whole.add(folded)

    def _name(self, group: str) -> None:
        parts = [part for part in words(group) if part not in _particles()]
        # O'Brien is searched as brien and as obrien.
        for part in {*parts, *map(fold, re.split(r"[\s^,]+", group))}:
            if weight(part) >= WEAK:
                self._add(part, STRONG_NAME_PART)
        if len(parts) > 1:
            components = [fold(part) for part in group.split("^")[:3]]
            family, given = components[0], components[1] if len(components) > 1 else ""
            for joined in ("".join(parts), "".join(reversed(parts)), family + given, given + family):
                if weight(joined) >= STRONG:
                    self._add(joined)

    def _value(self, category: str, value: str) -> None:
        folded = fold(value)
        self._add(folded)
        short = folded.lstrip("0")
        if short != folded and len(short) >= STRONG:
            self._add(short)
        if category in {"address", "other"}:
            for part in re.split(r"[\n\r,;^=]", value):
                if weight(fold(part)) > STRONG:
                    self._add(fold(part))
        if category == "phone":
            digits = "".join(mark for mark in value if mark.isdecimal())
            if len(digits) >= _PHONE_DIGITS:
                self._add(digits)
                self._add(digits[-10:])

    def hits(self, text: str) -> bool:
        """Say whether a text holds a known identifier."""
        folded = fold(text)
        if any(value in folded for value in self.strong_list):
            return True
        if self.weak and not self.weak.isdisjoint(words(text)):
            return True
        return bool(self.dates) and not self.dates.isdisjoint(dates_in(text))

    def is_short_identifier(self, text: str) -> bool:
        """Say whether a whole value equals a known identifier of one or two characters."""
        return bool(self.whole) and fold(text) in self.whole

    def hits_bytes(self, value: bytes) -> bool:
        """Say whether bytes that are no text hold a strong identifier as text, 8 or 16 bits a character."""
        return any(mark in value for mark in self.raw)

    def hits_number(self, value: bytes) -> bool:
        """Say whether a number of a DS or IS element, as a whole, is a known record number or date."""
        if not any(number in value for number in self.number_bytes):
            return False
        for part in value.split(b"\\"):
            text = part.strip(b"\0 +-").decode("ascii", "replace")
            head, _, tail = text.partition(".")
            if tail.strip("0"):
                continue
            if head.lstrip("0") in self.numbers or head in self.dates:
                return True
        return False


@lru_cache(maxsize=64)
def matcher_of(known: tuple[tuple[str, str], ...]) -> Matcher:
    """Return the matcher of a person's identifiers, made once for the files that follow each other."""
    return Matcher(known)


def has_form(text: str) -> bool:
    """Say whether a text holds what is an identifier by its form: e-mail, web address, SSN, telephone, UID."""
    for found in _FORMS.finditer(text):
        shape = found[0]
        if shape[0] in "012" and shape.count(".") >= 5 and "@" not in shape:
            if len(shape) >= _LONG_UID and not is_registered_uid(shape):
                return True
        else:
            return True
    return False


@cache
def _registered() -> frozenset[str]:
    from pydicom import uid

    return frozenset(uid.__dict__["UID_dictionary"])


_CONTEXT_GROUP = re.compile(r"1\.2\.840\.10008\.6\.1\.\d{1,4}")


def is_registered_uid(uid: str) -> bool:
    """Say whether PS3.6 Annex A registers a UID (context groups by their root, Table A-3)."""
    return uid in _registered() or _CONTEXT_GROUP.fullmatch(uid) is not None
