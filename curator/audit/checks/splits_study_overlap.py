"""``splits/study-overlap``: no study, series or frame of reference is in two splits."""

from __future__ import annotations

from curator.audit.answers import Few, could_not, judged, not_applicable
from curator.audit.assignments import without
from curator.audit.cases import seen
from curator.audit.model import Answer, Severity, Subject
from curator.audit.overlap import Shared, overlaps

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
        held = Shared()
        for case in found.cases.values():
            told = {(kind, str(one.facts[kind])): None for one in case.images for kind in _KINDS if one.facts.get(kind)}
            for kind, uid in told:
                held.add(_KINDS[kind], uid, case.name)
        groups, counts = held.groups()
        findings = Few(overlaps(groups, found.splits.of))
        if not findings and found.unread:
            return could_not(f"{len(found.unread):,} headers could not be read")
        if not counts:
            return not_applicable("no header tells of a study")
        studies = counts[_KINDS["study"]]
        return judged(
            findings,
            f"none of {studies:,} studies is in two splits",
            "{total} studies, series or frames of reference are in two splits",
            {"studies": studies, "headers_not_read": len(found.unread)},
        )


check = StudyOverlap()
