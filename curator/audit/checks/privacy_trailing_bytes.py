"""``privacy/trailing-bytes``: bytes that no reader of the format shows: behind the end, in the preamble, in padding."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.containers import ContainerProbe
from curator.audit.privacy.objects import object_probe, policy_of


class TrailingBytes:
    """Nothing stands before, between or behind what a format holds."""

    id = "privacy/trailing-bytes"
    title = "Nothing stands before, between or behind what a format holds"
    severity = Severity.BLOCKER
    clause = "DICOM PS3.10 7.1"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file."""
        return answered(
            subject,
            (object_probe(policy_of(subject)), ContainerProbe()),
            _judge,
            passed="no byte beside what the formats of {files} files hold",
            failed="{total} files with bytes that no reader shows",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    for name, what in (("trailing", "bytes behind the end"), ("padding", "bytes in data set trailing padding")):
        if found.get(name):
            yield what, found[name]
    if found.get("preamble"):
        yield "bytes in the preamble", 128


check = TrailingBytes()
