"""``representation/age``: how the bands of age are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import BANDS, Case, Seen, band
from curator.audit.spread import Of, Spread


def _make(_: Seen) -> Of:
    def of(case: Case) -> tuple[str, ...]:
        return (case.band,)

    return of


check = Spread(
    "representation/age",
    "Each band of age is represented as the project asks, in each split",
    "age",
    _make,
    tuple(band(low) for low, _ in BANDS),
    unknown=0.05,
)
