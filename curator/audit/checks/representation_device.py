"""``representation/device``: how makers and models of devices are represented, split by split."""

from __future__ import annotations

from curator.audit.cases import Case, Seen
from curator.audit.shown import device_names
from curator.audit.spread import Of, Spread


def _make(found: Seen) -> Of:
    names = device_names(found)

    def of(case: Case) -> tuple[str, ...]:
        return tuple(sorted(names[case.name]))

    return of


check = Spread(
    "representation/device",
    "Each device is represented as the project asks, in each split",
    "device",
    _make,
    unknown=1.0,
)
