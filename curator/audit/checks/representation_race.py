"""``representation/race``: how the categories of race of OMB Directive No. 15 are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.people_words import names
from curator.audit.spread import Of, Spread


def _make(_: Seen) -> Of:
    def of(case: Case) -> tuple[str, ...]:
        return (case.group("race"),)

    return of


check = Spread(
    "representation/race",
    "Each category of race is represented as the project asks, in each split",
    "race",
    _make,
    names("race"),
)
