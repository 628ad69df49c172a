"""``splits/uses``: how often the test split was used, by record and by what people say."""

from __future__ import annotations

from typing import Any

from curator.audit.answers import judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import seen
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.tests_of import accesses, test_splits


class Uses:
    """Counts uses of the test split and lists them."""

    id = "splits/uses"
    title = "The test split was used no more often than the project allows"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: reuse of test data"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Count. ``most`` is the number of uses that are allowed, none by default: then they are only listed."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        wanted = test_splits(subject, self.id)
        rows: list[dict[str, Any]] = [
            {
                "split": one.split,
                "record": one.record.index,
                "accessor": one.record.predicate["accessor"],
                "signed by": one.record.predicate["signer"],
                "at": one.record.predicate["signedAt"],
                "basis": "asserted by the signer, outside of this program" if one.asserted else "recorded here",
            }
            for one in accesses(subject)
            if one.split in wanted
        ]
        if not any(name in wanted for name in found.splits.of.values()):
            return not_applicable("there is no split of the names that are counted")
        asserted = sum(row["basis"] != "recorded here" for row in rows)
        most = subject.threshold(self.id, "most", -1)
        over = max(0, len(rows) - most) if most >= 0 else 0
        findings = [
            Finding(f"record {row['record']}", "a use beyond those allowed") for row in rows[len(rows) - over :]
        ]
        told = f"{len(rows) - asserted:,} recorded uses, {asserted:,} asserted by named persons"
        return judged(
            findings,
            f"{told}; uses that nobody recorded cannot be seen",
            f"{told}, {{total}} more than allowed",
            {"recorded": len(rows) - asserted, "asserted": asserted, "most": most if most >= 0 else None},
            {"uses of the test split": rows},
        )


check = Uses()
