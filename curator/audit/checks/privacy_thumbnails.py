"""``privacy/thumbnails``: icon images, and images in the metadata of compressed ones: nobody looked at them."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.containers import ContainerProbe
from curator.audit.privacy.objects import object_probe, policy_of


class Thumbnails:
    """No small image stands beside the image that was checked."""

    id = "privacy/thumbnails"
    title = "No small image stands beside the image that was checked"
    severity = Severity.BLOCKER
    clause = "DICOM PS3.15 E.1, 45 CFR 164.514(b)(2)(i)(Q)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file."""
        return answered(
            subject,
            (object_probe(policy_of(subject)), ContainerProbe()),
            _judge,
            passed="no thumbnail in {files} files",
            failed="{total} files with thumbnails or further images",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    yield from found["thumbnails"].items()


check = Thumbnails()
