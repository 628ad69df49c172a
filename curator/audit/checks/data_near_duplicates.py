"""``data/near-duplicates``: no two patients share an image; two splits have a check of their own."""

from __future__ import annotations

from curator.audit.answers import could_not
from curator.audit.cases import seen
from curator.audit.copies import copies
from curator.audit.images import pixels_seen, unseen
from curator.audit.model import Answer, Severity, Subject
from curator.audit.told import told


class NearDuplicates:
    """Compares images and volumes of different patients."""

    id = "data/near-duplicates"
    title = "No two patients share an image or a changed copy of it"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Find copies; ``alike`` (0.72) is the least correlation."""
        found = seen(subject)
        alike = subject.threshold(self.id, "alike", 0.72)
        looked = pixels_seen(subject)
        made = copies(subject, found, looked, alike, across=False)
        findings = [one.finding(subject.kind) for one in made.found]
        blind = unseen(looked)
        figures = {**made.figures, "not_compared": blind, "alike": alike}
        if blind and not findings:
            return could_not(f"{sum(blind.values()):,} images could not be compared", figures)
        if made.left and not findings:
            return could_not(made.left, figures)
        return told(
            found,
            findings,
            made.compared,
            passed="no two patients share one of {looked} planes",
            failed="{total} pairs of patients share images" + (f"; {made.left}" if made.left else ""),
            figures=figures,
        )


check = NearDuplicates()
