"""``splits/near-duplicates``: no image is in two splits as a copy, windowed, resized, cropped or flipped anew."""

from __future__ import annotations

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import seen
from curator.audit.copies import copies
from curator.audit.images import pixels_seen, unseen
from curator.audit.model import Answer, Finding, Severity, Subject


class NearDuplicates:
    """Compares images and volumes of patients of different splits."""

    id = "splits/near-duplicates"
    title = "No image is in two splits as a changed copy"
    severity = Severity.BLOCKER
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Find copies; ``alike`` (0.72) is the least correlation, see docs/explanation/audit-data.md."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        alike = subject.threshold(self.id, "alike", 0.72)
        looked = pixels_seen(subject)
        made = copies(subject, found, looked, alike, across=True)
        of = {case.name: case.split for case in found.cases.values()}
        findings = [
            Finding(
                f"patient {one.first} {one.second}",
                f"{one.what} in {of[one.first]} and {of[one.second]}",
                one.planes,
            )
            for one in made.found
        ]
        blind = unseen(looked)
        figures = {**made.figures, "not_compared": blind, "alike": alike}
        lost = sum(blind.values()) + len(found.unread)
        if lost and not findings:
            return could_not(f"{lost:,} images could not be compared", figures)
        if made.left and not findings:
            return could_not(made.left, figures)
        if not made.compared and not findings:
            return not_applicable("no patient of a split has an image")
        return judged(
            findings,
            f"none of {made.compared:,} planes is in two splits as a changed copy",
            "{total} pairs of patients in two splits share images" + (f"; {made.left}" if made.left else ""),
            figures,
        )


check = NearDuplicates()
