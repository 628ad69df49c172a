"""Which thresholds the program's own checks have: ``thresholds.toml``, against which settings are held before an audit.

A threshold that is misspelled would ask for nothing, and one that is given in percent would never be missed: both are
refused. Checks of others say themselves what they ask for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from curator.core.errors import UsageError


@cache
def known() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the thresholds by check and name, each with ``default``, ``says``, and what bounds it."""
    text = resources.files("curator.audit").joinpath("thresholds.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))


def fits(value: Any, default: Any) -> bool:
    """Say whether a value is of a default's type; whole numbers may stand for fractions, not the other way about."""
    return (
        default is None
        or type(value) is type(default)
        or (type(default) is float and type(value) is int)
        or (isinstance(default, list | tuple) and isinstance(value, list | tuple))
    )


def check_thresholds(check: str, table: Mapping[str, Any]) -> None:
    """Hold the settings of one of the program's own checks against what it has.

    Parameters
    ----------
    check
        Id of the check.
    table
        ``[audit."<check>"]``.

    Raises
    ------
    UsageError
        AUD-002 for a threshold that the check does not have, or a value that it cannot have.
    """
    there = known().get(check, {})
    if set(table) - set(there):
        has = f"it has {', '.join(sorted(there))}" if there else "it has none"
        raise UsageError("AUD-002", reason=f"a threshold of {check} is none that this check has; {has}")
    for name, value in table.items():
        why = _wrong(value, there[name])
        if why:
            raise UsageError("AUD-002", reason=f"{name} of {check} {why}")


def _wrong(value: Any, row: Mapping[str, Any]) -> str:
    """Return what is wrong with a value, empty where nothing is."""
    if not fits(value, row["default"]):
        return "is of another type than its default"
    low, high = row.get("low"), row.get("high")
    each = list(value.values()) if isinstance(value, dict) else [value]
    if low is not None or high is not None:
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in each):
            return "holds what is no number"
        if any(not (low is None or one >= low) or not (high is None or one <= high) for one in each):
            return f"is not between {low:g} and {high:g}" if high is not None else f"is below {low:g}"
    words = row.get("of_one")
    if words and not set(value if isinstance(value, list) else [value]) <= set(words):
        return f"is none of {', '.join(words)}"
    return ""
