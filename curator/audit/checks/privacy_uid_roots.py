"""``privacy/uid-roots``: UIDs below the root of a maker or a site, which tell where and when an image was made."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import not_applicable
from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.objects import object_probe, policy_of


class UidRoots:
    """Every UID of an object is registered, or one that was made."""

    id = "privacy/uid-roots"
    title = "Every UID of an object is registered, or one that was made"
    severity = Severity.BLOCKER
    clause = "DICOM PS3.15 E.3.9, 45 CFR 164.514(b)(2)(i)(R)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file."""
        policy = policy_of(subject)
        if policy is not None and policy.applies("retain_uids"):
            return not_applicable("the policy keeps original UIDs")
        return answered(
            subject,
            (object_probe(policy),),
            _judge,
            passed="the UIDs of {files} objects are registered or below 2.25",
            failed="{total} attributes with UIDs below other roots than 2.25",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    yield from ((f"a UID below somebody's root in {tag}", count) for tag, count in found["uids"].items())


check = UidRoots()
