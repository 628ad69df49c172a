"""Each label that stands is of a sample that is here, down to the digests of file and content."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import judged
from curator.audit.labelled import standing
from curator.audit.model import JOURNAL, LEDGER, Answer, Finding, Severity, Subject
from curator.project.series import with_series


class OrphanLabels:
    """Looks for labels whose sample is not here, or is not the one that was labeled."""

    id = "integrity/orphan-labels"
    title = "Each label that stands is of a sample that is here, byte for byte"
    severity = Severity.MAJOR
    clause = "21 CFR 11.70"
    needs = (LEDGER, JOURNAL)

    def run(self, subject: Subject) -> Answer:
        """Compare path, digest, content digest and UID."""
        known = {one.path: (one.sha256, one.content, one.uid) for one in with_series(subject.samples())}
        count = 0

        def bad() -> Iterator[Finding]:
            nonlocal count
            for one in standing(subject):
                count += 1
                about = one.record.subject[0]
                digests = about["digest"]
                stated = (digests["sha256"], digests["contentSha256"], one.uid)
                found = known.get(about["name"])
                if found is None:
                    yield Finding(one.where, "its sample is not here")
                elif found != stated:
                    yield Finding(one.where, "its sample has other bytes than were labeled")

        answer = judged(bad(), "", "{total} labels are of no sample that is here", {"samples": len(known)})
        if answer.total:
            return answer
        return judged([], f"each of {count:,} labels is of a sample that is here", "", {"labels": count}, about=count)


check = OrphanLabels()
