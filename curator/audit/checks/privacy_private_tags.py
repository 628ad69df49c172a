"""``privacy/private-tags``: private attributes that no table lists, by tag; a creator that no table lists."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.objects import object_probe, policy_of


class PrivateTags:
    """No private attribute stands in an object that no table knows to be safe."""

    id = "privacy/private-tags"
    title = "No private attribute stands in an object that no table knows to be safe"
    severity = Severity.BLOCKER
    clause = "DICOM PS3.15 E.3.10"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file."""
        return answered(
            subject,
            (object_probe(policy_of(subject)),),
            _judge,
            passed="{files} objects hold no private attribute that no table lists",
            failed="{total} kinds of private attributes that no table lists",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    yield from (
        (f"private attribute {tag}" if tag.startswith("(") else tag, count) for tag, count in found["private"].items()
    )


check = PrivateTags()
