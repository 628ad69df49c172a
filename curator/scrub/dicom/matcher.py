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

from curator.identifiers.spelling import dates_in, fold, pieces, shards, spellings, weight, word_list, words
from curator.scrub.dicom.forms import has_form, is_registered_uid

__all__ = ["MORE", "Matcher", "dates_in", "fold", "has_form", "is_registered_uid", "matcher_of", "printable"]

STRONG = 5
STRONG_NAME_PART = 6
WEAK = 3
#: Category of the mark that says: there are more identifiers than these.
MORE = "more"
MOST_KNOWN = 4000
_PHONE_DIGITS = 7
_LEAST_JOINED = 4
_LONG_NUMBER = 7
_GRAM = 5
#: Searches of a text, values times characters, from which on its five-letter pieces are looked up first.
_MUCH = 1 << 18
_DIGITS = re.compile(r"[0-9]{5,}")
_RUNS = re.compile(rb"[\x20-\x7e]{4,}|(?:[\x20-\x7e]\0){4,}|(?:\0[\x20-\x7e]){4,}")
#: A table that counts through all codes spells every row of digits.
_RAMP = bytes(range(0x21, 0x7F))
_TYPECODES = {"UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d"}


@cache
def _particles() -> frozenset[str]:
    return frozenset(word_list("name_particles"))


def printable(value: bytes) -> str:
    """Return the printable runs of bytes, of 8 and of 16 bits a character, each on a line of its own."""
    runs = (found.replace(b"\0", b"") for found in _RUNS.findall(value))
    return b"\n".join(run.replace(_RAMP, b"\n").replace(_RAMP[::-1], b"\n") for run in runs).decode("ascii")


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
        self.pairs: set[tuple[str, str]] = set()
        pairs = list(known)
        self.more = len(pairs) > MOST_KNOWN or any(category == MORE for category, _ in pairs)
        for category, value in pairs[:MOST_KNOWN]:
            if category in {"birth_date", "date"}:
                if len(value) == 8 and value.isdecimal():
                    self.dates.add(value)
            elif category == "name":
                for group in value.split("="):
                    for spelling in spellings(group):
                        self._name(spelling)
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
        self.dates |= {day[2:] for day in self.dates}
        self.day_numbers |= {day for day in self.dates if len(day) == 6}
        self.long_numbers = {int(number) for number in self.numbers if len(number) >= _LONG_NUMBER}
        self.long_numbers |= {int(day) for day in self.dates if len(day) == 8}

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
        if len(parts) > 1:
            folded = [fold(part) for part in components]
            family, given = folded[0], folded[1] if len(folded) > 1 else ""
            for joined in ("".join(parts), "".join(reversed(parts)), family + given, given + family):
                if weight(joined) >= _LEAST_JOINED:
                    self._add(joined)
        if len(components) > 1:
            self._logins(words(components[0]), [word for part in components[1:] for word in words(part)])

    def _component(self, joined: str) -> None:
        if weight(joined) >= WEAK:
            self._add(joined, STRONG_NAME_PART)

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
        if self.more and text.strip():
            return True
        if self._has_strong(fold(text)):
            return True
        if self.weak or self.pairs or self.dates:
            parts = words(text)
            spelled = shards(parts)
            if not self.weak.isdisjoint(parts) or not self.weak.isdisjoint(spelled):
                return True
            if self.weak and not self.weak.isdisjoint(pieces(text)):
                return True
            if self.pairs and not self.pairs.isdisjoint(pairwise(parts)):
                return True
            if self.dates and not self.dates.isdisjoint(dates_in("\n".join([text, *spelled]))):
                return True
        return False

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
        return self.hits_runs(printable(value))

    def hits_runs(self, runs: str) -> bool:
        """Say the same of printable runs. Runs of less than five characters say nothing: they are chance."""
        lines = [line for line in runs.split("\n") if len(fold(line)) >= STRONG]
        if not lines:
            return False
        if self.more or self._has_strong("\n".join(map(fold, lines))):
            return True
        if any(len(word) >= STRONG and word in self.weak for line in lines for word in words(line)):
            return True
        full = {day for day in self.dates if len(day) == 8}
        return bool(full) and not full.isdisjoint(dates_in("\n".join(lines)))

    def hits_binary(self, value: bytes, vr: str, *, little: bool) -> bool:
        """Say whether a binary number equals a long record number, or a date written as a number."""
        code = _TYPECODES.get(vr)
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
        parts = [part.strip(b"\0 +-").decode("ascii", "replace") for part in value.split(b"\\")]
        for part in parts:
            if self.more and len(part.partition(".")[0]) >= STRONG:
                return True
            if "e" in part.lower():
                part = _plain_number(part)
            head, _, tail = part.partition(".")
            short, joined = head.lstrip("0"), (head + tail).lstrip("0")
            whole = not tail.strip("0")
            if short in self.numbers and (whole or len(short) >= _LONG_NUMBER):
                return True
            if not whole and len(joined.rstrip("0")) >= _LONG_NUMBER and joined in self.numbers:
                return True
            if whole and short in self.day_numbers:
                return True
        if 1 < len(parts) <= 4 and all(part.isdecimal() for part in parts):
            joined = "".join(parts)
            if len(joined) >= _LONG_NUMBER and joined.lstrip("0") in self.numbers:
                return True
            return len(parts) == 3 and not self.dates.isdisjoint(_full(dates_in("/".join(parts))))
        return False


def _plain_number(text: str) -> str:
    number = float(text)
    return f"{number:.10f}" if abs(number) < 1e15 else text


def _full(days: set[str]) -> set[str]:
    return {day for day in days if len(day) == 8}


@lru_cache(maxsize=64)
def matcher_of(known: tuple[tuple[str, str], ...]) -> Matcher:
    """Return the matcher of a person's identifiers, made once for the files that follow each other."""
    return Matcher(known)
