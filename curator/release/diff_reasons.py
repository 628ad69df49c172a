"""The changelog of a version: what differs from the one before, and why, for every case and every group of labels.

Reasons come from a TOML file or a prompt; for what was withdrawn or recalled the signed record is the reason. A version
with a difference that nobody explained is not built.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.errors import GateError, UsageError
from curator.provenance.records import MAX_REASON, plain_text
from curator.release.diff import Case, Diff, Group
from curator.release.versions import Parent

SCHEMA = "release-changelog"
MOST_BYTES = 4 << 20
POLICY, SPLITS, GUIDELINES = "policy", "splits", "guidelines"


@dataclass(frozen=True)
class Reasons:
    """Reasons by what they are for.

    Parameters
    ----------
    cases
        Pseudonym to its own reason.
    groups
        ``added cases``, ``removed class chest@1.0``, ``policy`` and the like to a reason for all of them.
    """

    cases: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lacking:
    """Something that needs a reason: the key by which it is given, how many it stands for."""

    key: str
    count: int


def read_reasons(path: Path, guard: Callable[[str], bool]) -> Reasons:
    """Read a file of reasons.

    Parameters
    ----------
    path
        TOML: a table ``[groups]`` with names of groups, and a table ``[cases]`` with pseudonyms.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        REL-056.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        raw = tomllib.loads(data.decode("utf-8")) if len(data) <= MOST_BYTES else None
    except (OSError, ValueError):
        raise UsageError("REL-056", why="it cannot be read as TOML") from None
    if raw is None or raw.keys() - {"cases", "groups"} or not all(isinstance(one, dict) for one in raw.values()):
        raise UsageError("REL-056", why="it holds something else than the tables [groups] and [cases]")
    made = Reasons(raw.get("cases", {}), raw.get("groups", {}))
    for text in (*made.cases.values(), *made.groups.values()):
        check_reason(text, guard)
    return made


def check_reason(text: Any, guard: Callable[[str], bool]) -> str:
    """Return a reason that may stand in a changelog (REL-056)."""
    if not isinstance(text, str) or not plain_text(text, MAX_REASON) or "\n" in text:
        raise UsageError("REL-056", why="a reason is not one line of up to 500 characters")
    if not guard(text):
        raise UsageError("REL-056", why="a reason may hold an identifier")
    return text


def lacking(diff: Diff, reasons: Reasons, signed: Mapping[str, str]) -> list[Lacking]:
    """Return what has no reason yet.

    Parameters
    ----------
    diff
        What differs.
    reasons
        What was given.
    signed
        Cases that signed records took out, wholly or in part, to the record's leaf hash.
    """
    open_: dict[str, int] = {}
    for key, one in _needed(diff):
        own = isinstance(one, Case) and (one.case in reasons.cases or one.case in signed)
        if not own and key not in reasons.groups:
            open_[key] = open_.get(key, 0) + (one.count if isinstance(one, Group) else 1)
    return [Lacking(key, count) for key, count in open_.items()]


def _needed(diff: Diff) -> Iterator[tuple[str, Case | Group | None]]:
    for case in diff.cases:
        yield f"{case.change} cases", case
    for group in diff.labels:
        yield group.name, group
    for name, there in ((POLICY, diff.policy), (SPLITS, diff.splits), (GUIDELINES, diff.guidelines)):
        if there:
            yield name, None


def changelog(diff: Diff, parent: Parent, version: str, reasons: Reasons, signed: Mapping[str, str]) -> dict[str, Any]:
    """Return the changelog's document.

    Raises
    ------
    GateError
        REL-055 when a difference has no reason.
    """
    left = lacking(diff, reasons, signed)
    if left:
        raise GateError("REL-055", count=len(left), first=left[0].key, number=left[0].count)

    def why(case: Case) -> dict[str, Any]:
        own = reasons.cases.get(case.case) or ("" if case.case in signed else reasons.groups[f"{case.change} cases"])
        return {"reason": own or "taken out by a signed record", "record": signed.get(case.case)}

    return {
        "format": 1,
        "version": version,
        "parent": parent.document(),
        "level": diff.level,
        "samples": dict(diff.samples),
        "cases": [
            {"case": one.case, "change": one.change, "samples": dict(one.samples), **why(one)} for one in diff.cases
        ],
        "labels": [
            {
                "change": one.change,
                "kind": one.kind,
                "guideline": one.guideline,
                "count": one.count,
                "reason": reasons.groups[one.name],
            }
            for one in diff.labels
        ],
        "policy": {"from": diff.policy[0], "to": diff.policy[1], "reason": reasons.groups[POLICY]}
        if diff.policy
        else None,
        "splits": {
            "cases": {name: list(pair) for name, pair in diff.splits.items()},
            "reason": reasons.groups[SPLITS],
        }
        if diff.splits
        else None,
        "guidelines": {"changes": dict(diff.guidelines), "reason": reasons.groups[GUIDELINES]}
        if diff.guidelines
        else None,
    }
