"""``representation/power``: planned analyses of subgroups have the cases that they need."""

from __future__ import annotations

from typing import Any

from curator.audit.answers import not_applicable
from curator.audit.cases import seen
from curator.audit.criteria import compare, is_sound
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.stats import cases_needed, half_width, power
from curator.audit.told import told
from curator.core.errors import UsageError
from curator.core.schema import violation


class Power:
    """Counts the cases of each planned analysis and works out what they can show."""

    id = "representation/power"
    title = "Every planned subgroup has the cases that its analysis needs"
    severity = Severity.MAJOR
    clause = "FDA AI-enabled device software functions (draft 2025), section IX: subgroup analyses"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Work out. ``analyses`` lists them (schemas/planned-analyses.schema.json).

        Raises
        ------
        UsageError
            AUD-002 for a list that does not follow its schema.
        """
        planned = list(subject.threshold(self.id, "analyses", []))
        if not planned:
            return not_applicable("the settings name no planned analysis")
        if violation("planned-analyses", planned) is not None or not all(
            is_sound(one) for plan in planned for one in plan.get("where", ())
        ):
            raise UsageError("AUD-002", reason="a planned analysis does not follow its schema")
        found = seen(subject)
        rows: list[dict[str, Any]] = []
        findings = []
        for plan in planned:
            split = plan.get("split", "test")
            cases = [case for case in found.cases.values() if found.splits is None or case.split == split]
            total = sum(all(compare(case, one) is True for one in plan.get("where", ())) for case in cases)
            row = _row(plan, total, "(all)" if found.splits is None else split)
            rows.append(row)
            if not row["enough"]:
                findings.append(Finding("group", f"the analysis {plan['id']} has too few cases", total))
        return told(
            found,
            findings,
            len(rows),
            passed="{looked} planned analyses have enough cases",
            failed="{total} planned analyses have too few cases",
            tables={"planned analyses": rows},
        )


def _row(plan: dict[str, Any], total: int, split: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "analysis": plan["id"],
        "metric": plan["metric"],
        "split": split,
        "cases": total,
        "expected": plan["expected"],
        "half width": half_width(plan["expected"], total),
        "power": None,
        "cases needed": None,
    }
    enough = total > 0
    if "half_width" in plan:
        enough = enough and row["half width"] <= plan["half_width"]
    if "null" in plan:
        alpha, wanted = plan.get("alpha", 0.05), plan.get("power", 0.8)
        row["power"] = power(total, plan["null"], plan["expected"], alpha)
        row["cases needed"] = cases_needed(plan["null"], plan["expected"], alpha, wanted)
        enough = enough and plan["null"] < plan["expected"] and row["power"] >= wanted
    row["enough"] = enough
    return row


check = Power()
