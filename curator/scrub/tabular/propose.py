"""Proposed roles of a file's columns, for a person to look at. It hands out names of columns, never values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from curator.scrub.policy.model import Policy
from curator.scrub.tabular.medium import all_planned, tables_of
from curator.scrub.tabular.plan import Planned
from curator.scrub.tabular.roles import Role
from curator.scrub.treatment import Treatment


@dataclass(frozen=True)
class Proposal:
    """What would become of one column.

    Parameters
    ----------
    table, position
        Number of the table in the file and of the column in the table, from 1.
    name
        As it stands in the clean file, or, when nobody lists it, in the source: then perhaps an identifier itself.
    listed
        Whether the program's table or the policy has the name.
    role
        The role's word.
    why
        The reason.
    """

    table: int
    position: int
    name: str = field(repr=False)
    listed: bool
    role: str
    why: str


def proposals(stream: BinaryIO, policy: Policy) -> list[Proposal]:
    """Propose roles for all columns of a file, reading all of it once.

    Raises
    ------
    ItemError
        When it cannot be read whole.
    """
    # No value is cleaned here, so the secrets are none.
    treatment = Treatment(policy, bytes(32), bytes(32), "20260101")
    kind, tables = tables_of(stream)
    plans = {id(table): plan for table, plan in all_planned(kind, tables, treatment)}
    found: list[Proposal] = []
    for number, table in enumerate(tables, 1):
        if id(table) in plans:
            found.extend(_proposal(number, one, table.names[one.at]) for one in plans[id(table)].columns)
        else:
            found.extend(
                Proposal(number, at, name, False, Role.DROP.value, "sheet of remarks")
                for at, name in enumerate(table.names, 1)
            )
    return found


def _proposal(table: int, one: Planned, name: str) -> Proposal:
    listed = one.why != "unknown name"
    return Proposal(
        table, one.at + 1, (one.name or one.spec.place) if listed else name, listed, one.role.value, one.why
    )
