"""``representation/condition``: how conditions, as labels give them, are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.shown import class_names
from curator.audit.spread import Of, Spread


def _make(found: Seen) -> Of:
    names = class_names(found)

    def of(case: Case) -> tuple[str, ...]:
        return tuple(sorted(names[one] for one in case.classes))

    return of


check = Spread(
    "representation/condition",
    "Each condition is represented as the project asks, in each split",
    "condition",
    _make,
    unknown=1.0,
)
