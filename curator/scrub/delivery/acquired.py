"""The true period of acquisition of a delivery: days in the vault, years in the journal, kept before dates are shifted.

Counts the studies' first days of the DICOM files that the plan takes on for cleaning. A year is no identifier
(45 CFR 164.514(b)(2)(i)(C)); the days stay in the vault.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.scrub.delivery.state import Shelf

#: Days outside of these say nothing: there was no X-ray before, and a far day is a placeholder for "never".
EARLIEST, BEFORE = "18951108", "21000101"
#: The vault's document with the days, and the journal's with the years.
NAME = "acquired"


def acquired(shelf: Shelf, site: str) -> dict[str, Any]:
    """Return the first and last day of acquisition of a planned delivery.

    Parameters
    ----------
    shelf
        The delivery's documents, harvest and plan among them.
    site
        The site's id.

    Returns
    -------
    dict
        ``site``, ``first`` and ``last`` (YYYYMMDD, or None where no file states a day), ``dated`` and ``undated``
        (numbers of files). For the vault.
    """
    first = last = None
    dated = undated = 0
    for day in _days(shelf):
        if EARLIEST <= day < BEFORE:
            first, last = min(day, first or day), max(day, last or day)
            dated += 1
        else:
            undated += 1
    return {"format": 1, "site": site, "first": first, "last": last, "dated": dated, "undated": undated}


def _days(shelf: Shelf) -> Iterator[str]:
    """Yield the first day that each file to be cleaned states, empty where it states none."""
    for number in shelf.numbers("plan"):
        firsts = {row["source"]: row["dicom"]["first"] for row in shelf.need(f"harvest/{number:08d}") if row["dicom"]}
        for row in shelf.need(f"plan/{number:08d}"):
            if row["do"] == "scrub" and row["source"] in firsts:
                yield (firsts[row["source"]] or [""])[0]


def published(told: dict[str, Any]) -> dict[str, Any]:
    """Return what may be published of a period: years, and no day."""
    years = {name: int(told[day][:4]) if told[day] else None for name, day in (("from", "first"), ("to", "last"))}
    return {"format": 1, "sites": [{"site": told["site"], **years, "files": told["dated"], "undated": told["undated"]}]}
