"""``representation/thin-strata``: no group of cases is too small to say anything of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from curator.audit.answers import not_applicable
from curator.audit.cases import Case, seen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.shown import site_names
from curator.audit.spread import ALL, CLAUSE, NOTHING, by_split
from curator.audit.told import told

KINDS = ("sex", "age", "race", "ethnicity", "site")


class ThinStrata:
    """Counts the cases of each combination of the properties that the settings name, split by split."""

    id = "representation/thin-strata"
    title = "Every group of cases is large enough, in every split"
    severity = Severity.MINOR
    clause = CLAUSE
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Count. ``by`` (``["sex", "age"]``) names the properties, ``least`` (10) the cases that a group needs."""
        by = [str(one) for one in subject.threshold(self.id, "by", ["sex", "age"]) if one in KINDS]
        least = subject.threshold(self.id, "least", 10)
        found = seen(subject)
        sites = site_names(found)

        def stratum(case: Case) -> tuple[str, ...]:
            values = {"sex": case.sex, "age": case.band, "site": sites[case.site]}
            return tuple(values.get(name) or case.group(name) for name in by)

        every = sorted({stratum(case) for case in found.cases.values()})
        rows: list[dict[str, Any]] = []
        findings = []
        groups = {name: cases for name, cases in by_split(found).items() if name != ALL or found.splits is None}
        for split, cases in groups.items():
            counts = Counter(map(stratum, cases))
            for values in every:
                told_of = NOTHING & set(values)
                thin = counts[values] < least and not told_of
                rows.append(
                    {"split": split, **dict(zip(by, values, strict=True)), "cases": counts[values], "thin": thin}
                )
                if thin:
                    name = split.strip("()")
                    findings.append(
                        Finding("split", f"{name}: a group of fewer than {least:,} cases by {', '.join(by)}")
                    )
        known = sum(not NOTHING & set(values) for values in every)
        apart = sum(bool(NOTHING & set(stratum(case))) for case in found.cases.values())
        besides = f"; {apart:,} cases of which not all is known are in no group" if apart else ""
        if every and not known and not found.unread:
            return not_applicable(f"of no case {' and '.join(by)} are known" if by else "the settings name no property")
        return told(
            found,
            findings,
            known,
            passed=f"{{looked}} groups have {least:,} cases or more in every split{besides}",
            failed=f"{{total}} groups have fewer than {least:,} cases{besides}",
            figures={"cases_in_no_group": apart},
            tables={"strata": rows},
        )


check = ThinStrata()
