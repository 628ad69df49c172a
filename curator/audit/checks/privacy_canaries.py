"""``privacy/canaries``: recall on these very data, measured on planted copies, is high enough."""

from __future__ import annotations

import re
from typing import Any

from curator.audit.answers import could_not, not_applicable
from curator.audit.canaries.kept import read
from curator.audit.model import LEDGER, Answer, Finding, Outcome, Severity, Subject

_PATH = re.compile(r"journal/scrub/\d{4}/canaries-\d{6,}-[0-9a-f]{12}\.json")


class Canaries:
    """The signed numbers of ``scrub --canaries``."""

    id = "privacy/canaries"
    title = "Of identifiers planted in copies of the data, the scrub took out enough"
    severity = Severity.MAJOR
    clause = "45 CFR 164.514(b)(1), (2)"
    needs: tuple[str, ...] = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Read the largest measurement under the data's policy.

        Thresholds: ``least`` share taken out (0.99), ``least_low`` low end of its interval (0.9), ``least_category``
        share of each category (0.9), ``required`` whether there has to be a measurement (false).
        """
        paths = [file for file in subject.files() if _PATH.fullmatch(file.path)]
        policy = subject.policy().digest if subject.has("policy") else None
        state = subject.state()
        keys = {state.operator, *(one.public for one in state.operators)}
        documents = []
        for file in paths:
            with subject.open(file) as stream:
                documents.append(read(stream.read(), keys))
        known = [one for one in documents if policy is None or one["policy"] == policy]
        if not known:
            why = "no canaries were planted" if not documents else "canaries were planted under another policy only"
            return could_not(why) if subject.threshold(self.id, "required", False) else not_applicable(why)
        return self._judge(subject, max(known, key=lambda one: (one["delivery"], one["planted"])))

    def _judge(self, subject: Subject, said: dict[str, Any]) -> Answer:
        least = subject.threshold(self.id, "least", 0.99)
        low = subject.threshold(self.id, "least_low", 0.9)
        each = subject.threshold(self.id, "least_category", 0.9)
        planted, removed = said["planted"], said["removed"]
        interval = [float(one) for one in said["interval"]]
        figures = {
            "planted": planted,
            "removed": removed,
            "recall": removed / planted if planted else 0.0,
            "interval": interval,
            "copies": said["copies"],
            "held_back": said["held_back"],
            "least": least,
            "least_low": low,
            "least_category": each,
        }
        rows = [
            {
                "category": row["category"],
                "planted": row["planted"],
                "removed": row["removed"],
                "recall": row["removed"] / row["planted"],
                "interval": [float(one) for one in row["interval"]],
            }
            for row in said["categories"]
        ]
        findings = [
            Finding(
                f"category ({row['category']})", "fewer planted identifiers were taken out than the project asks", 1
            )
            for row in rows
            if row["recall"] < each
        ]
        if not planted:
            return could_not("every copy was held back, so nothing was measured", figures)
        if removed / planted < least or interval[0] < low:
            findings.append(
                Finding("all categories", "fewer planted identifiers were taken out than the project asks", 1)
            )
        summary = (
            f"{removed:,} of {planted:,} planted identifiers taken out, 95 % interval {100 * interval[0]:.1f} to "
            f"{100 * interval[1]:.1f} %"
        )
        tables = {"recall by category": rows, "not planted": said["not_planted"]}
        outcome = Outcome.FAIL if findings else Outcome.PASS
        return Answer(outcome, summary, figures, tuple(findings), len(findings), tables)


check = Canaries()
