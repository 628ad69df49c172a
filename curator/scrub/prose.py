"""Cleaning free text: what is known of the person first, then the detectors, then what takes the place of both."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from curator.detect.text.dates.lone import lone_years
from curator.detect.text.lists.lexicon import is_name, lexicon
from curator.detect.text.protocol import find_all
from curator.detect.text.replace import Mode, Replaced, Rules, replace, stand_in_names
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge
from curator.identifiers.known import KnownIdentifiers, KnownMatcher
from curator.scrub.medium import OLDEST, Person
from curator.scrub.policy.model import Ages, Dates, Policy
from curator.scrub.times import time_of

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment


#: Values of the persons whose matchers are at hand, about a kilobyte each: some 1,600 persons of ten.
_MOST_VALUES = 16_000
_matchers: OrderedDict[tuple[tuple[str, str], ...], KnownMatcher] = OrderedDict()
_values = 0


def matcher_of(known: tuple[tuple[str, str], ...]) -> KnownMatcher:
    """Return the known identifiers of one person, ready for searching; those asked for last are at hand."""
    global _values
    found = _matchers.get(known)
    if found is not None:
        _matchers.move_to_end(known)
        return found
    found = _matchers[known] = KnownMatcher(KnownIdentifiers(known), is_word=_is_word, begins=_begins)
    _values += 1 + len(known)
    while _values > _MOST_VALUES and len(_matchers) > 1:
        _values -= 1 + len(_matchers.popitem(last=False)[0])
    return found


def everybody(known: tuple[tuple[str, str], ...], *, stand_ins: bool = False) -> KnownMatcher:
    """Return the names and numbers of everybody in a project, ready for searching in any text.

    Parameters
    ----------
    known
        (category, value) pairs.
    stand_ins
        True for a text whose names are stand-ins: parts of names that are one are passed over, since nobody can tell.
    """
    given = stand_in_names() if stand_ins else frozenset[str]()
    return KnownMatcher(
        KnownIdentifiers(known), is_word=lambda word: _is_word_or_eponym(word) or word in given, whole=True
    )


def _is_word(word: str) -> bool:
    words = lexicon()
    return word in words.words or word in words.medical


def _begins(word: str) -> bool:
    words = lexicon()
    return word in words.mostly or (word not in words.words and is_name(word))


def _is_word_or_eponym(word: str) -> bool:
    return _is_word(word) or word in lexicon().eponyms


def cleaned(text: str, person: Person | None, treatment: Treatment) -> Replaced:
    """Clean a text. See :meth:`curator.scrub.treatment.Treatment.prose`."""
    if not text:
        return replace("", (), Rules())
    found = list(find_all(text, treatment.detectors))
    if person is not None and person.known:
        found.extend(matcher_of(person.known).find(text))
    if treatment.everybody is not None:
        found.extend(treatment.everybody.find(text))
    if treatment.policy.dates in {Dates.SHIFT, Dates.REMOVE}:
        found.extend(lone_years(text))
    return replace(text, (one for one in merge(found) if _goes(one, treatment.policy)), rules(person, treatment))


def _goes(finding: Finding, policy: Policy) -> bool:
    if finding.category is not Category.DATE:
        return True
    if finding.kind in {"age", "birth-year"}:
        return policy.ages is Ages.CAP
    return policy.dates is not Dates.KEEP


def rules(person: Person | None, treatment: Treatment) -> Rules:
    """Return how findings in a text about a person are replaced."""
    policy = treatment.policy
    shift = person.shift_days if person is not None and policy.dates is Dates.SHIFT else None
    oldest = int(treatment.project_date[:4]) - OLDEST if policy.ages is Ages.CAP else 0
    near = time_of(person, treatment) if person is not None and shift is not None else None
    return Rules(
        mode=Mode(policy.texts.value),
        key=treatment.key,
        shift_days=shift,
        years=policy.dates is not Dates.REMOVE,
        least_year=oldest,
        near=near,
    )


def named(value: str, person: Person | None, treatment: Treatment) -> str:
    """Replace a value that is a name as a whole."""
    return _replaced(value, Category.NAME, "name", person, treatment)


def marked(value: str, category: Category, person: Person | None, treatment: Treatment) -> str:
    """Replace a value that is an identifier of a category as a whole."""
    return _replaced(value, category, "field", person, treatment)


def _replaced(value: str, category: Category, kind: str, person: Person | None, treatment: Treatment) -> str:
    finding = Finding(0, len(value), category, kind, f"field.{kind}", 1.0)
    return replace(value, (finding,), rules(person, treatment)).text
