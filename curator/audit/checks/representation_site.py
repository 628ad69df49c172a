"""``representation/site``: how the sites are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.shown import site_names
from curator.audit.spread import Of, Spread


def _make(found: Seen) -> Of:
    names = site_names(found)

    def of(case: Case) -> tuple[str, ...]:
        return (names[case.site],)

    return of


check = Spread(
    "representation/site",
    "Each site is represented as the project asks, in each split",
    "site",
    _make,
    unknown=1.0,
)
