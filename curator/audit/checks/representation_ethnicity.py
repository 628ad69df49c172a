"""``representation/ethnicity``: how ethnicities (OMB Directive No. 15) are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.people_words import names
from curator.audit.spread import Of, Spread


def _make(_: Seen) -> Of:
    def of(case: Case) -> tuple[str, ...]:
        return (case.group("ethnicity"),)

    return of


check = Spread(
    "representation/ethnicity",
    "Each category of ethnicity is represented as the project asks, in each split",
    "ethnicity",
    _make,
    names("ethnicity"),
)
