"""Readers who were shown a proposal did not simply take it."""

from __future__ import annotations

from typing import Any

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import readings
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.shares import wilson


class AutomationBias:
    """Counts, by reader, the labels that were proposed and left as they were."""

    id = "labels/automation-bias"
    title = "No reader leaves nearly every proposed label as it was"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: bias"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare the interval's lower end with ``most_kept`` (0.9), of readers with ``least`` (20) proposals."""
        most = subject.threshold(self.id, "most_kept", 0.9)
        least = subject.threshold(self.id, "least", 20)
        shown: dict[str, list[bool]] = {}
        silent = 0
        for one in readings(subject):
            before = one.said.get("preLabel")
            if before is None or not before["shown"]:
                continue
            if "changed" not in before:
                silent += 1
                continue
            shown.setdefault(one.said["author"], []).append(not before["changed"])
        if not shown and not silent:
            return not_applicable("no label is said to have been proposed beforehand")
        rows: list[dict[str, Any]] = []
        findings = []
        for reader in sorted(shown):
            kept, total = sum(shown[reader]), len(shown[reader])
            low, high = wilson(kept, total)
            rows.append({"reader": reader, "proposed": total, "share": kept / total, "low": low, "high": high})
            if total >= least and low > most:
                findings.append(Finding(f"reader {reader}", "left nearly every proposed label as it was", kept))
        if silent:
            findings.append(Finding("labels", "it is not said whether the proposed label was changed", silent))
        return judged(
            findings,
            f"no reader of {len(rows)} left more than {most:.0%} of what was proposed as it was",
            "{total} things point at readers who follow what is proposed",
            {"readers": len(rows), "most_kept": most, "not_said": silent},
            {"proposed labels left as they were": rows},
        )


check = AutomationBias()
