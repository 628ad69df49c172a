"""The clauses of 21 CFR Part 11 in short, and the duties of the customer, from ``data/``. Decides nothing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Clause:
    """A clause.

    Parameters
    ----------
    id
        Such as ``11.10(a)``.
    asks
        What it asks for, in short.
    commands
        Commands of the program that support it.
    program
        How they do.
    duty
        Ids of the customer's duties.
    alone
        True where no program can help.
    """

    id: str
    asks: str
    commands: tuple[str, ...]
    program: str
    duty: tuple[str, ...]
    alone: bool


@dataclass(frozen=True)
class Duty:
    """What stays with the customer."""

    id: str
    title: str
    text: str


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("curator.validation").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def clauses() -> tuple[Clause, ...]:
    """Return the clauses in their order."""
    return tuple(
        Clause(
            one["id"], one["asks"], tuple(one["commands"]), one["program"], tuple(one["duty"]), one.get("alone", False)
        )
        for one in _data("part11.toml")["clause"]
    )


@cache
def duties() -> tuple[Duty, ...]:
    """Return the duties in their order."""
    return tuple(Duty(name, one["title"], one["text"]) for name, one in _data("duties.toml").items())
