"""Automation bias: how often proposals stay unchanged, against how often blind reads of such units say the same.

Needs reads of two arms, ``shown`` and ``blind``, to which units were sent by chance (:func:`rereads` draws them). The
p-value is that of Fisher's exact test (R. A. Fisher, Statistical Methods for Research Workers, 1934, section 21.02),
one-sided: more of the same when the proposal is shown.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

from curator.core.errors import UsageError
from curator.labels.quality.seed import seed_of
from curator.labels.quality.tails import clopper_pearson, hypergeometric_below

SHOWN, BLIND = "shown", "blind"
_PERCENT = (10, 25, 50, 75, 90)


def fisher(one: int, of_one: int, two: int, of_two: int) -> float:
    """Return the one-sided p-value that the first share is not the greater one."""
    if not (of_one and of_two):
        return 1.0
    # By the other outcome's count, so that small values are summed and not what is left of 1.
    return hypergeometric_below(of_one - one, of_one, of_one + of_two - one - two, of_one + of_two)


def measure(rows: list[dict[str, str]], level: float = 0.95) -> dict[str, Any]:
    """Measure automation bias of all readers together and of each.

    Parameters
    ----------
    rows
        Reads with ``unit``, ``reader``, ``value``, ``proposal``, ``arm`` (shown or blind) and, where known,
        ``seconds``. Reads without a value or a proposal are passed over.
    level
        Coverage of the intervals.

    Raises
    ------
    UsageError
        QUA-044 for another arm or seconds that are no number above 0; QUA-045 without a read of the arm shown; QUA-059
        for reads that stand more than once, which would count as often.
    """
    used = [row for row in rows if row["value"] and row["proposal"]]
    odd = sum(row["arm"] not in {SHOWN, BLIND} or not _seconds_fine(row.get("seconds", "")) for row in used)
    if odd:
        raise UsageError("QUA-044", count=odd)
    twice = len(used) - len({(row["unit"], row["reader"], row["arm"]) for row in used})
    if twice:
        raise UsageError("QUA-059", count=twice)
    if not any(row["arm"] == SHOWN for row in used):
        raise UsageError("QUA-045")
    readers = sorted({row["reader"] for row in used})
    each: list[dict[str, Any]] = []
    for name in readers:
        own = [row for row in used if row["reader"] == name]
        if any(row["arm"] == SHOWN for row in own):
            each.append({"reader": name, **_block(own, level)})
    return {"format": 1, "level": level, "all": _block(used, level), "readers": each}


def _seconds_fine(text: str) -> bool:
    try:
        return not text or 0 < float(text) < 1e9
    except ValueError:
        return False


def _block(rows: Sequence[dict[str, str]], level: float) -> dict[str, Any]:
    same = {arm: [row["value"] == row["proposal"] for row in rows if row["arm"] == arm] for arm in (SHOWN, BLIND)}
    kept, blind = sum(same[SHOWN]), sum(same[BLIND])
    low, high = clopper_pearson(kept, len(same[SHOWN]), level)
    times: dict[str, list[float]] = {"kept": [], "changed": [], "blind": []}
    for row in rows:
        if row.get("seconds"):
            what = "blind" if row["arm"] == BLIND else "kept" if row["value"] == row["proposal"] else "changed"
            times[what].append(float(row["seconds"]))
    return {
        "shown": len(same[SHOWN]),
        "unchanged": kept,
        "low": low,
        "high": high,
        "blind": len(same[BLIND]),
        "blindSame": blind,
        "difference": kept / len(same[SHOWN]) - blind / len(same[BLIND]) if same[BLIND] else None,
        "p": fisher(kept, len(same[SHOWN]), blind, len(same[BLIND])) if same[BLIND] else None,
        "seconds": {name: _quantiles(values) for name, values in times.items()},
    }


def _quantiles(values: Sequence[float]) -> list[float] | None:
    """Return the 10, 25, 50, 75 and 90 percent points (nearest rank), None without any."""
    ordered = sorted(values)
    return [ordered[-(-part * len(ordered) // 100) - 1] for part in _PERCENT] if ordered else None


def rereads(rows: list[dict[str, str]], share: float, seed: str, *, same_reader: bool) -> list[tuple[str, str]]:
    """Draw units to be read again blind, and by whom.

    Parameters
    ----------
    rows
        Reads with ``unit`` and ``reader``.
    share
        Of the units, above 0 to 1.
    seed
        Text; same seed, same list.
    same_reader
        True sends a unit to one who read it, for that one's own bias; False to one who did not.

    Returns
    -------
    list
        Pairs of unit and reader in the order of the draw.

    Raises
    ------
    UsageError
        QUA-046 for a share out of range, or where nobody is left to read.
    """
    who: dict[str, set[str]] = {}
    for row in rows:
        if row["unit"] and row["reader"]:
            who.setdefault(row["unit"], set()).add(row["reader"])
    everybody = set().union(*who.values()) if who else set()
    if not 0 < share <= 1 or not who:
        raise UsageError("QUA-046")
    key = seed_of(seed.encode())

    def rank(*names: str) -> bytes:
        return hmac.digest(
            key, b"".join(len(name.encode()).to_bytes(4, "big") + name.encode() for name in names), "sha256"
        )

    count = max(1, round(share * len(who)))
    made = []
    for unit in sorted(who, key=rank)[:count]:
        able = sorted(who[unit] if same_reader else everybody - who[unit], key=lambda name: rank(unit, name))
        if not able:
            raise UsageError("QUA-046")
        made.append((unit, able[0]))
    return made
