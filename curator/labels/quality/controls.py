"""Control items with known answers, planted among the work: sealed before, opened after, each reader's rate with power.

The list is sealed by the digest of a salted file, so that nobody can try answers against the ledger, nor change the
answers once the reads are in. Rates are exact; a reader is below what is asked for only if the whole interval is.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import translated
from curator.labels.quality.sheets import MAX_BYTES, read_rows, write_rows
from curator.labels.quality.tails import binomial_below, clopper_pearson

SALT_BYTES = 16
BELOW, MEETS, OPEN = "below", "meets", "open"


@dataclass(frozen=True)
class Sealed:
    """A sealed list: unit to the right class, and the digest of its file."""

    answers: Mapping[str, str]
    sha256: str


def seal(path: Path, out: Path) -> Sealed:
    """Write a list of control items (unit,answer) with salts, to be kept apart until the reads are in.

    Raises
    ------
    UsageError
        QUA-015 for a list that cannot be taken, QUA-018 for a unit that stands twice, QUA-040 without any.
    """
    rows = read_rows(path, ("unit", "answer"))
    _check(rows)
    write_rows(
        out, ("unit", "answer", "salt"), [(one["unit"], one["answer"], secrets.token_hex(SALT_BYTES)) for one in rows]
    )
    return opened(out)


def opened(path: Path) -> Sealed:
    """Read a sealed list (errors as :func:`seal`)."""
    rows = read_rows(path, ("unit", "answer", "salt"))
    _check(rows)
    with translated(), path.open("rb") as stream:
        data = stream.read(MAX_BYTES)
    return Sealed({one["unit"]: one["answer"] for one in rows}, hashlib.sha256(data).hexdigest())


def _check(rows: list[dict[str, str]]) -> None:
    units = {one["unit"] for one in rows}
    if len(units) != len(rows):
        raise UsageError("QUA-018", count=len(rows) - len(units))
    if not rows or any(not one["unit"] or not one["answer"] for one in rows):
        raise UsageError("QUA-040")


def require_sealed(sealed: Sealed, known: tuple[str, int] | None) -> None:
    """Refuse a list that is not the one that was sealed (UsageError QUA-041, IntegrityError QUA-042)."""
    if known is None:
        raise UsageError("QUA-041")
    if known[0] != sealed.sha256:
        raise IntegrityError("QUA-042")


@cache
def power(items: int, least: float, poor: float, level: float) -> float:
    """Return the chance that a reader of true rate `poor` is shown to be below `least` with so many items."""
    return binomial_below(_most_below(items, least, level), items, poor)


def _most_below(items: int, least: float, level: float) -> int:
    """Return the most right answers with which the whole interval lies below (-1: none does)."""
    return _last(lambda right: clopper_pearson(right, items, level)[1] < least, items)


def _last(holds: Callable[[int], bool], items: int) -> int:
    low, high = -1, items
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def items_for(least: float, poor: float, wanted: float, level: float = 0.95, most: int = 5000) -> int | None:
    """Return the fewest items with which the power reaches `wanted` and stays there; None above `most`."""
    found = None
    for items in range(1, most + 1):
        if power(items, least, poor, level) >= wanted:
            found = found or items
            if items >= found + 20:
                return found
        else:
            found = None
    return None


def rates(
    sealed: Sealed,
    rows: list[dict[str, str]],
    *,
    least: float = 0.9,
    poor: float = 0.7,
    level: float = 0.95,
) -> list[dict[str, Any]]:
    """Return each reader's rate of right answers.

    Parameters
    ----------
    sealed
        The list.
    rows
        Reads with ``unit``, ``reader`` and ``value``; an empty value was not read. Each reader's first read of an item
        counts.
    least
        The rate that is asked for.
    poor
        The rate that the power is stated for.
    level
        Coverage of the intervals.

    Raises
    ------
    UsageError
        QUA-043 when nobody read a control item.
    """
    first: dict[tuple[str, str], bool] = {}
    for row in rows:
        if row["unit"] in sealed.answers and row["value"] and row["reader"]:
            first.setdefault((row["reader"], row["unit"]), row["value"] == sealed.answers[row["unit"]])
    if not first:
        raise UsageError("QUA-043")
    made = []
    for reader in sorted({who for who, _ in first}):
        own = [right for (who, _), right in first.items() if who == reader]
        low, high = clopper_pearson(sum(own), len(own), level)
        made.append(
            {
                "reader": reader,
                "items": len(own),
                "right": sum(own),
                "low": low,
                "high": high,
                "power": power(len(own), least, poor, level),
                "outcome": BELOW if high < least else MEETS if low >= least else OPEN,
            }
        )
    return made
