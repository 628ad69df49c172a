"""The policy of the data is the one that the ledger names."""

from __future__ import annotations

from curator.audit.answers import judged, not_applicable
from curator.audit.model import LEDGER, POLICY, Answer, Finding, Severity, Subject


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
        bad = [Finding("policy", "the ledger names another policy")] if stated[1] != digest else []
        return judged(
            bad,
            f"policy {digest[:12]} is the one on record",
            "The data's policy is not the one on record",
            {"policy": digest},
        )


check = PolicyOnRecord()
