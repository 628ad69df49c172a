"""``data/demographics``: sex, age, race and ethnicity are stated for enough patients."""

from __future__ import annotations

from typing import Any

from curator.audit.cases import CONFLICT, UNKNOWN, seen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.shares import wilson
from curator.audit.told import told

_MISSING = frozenset({UNKNOWN, CONFLICT, "Unknown", "Declined", "Not mapped"})
#: The share of patients without it that a project may have, where the settings say nothing.
_MOST = {"sex": 0.05, "age": 0.05, "race": 0.5, "ethnicity": 0.5}


class Demographics:
    """Counts patients whose headers do not state it; nothing is imputed."""

    id = "data/demographics"
    title = "Sex, age, race and ethnicity are stated for enough patients"
    severity = Severity.MINOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: representativeness"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Count; ``sex``, ``age`` (0.05), ``race``, ``ethnicity`` (0.5) are the largest shares that may be missing."""
        found = seen(subject)
        rows: list[dict[str, Any]] = []
        findings = []
        total = len(found.cases)
        for name, default in _MOST.items():
            lacking = sum(_value(case, name) in _MISSING for case in found.cases.values())
            most = subject.threshold(self.id, name, default)
            low, high = wilson(lacking, total)
            share = lacking / total if total else 0.0
            rows.append({"what": name, "missing": lacking, "of": total, "share": share, "low": low, "high": high})
            if share > most:
                findings.append(Finding("column", f"{name} is missing for more patients than allowed", lacking))
        return told(
            found,
            findings,
            total,
            passed="sex, age, race and ethnicity of {looked} patients are stated as often as asked",
            failed="{total} of 4 are missing too often",
            tables={"missing demographics": rows},
        )


def _value(case: Any, name: str) -> str:
    return str({"sex": case.sex, "age": case.band}.get(name) or case.group(name))


check = Demographics()
