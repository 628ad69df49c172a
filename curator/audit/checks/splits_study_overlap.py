"""``splits/study-overlap``: no study, series or frame of reference is in two splits."""

from __future__ import annotations

from curator.audit.answers import could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import seen
from curator.audit.model import Answer, Severity, Subject
from curator.audit.overlap import overlaps

_KINDS = {"study": "one study", "series": "one series", "frame_of_reference": "one frame of reference"}


class StudyOverlap:
    """Compares the UIDs of studies, series and frames of reference over patients of different splits."""

    id = "splits/study-overlap"
    title = "No study or series is in two splits"
    severity = Severity.BLOCKER
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look for one UID under patients of different splits."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        held: dict[tuple[str, str], set[str]] = {}
        for image in found.images():
            for kind in _KINDS:
                if image.facts.get(kind):
                    held.setdefault((kind, str(image.facts[kind])), set()).add(image.patient)
        findings = list(overlaps(((_KINDS[kind], names) for (kind, _), names in held.items()), found.splits.of))
        if not findings and found.unread:
            return could_not(f"{len(found.unread):,} headers could not be read")
        if not held:
            return not_applicable("no header tells of a study")
        studies = sum(kind == "study" for kind, _ in held)
        return judged(
            findings,
            f"none of {studies:,} studies is in two splits",
            "{total} studies, series or frames of reference are in two splits",
            {"studies": studies, "headers_not_read": len(found.unread)},
        )


check = StudyOverlap()
