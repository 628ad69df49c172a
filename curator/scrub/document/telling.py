"""Whom a report's text is about, as far as it says so behind labels. Identifiers: for the vault only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curator.detect.text.protocol import Detector, find_all
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding
from curator.scrub.medium import RecordPerson
from curator.scrub.typed_dates import TypedDate, read_typed

_PATIENT = re.compile(r"(?i)(?:\b(?:patient(?:'s)?|pt)(?: name)?|(?:^|\n)\s*(?:name|last name|first name))\s*[:=]\s*$")
_BIRTH = re.compile(r"(?i)\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|born(?: on)?)\s*[:=]?\s*$")
_WORD = re.compile(r"[^\W\d_]{3,}")
#: Words from which on a text can be judged, and the share of them that the lists know of any language.
_ENOUGH = 40
_SHARE = 0.04
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*")


def legible(text: str) -> bool:
    """Say whether a text is made of words, not of letters that stand for others as a font may hide them.

    The lists are English; but any language shares some of its words with them, and names and drugs with all.
    """
    from curator.detect.text.lists.lexicon import fold, lexicon

    words = lexicon()
    found = [fold(word) for word in _WORD.findall(text)]
    known = sum(word in words.words or word in words.medical for word in found)
    return len(found) < _ENOUGH or known >= _SHARE * len(found)


def tell(text: str, detectors: Sequence[Detector], project_date: str) -> tuple[RecordPerson, tuple[str, ...]]:
    """Return what a text says of its patient, and the numbers that may be theirs.

    It says plainly whom it is about when all record numbers that stand behind a label are one: then the person has it
    as ID, and nothing is left to guess. Else the person has no ID.

    Raises
    ------
    ItemError
        TXT-006 or TXT-008 when a detector fails.
    """
    numbers: dict[str, None] = {}
    known: dict[tuple[str, str], None] = {}
    births: dict[str, None] = {}
    last: str | None = None
    over = False
    for one in find_all(text, detectors):
        value = text[one.start : one.end]
        before = text[max(0, one.start - 32) : one.start]
        if one.kind == "mrn" and _NUMBER.fullmatch(value):
            numbers[value] = None
        elif one.category is Category.NAME and _PATIENT.search(before):
            known["name", " ".join(value.split())] = None
        elif one.kind in {"age", "birth-year"}:
            over = over or one.kind == "age"
        elif one.category is Category.DATE:
            day = _day(one, value)
            if day is not None and _BIRTH.search(before):
                births[day] = None
                known["birth_date", day] = None
            elif day is not None and day <= project_date:
                last = max(day, last or day)
    plainly = len(numbers) == 1
    if plainly:
        known["id", next(iter(numbers))] = None
    ids = tuple(("mrn", "", number) for number in numbers) if plainly else ()
    person = RecordPerson(ids, tuple(known), tuple(births), last, over)
    return person, () if plainly else tuple(numbers)


def _day(one: Finding, value: str) -> str | None:
    read: TypedDate | None = read_typed(value) if one.kind != "age" else None
    return read.compact if read is not None else None
