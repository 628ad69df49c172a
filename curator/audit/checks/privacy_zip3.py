"""``privacy/zip3``: ZIP codes of more than three digits, and of three where 20,000 people or fewer live."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.prose import prose_probe
from curator.audit.privacy.zips import ZipProbe


class Zip3:
    """ZIP codes finer than Safe Harbor lets stand."""

    id = "privacy/zip3"
    title = "No ZIP code is finer than three digits, or of an area of 20,000 people or fewer"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)(B)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every text by the detectors, and at every column and member that is named after a ZIP code."""
        return answered(
            subject,
            (prose_probe(subject), ZipProbe(subject.kind == "folder")),
            _judge,
            passed="no ZIP code of more than three digits in {files} looks",
            failed="{total} files with ZIP codes that are too fine",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    for name, what in (
        ("zips", "a ZIP code in text"),
        ("fine", "a ZIP code of more than three digits"),
        ("small", "a ZIP code of an area of few people"),
    ):
        if found.get(name):
            yield what, found[name]


check = Zip3()
