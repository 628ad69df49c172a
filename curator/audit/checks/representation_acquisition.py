"""``representation/acquisition``: how ways of acquisition are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.shown import acquisitions
from curator.audit.spread import Of, Spread


def _make(_: Seen) -> Of:
    def of(case: Case) -> tuple[str, ...]:
        return tuple(sorted(acquisitions(case)))

    return of


check = Spread(
    "representation/acquisition",
    "Each way of acquisition is represented as the project asks, in each split",
    "acquisition",
    _make,
    unknown=1.0,
)
