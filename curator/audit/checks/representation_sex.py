"""``representation/sex``: how the sexes are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.spread import Of, Spread


def _make(_: Seen) -> Of:
    def of(case: Case) -> tuple[str, ...]:
        return (case.sex,)

    return of


check = Spread(
    "representation/sex",
    "Each sex is represented as the project asks, in each split",
    "sex",
    _make,
    ("F", "M"),
    unknown=0.05,
)
