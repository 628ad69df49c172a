"""Inclusion and exclusion criteria in code: ``criteria.toml``, judged over the facts of a case in three values."""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.audit.assignments import NONE
from curator.audit.cases import CONFLICT, UNKNOWN, Case
from curator.core.errors import CheckError
from curator.core.schema import violation

SCHEMA = "criteria"
NAME = "criteria.toml"
MOST = 1 << 20
_UNSTATED = frozenset({UNKNOWN, CONFLICT, NONE, "Unknown", "Declined", "Not mapped", "?"})
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Criterion:
    """One criterion: its id, whether it excludes, and its comparisons."""

    id: str
    excludes: bool
    every: tuple[Mapping[str, Any], ...]
    some: tuple[Mapping[str, Any], ...]

    def holds(self, case: Case) -> bool | None:
        """Say whether it holds of a case; None where that is not known (Kleene's strong logic)."""
        parts = [_and([compare(case, one) for one in self.every])] if self.every else []
        parts += [_or([compare(case, one) for one in self.some])] if self.some else []
        return _and(parts)

    def met(self, case: Case) -> bool | None:
        """Say whether a case may be in the dataset by it: that it holds, or does not where it excludes."""
        holds = self.holds(case)
        return None if holds is None else holds != self.excludes


def _and(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def _or(parts: list[bool | None]) -> bool | None:
    return True if True in parts else None if None in parts else False


def read(path: Path) -> list[Criterion]:
    """Read criteria.

    Raises
    ------
    CheckError
        AUD-007 when the file cannot be read, does not follow its schema, or names an id twice.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
        made: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (OSError, ValueError):
        raise CheckError("AUD-007", what="table of criteria that can be read") from None
    return parse(made) if len(data) <= MOST else parse({})


def parse(made: Any) -> list[Criterion]:
    """Return the criteria of a document (AUD-007 as :func:`read`)."""
    if not isinstance(made, dict) or violation(SCHEMA, made) is not None:
        raise CheckError("AUD-007", what="table of criteria that follows its schema")
    found = [
        Criterion(one["id"], kind == "exclusion", tuple(one.get("all", ())), tuple(one.get("any", ())))
        for kind in ("inclusion", "exclusion")
        for one in made.get(kind, ())
    ]
    comparisons = [one for criterion in found for one in (*criterion.every, *criterion.some)]
    if len({one.id for one in found}) != len(found) or not all(map(is_sound, comparisons)):
        raise CheckError("AUD-007", what="table of criteria that follows its schema")
    return found


def is_sound(one: Mapping[str, Any]) -> bool:
    """Say whether a comparison's value is of the kind that its operator asks for."""
    value, op = one.get("value"), one["op"]
    if op == "known":
        return value is None
    if op in _ORDER:
        return isinstance(value, int | float)
    return isinstance(value, list) if op in {"in", "not-in"} else isinstance(value, str | int | float)


def compare(case: Case, one: Mapping[str, Any]) -> bool | None:
    """Judge a comparison over a case; None where the case states nothing, or what cannot be compared."""
    values = facts_of(case, one["field"])
    op, wanted = one["op"], one.get("value")
    if op == "known":
        return bool(values)
    if not values:
        return None
    if op in {"has", "has-not"}:
        return bool((wanted in values) == (op == "has"))
    if op in _ORDER:
        if any(isinstance(value, str) for value in values):
            return None
        return all(_ORDER[op](value, wanted) for value in values)
    if op in {"in", "not-in"}:
        return all((value in (wanted or ())) == (op == "in") for value in values)
    return all((value == wanted) == (op == "=") for value in values)


def facts_of(case: Case, field: str) -> Set[Any]:
    """Return what a case states on a field: numbers, or words; empty where it states nothing."""
    single = {"sex": case.sex, "race": None, "ethnicity": None, "site": case.site, "split": case.split}
    if field in single:
        value = single[field] or case.group(field)
        return set() if value in _UNSTATED else {value}
    if field == "age":
        return set() if case.age is None else {case.age}
    if field == "classes":
        return {f"{kind}:{name}" for kind, name in case.classes}
    counted = {"studies": "study", "series": "series"}
    if field in counted:
        return {len(case.stated(counted[field]))}
    if field == "images":
        return {len(case.images)}
    if field in {"kvp", "size", "thickness", "weight"}:
        return {one for entry in case.stated(field) for one in entry if one}
    words = {"body_parts": "body_part", "makers": "maker", "modalities": "modality", "years": "year"}
    return case.stated(words[field]) - _UNSTATED
