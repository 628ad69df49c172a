"""No file stands below clean/ that no scrub wrote."""

from __future__ import annotations

from curator.audit.answers import judged
from curator.audit.model import JOURNAL, Answer, Finding, Severity, Subject


class OrphanFiles:
    """Looks for clean files that the journal does not know."""

    id = "integrity/orphan-files"
    title = "No file stands below clean/ that no scrub wrote"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(a), 45 CFR 164.514(a)"
    needs = (JOURNAL,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        known = {sample.path for sample in subject.samples()}
        clean = [file.path for file in subject.files() if file.path.startswith("clean/")]
        strangers = (Finding(path, "no row of the journal names it") for path in clean if path not in known)
        return judged(
            strangers,
            f"each of {len(clean):,} clean files has its row",
            "{total} clean files have no row in the journal",
            {"files": len(clean)},
        )


check = OrphanFiles()
