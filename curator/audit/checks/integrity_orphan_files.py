"""No file stands below clean/ that no scrub wrote."""

from __future__ import annotations

from curator.audit.answers import Few, judged
from curator.audit.model import JOURNAL, Answer, Finding, Severity, Subject
from curator.core.spill import table_of


class OrphanFiles:
    """Looks for clean files that the journal does not know."""

    id = "integrity/orphan-files"
    title = "No file stands below clean/ that no scrub wrote"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(a), 45 CFR 164.514(a)"
    needs = (JOURNAL,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        known = table_of((sample.path, None) for sample in subject.samples())
        strangers, count = Few(), 0
        for file in subject.files():
            if file.path.startswith("clean/"):
                count += 1
                if file.path not in known:
                    strangers.append(Finding(file.path, "no row of the journal names it"))
        return judged(
            strangers,
            f"each of {count:,} clean files has its row",
            "{total} clean files have no row in the journal",
            {"files": count},
        )


check = OrphanFiles()
