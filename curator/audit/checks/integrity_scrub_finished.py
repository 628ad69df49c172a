"""No scrub was left half-way, and no clean file waits to be scrubbed again."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import judged, not_applicable
from curator.audit.model import JOURNAL, Answer, Finding, Severity, Subject
from curator.project import journal


class ScrubFinished:
    """Counts the shards of each delivery, and the clean files that hold what a later delivery told."""

    id = "integrity/scrub-finished"
    title = "Each delivery is scrubbed to its end, with all that later deliveries told of its persons"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)"
    needs = (JOURNAL,)

    def run(self, subject: Subject) -> Answer:
        """Count."""
        project = subject.project
        if project is None:
            return not_applicable("a package holds what was released, whole")

        def bad() -> Iterator[Finding]:
            for number in journal.deliveries(project):
                about = journal.document(project, number, "delivery") or {}
                left = about.get("shards", 0) - len(journal.round_log(project, number, 0).numbers())
                if left:
                    yield Finding(f"delivery {number}", "shards are not scrubbed", left)
            for number, _, later in sorted(journal.stale(project)):
                yield Finding(f"delivery {number}", f"a clean file holds what delivery {later} told of its person")

        count = len(journal.deliveries(project))
        return judged(
            bad(),
            f"{count} deliveries are scrubbed to their end",
            "{total} things are unfinished",
            {"deliveries": count},
        )


check = ScrubFinished()
