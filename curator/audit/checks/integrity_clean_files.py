"""Each clean file that the journal records is there, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import judged
from curator.audit.model import JOURNAL, Answer, Finding, Severity, Subject


class CleanFiles:
    """Holds the journal's digests against those of the files."""

    id = "integrity/clean-files"
    title = "Each file that the journal records is there, byte for byte"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(c)"
    needs = (JOURNAL,)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        there = {file.path: file.sha256 for file in subject.files()}
        samples = list(subject.samples())

        def bad() -> Iterator[Finding]:
            for sample in samples:
                found = there.get(sample.path)
                if found != sample.sha256:
                    yield Finding(sample.path, "is missing" if found is None else "is not as it was scrubbed")

        return judged(
            bad(),
            f"{len(samples):,} files are as they were scrubbed",
            "{total} files are missing or changed",
            {"samples": len(samples)},
        )


check = CleanFiles()
