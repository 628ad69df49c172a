"""Which stages the labels of a sample go through: built in, or a file of the project.

A workflow decides nothing by itself; where a sample stands is computed in :mod:`curator.labels.consensus.stages`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, UsageError
from curator.core.schema import violation

LABEL, REVIEW, ADJUDICATE, APPROVE = "label", "review", "adjudicate", "approve"
BUILT_IN = ("two-readers", "four-stage")
_LARGEST = 1 << 20
_ROLES = {
    LABEL: ("reader",),
    REVIEW: ("reviewer", "adjudicator"),
    ADJUDICATE: ("adjudicator",),
    APPROVE: ("reviewer", "adjudicator"),
}


@dataclass(frozen=True)
class Stage:
    """One stage.

    Parameters
    ----------
    name
        Its name; for the act label the stage that its labels state.
    act
        ``label``, ``review``, ``adjudicate`` or ``approve``.
    readers
        How many people label.
    roles
        Who may be given its worklist.
    differs
        Only for samples whose labels so far differ.
    shows
        Whether its worklists show other people's labels.
    """

    name: str
    act: str
    readers: int
    roles: tuple[str, ...]
    differs: bool
    shows: bool


@dataclass(frozen=True)
class Workflow:
    """Stages in order; labels farther apart than the tolerance differ; only labels of these origins count."""

    name: str
    stages: tuple[Stage, ...]
    tolerance: float
    origins: frozenset[str]

    def stage(self, name: str) -> Stage:
        """Return a stage by its name (CON-030 when there is none)."""
        found = next((one for one in self.stages if one.name == name), None)
        if found is None:
            raise UsageError("CON-030", stages=", ".join(one.name for one in self.stages))
        return found


def load_workflow(name: str, root: Path) -> Workflow:
    """Load a workflow.

    Parameters
    ----------
    name
        Of :data:`BUILT_IN`, or the path of a TOML or JSON file relative to the project's root.
    root
        The project's root.

    Raises
    ------
    UsageError
        CON-005 when it cannot be read or does not follow its schema; CON-031 when its stages do not fit together: two
        of one name, no stage that labels first, a stage for labels that shows others' labels.
    """
    try:
        if name in BUILT_IN:
            text = resources.files("curator.labels.consensus").joinpath(f"workflows/{name}.toml").read_text("utf-8")
            told: Any = tomllib.loads(text)
        else:
            with (root / name).open("rb") as stream:
                data = stream.read(_LARGEST + 1)
            if len(data) > _LARGEST:
                raise UsageError("CON-005", place="/")
            told = strict_loads(data) if name.endswith(".json") else tomllib.loads(data.decode("utf-8"))
    except (OSError, ValueError, CuratorError):
        raise UsageError("CON-005", place="/") from None
    place = violation("workflow", told)
    if place is not None:
        raise UsageError("CON-005", place=place)
    made = Workflow(
        told["name"],
        tuple(map(_stage, told["stages"])),
        float(told.get("tolerance", 0.2)),
        frozenset(told.get("origins", ["human"])),
    )
    names = [one.name for one in made.stages]
    blind = all(not one.shows for one in made.stages if one.act == LABEL and not one.differs)
    if len(set(names)) != len(names) or made.stages[0].act != LABEL or made.stages[0].differs or not blind:
        raise UsageError("CON-031")
    return made


def _stage(told: dict[str, Any]) -> Stage:
    act = told["act"]
    return Stage(
        told["name"],
        act,
        told.get("readers", 1),
        tuple(told.get("roles", _ROLES[act])),
        told.get("when", "always") == "differs",
        told.get("shows", "nothing") == "labels",
    )
