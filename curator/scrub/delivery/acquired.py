"""The true period of acquisition of a delivery: days in the vault, years in the journal, kept before dates are shifted.

Counts the studies' first days of the DICOM files that the plan takes on for cleaning. A year is no identifier
(45 CFR 164.514(b)(2)(i)(C)); the days stay in the vault.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

#: Days outside of these say nothing: there was no X-ray before, and a far day is a placeholder for "never".
EARLIEST, BEFORE = "18951108", "21000101"
#: The vault's document with the days, and the journal's with the years.
NAME = "acquired"


@dataclass
class Period:
    """The first and last day of acquisition of a delivery, while its files are planned.

    Attributes
    ----------
    first, last
        YYYYMMDD, or None while no file states a day.
    dated, undated
        Numbers of files to be cleaned that state a day of use, and that state none.
    """

    first: str | None = None
    last: str | None = None
    dated: int = 0
    undated: int = 0

    def add(self, row: dict[str, Any], plan: dict[str, Any]) -> None:
        """Count a file by its rows of harvest and plan."""
        if plan["do"] != "scrub" or not row["dicom"]:
            return
        day = (row["dicom"]["first"] or [""])[0]
        if EARLIEST <= day < BEFORE:
            self.first, self.last = min(day, self.first or day), max(day, self.last or day)
            self.dated += 1
        else:
            self.undated += 1

    def document(self, site: str) -> dict[str, Any]:
        """Return the vault's document: ``site`` and the attributes."""
        return {"format": 1, "site": site, **asdict(self)}


def published(told: dict[str, Any]) -> dict[str, Any]:
    """Return what may be published of a period: years, and no day."""
    years = {name: int(told[day][:4]) if told[day] else None for name, day in (("from", "first"), ("to", "last"))}
    return {"format": 1, "sites": [{"site": told["site"], **years, "files": told["dated"], "undated": told["undated"]}]}
