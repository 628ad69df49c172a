"""Where several read one unit, each read without the others, and it is on record."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import Labeled, readings
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject


class Independence:
    """Looks for readings of units that others read, too, that were not independent or do not say so."""

    id = "labels/independence"
    title = "Readings of one unit were made independently, and say so"
    severity = Severity.MAJOR
    clause = "FDA CADe guidance (2022), section 5: independence of readings"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Count; ``stated = false`` in the settings lets pass what is not stated, never what is stated otherwise."""
        stated = subject.threshold(self.id, "stated", True)
        units: dict[str, list[Labeled]] = {}
        for one in readings(subject):
            if not one.said["stage"].startswith(("adjud", "consensus")):
                units.setdefault(one.unit, []).append(one)
        shared = [one for found in units.values() if len({i.said["author"] for i in found}) > 1 for one in found]
        if not shared:
            return not_applicable("no unit was read by more than one")
        silent = [one for one in shared if "independent" not in one.said]

        def bad() -> Iterator[Finding]:
            for one in shared:
                if one.said.get("independent") is False or "other-reads" in one.said.get("informationShown", ()):
                    yield Finding(one.where, "the reader knew other readings of the unit")
                elif stated and "independent" not in one.said:
                    yield Finding(one.where, "it is not stated whether it was read independently")

        return judged(
            bad(),
            f"{len(shared):,} readings of shared units; {len(silent):,} do not say how they were read",
            "{total} readings of shared units were not independent, or do not say so",
            {"readings": len(shared), "not_stated": len(silent)},
        )


check = Independence()
