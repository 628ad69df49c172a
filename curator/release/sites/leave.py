"""A joined site leaves: what goes with it, which released versions hold it, and the record that says so.

The record is signed first; then the package goes out of the project. A kill in between leaves a folder that no record
names, which the same command or the next join sweeps away. Released versions are not touched.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from curator.core.canonical import strict_loads
from curator.core.errors import UsageError
from curator.project.paths import Project
from curator.provenance.facts import Joined
from curator.provenance.kinds_sites import site_left
from curator.provenance.records import Draft
from curator.provenance.state import State
from curator.provenance.typed import Guard
from curator.release import layout
from curator.release.diff import ADDED, CHANGED, REMOVED
from curator.release.sites.held import package_folder
from curator.release.sites.names import checked_site, joint
from curator.release.splits_patients import patient_of
from curator.release.tree import content_of

MOST = 1 << 30


@dataclass(frozen=True)
class Leaving:
    """What a leave comes to.

    Parameters
    ----------
    before
        The package that was joined last.
    already
        Whether a record says already that the site left.
    patients, digests
        Joint pseudonyms and files' digests that go; none where the package is not here any more.
    changes
        Counts of what goes.
    draft
        What is to be signed; None where the site left already.
    """

    before: Joined
    already: bool
    patients: frozenset[str]
    digests: frozenset[str]
    changes: dict[str, dict[str, int]]
    draft: Draft | None


def leaving(project: Project, state: State, site: str, reason: str, guard: Guard) -> Leaving:
    """Say what goes with a site; writes nothing.

    Raises
    ------
    UsageError
        SIT-002, SIT-011, SIT-026; LED-024, LED-070 for the reason.
    """
    if not project.config.no_vault:
        raise UsageError("SIT-011")
    checked_site(site)
    gone = state.facts.departed.get(site)
    before = state.facts.joined.get(site) if gone is None else gone.joined
    if before is None:
        raise UsageError("SIT-026")
    patients, digests = _held(project, before)
    said = before.said["package"]
    counts = {"samples": said["samples"]["count"], "labels": said["labels"]["count"]}
    if digests:
        counts["cases"] = len(patients)
    changes = {name: {ADDED: 0, REMOVED: count, CHANGED: 0} for name, count in counts.items()}
    draft = site_left(before, changes, reason, guard)
    return Leaving(before, gone is not None, patients, digests, changes, None if gone is not None else draft)


def _held(project: Project, before: Joined) -> tuple[frozenset[str], frozenset[str]]:
    """Return whose and which files the package lists, nothing where its list is not the one that was joined."""
    data = content_of(package_folder(project, before.site, before.tag) / layout.SAMPLES, MOST)
    if data is None or hashlib.sha256(data).hexdigest() != before.said["package"]["samples"]["sha256"]:
        return frozenset(), frozenset()
    listed = [strict_loads(line) for line in data.splitlines()]
    names = {joint(before.site, own) for one in listed if (own := patient_of(one["path"])) is not None}
    return frozenset(names), frozenset(one["sha256"] for one in listed)
