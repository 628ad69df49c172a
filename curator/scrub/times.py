"""The time that a record is of, for dates in its texts that have no year.

A note of a table, message or resource often says no more than "labs 3/14"; the record beside it has the year. Nothing
here may print, log or raise a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from curator.scrub.policy.model import Dates
from curator.scrub.typed_dates import read_typed

if TYPE_CHECKING:
    from curator.scrub.medium import Person
    from curator.scrub.treatment import Treatment

#: Members of FHIR resources that say when something was, the most telling first.
_MEMBERS = (
    *("effectiveDateTime", "effectiveInstant", "effectivePeriod", "performedDateTime", "performedPeriod", "period"),
    *("occurrenceDateTime", "occurrencePeriod", "started", "servicedDate", "servicedPeriod", "date", "authored"),
    *("authoredOn", "recordedDate", "dateAsserted", "sent", "created", "onsetDateTime", "issued", "recorded"),
)


def at_time(person: Person, told: Iterable[str], treatment: Treatment) -> Person:
    """Return a person with the time of the record at hand, where the policy moves dates.

    Parameters
    ----------
    person
        Whom the record is about.
    told
        What may be a date of the record, the most telling first; the first full date counts.
    treatment
        The policy.
    """
    if treatment.policy.dates is not Dates.SHIFT:
        return person
    for value in told:
        near = _day(value)
        if near is not None:
            return person if near == person.near else replace(person, near=near)
    return person


def time_of(person: Person, treatment: Treatment) -> date | None:
    """Return the time of a text about a person: of its record, else of their latest known date."""
    if person.near is not None:
        return person.near
    known = max((value for category, value in person.known if category == "date"), default="")
    return _day(known) or _day(treatment.project_date)


def told_by_resource(resource: dict[str, Any]) -> list[str]:
    """Return what a FHIR resource says of its time."""
    found: list[str] = []
    for name in _MEMBERS:
        value = resource.get(name)
        if isinstance(value, dict):
            value = value.get("start") or value.get("end")
        if isinstance(value, str):
            found.append(value)
    return found


def _day(value: str) -> date | None:
    read = read_typed(value)
    if read is None or read.compact is None or read.month is None or read.day is None:
        return None
    return date(read.year, read.month, read.day)
