"""Pseudonyms that a user gave and that say who it is: a name, a number or a birth date of the person stands in them.

Asked when a table is taken in, and again at each scrub, when more is known of the persons. It must never name one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import permutations

from curator.core.errors import UsageError
from curator.identifiers.spelling import dates_in, fold, word_list, words

#: Letters and digits from which on a known value may not stand inside a pseudonym of its person.
LEAST_INSIDE = 4
#: The same for numbers that are not the person's ID, of which there are many.
_LEAST_NUMBER = 6
#: Letters of one part of a name from which on it may be no word of the pseudonym, and none inside one.
_LEAST_WORD, _LEAST_PART = 3, 5
#: Parts of a name that are put together.
_MOST_PARTS = 4
#: What is known of a person and is an identifier of theirs wherever it stands.
_NUMBERS = frozenset({"accession", "phone", "fax", "email", "ssn", "health_plan", "account", "license"})
#: How studies call their subjects, besides placeholders.
_NOBODY = frozenset({"case", "control", "participant", "phantom", "pilot", "study", "subject", "trial", "volunteer"})
_LETTERS = re.compile(r"[^\W\d_]+")

_NONE: frozenset[str] = frozenset()

Known = Collection[tuple[str, str]]


def tells(pseudonym: str, known: Known) -> bool:
    """Say whether a pseudonym holds what is known of its own person, in any spelling.

    Parameters
    ----------
    pseudonym
        As given.
    known
        (category, value) pairs of the person.
    """
    whole, own = fold(pseudonym), {fold(word) for word in _LETTERS.findall(pseudonym)}
    days = dates_in(pseudonym)
    for category, value in known:
        if category == "name":
            if _names(value, whole, own):
                return True
        elif category == "birth_date":
            if value in whole or value in days:
                return True
        elif category == "id" or category in _NUMBERS:
            plain = fold(value)
            if len(plain) >= (LEAST_INSIDE if category == "id" else _LEAST_NUMBER) and plain in whole:
                return True
    return False


def _names(name: str, whole: str, own: set[str]) -> bool:
    parts = [part for part in _parts(name) if len(part) > 1]
    if any(len(part) >= _LEAST_WORD and part in own for part in parts):
        return True
    if any(len(part) >= _LEAST_PART and part in whole for part in parts):
        return True
    pairs = (one + other for one, other in permutations(parts[:_MOST_PARTS], 2))
    return any(len(pair) >= _LEAST_PART and pair in whole for pair in pairs)


def _parts(name: str) -> list[str]:
    silent = {*word_list("placeholders"), *word_list("name_particles"), *_NOBODY}
    return [part for part in words(name.replace("^", " ").replace("=", " ")) if part not in silent]


def check_pseudonyms(patients: Mapping[str, str], known: Mapping[str, Known]) -> None:
    """Refuse pseudonyms that tell their own person, or that are another's name or number.

    Parameters
    ----------
    patients
        Person to the pseudonym given.
    known
        Person to the (category, value) pairs that are known of them.

    Raises
    ------
    UsageError
        XWK-018 with their number.
    """
    if not patients:
        return
    found = {name for person, name in patients.items() if tells(name, known.get(person, ()))}
    found |= _of_others(set(patients.values()), known.values())
    if found:
        raise UsageError("XWK-018", count=len(found))


def _of_others(names: set[str], known: Iterable[Known]) -> set[str]:
    """Return the pseudonyms that hold two parts of anybody's name, or are such or anybody's number as a whole."""
    wholes = {fold(name): name for name in names}
    by_word: dict[str, set[str]] = {}
    for name in names:
        for word in map(fold, _LETTERS.findall(name)):
            if len(word) >= _LEAST_WORD:
                by_word.setdefault(word, set()).add(name)
    found: set[str] = set()
    for pairs in known:
        for category, value in pairs:
            if category == "name":
                for one, other in permutations(_parts(value)[:_MOST_PARTS], 2):
                    found |= by_word.get(one, _NONE) & by_word.get(other, _NONE) if one != other else _NONE
                    found |= {wholes[one + other]} if one + other in wholes else _NONE
            elif category == "id" and len(plain := fold(value)) >= LEAST_INSIDE and plain in wholes:
                found.add(wholes[plain])
    return found
