"""What each reader's vote counts: from a file of weights, or from the reports of ``labels qualify``.

A reader without a weight is refused, not given one: a vote must not count by accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, UsageError
from curator.core.schema import violation

_LARGEST = 1 << 22


def load_json(path: Path, schema: str) -> Any:
    """Read a JSON document of one of the project's schemas.

    Raises
    ------
    UsageError
        CON-005 when it cannot be read, or does not follow the schema.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        made = strict_loads(data) if len(data) <= _LARGEST else None
    except (OSError, CuratorError):
        made = None
    if made is None:
        raise UsageError("CON-005", place="/")
    place = violation(schema, made)
    if place is not None:
        raise UsageError("CON-005", place=place)
    return made


def load_weights(paths: Iterable[Path]) -> dict[str, float]:
    """Read weights.

    Parameters
    ----------
    paths
        Documents of schemas/consensus-weights.schema.json, or reports of ``labels qualify``, whose measured accuracy is
        the weight.

    Returns
    -------
    dict
        Reader to weight, above 0.

    Raises
    ------
    UsageError
        CON-005; CON-006 for a reader with two weights, for none above 0, or for a report without an accuracy.
    """
    made: dict[str, float] = {}
    for path in paths:
        try:
            found = load_json(path, "consensus-weights")["weights"]
        except UsageError:
            told = load_json(path, "qualify-report")
            accuracy = (told["overall"].get("accuracy") or {}).get("value")
            found = {told["reader"]: accuracy}
        for reader, weight in found.items():
            if reader in made or weight is None or not 0 < weight < float("inf"):
                raise UsageError("CON-006")
            made[reader] = float(weight)
    return made


def require_all(weights: dict[str, float], readers: Iterable[str]) -> None:
    """Refuse readers without a weight (CON-007)."""
    lacking = len(set(readers) - weights.keys())
    if weights and lacking:
        raise UsageError("CON-007", count=lacking)
