"""All checks, in the order of the protocol (IQ, then OQ by clause), and the choice among them.

A new file of checks has to be named in :data:`FILES`; a new check only has to stand in one of them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from curator.core.errors import UsageError
from curator.validation.clauses import clauses
from curator.validation.model import Check

FILES = (
    "installation",
    "machine",
    "records",
    "trail",
    "authority",
    "signatures",
    "identity",
    "credentials",
    "life",
    "evidence",
    "care",
)


@cache
def catalog() -> tuple[Check, ...]:
    """Return every check.

    Raises
    ------
    ValueError
        When two checks share an id.
    """
    found = [one for name in FILES for one in import_module(f"curator.validation.checks.{name}").check.checks]
    order = {one.id: number for number, one in enumerate(clauses())}
    found.sort(key=lambda one: order[one.clause] if one.id.startswith("OQ") else -1)
    if len({one.id for one in found}) != len(found):
        raise ValueError("two checks share an id")
    return tuple(found)


def chosen(wanted: tuple[str, ...]) -> tuple[Check, ...]:
    """Return the checks that are named by id or by the beginning of ids, such as ``OQ`` or ``OQ-11.70``.

    Raises
    ------
    UsageError
        VAL-001 when one of the names fits no check.
    """
    if not wanted:
        return catalog()

    def fits(one: Check, name: str) -> bool:
        return one.id == name or one.id.startswith(f"{name}-")

    if any(not any(fits(one, name) for one in catalog()) for name in wanted):
        raise UsageError("VAL-001")
    return tuple(one for one in catalog() if any(fits(one, name) for name in wanted))
