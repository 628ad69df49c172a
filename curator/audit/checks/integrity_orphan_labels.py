"""Each label that stands is of a sample that is here, down to the digests of file and content."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from curator.audit.answers import judged
from curator.audit.labelled import record_at, standing
from curator.audit.model import JOURNAL, LEDGER, Answer, Finding, Severity, Subject
from curator.core.spill import Sorter, table_of
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
        known = table_of((one.path, (one.sha256, one.content, one.uid)) for one in with_series(subject.samples()))
        asked: Sorter[tuple[str, int, tuple[str, str, str]]] = Sorter(itemgetter(0))
        count = 0
        for one in standing(subject):
            count += 1
            about = one.record.subject[0]
            digests = about["digest"]
            asked.append((about["name"], one.record.index, (digests["sha256"], digests["contentSha256"], one.uid)))
        wrong: Sorter[tuple[int, bool]] = Sorter(itemgetter(0))
        for path, index, stated in asked:
            found = known.get(path)
            if found != stated:
                wrong.append((index, found is None))

        def bad() -> Iterator[Finding]:
            for index, gone in wrong:
                what = "its sample is not here" if gone else "its sample has other bytes than were labeled"
                yield Finding(record_at(index), what)

        answer = judged(bad(), "", "{total} labels are of no sample that is here", {"samples": len(known)})
        if answer.total:
            return answer
        return judged([], f"each of {count:,} labels is of a sample that is here", "", {"labels": count}, about=count)


check = OrphanLabels()
