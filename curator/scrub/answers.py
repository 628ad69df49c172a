"""Texts that answer a question: an observation's value, a field of a form. They are read behind what was asked.

``Otterquist`` alone is a word like any other; behind ``County of exposure`` it is a county (164.514(b)(2)(i)(B)).
Nothing here may print, log or raise a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from curator.scrub.document.weave import Leaf, Weave
from curator.scrub.medium import Person
from curator.scrub.policy.load import folded_column
from curator.scrub.treatment import Treatment

#: Longest question that is read before an answer, and longest answer that is read behind one, in characters.
_QUESTION, ANSWER = 120, 400
#: Digits and marks below which an answer without a letter is no number that anybody is known by.
_LEAST = 5
_WORD = re.compile(r"[^\W\d_]+")
#: Words of a question that ask for a place, and the label that the detectors know for it.
_PLACES = {
    "city": "City", "town": "City", "municipality": "City", "borough": "City", "suburb": "City", "locality": "City",
    "village": "Village", "township": "Township", "county": "County", "parish": "County", "district": "County",
    "neighborhood": "City", "neighbourhood": "City", "birthplace": "Birthplace", "hometown": "Hometown",
}  # fmt: skip
#: Words of a question that ask for somebody, or for what somebody is known by: only behind these is an answer read.
_ASKS = frozenset(
    [
        "name", "names", "surname", "initials", "alias", "called", "address", "street", "road", "zip", "zipcode",
        "postal", "postcode", "phone", "telephone", "mobile", "cell", "fax", "email", "mail", "website", "url",
        "contact", "contacts", "mother", "father", "parent", "parents", "guardian", "spouse", "husband", "wife",
        "partner", "relative", "caregiver", "caretaker", "kin", "son", "daughter", "sister", "brother", "friend",
        "neighbor", "teacher", "employer", "company", "workplace", "employment", "school", "daycare", "church",
        "congregation", "tribe", "reservation", "facility", "hospital", "clinic", "shelter", "prison", "physician",
        "doctor", "provider", "nurse", "surgeon", "attending", "clinician", "dentist", "therapist", "midwife",
        "pharmacist", "pharmacy", "reporter", "reported", "reporting", "interviewer", "interviewed", "investigator",
        "person", "author", "signed", "seen", "staff", "witness", "informant", "license", "licence", "passport",
        "plate", "vehicle", "serial", "insurance", "policy", "member", "subscriber", "account", "mrn", "ssn", "number",
        "id", "identifier", "location", "where", "residence", "hometown",
    ]
)  # fmt: skip
#: Words with which a question ends that asks for a member of the staff: Collected by, Tech.
_DOERS = frozenset(
    ["by", "tech", "technologist", "technician", "phlebotomist", "operator", "user", "login", "collector"]
)
#: Answers that name nobody.
_PLAIN = frozenset(
    [
        "yes", "no", "y", "n", "unknown", "unk", "none", "n/a", "na", "not applicable", "not asked", "refused",
        "declined", "other", "true", "false", "positive", "negative", "not known", "nil", "u", "not provided",
        "no information", "asked but unknown",
    ]
)  # fmt: skip
#: Names of columns and members that hold a question, the best first, and those that hold its answer.
QUESTIONS = ("question", "description", "observation_source_value", "component_name")
ANSWERS = frozenset(
    [
        "answer", "response", "reply", "value", "value_text", "value_as_string", "value_source_value", "valuestring",
        "value_string", "tval_char", "result_text", "observation_text", "observation_value",
    ]
)  # fmt: skip
_PLACE_OF = re.compile(r"\b(?:birth ?place|place of birth)\b", re.IGNORECASE)


def question(record: Mapping[str, object]) -> str:
    """Return the question that a record holds beside its answer, by the names of :data:`QUESTIONS`; empty for none."""
    named = {folded_column(key): value for key, value in record.items() if isinstance(value, str)}
    return next((text for name in QUESTIONS if (text := str(named.get(name, "")))), "")


@lru_cache(maxsize=4096)
def labels_of(question: str) -> tuple[str, ...]:
    """Return the labels behind which the answer to a question is read; none where it asks for nobody and no place.

    Parameters
    ----------
    question
        The words of a question or the name of an observation.
    """
    asked = " ".join(question.split()).rstrip(" :?.")
    if not asked or len(asked) > _QUESTION or not any(mark.isalpha() for mark in asked):
        return ()
    place = place_of(asked)
    if place:
        return asked, place
    told = [one.lower() for one in _WORD.findall(asked)]
    return (asked,) if told[-1] in _DOERS or not _ASKS.isdisjoint(told) else ()


def is_plain(answer: str) -> bool:
    """Say whether an answer can name nobody: a yes or no, a short number."""
    text = answer.strip().rstrip(".").lower()
    return text in _PLAIN or (len(text) < _LEAST and not any(mark.isalpha() for mark in text))


@lru_cache(maxsize=4096)
def place_of(question: str) -> str:
    """Return the label of the place below a state that a question asks for; empty when it asks for none."""
    if _PLACE_OF.search(question):
        return "Birthplace"
    return next((_PLACES[word] for one in _WORD.findall(question) if (word := one.lower()) in _PLACES), "")


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


def answer(text: str, question: str, treatment: Treatment, person: Person) -> str:
    """Return the answer to a question without identifiers, itself where reading it behind the question tells nothing.

    Errors as :func:`answered`.
    """
    from curator.scrub.fhir.tables import is_region

    labels = labels_of(question) if question and len(text) <= ANSWER and not is_plain(text) else ()
    if not labels or (is_region(text) and not place_of(question)):
        return text
    return answered([(text, False)], labels, treatment, person)[0][0]
