"""Finding what is already known of a person in a text, in every spelling: case, accents, order, separators, dates.

Strong values (long and rare) are found everywhere, weak ones (short) only as whole words. What is too short to be
searched at all is counted, never silently left out. It must never say which value was found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from curator.identifiers.categories import Category, letter_of
from curator.identifiers.findings import Finding

#: Letters and digits from which on a value is searched inside of longer runs too.
STRONG = 5
#: The same for one part of a name, which is a syllable of other words sooner.
STRONG_NAME = 6
#: Letters and digits below which a value is not searched; an ideograph says as much as three letters.
LEAST = 2
_STROKES = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ß": "ss"})
_PARTICLES = frozenset(
    {
        "al",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "van",
    }
    | {"von", "y", "zu", "jr", "sr", "ii", "iii", "mr", "mrs", "ms", "dr", "md"}
)
_WORD = re.compile(r"[^\W_]+")
#: A word with the marks that combine with its letters.
_MARKED_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september") + (
    "october",
    "november",
    "december",
)


@dataclass(frozen=True)
class KnownIdentifiers:
    """What is known of a person. For the vault and for the memory of a run only.

    Parameters
    ----------
    values
        (category, value); the category is a harvest's word such as ``name``, ``id``, ``accession``, ``phone``,
        ``address``, ``birth_date``. Dates are YYYYMMDD, names in any order, DICOM's ``^`` and ``=`` allowed.
    """

    values: tuple[tuple[str, str], ...] = field(repr=False)


def folded(text: str) -> tuple[str, list[int]]:
    """Return letters and digits of a text, lower case, without accents, and where each of them stood."""
    if text.isascii():
        places = [at for at, mark in enumerate(text) if mark.isalnum()]
        return "".join([text[at] for at in places]).lower(), places
    out: list[str] = []
    where: list[int] = []
    for at, mark in enumerate(text):
        plain = unicodedata.normalize("NFKD", mark).casefold().translate(_STROKES)
        for one in plain:
            if one.isalnum() and not unicodedata.combining(one):
                out.append(one)
                where.append(at)
    return "".join(out), where


def _fold(text: str) -> str:
    return folded(text)[0]


def _weight(value: str) -> int:
    return sum(1 if mark < "\u1100" else 3 for mark in value)


class KnownMatcher:
    """The known identifiers of one person, made ready for searching; a text detector.

    Attributes
    ----------
    unsearched
        How many values are too short to be searched at all.
    """

    def __init__(self, known: KnownIdentifiers) -> None:
        self._strong: dict[str, Category] = {}
        self._weak: dict[str, Category] = {}
        self.unsearched = 0
        for word, value in known.values:
            category = letter_of(word)
            if category is Category.DATE:
                self._date(value)
            elif category is Category.NAME:
                self._name(value)
            else:
                self._add(_fold(value), category, STRONG)
                if category is Category.PHONE and len(_fold(value)) > 10:
                    self._add(_fold(value)[-10:], category, STRONG)
        self._form = _alternation(self._strong)
        self._words = _alternation(self._weak)

    def _add(self, value: str, category: Category, strong: int) -> None:
        if _weight(value) < LEAST:
            self.unsearched += 1
        elif _weight(value) >= strong:
            self._strong.setdefault(value, category)
        else:
            self._weak.setdefault(value, category)

    def _name(self, value: str) -> None:
        for group in value.split("="):
            parts = [part for part in map(_fold, _WORD.findall(group.replace("^", " "))) if part]
            parts = [part for part in parts if part not in _PARTICLES]
            for part in parts:
                if len(part) > 1 or _weight(part) > 1:
                    self._add(part, Category.NAME, STRONG_NAME)
            if len(parts) > 1:
                self._add("".join(parts), Category.NAME, STRONG_NAME)
                self._add("".join(reversed(parts)), Category.NAME, STRONG_NAME)

    def _date(self, value: str) -> None:
        if len(value) != 8 or not value.isdecimal():
            self.unsearched += 1
            return
        year, month, day = value[:4], value[4:6], value[6:]
        if not 1 <= int(month) <= 12:
            self.unsearched += 1
            return
        name, short_day, short_month = _MONTHS[int(month) - 1], day.lstrip("0"), month.lstrip("0")
        for one_day in {day, short_day}:
            for one_name in {name, name[:3]}:
                for ending in ("", "st", "nd", "rd", "th"):
                    self._add(f"{one_name}{one_day}{ending}{year}", Category.DATE, STRONG)
                    self._add(f"{one_day}{ending}{one_name}{year}", Category.DATE, STRONG)
        for first, second in ((month, day), (day, month)):
            self._add(f"{first}{second}{year}", Category.DATE, STRONG)
        small = (
            f"{short_month}{short_day}{year}",
            f"{short_day}{short_month}{year}",
            f"{year}{short_month}{short_day}",
        )
        for spelled in (*small, f"{year}{month}{day}"):
            self._add(spelled, Category.DATE, STRONG)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield where known identifiers stand in a text, each to the ends of what was matched."""
        if self._form is not None:
            plain, where = folded(text)
            for match in self._form.finditer(plain):
                start, end = where[match.start(1)], where[match.end(1) - 1] + 1
                category = self._strong[match[1]]
                if category is Category.DATE and not _whole_number(text, start, end):
                    continue
                yield Finding(start, end, category, "known", "known.strong", 1.0)
        if self._words is not None:
            for word in _MARKED_WORD.finditer(text):
                found = self._weak.get(_fold(word[0]))
                if found is not None:
                    yield Finding(word.start(), word.end(), found, "known", "known.weak", 0.9)


def _whole_number(text: str, start: int, end: int) -> bool:
    """Say whether a date in digits is no part of a longer number."""
    return not text[max(0, start - 1) : start].isdecimal() and not text[end : end + 1].isdecimal()


def _alternation(values: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted(values, key=lambda value: (-len(value), value))
    return re.compile(f"(?=({'|'.join(map(re.escape, listed))}))") if listed else None
