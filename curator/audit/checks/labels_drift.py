"""No reader's use of a class moved between the first and the second half of the work."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from curator.audit.answers import judged, not_applicable
from curator.audit.labelled import class_name, readings
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.shares import difference
from curator.core.spill import Sorter


class Drift:
    """Splits each reader's labels of a kind at the middle of their time and compares the share of each class."""

    id = "labels/drift"
    title = "No reader's share of a class moved by more than the project allows"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: reference standard"
    needs = (LEDGER,)

    def run(self, subject: Subject) -> Answer:
        """Compare the near end of the interval with ``most`` (0.1), where a half has ``least`` (20) labels."""
        most = subject.threshold(self.id, "most", 0.1)
        least = subject.threshold(self.id, "least", 20)
        given: Sorter[tuple[str, str, str, int, str]] = Sorter(itemgetter(0, 1, 2, 3))
        totals: Counter[tuple[str, str]] = Counter()
        for one in readings(subject):
            reader, kind = one.said["author"], one.said["kind"]
            given.append((reader, kind, one.said["labeledAt"], one.record.index, one.klass or ""))
            totals[reader, kind] += 1
        rows: list[dict[str, Any]] = []
        findings: list[Finding] = []
        for (reader, kind), group in groupby(given, key=itemgetter(0, 1)):
            total = totals[reader, kind]
            half = total // 2
            if half < least:
                continue
            classes = (one[4] for one in group)
            early = Counter(islice(classes, half))
            late = Counter(classes)
            for number, name in enumerate(sorted(early.keys() | late.keys()), 1):
                value, low, high = difference((early[name], half), (late[name], total - half))
                rows.append(
                    {
                        "reader": reader,
                        "kind": kind,
                        "class": class_name(name, number),
                        "moved": value,
                        "low": low,
                        "high": high,
                    }
                )
                if max(low, -high) > most:
                    findings.append(Finding(f"reader {reader}", f"the share of a class of kind {kind} moved"))
        if not rows:
            return not_applicable(f"no reader has {2 * least} labels of one kind")
        worst = max(abs(row["moved"]) for row in rows)
        return judged(
            findings,
            f"the largest move is {worst:.3f}; none is surely above {most:g}",
            "{total} shares moved by surely more than is allowed",
            {"largest": worst, "most": most, "compared": len(rows)},
            {"moves between halves": rows},
        )


check = Drift()
