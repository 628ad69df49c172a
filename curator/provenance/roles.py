"""Which role allows what, from ``roles.toml`` (21 CFR 11.10(d), (g)). Decides nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from curator.core.errors import UsageError

AUTHORSHIP = "authorship"
ATTESTATION = "import-attestation"


@cache
def _table() -> tuple[tuple[str, ...], dict[str, frozenset[str]]]:
    doc = tomllib.loads(resources.files("curator.provenance").joinpath("roles.toml").read_text(encoding="utf-8"))
    return tuple(doc["roles"]), {action: frozenset(roles) for action, roles in doc["allows"].items()}


def all_roles() -> tuple[str, ...]:
    """Return every role, in the table's order."""
    return _table()[0]


def allowed(roles: Iterable[str], action: str) -> bool:
    """Say whether one of some roles allows an action of the table."""
    return not _table()[1][action].isdisjoint(roles)


def acting_role(roles: Iterable[str], action: str) -> str:
    """Return the first role, in the table's order, in which a person may do something.

    Raises
    ------
    UsageError
        KEY-011 when none of the roles allows it.
    """
    held = set(roles)
    for role in all_roles():
        if role in held and role in _table()[1][action]:
            return role
    raise UsageError("KEY-011", what=action)


def actions() -> dict[str, frozenset[str]]:
    """Return every action with the roles that allow it."""
    return dict(_table()[1])
