"""What cells are, where a heading does not tell: names of people, or plain words of medicine and of everyday.

Asked of columns that nobody knows, so that the names in them are searched for in the row's other cells, and of columns
called ``name`` that may be over laboratory tests. No value is handed out but to the vault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: What may stand in a cell that is a name: letters, and the marks that part and shorten names.
_NAME = re.compile(r"[^\W\d_][^\W\d_ ,.;/&()'’-]*(?:[ ,.;/&()'’-]{1,3}[^\W\d_]+)*[ .)]{0,2}")
_NUMBERED = re.compile(r"[\d.,/%+-]*\d[\d.,/%+-]*[^\W\d_]{0,4}")
_LONGEST, _MOST_WORDS = 64, 6
_LEAST_WORD, _LEAST_CAPITALS = 3, 5
_SHARE_OF_NAMES, _SHARE_OF_THINGS = 0.6, 0.8
#: What stands beside names and is none: particles, titles, degrees.
_PARTICLES = re.compile(
    "de|la|le|el|di|da|do|du|dos|das|del|della|los|las|al|bin|ibn|ben|van|von|der|den|ter|ten|zu|zur|y|e|und|et|st"
)
_TITLES = re.compile(
    "dra?|mrs?|ms|mx|miss|prof|rev|hon|sra?|srta|don|dona|herr|frau|hr|fr|mme|mlles?|jr|i{2,3}|md|rn|np|phd|dds|ing|dott"
)
#: Different values from which on shares say something by themselves.
_FEW = 2


@lru_cache(maxsize=65536)
def name_words(cell: str) -> tuple[str, ...]:
    """Return the words of a cell that name somebody, none when it does not look like a name of a person.

    A word of everyday or of medicine is never among them. Each other word is in a list of names, or in no list and
    capitalized; a word in capitals alone that no list has may be an abbreviation and needs five letters.
    """
    if len(cell) > _LONGEST or not _NAME.fullmatch(cell.strip()):
        return ()
    words = _WORD.findall(cell)
    if not 1 <= len(words) <= _MOST_WORDS:
        return ()
    found: list[str] = []
    for word in words:
        named, plain = _listed(word)
        if _is_beside(word):
            continue
        if plain:
            if not named:
                return ()
        elif len(word) >= _LEAST_WORD and (named or _stands_out(word)):
            found.append(word)
        elif len(word) > 1:
            return ()
    return tuple(found)


def _stands_out(word: str) -> bool:
    if not word[0].isupper():
        # A script without capitals has no other mark of a name.
        return not word[0].islower()
    return len(word) >= _LEAST_CAPITALS if word.isupper() else len(word) >= _LEAST_WORD


def _is_beside(word: str) -> bool:
    return (_PARTICLES.fullmatch(word.casefold()) or _TITLES.fullmatch(word.casefold())) is not None


def _listed(word: str) -> tuple[bool, bool]:
    """Say whether lists of names, and lists of words, have a word."""
    from curator.detect.text.lists.lexicon import fold, lexicon

    lists, whole = lexicon(), fold(word)
    named = whole in lists.given or whole in lists.surnames or whole in lists.international
    return named, all(part in lists.words or part in lists.medical for part in whole.split("-"))


@lru_cache(maxsize=65536)
def is_thing(cell: str) -> bool:
    """Say whether a cell is words of everyday or medicine alone, with numbers or without, and not all of them names."""
    value = cell.strip()
    if not value or len(value) > 2 * _LONGEST:
        return False
    rest = _WORD.sub(" ", _NUMBERED.sub(" ", value))
    words = [word for word in _WORD.findall(_NUMBERED.sub(" ", value)) if len(word) > 1]
    listed = [_listed(word) for word in words]
    if (
        not listed
        or any(_TITLES.fullmatch(word.casefold()) for word in words)
        or re.search(r"[^\s.,;:/&()+%'’*-]", rest)
    ):
        return False
    return all(plain for _, plain in listed) and not all(named for named, _ in listed)


def is_of_medicine(cell: str) -> bool:
    """Say whether a cell is a single word, or words, that the lists of medicine have, numbers aside."""
    from curator.detect.text.lists.lexicon import fold, lexicon

    words = [word for word in _WORD.findall(_NUMBERED.sub(" ", cell)) if len(word) > 1]
    medical = lexicon().medical
    return bool(words) and all(fold(word) in medical for word in words)


@dataclass(frozen=True)
class Look:
    """How many of a column's different values look like names of people, and how many like things."""

    values: int
    people: int
    things: int
    numbers: int

    @property
    def likely_names(self) -> bool:
        """Whether most values look like names of people."""
        return self.people > 0 and self.people >= _SHARE_OF_NAMES * self.values

    @property
    def no_people(self) -> bool:
        """Whether hardly a value is anybody's name: words of everyday, of medicine, numbers."""
        others = self.things + self.numbers
        return others >= _SHARE_OF_THINGS * self.values > 0 and self.people <= 0.1 * self.values

    def names_things(self, *, beside: bool) -> bool:
        """Say whether what stands below ``name`` are things.

        Parameters
        ----------
        beside
            Whether a column beside it belongs to a thing: a value, a unit, a dose.
        """
        if beside:
            return self.things >= 0.5 * self.values and self.things > 0 and self.people <= 0.2 * self.values
        return self.values >= _FEW and self.things >= _SHARE_OF_THINGS * self.values and self.no_people


def looked_at(values: Iterable[str]) -> Look:
    """Look at a column's different values."""
    count = people = things = numbers = 0
    for value in values:
        count += 1
        if name_words(value):
            people += 1
        elif is_thing(value):
            things += 1
        elif not any(map(str.isalpha, value)):
            numbers += 1
    return Look(count, people, things, numbers)
