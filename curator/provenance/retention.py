"""Until when to keep a ledger: six years from the newest record (45 CFR 164.316(b)(2)(i)). Gives no legal advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from curator.provenance.log import Log

YEARS = 6


@dataclass(frozen=True)
class Retention:
    """Number of records, times of the earliest and the latest signature, and the first day after six years."""

    records: int
    oldest: str
    newest: str
    keep_until: str

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain fields."""
        return {
            "records": self.records,
            "oldest": self.oldest,
            "newest": self.newest,
            "keepUntil": self.keep_until,
            "rule": "45 CFR 164.316(b)(2)(i)",
        }


def retention(log: Log) -> Retention:
    """Return from when to when the records of a verified ledger run, and until when to keep them at least."""
    times = [row.record.predicate["signedAt"] for row in log.rows()]
    newest = date.fromisoformat(max(times)[:10])
    try:
        last = newest.replace(year=newest.year + YEARS)
    except ValueError:  # the 29th of February
        last = date(newest.year + YEARS, 3, 1)
    return Retention(len(times), min(times), max(times), last.isoformat())
