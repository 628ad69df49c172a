"""Comparing texts with the known identifiers of a person, in every spelling: case, accents, order, separators, dates.

Strong values (five letters or digits and more) are searched inside words; weak ones (shorter, and single name parts) as
whole words; those of one or two characters as whole values, or as two name parts side by side. The work is bounded:
who has more identifiers than can be searched loses every kept text. It must never report which value was found.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

from curator.identifiers.categories import LIKELY_NAME
from curator.identifiers.escapes import escaped
from curator.identifiers.spelling import (
    dates_in,
    fold,
    may_tell_year,
    repaired,
    spellings,
    weight,
    word_list,
    words,
)
from curator.scrub.dicom.forms import has_form, is_registered_uid
from curator.scrub.dicom.readings import (
    LEAST_LONG,
    LONG_NUMBER,
    MOST_DATE_PARTS,
    MOST_READ,
    SHORT,
    STRONG,
    Readings,
    printable,
    read_number,
    remembered,
    remembered_long,
)

__all__ = ["MORE", "Matcher", "dates_in", "fold", "has_form", "is_registered_uid", "matcher_of"]

STRONG_NAME_PART = 6
WEAK = 3
#: Category of the mark that says: there are more identifiers than these.
MORE = "more"
MOST_KNOWN = 4000
_PHONE_DIGITS = 7
_ADDRESSES = frozenset({"address", "institution_address"})
_LEAST_JOINED = 4
#: Letters of the names that are searched only behind titles and beside initials.
_SHORT = 2
#: Letters from which on a word of an address is searched for by itself.
_LEAST_RARE = 5
_SMALL = frozenset({"of", "and", "the", "for", "at", "in", "de", "la", "du", "des", "del", "di", "da", "do"})
_GRAM = 5
#: Searches of a text, values times characters, from which on its five-letter pieces are looked up first.
_MUCH = 1 << 18
#: Bytes from which on, and up to which, a value may be a table that the objects of a series repeat; so many are kept.
_LONG_BYTES, _LONGEST_BYTES, _MOST_BYTES = 1 << 10, 1 << 16, 4
_DIGITS = re.compile(r"[0-9]{5,}")


@cache
def _particles() -> frozenset[str]:
    return frozenset(word_list("name_particles"))


def _rare(value: str) -> list[str]:
    """Return the words of an address or of a facility's name that no list of words and terms has."""
    from curator.detect.text.lists.lexicon import lexicon
    from curator.scrub.dicom.descriptors_terms import WORD, kind_of

    listed = lexicon().words
    return [
        word
        for word in words(value)
        if word.isalpha() and len(word) >= _LEAST_RARE and word not in listed and kind_of(word) not in {"T", WORD}
    ]


def _plural(name: str) -> str:
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"


def _is_grammar(folded: str) -> bool:
    from curator.scrub.dicom.descriptors_terms import cues

    return folded in cues()["small"]


def _is_word(folded: str) -> bool:
    from curator.detect.text.lists.lexicon import lexicon
    from curator.scrub.dicom.descriptors_terms import WORD, kind_of

    return folded in lexicon().words or kind_of(folded) in {"T", WORD}


def _short_forms(value: str) -> set[str]:
    """Return the first letters of a facility's name of three words or more, if they are no term."""
    from curator.detect.text.lists.lexicon import lexicon
    from curator.scrub.dicom.descriptors_terms import kind_of

    parts = [word for word in words(value) if word.isalpha() and word not in _SMALL]
    found = "".join(word[0] for word in parts)
    if len(parts) < WEAK or not found.isascii() or kind_of(found) == "T" or found in lexicon().words:
        return set()
    return {found}


#: How the numbers of a VR are read, where one of them may be as long as a record number.
TYPECODES = {"UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d"}


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
        #: Names of two letters (Ng, Le): names only where what stands around them says so.
        self.short: set[str] = set()
        self.dates: set[str] = set()
        self.pairs: set[tuple[str, str]] = set()
        #: First letters of names in either order, behind a point: they are initials only where points part them.
        self.initials: set[str] = set()
        #: Month and day of dates of birth and of other dates, MMDD: they are days only as written in texts.
        self.birthdays: set[str] = set()
        self.days: set[str] = set()
        pairs = list(known)
        self.more = len(pairs) > MOST_KNOWN or any(category == MORE for category, _ in pairs)
        for category, value in pairs[:MOST_KNOWN]:
            if category in {"birth_date", "date"}:
                if len(value) == 8 and value.isdecimal():
                    self.dates.add(value)
                    (self.birthdays if category == "birth_date" else self.days).add(value[4:])
            elif category == "name":
                for group in value.split("="):
                    for spelling in spellings(group):
                        self._name(spelling)
            elif category == LIKELY_NAME:
                self.weak.update(word for word in words(value) if weight(word) >= WEAK)
            else:
                self._value(category, value)
        self.strong_list = sorted(self.strong)
        plain = {value.lstrip("0") for value in self.strong if value.isdecimal() and value.isascii()}
        self.numbers = frozenset(number for number in plain if len(number) >= STRONG)
        self._by_gram: dict[str, list[str]] = {}
        for value in self.strong_list:
            self._by_gram.setdefault(value[:_GRAM], []).append(value)
        self._grams = {len(gram) for gram in self._by_gram}
        days = {day[6:] + day[4:6] + day[:4] for day in self.dates} | {day[4:] + day[:4] for day in self.dates}
        self.day_numbers = {number.lstrip("0") for number in self.dates | days}
        self._full = frozenset(self.dates)
        self._years = frozenset(day[:4] for day in self.dates)
        self.dates |= {day[2:] for day in self.dates}
        self.day_numbers |= {day for day in self.dates if len(day) == 6}
        self.long_numbers = {int(number) for number in self.numbers if len(number) >= LONG_NUMBER}
        self._digits = [one.encode("ascii") for one in self.numbers | self.day_numbers if one.isascii()]
        self.long_numbers |= {int(day) for day in self.dates if len(day) == 8}
        #: No number or day of the person's is shorter than identifiers are (:mod:`curator.scrub.dicom.plain`).
        self.usual = all(len(number) >= STRONG for number in self.numbers | self.day_numbers) and all(
            number >= LEAST_LONG for number in self.long_numbers
        )
        self._known_texts: dict[str, bool] = {}
        self._known_bytes: dict[bytes, bool] = {}

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
        components = [component.strip() for component in group.split("^")[:3]]
        for component in components:
            if parts and len(words(component)) > 1 and not set(words(component)) <= _particles():
                self._component(fold(component))
        self.short.update(word for word in map(fold, components[:2]) if len(word) == _SHORT and word.isalpha())
        self._plurals(*(words(component) for component in (components + [""])[:2]))
        if len(parts) > 1:
            folded = [fold(part) for part in components]
            family, given = folded[0], folded[1] if len(folded) > 1 else ""
            for joined in ("".join(parts), "".join(reversed(parts)), family + given, given + family):
                if weight(joined) >= _LEAST_JOINED:
                    self._add(joined)
        if len(components) > 1:
            self._first_letters(*(words(component) for component in (components + [""])[:3]))
            self._logins(words(components[0]), [word for part in components[1:] for word in words(part)])

    def _plurals(self, family: list[str], given: list[str]) -> None:
        """Add a family in the plural, which is how its possessive is often written (SMITHS FILMS).

        Not where it is a word of grammar (does of Doe, needs of Need), and of a given name only where it is no word at
        all: Pages, Arts.
        """
        for name in family:
            if name.isalpha() and name.isascii() and len(name) >= WEAK and name not in _particles():
                plural = _plural(name)
                if not _is_grammar(plural):
                    self.weak.add(plural)
        for name in given:
            if name.isalpha() and name.isascii() and len(name) >= WEAK and not _is_word(_plural(name)):
                self.weak.add(_plural(name))

    def _component(self, joined: str) -> None:
        if weight(joined) >= WEAK:
            self._add(joined, STRONG_NAME_PART)

    def _first_letters(self, family: list[str], given: list[str], middle: list[str]) -> None:
        parts = [part for part in family if part not in _particles()]
        for last in {one[0] for one in (*parts[:1], *parts[-1:])}:
            for first in ("".join(part[0] for part in given[:size]) for size in (1, 2)):
                for firsts in {first, first + "".join(part[0] for part in middle[:1])} - {""}:
                    self.initials.update((f".{firsts}{last}", f".{last}{firsts}"))

    def _logins(self, family: list[str], given: list[str]) -> None:
        """Add what computers call a person (jsmith, smithj), and short names side by side (Li Na)."""
        stems = {"".join(family), *family} - _particles()
        for stem in stems:
            if len(stem) >= WEAK:
                for part in given:
                    for begin in {part[:1], part[:2], "".join(each[0] for each in given)}:
                        self.weak.update((begin + stem, stem + begin))
        for one in family:
            for other in given:
                short = all(len(part) < WEAK or part in _particles() for part in (one, other))
                if short and len(one + other) > 2 and not {one, other} <= _particles():
                    self.pairs.update(((one, other), (other, one)))

    def _value(self, category: str, value: str) -> None:
        folded = fold(value)
        self._add(folded)
        short = folded.lstrip("0")
        if short != folded and len(short) >= STRONG:
            self._add(short)
        if category in {"id", "accession", "other"}:
            runs = [*_DIGITS.findall(folded), *_DIGITS.findall(value)]
            for run in runs:
                self._add(run)
                if len(run.lstrip("0")) >= STRONG:
                    self._add(run.lstrip("0"))
        if category in {*_ADDRESSES, "other"}:
            for part in re.split(r"[\n\r,;^=]", value):
                if weight(fold(part)) > STRONG:
                    self._add(fold(part))
        if category in {*_ADDRESSES, "institution"}:
            for word in _rare(value):
                self._add(word, STRONG_NAME_PART)
        if category == "institution":
            self.weak.update(_short_forms(value))
        if category in _ADDRESSES:
            street = words(re.split(r"[\n\r,;^=]", value)[0])
            if len(street) > 2 and street[0].isdecimal() and len(street[1]) >= WEAK:
                self._add("".join(street[:2]))
        if category == "phone":
            digits = "".join(mark for mark in value if mark.isdecimal())
            if len(digits) >= _PHONE_DIGITS:
                self._add(digits)
                self._add(digits[-10:])
                self._add(digits[-_PHONE_DIGITS:])

    def longest_weak(self) -> int:
        """Return how many characters the longest weak identifier has."""
        return max(map(len, self.weak), default=0)

    def hits(self, text: str) -> bool:
        """Say whether a text holds a known identifier, as it stands, as its bytes were meant, or behind escapes."""
        if len(text) > SHORT:
            return self._meant(text)
        found = self._known_texts.get(text)
        if found is None:
            found = self._meant(text)
            if len(self._known_texts) < MOST_READ:
                self._known_texts[text] = found
        return found

    def _meant(self, text: str) -> bool:
        meant = repaired(text)
        return self._hits(text) or (bool(meant) and self._hits(meant)) or any(map(self._hits, escaped(text)))

    def _hits(self, text: str) -> bool:
        if self.more and text.strip():
            return True
        if not (self.weak or self.pairs or self.dates):
            return self._has_strong(fold(text))
        read = remembered(text) if len(text) <= SHORT else remembered_long(text)
        return (
            self._has_strong(read.folded)
            or not self.weak.isdisjoint(read.parts)
            or not self.weak.isdisjoint(read.shards)
            or not self.weak.isdisjoint(read.pieces)
            or any(part in self.weak or self._has_strong(part) for part in read.misread)
            or (bool(self.pairs) and not self.pairs.isdisjoint(pairwise(read.parts)))
            or not self.dates.isdisjoint(read.dates)
        )

    def may_hit(self, read: Readings) -> bool:
        """Say whether :meth:`hits` may be true of any of the texts that were read; false only where it is of none."""
        return (
            self.more
            or self._has_strong(read.folded)
            or not self.weak.isdisjoint(read.parts)
            or not self.pairs.isdisjoint(read.pairs)
            or not self.dates.isdisjoint(read.dates)
        )

    def _has_strong(self, folded: str) -> bool:
        """Search all strong values at once: in a long text by the pieces with which they begin."""
        if len(self.strong_list) * len(folded) <= _MUCH:
            return any(value in folded for value in self.strong_list)
        for size in self._grams:
            grams = {folded[at : at + size] for at in range(len(folded) - size + 1)}
            for gram in grams & self._by_gram.keys():
                if any(value in folded for value in self._by_gram[gram]):
                    return True
        return False

    def is_short_identifier(self, text: str) -> bool:
        """Say whether a whole value equals a known identifier of one or two characters."""
        return bool(self.whole) and fold(text) in self.whole

    def hits_bytes(self, value: bytes) -> bool:
        """Say whether bytes that are no text hold an identifier as text, 8 or 16 bits a character."""
        if len(value) < STRONG:
            return False
        if len(value) < _LONG_BYTES:
            return self.hits_runs(printable(value))
        found = self._known_bytes.get(value)
        if found is None:
            found = self.hits_runs(printable(value))
            if len(self._known_bytes) >= _MOST_BYTES:
                self._known_bytes.clear()
            if len(value) <= _LONGEST_BYTES:
                self._known_bytes[value] = found
        return found

    def hits_runs(self, runs: str) -> bool:
        """Say the same of printable runs. Runs of less than five characters say nothing: they are chance."""
        pairs = [(folded, line) for line in runs.split("\n") if len(folded := fold(line)) >= STRONG]
        if not pairs:
            return False
        if self.more or self._has_strong("\n".join(folded for folded, _ in pairs)):
            return True
        if any(len(word) >= STRONG and word in self.weak for _, line in pairs for word in words(line)):
            return True
        text = "\n".join(line for _, line in pairs)
        return may_tell_year(text, self._years) and not self._full.isdisjoint(dates_in(text))

    def hits_binary(self, value: bytes, vr: str, *, little: bool) -> bool:
        """Say whether a binary number equals a long record number, or a date written as a number."""
        code = TYPECODES.get(vr)
        if code is None or not self.long_numbers:
            return False
        numbers = array(code, value)
        if not little:
            numbers.byteswap()
        return not self.long_numbers.isdisjoint(numbers)

    def hits_number(self, value: bytes) -> bool:
        """Say whether a number of a DS or IS element, as a whole, is a known record number or date."""
        if not (self.numbers or self.day_numbers or self.more):
            return False
        if len(value) > SHORT and not self.more and value.count(b"\\") >= MOST_DATE_PARTS:
            # Digits of a row of points that hold none of the numbers searched need not be read one by one.
            digits = value.translate(None, b".+- \0")
            if not any(number in digits for number in self._digits):
                value = b"\\".join(part for part in value.lower().split(b"\\") if b"e" in part)
                if not value:
                    return False
        read = read_number(value) if len(value) <= SHORT else read_number.__wrapped__(value)
        return (
            (self.more and read.long)
            or not self.numbers.isdisjoint(read.numbers)
            or not self.day_numbers.isdisjoint(read.days)
            or not self.dates.isdisjoint(read.dates)
        )


@lru_cache(maxsize=64)
def matcher_of(known: tuple[tuple[str, str], ...]) -> Matcher:
    """Return the matcher of a person's identifiers, made once for the files that follow each other."""
    return Matcher(known)
