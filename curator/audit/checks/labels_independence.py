"""Where several read one unit, each read without the others, and it is on record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import readings, record_at
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.core.spill import Sorter


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
        # By unit: where a reading came, its record and author, whether it knew others, and whether it says so.
        given: Sorter[tuple[str, int, int, str, bool, bool]] = Sorter(itemgetter(0))
        for place, one in enumerate(readings(subject)):
            if not one.said["stage"].startswith(("adjud", "consensus")):
                knew = one.said.get("independent") is False or "other-reads" in one.said.get("informationShown", ())
                given.append((one.unit, place, one.record.index, one.said["author"], knew, "independent" in one.said))
        shared: Sorter[tuple[int, int, bool, bool]] = Sorter(itemgetter(0))
        count = silent = 0
        for _, rows in groupby(given, key=itemgetter(0)):
            found = list(rows)
            if len({one[3] for one in found}) > 1:
                count += len(found)
                silent += sum(not one[5] for one in found)
                for _, _, index, _, knew, says in found:
                    shared.append((found[0][1], index, knew, says))
        if not count:
            return not_applicable("no unit was read by more than one")

        def bad() -> Iterator[Finding]:
            for _, index, knew, says in shared:
                if knew:
                    yield Finding(record_at(index), "the reader knew other readings of the unit")
                elif stated and not says:
                    yield Finding(record_at(index), "it is not stated whether it was read independently")

        return judged(
            bad(),
            f"{count:,} readings of shared units; {silent:,} do not say how they were read",
            "{total} readings of shared units were not independent, or do not say so",
            {"readings": count, "not_stated": silent},
        )


check = Independence()
