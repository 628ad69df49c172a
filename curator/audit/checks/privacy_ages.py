"""``privacy/ages``: ages over 89, and years of birth that tell one."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import not_applicable
from curator.audit.checks.privacy_dates import AGES
from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.objects import object_probe, policy_of
from curator.audit.privacy.prose import prose_probe


class Ages:
    """Ages over 89 that were not made "90 or older"."""

    id = "privacy/ages"
    title = "No age over 89 stands in what leaves"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)(C)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file."""
        policy = policy_of(subject)
        if policy is not None and str(policy.ages) == "keep":
            return not_applicable("the policy keeps ages over 89")
        return answered(
            subject,
            (object_probe(policy), prose_probe(subject)),
            _judge,
            passed="no age over 89 in {files} looks",
            failed="{total} places with ages over 89",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    yield from (
        (f"an age over 89, or none that can be read, in {tag}", count) for tag, count in found.get("ages", {}).items()
    )
    yield from (("an age over 89 in text", count) for name, count in found.get("found", {}).items() if name in AGES)


check = Ages()
