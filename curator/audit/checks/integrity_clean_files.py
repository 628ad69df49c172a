"""Each clean file that the journal records is there, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import Few, judged
from curator.audit.model import JOURNAL, Answer, Finding, Severity, Subject
from curator.core.spill import table_of


class CleanFiles:
    """Holds the journal's digests against those of the files."""

    id = "integrity/clean-files"
    title = "Each file that the journal records is there, byte for byte"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(c)"
    needs = (JOURNAL,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        there = table_of((file.path, file.sha256) for file in subject.files())
        count = 0

        def bad() -> Iterator[Finding]:
            nonlocal count
            for sample in subject.samples():
                count += 1
                found = there.get(sample.path)
                if found != sample.sha256:
                    yield Finding(sample.path, "is missing" if found is None else "is not as it was scrubbed")

        findings = Few(bad())
        return judged(
            findings,
            f"{count:,} files are as they were scrubbed",
            "{total} files are missing or changed",
            {"samples": count},
        )


check = CleanFiles()
