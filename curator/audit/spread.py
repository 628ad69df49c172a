"""How cases are spread over the values of a property, split by split, and the check that each property has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from curator.audit.answers import not_applicable
from curator.audit.cases import CONFLICT, UNKNOWN, Case, Seen, seen
from curator.audit.model import Answer, Finding, Severity, Subject
from curator.audit.shares import wilson
from curator.audit.told import told

#: Values that say nothing of the case.
NOTHING = frozenset({UNKNOWN, CONFLICT, "Unknown", "Declined", "Not mapped"})
ALL = "(all)"
CLAUSE = "FDA AI-enabled device software functions (draft 2025), section VIII: representativeness"
#: What of a case is counted: one value, or several where a case may have them side by side.
Of = Callable[[Case], Iterable[str]]


def by_split(found: Seen) -> dict[str, list[Case]]:
    """Return the cases of each split, and of all splits together where there are several, in order."""
    made = {name: [case for case in found.cases.values() if case.split == name] for name in found.names}
    return {ALL: list(found.cases.values()), **made} if found.splits is not None else {ALL: [*found.cases.values()]}


def distribution(found: Seen, of: Of, order: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return a row for each value in each split: cases, share of the split's cases, 95 % interval (Wilson).

    Parameters
    ----------
    found
        The cases.
    of
        The values of a case; without any it counts as unknown.
    order
        Values that have a row even where nobody has them.
    """
    counts = {name: counted(cases, of) for name, cases in by_split(found).items()}
    there = {value for one in counts.values() for value in one}
    values = [*dict.fromkeys([*order, *sorted(there - NOTHING), *sorted(there & NOTHING)])]
    rows = []
    for name, cases in by_split(found).items():
        for value in values:
            hits = counts[name][value]
            low, high = wilson(hits, len(cases))
            share = hits / len(cases) if cases else None
            rows.append(
                {
                    "split": name,
                    "value": value,
                    "cases": hits,
                    "of": len(cases),
                    "share": share,
                    "low": low,
                    "high": high,
                }
            )
    return rows


def counted(cases: Iterable[Case], of: Of) -> Counter[str]:
    """Count cases by value; a case counts once for each of its values."""
    made: Counter[str] = Counter()
    for case in cases:
        made.update(set(of(case)) or {UNKNOWN})
    return made


@dataclass(frozen=True)
class Spread:
    """The check of one property: a table of it, the shares that the settings ask for, and what may be unknown.

    Parameters
    ----------
    id, title
        As :class:`curator.audit.model.Check`.
    word
        What the property is called.
    make
        Given the cases, returns the values of a case as a report may show them.
    order
        Values that have a row even where nobody has them.
    unknown
        The share of cases without it that is allowed where the settings say nothing.
    """

    id: str
    title: str
    word: str
    make: Callable[[Seen], Of]
    order: tuple[str, ...] = ()
    unknown: float = 0.5
    severity: Severity = Severity.MINOR
    clause: str = CLAUSE
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Count.

        ``most_unknown`` is the share of cases that may lack it; ``least`` maps values to the share that has to be
        reached in each split, and fails where the interval lies wholly below.
        """
        found = seen(subject)
        of = self.make(found)
        most = subject.threshold(self.id, "most_unknown", self.unknown)
        least: Mapping[str, float] = dict(subject.threshold(self.id, "least", {}))
        rows = distribution(found, of, dict.fromkeys([*self.order, *least]))
        findings = []
        for row in rows:
            wanted = least.get(row["value"])
            if wanted is not None and row["of"] and row["high"] < wanted:
                findings.append(Finding("split", f"{_plain(row['split'])}: a value of {self.word} is too rare"))
        total = len(found.cases)
        lacking = sum(set(of(case)) <= NOTHING for case in found.cases.values())
        if total and lacking / total > most:
            findings.append(Finding("column", f"{self.word} is not known for too many cases", lacking))
        values = {row["value"] for row in rows if row["cases"]} - NOTHING
        if not values and not findings and not found.unread:
            why = f"{self.word} is known of none of {total:,} cases" if total else "there is no case"
            return replace(not_applicable(why), figures={"cases": total, "unknown": lacking, "values": 0})
        return told(
            found,
            findings,
            total,
            passed=f"{len(values):,} values of {self.word} over {{looked}} cases, {lacking:,} not known",
            failed=f"{self.word}: {{total}} shares are not as asked",
            figures={"cases": total, "unknown": lacking, "values": len(values)},
            tables={self.word: rows},
        )


def _plain(split: str) -> str:
    return split.strip("()")
