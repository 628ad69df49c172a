"""Every lot of labels that was closed for inspection was looked at and accepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.audit.answers import judged, not_applicable
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject

#: Predicate types of the records about lots (schemas/record-audit-lot, record-audit-verdict).
LOT, VERDICT = "urn:curator:predicate:audit-lot:v1", "urn:curator:predicate:audit-verdict:v1"
ACCEPT = "accept"
_OUTSIDE = frozenset({"timestamp", "witness"})


class AuditSamples:
    """Holds each closed lot against the newest verdict on it."""

    id = "labels/audit-samples"
    title = "Each lot of labels that was closed for inspection was accepted"
    severity = Severity.MAJOR
    clause = "ISO 2859-2, 21 CFR 820.250"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare; ``required`` (false) asks for a lot at all, ``outside`` (false) for seeds that nobody here drew."""
        required = subject.threshold(self.id, "required", False)
        outside = subject.threshold(self.id, "outside", False)
        lots: dict[str, dict[str, Any]] = {}
        for record in subject.records():
            said = record.predicate
            if record.kind == LOT:
                name = record.subject[0]["name"]
                lots[name] = {"at": record.index, "labels": said["count"], "outcome": "open", "seed": ""}
            elif record.kind == VERDICT and (name := record.subject[0]["name"]) in lots:
                lots[name] |= {"outcome": said["outcome"], "seed": said["seedFrom"]["kind"]}
        if not lots and not required:
            return not_applicable("no lot of labels was closed for inspection")

        def bad() -> Iterator[Finding]:
            if not lots:
                yield Finding("labels", "no lot was closed for inspection, and the project asks for one")
            for one in lots.values():
                if one["outcome"] == "open":
                    yield Finding(f"record {one['at']}", "the lot was closed and nobody judged it", one["labels"])
                elif one["outcome"] != ACCEPT:
                    yield Finding(f"record {one['at']}", f"the verdict on the lot is {one['outcome']}", one["labels"])
                elif outside and one["seed"] not in _OUTSIDE:
                    yield Finding(f"record {one['at']}", "the draw's seed was not taken from outside")

        accepted = sum(one["outcome"] == ACCEPT for one in lots.values())
        rows = [
            {"lot": number, "labels": one["labels"], "outcome": one["outcome"], "seed from": one["seed"]}
            for number, one in enumerate(lots.values(), 1)
        ]
        return judged(
            bad(),
            f"{accepted} of {len(lots)} lots accepted",
            "{total} lots are not accepted as the project asks",
            {"lots": len(lots), "accepted": accepted},
            {"lots": rows},
        )


check = AuditSamples()
