"""The audit's settings: ``[audit]`` and ``[audit."<check id>"]`` of curator.toml, or of a file of an auditor's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from curator.audit.thresholds import check_thresholds, fits
from curator.core.errors import UsageError
from curator.core.schema import violation


def read_settings(path: Path) -> Mapping[str, Any]:
    """Read the table ``[audit]`` of a TOML file, for data that come without a project.

    Raises
    ------
    UsageError
        AUD-002 when it cannot be read, or does not follow the schema.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError("AUD-002", reason="the file cannot be read as TOML") from None
    table = raw.get("audit", {})
    filled = {"format": 1, "dataset": "d", "site": "s", "policy": "p", "project_date": "2000-01-01", "vault": "v"}
    place = violation("project", {**filled, "audit": table})
    if place is not None:
        raise UsageError("AUD-002", reason=f"see {place}")
    return dict(table)


def disabled(settings: Mapping[str, Any], known: Iterable[str]) -> frozenset[str]:
    """Return the ids of the checks that are switched off.

    Raises
    ------
    UsageError
        AUD-002 for an id, of a check or of a table of thresholds, that no check has: a slip would switch off nothing.
        Also for a threshold that a check of the program's own does not have, or a value that it cannot have.
    """
    from curator.audit.catalog import table

    there = set(known)
    off = frozenset(settings.get("disabled", ()))
    if off - there:
        raise UsageError("AUD-002", reason="'disabled' names a check that does not exist")
    if {name for name in settings if name != "disabled"} - there:
        raise UsageError("AUD-002", reason="a table of thresholds names a check that does not exist")
    ours = table()
    for name, given in settings.items():
        if name in ours:
            check_thresholds(name, given)
    return off


def threshold(settings: Mapping[str, Any], check: str, name: str, default: Any) -> Any:
    """Return a check's threshold, or the default.

    Parameters
    ----------
    settings
        The table ``[audit]``.
    check, name
        Id of the check and name of its threshold.
    default
        Gives the type, unless it is None: whole numbers may stand for fractions, not the other way about.

    Raises
    ------
    UsageError
        AUD-002 for a value of another type.
    """
    value = settings.get(check, {}).get(name, default)
    if not fits(value, default):
        raise UsageError("AUD-002", reason="a threshold is of another type than its default")
    return float(value) if type(default) is float else value
