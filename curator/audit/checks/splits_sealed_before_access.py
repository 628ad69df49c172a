"""``splits/sealed-before-access``: the test split was sealed before anybody had access to it."""

from __future__ import annotations

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import seen
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.tests_of import accesses, test_splits


class SealedBeforeAccess:
    """Holds the place of the seal in the ledger against the places of accesses."""

    id = "splits/sealed-before-access"
    title = "The test split was sealed before its first recorded access"
    severity = Severity.BLOCKER
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: test data sequestered"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare places. ``tests`` (``["test"]``) names the splits that have to be sealed."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        sealed = subject.state().facts.splits
        wanted = [name for name in test_splits(subject, self.id) if name in found.splits.of.values() or name in sealed]
        if not wanted and "tests" not in subject.settings.get(self.id, {}) and len(set(found.splits.of.values())) > 1:
            return could_not("no split is called test: name in 'tests' those that have to be sealed, [] for none")
        if not wanted:
            return not_applicable("no split has to be sealed")
        findings = [Finding("split", f"{name} is not sealed") for name in wanted if name not in sealed]
        count = 0
        for one in accesses(subject):
            if one.split in wanted:
                count += 1
                if one.split in sealed and one.record.index < sealed[one.split].place:
                    findings.append(Finding(f"record {one.record.index}", f"access to {one.split} before its seal"))
        return judged(
            findings,
            f"{len(wanted):,} splits were sealed before {count:,} recorded accesses",
            "{total} splits or accesses are not as they have to be",
            {"splits": len(wanted), "accesses": count},
        )


check = SealedBeforeAccess()
