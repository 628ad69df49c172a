"""``privacy/dates``: dates finer than the policy allows, in headers by their type, in texts by the detectors."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import not_applicable
from curator.audit.model import Answer, Looked, Severity, Subject
from curator.audit.privacy.asked import answered
from curator.audit.privacy.objects import object_probe, policy_of
from curator.audit.privacy.prose import prose_probe


class Dates:
    """Days and months where only years may stand."""

    id = "privacy/dates"
    title = "No date is finer than the policy allows"
    severity = Severity.BLOCKER
    clause = "45 CFR 164.514(b)(2)(i)(C)"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every file; without a policy at hand, a year is all that may stand."""
        policy = policy_of(subject)
        if policy is not None and str(policy.dates) in {"shift", "keep"}:
            return not_applicable(f"the policy's dates are {'moved' if str(policy.dates) == 'shift' else 'kept'} whole")
        return answered(
            subject,
            (object_probe(policy), prose_probe(subject)),
            _judge,
            passed="no date finer than a year in {files} looks",
            failed="{total} places with dates finer than a year",
        )


def _judge(seen: Looked) -> Iterator[tuple[str, int]]:
    found = seen.found or {}
    yield from ((f"a day or month in {tag}", count) for tag, count in found.get("dates", {}).items())
    for name, count in found.get("found", {}).items():
        if name.startswith("C:") and name not in AGES:
            yield "a date in text", count


#: What the detectors call ages, which have a check of their own.
AGES = frozenset({"C:age", "C:birth-year"})

check = Dates()
