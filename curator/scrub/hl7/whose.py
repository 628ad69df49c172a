"""Whose the segments of a message are: each PID begins a patient, and what stands before the first is that one's.

What an OBX observes stands here as well: an age over 89 is looked for in both passes.
Used by both passes, so that they agree. It must never print, log or raise an ID.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from curator.scrub.fhir.coding import AGE_CODES, NINETY_YEARS, YEARS
from curator.scrub.hl7.parse import Delimiters, Message, Segment
from curator.scrub.questions import NOTHING, Age, Asked, asks, best, per_year

Id = tuple[str, str, str]
#: Types of HL7 v2 table 0203 that are no number of a patient in a hospital, and so join nobody.
_OTHER_TYPES = frozenset(
    ("SS", "DL", "PPN", "AN", "VN", "MB", "MC", "MA", "SN", "NI", "NPI", "EI", "CC", "BC", "BR", "TAX", "MI", "PE")
    + ("SL", "PRN", "WC", "RI", "ANON", "GI", "GN", "HC", "IND", "LR", "MS", "RR", "WIC", "NIIP", "NH", "PHC", "PHE")
)


def parts(marks: Delimiters, value: str) -> list[str]:
    """Return the components of a repetition, read."""
    return [marks.plain(one).strip() for one in marks.split(value, marks.component)]


def repetitions(marks: Delimiters, segment: Segment, number: int) -> Iterator[list[str]]:
    """Yield the components of each repetition of a field, blank ones and explicit nulls left out."""
    for one in marks.split(segment.value(number), marks.repetition):
        found = parts(marks, one)
        if found[0] not in {"", '""'}:
            yield found


def numbers(marks: Delimiters, segment: Segment, number: int) -> Iterator[Id]:
    """Yield the patient's numbers in a CX field as IDs; numbers of other kinds (a licence, an account) left out."""
    for found in repetitions(marks, segment, number):
        kind = found[4].upper() if len(found) > 4 else ""
        if kind not in _OTHER_TYPES:
            authority = marks.split(found[3], marks.subcomponent)[0] if len(found) > 3 else ""
            yield ("mrn", authority.strip(), found[0])


def patient_ids(message: Message, segment: Segment, place: str) -> tuple[Id, ...]:
    """Return the IDs of a PID segment; never empty."""
    found = [one for number in (3, 2, 4) for one in numbers(message.marks, segment, number)]
    return tuple(dict.fromkeys(found)) or (("row", "", place),)


def owners(message: Message, place: int) -> list[tuple[Id, ...]]:
    """Return for each segment the IDs of whose it is, empty in a message without a patient."""
    found: list[tuple[Id, ...]] = []
    now: tuple[Id, ...] = ()
    for number, segment in enumerate(message.segments):
        if segment.name == "PID":
            now = patient_ids(message, segment, f"{place}.{number}")
        found.append(now)
    first = next((one for one in found if one), ())
    return [one or first for one in found]


@lru_cache(maxsize=4096)
def observed(marks: Delimiters, what: str, units: str) -> tuple[str, Asked]:
    """Return the question that an OBX answers, and what it asks for; a message holds few of them again and again.

    Parameters
    ----------
    marks
        The delimiters of the message.
    what
        OBX-3: its words, or the code of a site where they ask nothing.
    units
        OBX-6: an age may be told by its unit as well as by the words and the code.
    """
    codes = parts(marks, what)
    question = best(codes[at] for at in (1, 4, 8, 0, 3) if at < len(codes))
    asked = asks(question) if question else NOTHING
    age = _age(codes, parts(marks, units)[0].strip().lower(), asked)
    return question, asked if age == asked.age else replace(asked, age=age)


def _age(codes: list[str], unit: str, asked: Asked) -> Age | None:
    """Return the age that is observed, by its words, its code or its unit; None for another thing."""
    coded = bool(AGE_CODES.intersection(codes[0:1] + codes[3:4]))
    if unit in YEARS:
        return Age(1.0, own=coded or (asked.age is not None and asked.age.own))
    if not coded and asked.age is None:
        return None
    age = asked.age or Age(own=True)
    if not unit:
        return age
    size = per_year(unit) or (NINETY_YEARS[unit] / 90 if unit in NINETY_YEARS else 0.0)
    # A unit that is none of time does not tell that a LOINC code for an age is none.
    return Age(size or (1.0 if coded else 0.0), own=age.own)
