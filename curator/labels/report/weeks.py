"""Labels and agreement by ISO week of the stated time of reading: how much is done, and whether it drifts.

The times are those that readers or their tools claim (labeledAt), not those of the signatures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from curator.labels.opinions import Opinion
from curator.labels.report.material import Kind

#: Weeks of one chart: ten years. What lies before is said to be left out.
WEEKS = 522


@dataclass(frozen=True)
class Weekly:
    """Numbers by week: ISO weeks in order without gaps, and for each name a number a week."""

    weeks: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]


def week_of(at: str) -> str:
    """Return the ISO week of a time, such as ``2026-W09``."""
    year, week, _ = date.fromisoformat(at[:10]).isocalendar()
    return f"{year}-W{week:02}"


def weeks_between(first: str, last: str) -> tuple[str, ...]:
    """Return all ISO weeks from one to another, at most the last :data:`WEEKS`."""
    day, end = _monday(first), _monday(last)
    day = max(day, end - timedelta(weeks=WEEKS - 1))
    made = []
    while day <= end:
        made.append(week_of(day.isoformat()))
        day += timedelta(weeks=1)
    return tuple(made)


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def throughput(used: Sequence[Opinion]) -> Weekly:
    """Count readings by reader and week; a week without one counts 0."""
    counted = Counter((one.author, week_of(one.at)) for one in used)
    weeks = weeks_between(min(week for _, week in counted), max(week for _, week in counted))
    readers = sorted({reader for reader, _ in counted})
    return Weekly(weeks, tuple((name, tuple(float(counted[name, week]) for week in weeks)) for name in readers))


def drift(kind: Kind, weeks: tuple[str, ...]) -> Weekly | None:
    """Average each reader's agreement with the others by week; a week without a comparison is a gap."""
    held: dict[tuple[str, str], list[float]] = defaultdict(list)
    for reader, at, score in kind.scores:
        held[reader, week_of(at)].append(score)
    readers = sorted({reader for reader, _ in held})
    if not readers:
        return None
    series = tuple(
        (name, tuple(sum(each) / len(each) if (each := held.get((name, week))) else None for week in weeks))
        for name in readers
    )
    return Weekly(weeks, series)
