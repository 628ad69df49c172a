"""The large values of labels stand in files that are the ones that were signed."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import Few, judged, not_applicable
from curator.audit.labelled import standing
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.labels.whole import digest_of_file

_FOLDERS = ("labels/values", "label-values")


class LabelValues:
    """Looks for each value's file by the digest that its record signs."""

    id = "integrity/label-values"
    title = "Each label value that stands in a file is the one that was signed"
    severity = Severity.MAJOR
    clause = "21 CFR 11.70"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        there = {file.path: file.sha256 for file in subject.files() if file.path.startswith(_FOLDERS)}
        count = 0

        def bad() -> Iterator[Finding]:
            nonlocal count
            for one in standing(subject):
                digest = digest_of_file(one.said["value"])
                if digest is None:
                    continue
                count += 1
                found = [there[f"{base}/{digest}.json"] for base in _FOLDERS if f"{base}/{digest}.json" in there]
                if not found:
                    yield Finding(one.where, "the file of its value is missing")
                elif found != [digest]:
                    yield Finding(one.where, "the file of its value was changed")

        findings = Few(bad())
        if not count:
            return not_applicable("no label's value stands in a file")
        return judged(
            findings, f"{count:,} values are as signed", "{total} values are missing or changed", {"values": count}
        )


check = LabelValues()
