"""``splits/patient-overlap``: nobody is in two splits, under whatever pseudonyms."""

from __future__ import annotations

from curator.audit.answers import could_not, judged
from curator.audit.assignments import without
from curator.audit.cases import seen
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.overlap import overlaps
from curator.provenance.records import PATIENTS


class PatientOverlap:
    """Compares the folder, the number in the headers, and signed records that join pseudonyms."""

    id = "splits/patient-overlap"
    title = "No patient is in two splits"
    severity = Severity.BLOCKER
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: data independence"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look for one person behind patients of different splits."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        numbers: dict[str, set[str]] = {}
        for image in found.images():
            if image.facts.get("patient"):
                numbers.setdefault(str(image.facts["patient"]), set()).add(image.patient)
        for name in [one for one in numbers if one in found.splits.of]:
            numbers[name].add(name)  # a header that names the pseudonym of another folder
        groups = [("the same number in their headers", names) for names in numbers.values()]
        if subject.has(LEDGER):
            for record in subject.records():
                if record.kind == PATIENTS and record.predicate["action"] == "merged":
                    names = {str(one["name"]).removeprefix("patients/") for one in record.subject}
                    groups.append(("one person by a signed record", names))
        findings: list[Finding] = list(overlaps(groups, found.splits.of))
        if not findings and found.unread:
            return could_not(f"{len(found.unread):,} headers could not be read")
        return judged(
            findings,
            f"none of {len(found.splits.of):,} patients is in two splits",
            "{total} persons are in two splits",
            {"patients": len(found.splits.of), "headers_not_read": len(found.unread)},
        )


check = PatientOverlap()
