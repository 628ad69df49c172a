"""Texts and numbers that answer a question, such as an observation's value, are read behind what was asked.

``Otterquist`` alone is a word like any other; behind ``County of exposure`` it is a county (164.514(b)(2)(i)(B)),
behind ``Nachname`` a name, and 555443333 behind ``SSN`` no measurement. Nothing here may print, log or raise a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import ceil

from curator.identifiers.categories import Category, letter_of
from curator.scrub.document.weave import Leaf, Weave
from curator.scrub.medium import OLDEST, Person
from curator.scrub.policy.load import folded_column
from curator.scrub.policy.model import Ages
from curator.scrub.questions import (
    NOTHING,
    SOFT,
    Age,
    Asked,
    asks,
    asks_house,
    best,
    is_answer,
    is_language,
    is_said_of_nobody,
    per_year,
    place_of_question,
)
from curator.scrub.tabular.likely import is_thing
from curator.scrub.tabular.roles import Role, Spec
from curator.scrub.tabular.serials import Serials, treated
from curator.scrub.treatment import Treatment, age_in_years, evened
from curator.scrub.typed_dates import read_typed

#: Longest answer that is read behind a question, in characters.
ANSWER = 400
#: Digits and marks below which an answer without a letter is no number that anybody is known by.
_LEAST = 5
#: Digits from which on an answer is a number of its heading's kind, where that says which one it is.
_FEW = 3
_LEAST_PHONE = _LEAST_SHORT = 4
#: Headings of numbers that are short for a test as well: ceruloplasmin, near infrared.
_SHORT = frozenset(["cp", "sin", "nir", "tin"])
#: Words and letters of an answer from which on it is prose, behind a heading that does not say that a name follows.
_MOST_WORDS, _MOST_LETTERS = 5, 48
_OLD = OLDEST + 1
_AGE = re.compile(r"\s*[>≥]?\s*=?\s*(\d{1,5}(?:[.,]\d+)?)\s*\+?[\s-]*(?:([^\W\d_]{1,9})\.?)?\s*")
#: A number with a fraction, which nobody is known by.
_MEASURE = re.compile(r"[-+]?\d+[.,]\d*[1-9]\d{0,3}", re.ASCII)
#: Behind "Grandmother", an age over 89.
_OLD_AGE = re.compile(r"[>≥]? ?(?:9\d|1[0-2]\d)\+?", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_OPEN = re.compile(r"[>≥+]")
#: A day as a spreadsheet or an epoch counts it, and a day with its month alone.
_COUNTED = re.compile(r"-?\d{5,19}(?:\.\d{0,12})?", re.ASCII)
_DAY_AND_MONTH = re.compile(
    r"(?:0?[1-9]|1[0-2])\s?[-/]\s?(?:0?[1-9]|[12]\d|3[01])|(?:[12]\d|3[01])\s?[-/]\s?(?:0?[1-9]|1[0-2])"
    r"|(?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.",
    re.ASCII,
)
#: Headings of dates behind which a lapse of time stands as well: 3-5 days.
_LASTING = frozenset(["onset", "start", "stop", "end", "finish", "begin"])
_NUMBERS = frozenset({"ssn", "health_plan", "account", "license", "vehicle", "id", "phone"})
_DATES = frozenset({Role.DATE, Role.BIRTH_DATE})


_folded = lru_cache(maxsize=4096)(folded_column)


def question(record: Mapping[str, object]) -> str:
    """Return the question that a record holds beside its answer, by the names of the list; empty for none."""
    found, answers = [], False
    for key, value in record.items():
        name = _folded(key)
        answers = answers or is_answer(name)
        if isinstance(value, str) and (rank := place_of_question(name)) is not None:
            found.append((rank, str(value)))
    return best(text for _, text in sorted(found)) if found and answers else ""


def labels_of(question: str) -> tuple[str, ...]:
    """Return the labels behind which the answer to a question is read; none where it asks for nobody and no place."""
    return asks(question).labels


@lru_cache(maxsize=4096)
def is_plain(answer: str) -> bool:
    """Say whether an answer tells of nobody: a yes or no in a language of the list, a short number but an old age."""
    text = answer.strip().rstrip(".")
    short = len(text) < _LEAST and not any(mark.isalpha() for mark in text)
    return (short and _OLD_AGE.fullmatch(text) is None) or is_said_of_nobody(text)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def applies(value: str, asked: Asked, *, strictly: bool = False) -> bool:
    """Say whether an answer is what a column of its question's heading holds.

    Parameters
    ----------
    value
        The answer.
    asked
        What was asked.
    strictly
        True where a cell is treated as one of such a column would be, whatever else the heading may ask for.
    """
    spec, value = asked.spec, value.strip()
    if spec is None or not value or tells_nobody(value, asked):
        return False
    role, digits = spec.role, _digits(value)
    if len(value) == 1 and value.isalpha() and spec.part != "middle" and "initial" not in spec.place:
        return False  # a mark of its own, such as i2b2's E for "equal"
    if role in _DATES or role is Role.YEAR:
        read = read_typed(value)
        if read is not None:
            return role is not Role.DATE or read.compact is not None
        return role in _DATES and _is_day(value, spec)
    if role is Role.ZIP3:
        return digits >= (_LEAST_SHORT if spec.place in _SHORT else _FEW)
    if role is Role.NAME or spec.known == "name":
        if not any(map(str.isalpha, value)):
            return digits >= _LEAST
        if strictly and not spec.loose:
            return not (asked.soft and _is_thing(value))
        return not asked.soft or _may_name(value, digits)
    if role is Role.CODE:
        return _is_code(value, digits, spec, strictly=strictly)
    if role is Role.PSEUDONYM:
        return digits >= (_FEW if asked.soft and not strictly else 1)
    if role is Role.GENERALIZE:
        return _is_place(value, digits, spec, strictly=strictly)
    return _is_number(value, digits, spec)


def _is_day(value: str, spec: Spec) -> bool:
    """Say whether an answer that is no whole date tells a day all the same: one that is counted, or has no year."""
    return _COUNTED.fullmatch(value) is not None or (
        _DAY_AND_MONTH.fullmatch(value) is not None and spec.place not in _LASTING
    )


def tells_nobody(value: str, asked: Asked) -> bool:
    """Say whether an answer names nobody: a yes or no, unless a name alone is asked for and the word is one: Anders."""
    if not is_said_of_nobody(value):
        return False
    spec = asked.spec
    if spec is None or not (spec.role is Role.NAME or spec.known == "name"):
        return True
    if asked.soft and not (spec.loose and spec.who == "patient"):
        return True
    from curator.detect.text.lists.lexicon import fold, is_name

    return not any(is_name(fold(word)) for word in _WORD.findall(value))


def _may_name(value: str, digits: int) -> bool:
    """Say whether an answer names somebody, where its heading may ask for a thing as well."""
    if digits or len(value) > _MOST_LETTERS or len(value.split()) > _MOST_WORDS:
        return False
    return not _is_thing(value)


def _is_thing(value: str) -> bool:
    """Say whether an answer is words of medicine or everyday, or a language, and not all of them frequent names."""
    from curator.detect.text.lists.lexicon import fold, lexicon

    if is_thing(value) or is_language(value):
        return True
    words = [fold(word) for word in _WORD.findall(value) if len(word) > 1]
    known = lexicon()
    plain = bool(words) and all(word in known.words or word in known.medical for word in words)
    return plain and not all(word in known.frequent for word in words)


def _is_code(value: str, digits: int, spec: Spec, *, strictly: bool) -> bool:
    if digits >= _FEW and len(value.split()) == 1:
        return True
    if strictly:
        return not _is_thing(value)
    if asks_house(spec):
        return any(map(str.isalpha, value)) and len(value) <= _MOST_LETTERS and not is_thing(value)
    return spec.domain == "provider" and any(map(str.isalpha, value)) and _may_name(value, digits)


def _is_place(value: str, digits: int, spec: Spec, *, strictly: bool) -> bool:
    if spec.known != "address":
        return strictly
    if not any(map(str.isalpha, value)):
        return digits >= _FEW
    return strictly or not is_thing(value)


def _is_number(value: str, digits: int, spec: Spec) -> bool:
    """Say whether an answer is one of those that a column of addresses, numbers, places and machines holds."""
    if spec.known in _NUMBERS:
        least = _LEAST_PHONE if spec.known == "phone" else _LEAST_SHORT if spec.place in _SHORT else _FEW
        return _MEASURE.fullmatch(value) is None and digits >= least
    if spec.known == "birth_date":
        return read_typed(value) is not None
    return digits > 0 or not (is_thing(value) or (spec.place in SOFT and _is_thing(value)))


def decided(text: str, asked: Asked, treatment: Treatment, person: Person) -> str | None:
    """Return what becomes of a text whose question alone says what it is; None where it is read as a text.

    A name, a number, a place goes as a whole; a birth date and a year of birth are treated as such, ages capped.
    """
    if asked.age is not None:
        return aged(text, asked.age, treatment)
    spec = asked.spec
    if spec is None or len(text) > ANSWER or not applies(text, asked):
        known = spec is None and is_number_asked_for(text, asked)
        return _marked(text, Category.OTHER, treatment, person) if known else None
    if spec.role in _DATES:
        if _DAY_AND_MONTH.fullmatch(text.strip()):
            return _marked(text, Category.DATE, treatment, person)
        return dated(text, person, treatment, birth=spec.role is Role.BIRTH_DATE)
    if spec.role is Role.YEAR:
        read = read_typed(text)
        return treatment.date(read.year_text, person, birth=spec.birth) if read is not None else ""
    if spec.role is Role.NAME or spec.known == "name":
        return treatment.name(text, person)
    if spec.role is Role.ZIP3:
        return "" if spec.abroad else treatment.zip3(text)
    return _place_or_number(text, spec, treatment, person)


def dated(text: str, person: Person, treatment: Treatment, *, birth: bool) -> str:
    """Treat a date that answers a question; a number is one where a column of dates would have it for one."""
    made = treatment.date(text, person, birth=birth)
    if made or read_typed(text) is not None:
        return made
    counts = Serials(treatment.project_date, birth=birth)
    counts.add(text)
    return treated(text, person, treatment, unit=counts.unit, birth=birth) if counts.unit else ""


def _place_or_number(text: str, spec: Spec, treatment: Treatment, person: Person) -> str | None:
    from curator.scrub.fhir.tables import is_region

    if spec.role is Role.GENERALIZE or (spec.role is Role.CODE and spec.domain == "facility"):
        if asks_house(spec) and not treatment.policy.facilities:
            return None
        # A city may be called like its state: the detectors tell.
        return None if is_region(text) else _marked(text, Category.GEOGRAPHY, treatment, person)
    if spec.role is Role.CODE and spec.domain == "provider" and not _digits(text):
        return treatment.name(text, person)
    if spec.role is Role.PSEUDONYM:
        return _marked(text, Category.RECORD_NUMBER, treatment, person)
    return _marked(text, letter_of(spec.known), treatment, person)


def _marked(text: str, category: Category, treatment: Treatment, person: Person) -> str:
    from curator.scrub.prose import marked

    return marked(text, category, person, treatment)


def is_number_asked_for(text: str, asked: Asked) -> bool:
    """Say whether an answer is a bare number, and the words of its question ask for one that somebody is known by."""
    return asked.number and _digits(text) >= _LEAST and not any(map(str.isalpha, text))


def aged(text: str, age: Age, treatment: Treatment) -> str | None:
    """Return an age as it may stand: over 89 becomes 90, in any unit; None for what is no age."""
    match = _AGE.fullmatch(evened(text))
    size = None if match is None else age.per_year if match[2] is None else per_year(match[2])
    if match is None or size is None:
        years, size = age_in_years(text), 1.0
        if years is None:
            return None
    elif not size:
        # Weeks or days before a birth, whatever they are counted in, are no age over 89 years.
        return text if match[2] is None and len(match[1]) < _LEAST_PHONE else None
    else:
        years = float(match[1].replace(",", ".")) / size
        years = max(years, _OLD) if years >= OLDEST and _OPEN.search(text) else years
    if years < _OLD or treatment.policy.ages is not Ages.CAP:
        return text
    return str(ceil(_OLD * size)) if match is not None and match[2] is None else str(_OLD)


def ninety(age: Age, *units: object) -> int | None:
    """Return how many of a number's unit make 90 years; None for a unit that is none of time, or that nobody tells."""
    given = [one for one in units if isinstance(one, str) and one.strip()]
    size = next((found for one in given if (found := per_year(one)) is not None), 0.0) if given else age.per_year
    return ceil(_OLD * size) if size else None


def numbered(number: str, asked: Asked, treatment: Treatment, person: Person) -> str:
    """Return what becomes of a number by its question: itself, a year, or nothing where it is one of somebody's.

    Parameters
    ----------
    number
        As it is written, without a unit.
    asked
        What was asked; its age is left to whoever knows the unit.
    """
    spec = asked.spec
    if spec is None:
        return "" if asked.number and _digits(number.partition(".")[0]) >= _LEAST else number
    whole = _whole(number)
    if spec.role in _DATES or spec.role is Role.YEAR:
        if not applies(whole, asked):
            return number
        made = decided(whole, asked, treatment, person) or ""
        return made if made.isdecimal() else ""
    return "" if applies(whole, asked) else number


def _whole(number: str) -> str:
    """Return a number without an exponent, and without a fraction that is none: 7.015550142E9 is 7015550142."""
    text = number.strip()
    if "e" in text.lower():
        try:
            text = format(float(text), ".9f")
        except ValueError:
            return text
    return text.rstrip("0").rstrip(".") if "." in text else text


def answered(
    pieces: Sequence[tuple[str, bool]], labels: Sequence[str], treatment: Treatment, person: Person
) -> tuple[list[str], int]:
    """Clean pieces of one answer by themselves and behind each label; what any of the readings finds goes.

    Parameters
    ----------
    pieces
        Texts in their order, each with whether it only stands for a mark between two of them.
    labels
        As :func:`labels_of` returns them.
    treatment, person
        As for any text.

    Returns
    -------
    list of str, int
        The new text of each piece, empty for a seam, and how many replacements were made.

    Raises
    ------
    ItemError
        TXT-006 or TXT-008 when a detector fails.
    """
    weave = Weave()
    leaves = [Leaf("" if seam else text) for text, seam in pieces]
    for label in ("", *labels):
        weave.mark(f"\n\n\n{label}: " if label else "")
        for (text, seam), leaf in zip(pieces, leaves, strict=True):
            if seam:
                weave.mark(text)
            else:
                weave.add(leaf, folds=False)
    weave.clean(treatment, person)
    return [leaf.text for leaf in leaves], sum(leaf.edits for leaf in leaves)


def labels_behind(text: str, asked: Asked) -> tuple[str, ...]:
    """Return the labels behind which an answer is read; none for one that names nobody, whatever its question.

    Words of everyday or of medicine do not, where a kind is asked for, or somebody of whom a thing may be told.
    """
    if not asked.labels or len(text) > ANSWER or is_plain(text):
        return ()
    spec = asked.spec
    open_to_things = asked.kind or (asked.soft and spec is not None and spec.known == "name")
    return () if open_to_things and not asked.place and is_thing(text) else asked.labels


def answer(text: str, question: str, treatment: Treatment, person: Person) -> str:
    """Return the answer to a question without identifiers, itself where reading it behind the question tells nothing.

    Errors as :func:`answered`.
    """
    from curator.scrub.fhir.tables import is_region

    asked = asks(question) if question else NOTHING
    labels = labels_behind(text, asked)
    if not labels or (is_region(text) and not asked.place):
        return text
    return answered([(text, False)], labels, treatment, person)[0][0]
