"""Cleaning free text: what is known of the person first, then the detectors, then what takes the place of both."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from curator.detect.text.protocol import find_all
from curator.detect.text.replace import Mode, Replaced, Rules, replace
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge
from curator.identifiers.known import KnownIdentifiers, KnownMatcher
from curator.scrub.medium import Person
from curator.scrub.policy.model import Ages, Dates, Policy

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment


@lru_cache(maxsize=256)
def _matcher(known: tuple[tuple[str, str], ...]) -> KnownMatcher:
    return KnownMatcher(KnownIdentifiers(known))


def cleaned(text: str, person: Person | None, treatment: Treatment) -> Replaced:
    """Clean a text. See :meth:`curator.scrub.treatment.Treatment.prose`."""
    if not text:
        return replace("", (), Rules())
    found = list(find_all(text, treatment.detectors))
    if person is not None and person.known:
        found.extend(_matcher(person.known).find(text))
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
    return Rules(mode=Mode(policy.texts.value), key=treatment.key, shift_days=shift)


def named(value: str, person: Person | None, treatment: Treatment) -> str:
    """Replace a value that is a name as a whole."""
    finding = Finding(0, len(value), Category.NAME, "name", "field.name", 1.0)
    return replace(value, (finding,), rules(person, treatment)).text
