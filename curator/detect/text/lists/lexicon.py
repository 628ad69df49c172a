# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""The word lists of text detection, read once a process: names, places, words of everyday and of medicine."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: Surnames beyond this rank are too rare to trust a capital letter alone when they are also words.
FREQUENT = 20_000
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ə": "e", "ħ": "h", "ŋ": "n", "ɛ": "e", "ß": "ss", "’": "'", "ʻ": "'", "‐": "-", "‑": "-"}
)  # fmt: skip


def data_text(name: str) -> str:
    """Return a data file of text detection."""
    return resources.files("curator.detect").joinpath("data", "text", name).read_text(encoding="utf-8")


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a list, one a line, without its header; read once."""
    return tuple([line for line in data_text(name).split("\n") if line and line[0] != "#"])


@cache
def toml_of(name: str) -> dict[str, str]:
    """Return a data file of short lists, read once."""
    return tomllib.loads(data_text(name))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return a short list of words of forms.toml."""
    return frozenset(toml_of("forms.toml")[name].split())


def fold(word: str) -> str:
    """Return a word in lower case without accents, as the lists have it."""
    lower = word.lower()
    if lower.isascii():
        return lower
    plain = unicodedata.normalize("NFKD", lower).translate(_STROKES)
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


class _Flat(dict[int, str]):
    """Letters in lower case without accents, one for one; what was asked for before is remembered, up to a bound."""

    def __missing__(self, code: int) -> str:
        """Return what stands for a letter: a mark that would become none or two stays as it is."""
        low = chr(code).lower()
        low = low if len(low) == 1 else chr(code)
        parts = unicodedata.normalize("NFKD", low).translate(_STROKES)
        bare = "".join(mark for mark in parts if not unicodedata.combining(mark))
        made = bare.lower() if len(bare) == 1 and bare.isascii() and bare.isalpha() else low
        if len(self) < _MOST_LETTERS:
            self[code] = made
        return made


_MOST_LETTERS = 5_000
_FLAT = _Flat()
#: So many letters beyond ASCII are replaced one after the other.
_FEW = 12


def flat(text: str) -> str:
    """Return a text in lower case without accents, each code point at its place.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    str
        As many code points as the text has; letters that are no Latin ones with an accent are in lower case alone.
    """
    if text.isascii():
        return text.lower()
    others = [mark for mark in set(text) if mark > "\x7f"]
    if len(others) > _FEW:
        return text.translate(_FLAT)
    for mark in others:
        flat_mark = _FLAT[ord(mark)]
        if flat_mark != mark:
            text = text.replace(mark, flat_mark)
    return text.lower()


def is_name(folded: str) -> bool:
    """Say whether a list of names has a folded word."""
    words = lexicon()
    return folded in words.surnames or folded in words.given or folded in words.international


def is_listed(folded: str) -> bool:
    """Say whether a folded word is one of everyday or of medicine, a city, or a name."""
    words = lexicon()
    return folded in words.words or folded in words.medical or folded in words.cities or is_name(folded)


def is_given(folded: str) -> bool:
    """Say whether a list of given names has a folded word."""
    words = lexicon()
    return folded in words.given or folded in words.international


@dataclass(frozen=True)
class Lexicon:
    """What is known of words; all folded. Words of imaging count among those of everyday too, eponyms among the shared names."""

    given: frozenset[str]
    surnames: frozenset[str]
    frequent: frozenset[str]
    international: frozenset[str]
    mostly: frozenset[str]
    eponyms: frozenset[str]
    shared: frozenset[str]
    words: frozenset[str]
    medical: frozenset[str]
    imaging: frozenset[str]
    cities: frozenset[str]
    city_starts: frozenset[str]
    counties: frozenset[str]


def _labeled(name: str, label: str) -> frozenset[str]:
    """Return the words of a list that stand behind one label."""
    lines = (line.partition(": ") for line in words_of(name))
    return frozenset(word for head, _, listed in lines if head == label for word in listed.split())


def _spread(name: str) -> frozenset[str]:
    """Return the words of a list that has many a line, with or without a label before a colon."""
    return frozenset(word for line in words_of(name) for word in line.split(": ", 1)[-1].split())


@cache
def lexicon() -> Lexicon:
    """Read the lists."""
    surnames = words_of("surnames.txt")
    listed, imaging = words_of("cities.txt"), _spread("imaging.txt")
    saints = [city.partition(" ")[2] for city in listed if city.startswith(("saint ", "st. ", "st "))]
    cities = frozenset(listed) | frozenset(f"{lead} {city}" for city in saints for lead in ("saint", "st.", "st"))
    return Lexicon(
        given=frozenset(words_of("given.txt")) | frozenset(words_of("births.txt")),
        surnames=frozenset(surnames),
        frequent=frozenset(surnames[:FREQUENT]),
        international=_spread("international.txt"),
        mostly=_spread("mostly.txt"),
        eponyms=_spread("eponyms.txt"),
        shared=_spread("shared.txt") | _spread("eponyms.txt"),
        words=imaging.union(words_of("words.txt"), _labeled("british.txt", "words")),
        medical=_labeled("british.txt", "medical").union(
            *map(_spread, ("medical.txt", "terms.txt", "ontologies.txt", "clinical.txt", "abroad.txt"))
        ),
        imaging=imaging,
        cities=cities,
        city_starts=frozenset(city.replace("-", " ").split(" ", 1)[0].rstrip(".") for city in cities),
        counties=frozenset(words_of("counties.txt")),
    )
