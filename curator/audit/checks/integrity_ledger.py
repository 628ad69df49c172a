"""The ledger: every record unaltered, in place, by a key that was valid when it signed."""

from __future__ import annotations

from curator.audit.answers import judged
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.core.errors import IntegrityError


class LedgerHolds:
    """Recomputes the ledger, or the part of it that a package holds."""

    id = "integrity/ledger"
    title = "Every record of the ledger is unaltered, in its place, and signed by a key that was valid then"
    severity = Severity.BLOCKER
    clause = "21 CFR 11.10(c), (e), 11.70"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Verify; a broken ledger is a finding, not a thing that could not be checked."""
        try:
            state = subject.state()
            count = sum(1 for _ in subject.records())
        except IntegrityError as error:
            broken = Finding("ledger/", f"{error.code} {error.sentence}")
            return judged([broken], "", "The ledger is broken")
        figures = {"records": state.size, "read": count, "root": state.tree.root().hex(), "keys": len(state.signers)}
        return judged([], f"{state.size:,} records verified, by {len(state.signers)} keys", "", figures)


check = LedgerHolds()
