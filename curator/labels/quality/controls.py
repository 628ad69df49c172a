"""Control items with known answers, planted among the work: sealed before, opened after, each reader's rate with power.

The list is sealed by the digest of a salted file, so that nobody can try answers against the ledger, nor change the
answers once the reads are in. Rates are exact; a reader is below what is asked for only if the whole interval is.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import translated
from curator.labels.quality.sheets import MAX_BYTES, read_rows, write_once
from curator.labels.quality.tails import binomial_below, clopper_pearson

SALT_BYTES = 16
MAX_ITEMS = 1000
SAW = 40
BELOW, MEETS, OPEN = "below", "meets", "open"


@dataclass(frozen=True)
class Sealed:
    """A sealed list: unit to the right class, and the digest of its file."""

    answers: Mapping[str, str]
    sha256: str


def seal(path: Path, out: Path) -> Sealed:
    """Write a list of control items (unit,answer) with salts, to be kept apart until the reads are in.

    A list of these very answers that stands there already is taken as it is: another run may have been interrupted.

    Raises
    ------
    UsageError
        QUA-015 for a list that cannot be taken, QUA-018 for a unit that stands twice, QUA-040 without any; CON-009 when
        anything else stands at `out`: a sealed list that is lost can never be scored.
    """
    rows = read_rows(path, ("unit", "answer"))
    _check(rows)
    if out.exists():
        try:
            before = opened(out)
        except UsageError:
            raise UsageError("CON-009") from None
        if before.answers != {one["unit"]: one["answer"] for one in rows}:
            raise UsageError("CON-009")
        return before
    write_once(
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
    """Return the most right answers with which the whole interval lies below (-1: none does).

    The upper bound lies below `least` just when so few right ones have at most half the level's rest of a chance there.
    """
    right = -1
    while right + 1 < items and binomial_below(right + 1, items, least) < (1 - level) / 2:
        right += 1
    return right


def items_for(least: float, poor: float, wanted: float, level: float = 0.95, most: int = MAX_ITEMS) -> int | None:
    """Return the fewest items from which on the power reaches `wanted`, up to `most`; None when none does."""
    if power(most, least, poor, level) < wanted:
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        if power(middle, least, poor, level) >= wanted:
            high = middle
        else:
            low = middle + 1
    # The power goes up and down by a little from one number to the next: the last that falls short is looked for.
    first = max(1, low - SAW)
    return max(
        (n + 1 for n in range(first, min(most, low + SAW)) if power(n, least, poor, level) < wanted), default=low
    )


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
