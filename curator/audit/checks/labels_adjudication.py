"""Where readers differ, an adjudication was made: no unit is released with two truths."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import Labeled, standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.labels.origin import counts_as_human
from curator.provenance import status


class Adjudicated:
    """Looks for units of which labels with different classes stand, and none that an adjudication chose."""

    id = "labels/adjudication"
    title = "Each unit on which readers differ was adjudicated"
    severity = Severity.MAJOR
    clause = "FDA CADe guidance (2022), section 5: reference standard"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare what stands; ``most_open`` (0.0) is the share of units that may differ openly."""
        most = subject.threshold(self.id, "most_open", 0.0)
        units: dict[str, list[Labeled]] = {}
        for one in standing(subject):
            if one.klass is not None and counts_as_human(one.said):
                units.setdefault(one.unit, []).append(one)
        if not units:
            return not_applicable("no label gives a class")
        differ = {unit: found for unit, found in units.items() if len({one.klass for one in found}) > 1}
        left = {
            unit: found for unit, found in differ.items() if not any(one.marks & status.ADJUDICATED for one in found)
        }
        figures = {
            "units": len(units),
            "differ": len(differ),
            "open": len(left),
            "adjudicated": sum(any(one.marks & status.ADJUDICATED for one in found) for found in units.values()),
        }

        def bad() -> Iterator[Finding]:
            if len(left) > most * len(units):
                for found in left.values():
                    yield Finding(found[0].where, "readers differ on its unit and nobody adjudicated", len(found))

        return judged(
            bad(),
            f"of {len(units):,} units readers differ openly on {len(left):,}",
            "readers differ on {total} units that nobody adjudicated",
            figures,
        )


check = Adjudicated()
