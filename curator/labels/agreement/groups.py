"""Levels of groups for signed labels: guideline versions and periods from the records, others from a user's table.

The table names samples or readers and says of each what the records do not: site, vendor, device. What a report would
show of it must look like a level, never like a name, a day or a number of a record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from curator.core.errors import UsageError
from curator.labels.agreement.columns import presentable
from curator.labels.agreement.read import PERIODS, period_of
from curator.labels.opinions import Opinion

GUIDELINE, PERIOD = "guideline", "period"
MIXED, NONE = "(different)", "(none)"
_MOST = 64 << 20


@dataclass(frozen=True)
class Groups:
    """What groups there are and which level each reading has.

    Parameters
    ----------
    records
        Which of guideline and period to report.
    period
        Of ``year``, ``quarter``, ``month``.
    samples, readers
        Name of the group to sample (as named in the table) or reader to level.
    """

    records: tuple[str, ...] = ()
    period: str = "quarter"
    samples: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    readers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the names of all groups."""
        return [*self.records, *self.samples, *self.readers]

    def level(self, name: str, one: Opinion) -> str:
        """Return a reading's level."""
        if name == GUIDELINE:
            return one.guideline
        if name == PERIOD:
            return period_of(one.at[:7], self.period)
        return self.stated(name, one.author, (one.sample, f"sha256:{one.sha256}", one.sha256, one.path))

    def stated(self, name: str, reader: str, ways: Iterable[str]) -> str:
        """Return the level that the table states of a reader, or of a sample by any of its names; ``(none)`` else."""
        if name in self.readers:
            return self.readers[name].get(reader, NONE)
        table = self.samples[name]
        return next((table[way] for way in ways if way in table), NONE)

    def shared(self, name: str, of: Iterable[Opinion]) -> str:
        """Return the level that several readings share, :data:`MIXED` when they differ; of periods the last."""
        levels = sorted({self.level(name, one) for one in of})
        if name == PERIOD:
            return levels[-1]
        return levels[0] if len(levels) == 1 else MIXED


def read_groups(path: Path | None, records: Iterable[str] = (), period: str = "quarter") -> Groups:
    """Read a table of groups.

    Parameters
    ----------
    path
        CSV with a first column ``sample`` or ``reader``; None for groups of the records alone.
    records, period
        As :class:`Groups` has them.

    Raises
    ------
    UsageError
        AGR-035 when it is no such table or a group is not known, AGR-005 for levels that may identify.
    """
    chosen = tuple(dict.fromkeys(records))
    if period not in PERIODS or not set(chosen) <= {GUIDELINE, PERIOD}:
        raise UsageError("AGR-035", why="of the records there are guideline and period")
    if path is None:
        return Groups(chosen, period)
    rows = _rows(path)
    head, body = rows[0], rows[1:]
    owner, *names = head
    if owner not in {"sample", "reader"} or not names or len(set(names)) != len(names):
        raise UsageError("AGR-035", why="its header is not sample or reader and the names of groups")
    if {GUIDELINE, PERIOD} & set(names):
        raise UsageError("AGR-035", why="guideline and period come from the records")
    presentable(names, "--groups")
    presentable([level for row in body for level in row[1:] if level], "--groups")
    if len({row[0] for row in body}) != len(body):
        raise UsageError("AGR-035", why="a sample or reader stands in it twice")
    made = {name: {row[0]: row[at] or NONE for row in body} for at, name in enumerate(names, 1)}
    return Groups(chosen, period, made, {}) if owner == "sample" else Groups(chosen, period, {}, made)


def _rows(path: Path) -> list[list[str]]:
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST else b""
        text = data.decode("utf-8-sig")
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=True) if row]
    except (OSError, ValueError, csv.Error):
        raise UsageError("AGR-035", why="it is no CSV in UTF-8") from None
    if len(rows) < 2 or any(len(row) != len(rows[0]) or not row[0] for row in rows):
        raise UsageError("AGR-035", why="it has no rows, or some are longer or shorter than its header")
    return rows
