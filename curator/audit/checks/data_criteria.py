"""``data/criteria``: every case meets the coded criteria of inclusion and exclusion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curator.audit.answers import could_not, not_applicable
from curator.audit.cases import seen, where
from curator.audit.criteria import NAME, Criterion, read
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.told import told


class Criteria:
    """Judges every criterion of ``criteria.toml`` over every case, in three values."""

    id = "data/criteria"
    title = "Every case meets the criteria of inclusion and of exclusion"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section VIII: inclusion and exclusion criteria"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Judge. ``file`` names the criteria, by default ``criteria.toml`` of the project."""
        criteria = self._criteria(subject)
        if criteria is None:
            return not_applicable("there are no coded criteria")
        found = seen(subject)
        rows: list[dict[str, Any]] = []
        findings: list[Finding] = []
        unknown = 0
        for one in criteria:
            kind = "exclusion" if one.excludes else "inclusion"
            met = {name: one.met(case) for name, case in found.cases.items()}
            findings += [
                Finding(where(name), f"does not meet the {kind} criterion {one.id}")
                for name, fits in met.items()
                if fits is False
            ]
            open_ = sum(fits is None for fits in met.values())
            unknown += open_
            rows.append(
                {
                    "criterion": one.id,
                    "kind": kind,
                    "met": sum(fits is True for fits in met.values()),
                    "not met": sum(fits is False for fits in met.values()),
                    "unknown": open_,
                }
            )
        figures = {"criteria": len(criteria), "cases": len(found.cases), "unknown": unknown}
        if unknown and not findings:
            answer = could_not(f"{unknown:,} answers are not known, for what the criteria ask is not stated", figures)
            return Answer(answer.outcome, answer.summary, figures, tables={"criteria": rows})
        return told(
            found,
            findings,
            len(found.cases),
            passed=f"all {{looked}} cases meet {len(criteria):,} criteria",
            failed="{total} times a case does not meet a criterion",
            figures=figures,
            tables={"criteria": rows},
        )

    def _criteria(self, subject: Subject) -> list[Criterion] | None:
        named = subject.threshold(self.id, "file", "")
        base = subject.project.root if subject.project is not None else Path()
        if named:
            return read(base / named)
        path = base / NAME
        return read(path) if subject.project is not None and path.exists() else None


check = Criteria()
