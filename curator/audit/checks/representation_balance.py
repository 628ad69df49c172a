"""``representation/balance``: splits do not differ in who is in them, by standardized differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.audit.assignments import NONE, without
from curator.audit.cases import Case, Seen, seen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.shown import class_names, device_names, site_names
from curator.audit.spread import CLAUSE, Of, counted
from curator.audit.stats import mean_difference, share_difference
from curator.audit.told import told


class Balance:
    """Compares each split with the first: mean age, and the share of each value of every other property."""

    id = "representation/balance"
    title = "Splits do not differ in who is in them by more than the project allows"
    severity = Severity.MINOR
    clause = CLAUSE
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Compare the near end of the interval with ``most`` (0.2); a difference without a measure counts as more."""
        found = seen(subject)
        if found.splits is None:
            return without(subject)
        most = subject.threshold(self.id, "most", 0.2)
        splits = {
            name: [case for case in found.cases.values() if case.split == name] for name in found.names if name != NONE
        }
        names = list(splits)
        rows: list[dict[str, Any]] = []
        findings = []
        for name in names[1:]:
            for what, value, made in _compared(found, splits[names[0]], splits[name]):
                row: dict[str, Any] = {"split": name, "against": names[0], "what": what, "value": value}
                row |= dict(zip(("difference", "low", "high"), made or (None, None, None), strict=True))
                rows.append(row)
                if made is not None and max(made[1], -made[2]) > most:
                    findings.append(Finding("split", f"{name}: {what} differs by surely more than {most:g}"))
        largest = max((abs(row["difference"]) for row in rows if row["difference"] is not None), default=0.0)
        return told(
            found,
            findings,
            len(rows),
            passed=f"of {{looked}} differences the largest is {largest:.3f}; none is surely above {most:g}",
            failed="{total} differences between splits are surely above what is allowed",
            figures={"largest": largest, "most": most},
            tables={"standardized differences": rows},
        )


def _compared(
    found: Seen, one: list[Case], two: list[Case]
) -> Iterator[tuple[str, str, tuple[float, float, float] | None]]:
    ages = [[case.age for case in cases if case.age is not None] for cases in (one, two)]
    yield "age", "mean", mean_difference(*ages)
    for what, of in _properties(found).items():
        counts = counted(one, of), counted(two, of)
        for value in sorted(counts[0].keys() | counts[1].keys()):
            pairs = [(count[value], len(cases)) for count, cases in zip(counts, (one, two), strict=True)]
            if all(total for _, total in pairs):
                yield what, value, share_difference(*pairs)


def _properties(found: Seen) -> dict[str, Of]:
    sites, devices, classes = site_names(found), device_names(found), class_names(found)
    return {
        "sex": lambda case: (case.sex,),
        "race": lambda case: (case.group("race"),),
        "ethnicity": lambda case: (case.group("ethnicity"),),
        "site": lambda case: (sites[case.site],),
        "device": lambda case: devices[case.name],
        "condition": lambda case: {classes[one] for one in case.classes},
    }


check = Balance()
