"""The policy of the data is the one that the ledger names."""

from __future__ import annotations

from curator.audit.answers import judged, not_applicable
from curator.audit.model import JOURNAL, LEDGER, POLICY, Answer, Finding, Severity, Subject
from curator.scrub.policy.since import Since, since


class PolicyOnRecord:
    """Holds the policy's digest against the newest record about policies."""

    id = "integrity/policy"
    title = "The policy of the data is the one that the ledger names"
    severity = Severity.MAJOR
    clause = "21 CFR 11.10(k)"
    needs = (LEDGER, POLICY)

    def run(self, subject: Subject) -> Answer:
        """Compare."""
        digest = subject.policy().digest
        stated = subject.state().facts.policy
        if stated is None:
            return not_applicable("no record of the ledger names a policy")
        bad = [Finding("policy", _why(subject, stated[1]))] if stated[1] != digest else []
        return judged(
            bad,
            f"policy {digest[:12]} is the one on record",
            "The data's policy is not the one on record",
            {"policy": digest},
        )


def _why(subject: Subject, stated: str) -> str:
    """Say what is different, where a delivery of the data tells of the policy on record."""
    told = (subject.delivery(number) or {} for number in subject.deliveries()) if subject.has(JOURNAL) else ()
    then = next((said for one in told if (said := one.get("policy", {})).get("digest") == stated), None)
    if since(then, subject.policy()) is Since.RULES:
        return "the policy on record is the same, carried out by rules of another version of the program"
    return "the ledger names another policy"


check = PolicyOnRecord()
