"""Where readers differ, an adjudication was made: no unit is released with two truths."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import record_at, standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.core.spill import Sorter
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
        # By unit: where its first label came, which record that is, the class, and whether an adjudication chose it.
        given: Sorter[tuple[str, int, int, str, bool]] = Sorter(itemgetter(0))
        for place, one in enumerate(standing(subject)):
            if one.klass is not None and counts_as_human(one.said):
                chosen = bool(one.marks & status.ADJUDICATED)
                given.append((one.unit, place, one.record.index, one.klass, chosen))
        units = differ = adjudicated = 0
        left: Sorter[tuple[int, int, int]] = Sorter(itemgetter(0))
        still_open = 0
        for _, rows in groupby(given, key=itemgetter(0)):
            found = list(rows)
            units += 1
            chosen = any(one[4] for one in found)
            adjudicated += chosen
            if len({one[3] for one in found}) > 1:
                differ += 1
                if not chosen:
                    still_open += 1
                    left.append((found[0][1], found[0][2], len(found)))
        if not units:
            return not_applicable("no label gives a class")
        figures = {"units": units, "differ": differ, "open": still_open, "adjudicated": adjudicated}

        def bad() -> Iterator[Finding]:
            if still_open > most * units:
                for _, index, count in left:
                    yield Finding(record_at(index), "readers differ on its unit and nobody adjudicated", count)

        return judged(
            bad(),
            f"of {units:,} units readers differ openly on {still_open:,}",
            "readers differ on {total} units that nobody adjudicated",
            figures,
        )


check = Adjudicated()
