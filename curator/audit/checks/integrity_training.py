"""Each label was signed by a person whose training was on record and in force."""

from __future__ import annotations

from collections.abc import Iterator

from curator.audit.answers import Few, judged
from curator.audit.labelled import indices, labels
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.provenance import records


class TrainedSigners:
    """Follows the ledger and knows, at each label, until when its author and its signer were trained."""

    id = "integrity/training"
    title = "Each label's author and signer had a recorded training in force when it was signed"
    severity = Severity.MAJOR
    clause = "21 CFR 11.10(i)"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare days. ``required = false`` in the settings counts the untrained and fails nothing but lapses."""
        required = subject.threshold(self.id, "required", True)
        marks = indices(labels(subject))
        until: dict[str, dict[str, str]] = {}
        untrained = 0

        def bad() -> Iterator[Finding]:
            nonlocal untrained
            for record in subject.records():
                said = record.predicate
                if record.kind == records.TRAINING:
                    until.setdefault(said["person"], {})[said["course"].partition("@")[0]] = said["until"]
                if record.index not in marks:
                    continue
                for who in sorted({said["author"], said["signer"]}):
                    days = until.get(who, {}).values()
                    if not days:
                        untrained += 1
                        if required:
                            yield Finding(f"record {record.index}", f"{who} had no training on record")
                    elif min(days) < said["signedAt"][:10]:
                        yield Finding(f"record {record.index}", f"the training of {who} had lapsed")

        findings = Few(bad())
        return judged(
            findings,
            f"{len(marks):,} labels by trained people"
            if not untrained
            else f"no training had lapsed; {untrained:,} had none",
            "{total} labels by people without a training in force",
            {"labels": len(marks), "untrained": untrained},
            about=len(marks),
        )


check = TrainedSigners()
