"""``splits/assigned``: every patient is in a split, or left it by a record."""

from __future__ import annotations

from collections import Counter

from curator.audit.answers import judged
from curator.audit.assignments import NONE, without
from curator.audit.cases import seen, where
from curator.audit.model import Answer, Finding, Severity, Subject


class Assigned:
    """Each patient with a file is in one split or left it; each patient in a split that is sealed or not has a file."""

    id = "splits/assigned"
    title = "Every patient is in one split, or left it by a signed record"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Hold the table of splits against the patients that are there."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        splits = found.splits
        findings = [
            Finding(where(case), "is in no split")
            for case in found.cases.values()
            if case.split == NONE and case.name not in splits.left
        ]
        both = sorted(splits.left & splits.of.keys())
        findings += [Finding(where(name), "left its split and stands in one") for name in both]
        counts = Counter(case.split for case in found.cases.values())
        return judged(
            findings,
            f"all {len(found.cases):,} patients are accounted for",
            "{total} patients are not accounted for",
            {"patients": len(found.cases), "without_files": len(splits.of.keys() - found.cases.keys())},
            {"patients by split": [{"split": name, "patients": counts[name]} for name in found.names]},
        )


check = Assigned()
