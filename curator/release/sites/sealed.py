"""Sealing a split over joined sites, and handing out what was sealed: the files stand in the sites' packages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curator.core.errors import IntegrityError, UsageError
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.state import State
from curator.release.sites.assigned import project_drawn
from curator.release.sites.held import open_sites
from curator.release.sites.lists import lists_of
from curator.release.sites.names import joint_path
from curator.release.splits_patients import patient_of


def joint_members(project: Project, state: State, name: str) -> tuple[list[Sample], int]:
    """Return the samples of a split's patients, by joint path, and how many patients these are.

    Raises
    ------
    UsageError
        SPL-013 when nobody is in it; SIT-020, SIT-023.
    IntegrityError
        SIT-010, SIT-022.
    """
    lists = lists_of(open_sites(project, state), project_drawn(project, state), state.facts.splits)
    table = (lists.splits or {"assignments": {}})["assignments"]
    found = [one for one in lists.samples if table.get(patient_of(one.path)) == name]
    if not found:
        raise UsageError("SPL-013")
    return found, len({patient_of(one.path) for one in found})


def joint_handed(project: Project, state: State, digests: Iterable[str]) -> tuple[list[Sample], dict[str, Path]]:
    """Return the samples of a sealed list that may be handed out, and where the file of each joint path stands.

    What a site took out by a later package, or by leaving, is handed out no more.

    Raises
    ------
    IntegrityError
        SPL-018 when one is lacking that nobody took out.
    """
    wanted, places, found = set(digests), {}, []
    for one in open_sites(project, state):
        for sample in one.samples():
            if sample.sha256 in wanted:
                path = joint_path(one.site, sample.path)
                places[path] = one.folder / "data" / sample.path
                found.append(Sample(path, sample.sha256, sample.uid, sample.content, sample.kind))
    lacking = len(wanted) - len({one.sha256 for one in found})
    moved = state.facts.departures or any("replaces" in one.said for one in state.facts.joined.values())
    if lacking and not moved:
        raise IntegrityError("SPL-018", count=lacking)
    return sorted(found, key=lambda sample: sample.path), places
