"""``data/near-duplicates``: no two patients of one split share an image; across splits is a check of its own."""

from __future__ import annotations

from curator.audit.answers import could_not
from curator.audit.cases import seen
from curator.audit.copies import copies
from curator.audit.images import pixels_seen, unseen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class NearDuplicates:
    """Compares images and volumes of different patients."""

    id = "data/near-duplicates"
    title = "No two patients share an image or a changed copy of it"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Find copies; ``alike`` (0.76) is the least correlation."""
        found = seen(subject)
        alike = subject.threshold(self.id, "alike", 0.76)
        looked = pixels_seen(subject)
        made, compared = copies(subject, found, looked, alike)
        of = {case.name: case.split for case in found.cases.values()}
        findings = [
            Finding(f"patient {one.first} {one.second}", one.what, one.planes)
            for one in made
            if of[one.first] == of[one.second]
        ]
        blind = unseen(looked)
        if blind and not findings:
            return could_not(f"{sum(blind.values()):,} images could not be compared", {"not_compared": blind})
        return told(
            found,
            findings,
            compared,
            passed="no two patients share one of {looked} planes",
            failed="{total} pairs of patients share images",
            figures={"not_compared": blind, "alike": alike},
        )


check = NearDuplicates()
