"""Joining a site's package into a sponsor's project: verified in its own folder, held against all other sites, signed.

The package is copied first and the copy is judged, so that nobody changes it in between. It gets its name when all is
well, then the record is signed, then the version that it replaces goes. A join that was killed leaves a folder that no
record names, which the next join takes over or sweeps away: a site is joined whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from curator.core.errors import GateError, IntegrityError, UsageError
from curator.core.files import TEMP_PREFIX, make_folder, put_if_absent, sync_folder, translated
from curator.project.paths import Project, inside
from curator.provenance.facts import Joined
from curator.provenance.kinds_sites import later, site_joined, standing
from curator.provenance.records import Draft
from curator.provenance.state import State
from curator.provenance.typed import Guard
from curator.release.diff import ADDED, CHANGED, REMOVED, Diff, compare, read_lists
from curator.release.excluded import Excluded
from curator.release.extends import extend, package_ledger
from curator.release.flush import sync_tree
from curator.release.sites.cross import Shared, check_apart
from curator.release.sites.held import ENDING, open_held, package_folder, recorded_words, words_folder
from curator.release.sites.names import checked_site, joint
from curator.release.sites.opened import OpenedSite, open_package
from curator.release.sites.words import SitePayload
from curator.release.sources import package_source
from curator.release.splits_patients import patient_of
from curator.release.tree import content_of, files, open_file

COPYING = f"{TEMP_PREFIX}joining"
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Asked:
    """What is asked of a join.

    Parameters
    ----------
    site
        The sponsor's id of the site.
    package
        The package's folder.
    key
        The site operator's raw public key, from elsewhere than the package.
    attestations
        Signed words of who has the site's vault.
    split
        The split that all of the site's patients are in; None keeps the site's own table.
    reason
        Why it replaces the version before.
    """

    site: str
    package: Path
    key: bytes
    attestations: tuple[bytes, ...] = ()
    split: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Planned:
    """A join that may be signed.

    Parameters
    ----------
    opened
        The site's verified package.
    before
        The joined version that it replaces, or None.
    diff
        What differs from that.
    shared
        What it has in common with other sites, and may.
    draft
        What is to be signed; None when this very package is joined already.
    sites
        Number of sites with it.
    """

    opened: OpenedSite
    before: Joined | None
    diff: Diff | None
    shared: Shared
    draft: Draft | None
    sites: int
    #: Joint pseudonyms of patients, and digests of files, that the version before held and this one does not.
    gone: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    #: How many of these files the site's own records withdrew or recalled.
    taken_back: int = 0

    @property
    def already(self) -> bool:
        """True when this very package is joined already."""
        return self.draft is None


def check_asked(project: Project, asked: Asked) -> None:
    """Refuse, before anything is read, what can be no join.

    Raises
    ------
    UsageError
        SIT-011 for a project with a vault, SIT-002 for the id, REL-033 for no folder, REL-008 for one inside this
        project.
    """
    if not project.config.no_vault:
        raise UsageError("SIT-011")
    checked_site(asked.site)
    if not asked.package.is_dir():
        raise UsageError("REL-033")
    if inside(asked.package, project.root) or inside(project.root, asked.package):
        raise UsageError("REL-008")


def plan(
    project: Project, state: State, asked: Asked, folder: Path, guard: Guard, advance: Advance = lambda _: None
) -> Planned:
    """Judge a package against the project; writes nothing.

    Parameters
    ----------
    project, state
        The sponsor's, its ledger verified.
    asked
        What is asked.
    folder
        Where the package is judged: a copy, or the package itself where nothing is to be written.
    guard
        Refuses a reason that may hold an identifier.
    advance
        Told of each payload file verified, of this package and of those that are joined.

    Raises
    ------
    CuratorError
        What :mod:`curator.release.sites.opened` and :mod:`curator.release.sites.cross` raise;
        SIT-009 for a version that is not later, SIT-013 without a reason, SIT-015 for another split, SIT-019 for
        another key, LED-054, LED-055 for a ledger that does not extend the one that was joined.
    """
    opened = open_package(asked.site, folder, asked.key, asked.attestations, asked.split, advance)
    before, replaced = standing(state, asked.site)
    away = asked.site in state.facts.departed
    others = []
    for name in sorted(state.facts.joined.keys() - {asked.site}):
        one = state.facts.joined[name]
        place = package_folder(project, one.site, one.tag)
        others.append(open_held(one, place, words_folder(place), advance))
    shared = check_apart([*others, opened])
    found, lost, back = None, (frozenset[str](), frozenset[str]()), 0
    if before is None and asked.split in state.facts.splits:
        raise GateError("SIT-027", split=asked.split)
    for name, gone in state.facts.departed.items():
        if name != asked.site and gone.joined.origin == opened.manifest["ledger"]["origin"]:
            raise GateError("SIT-017", other=name)
    if before is not None and away:
        _returns(before, opened, asked)
    elif before is not None:
        if before.tag == opened.tag:
            _same(before, opened)
            return Planned(opened, before, None, shared, None, len(others) + 1)
        old = package_folder(project, asked.site, before.tag)
        found = _follows(before, opened, old, asked)
        lost, back = _gone(old, opened)
    made = site_joined(
        asked.site,
        opened.document(),
        opened.manifest["audit"],
        (word.document() for word in opened.words),
        asked.split,
        replaced,
        None if found is None else counts_of(found),
        None if before is None else asked.reason,
        guard,
    )
    return Planned(opened, before, found, shared, made, len(others) + 1, lost, back)


def _returns(before: Joined, opened: OpenedSite, asked: Asked) -> None:
    """Check that a package goes on from the one that left, of which the record alone is here."""
    _next(before, opened, asked)
    stated = before.said["package"]["ledger"]
    payload = SitePayload(opened.folder, opened.state, opened.manifest["audit"])
    root = payload.root_at(stated["size"])
    if opened.manifest["ledger"]["origin"] != stated["origin"] or root is None or root.hex() != stated["root"]:
        raise IntegrityError("SIT-028")


def _same(before: Joined, opened: OpenedSite) -> None:
    """Refuse to say "joined already" of a package that is joined under other conditions."""
    if before.split != opened.split:
        raise GateError("SIT-015", joined=before.split or "its own", wanted=opened.split or "its own")
    if before.key != opened.key:
        raise GateError("SIT-019")


def as_recorded(planned: Planned) -> bool:
    """Say whether the words about a package that is joined already are those that the record names."""
    return planned.before is not None and recorded_words(planned.before, planned.opened) is not None


def _next(before: Joined, opened: OpenedSite, asked: Asked) -> None:
    """Check that a package comes after another of the site's."""
    if not later(before.version, opened.report.version):
        raise GateError("SIT-009", version=opened.report.version, joined=before.version)
    if before.split != asked.split:
        raise GateError("SIT-015", joined=before.split or "its own", wanted=asked.split or "its own")
    if before.key not in opened.state.operator_keys():
        raise GateError("SIT-019")
    if not asked.reason:
        raise UsageError("SIT-013", joined=before.version)


def _follows(before: Joined, opened: OpenedSite, old: Path, asked: Asked) -> Diff:
    """Check that a package is the next of a site's, and return what differs."""
    _next(before, opened, asked)
    if not old.is_dir():
        raise IntegrityError("SIT-010", site=before.site, why="it is lacking")
    extend(package_ledger(old, before.key), package_ledger(opened.folder, opened.key))
    return compare(read_lists(old), read_lists(opened.folder))


def _gone(old: Path, opened: OpenedSite) -> tuple[tuple[frozenset[str], frozenset[str]], int]:
    """Return what a version no longer holds, and how much of it the site's own records withdrew or recalled."""
    before = tuple(package_source(old, Excluded(frozenset(), frozenset())).samples)
    now = list(opened.samples())
    names = {patient_of(one.path) for one in now}
    digests = {one.sha256 for one in now}
    lost = [one for one in before if one.sha256 not in digests]
    left = {joint(opened.site, name) for one in before if (name := patient_of(one.path)) and name not in names}
    facts = opened.state.facts
    back = sum(one.sha256 in facts.recalled or patient_of(one.path) in facts.withdrawn for one in lost)
    return (frozenset(left), frozenset(one.sha256 for one in lost)), back


def counts_of(found: Diff) -> dict[str, dict[str, int]]:
    """Return what differs as numbers: samples, cases and labels that were added, removed and changed."""
    cases = dict.fromkeys((ADDED, REMOVED, CHANGED), 0)
    for case in found.cases:
        cases[case.change] += 1
    labels = dict.fromkeys((ADDED, REMOVED, CHANGED), 0)
    for group in found.labels:
        labels[group.change if group.change in labels else CHANGED] += group.count
    return {"samples": dict(found.samples), "cases": cases, "labels": labels}


def take_copy(project: Project, asked: Asked, advance: Advance = lambda _: None) -> Path:
    """Copy a package into the project, under no name yet; what a killed join left there goes first.

    The caller holds the lock ``sites``.

    Raises
    ------
    IntegrityError
        REL-026 for anything in it that is neither a folder nor a regular file.
    """
    base = project.sites
    make_folder(base)
    target = base / COPYING
    with translated():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
    for path in files(asked.package):
        place = target / path
        handle = open_file(asked.package / path)
        if handle is None:
            raise IntegrityError("REL-020", name="a file that was there")
        with translated(), os.fdopen(handle, "rb") as source:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as stream:
                shutil.copyfileobj(source, stream, 1 << 20)
        advance(1)
    return target


def put(project: Project, planned: Planned, copied: Path) -> OpenedSite:
    """Give a judged copy its name, with the signed words beside it; the record is still to be signed.

    Returns
    -------
    OpenedSite
        The same package at its place.
    """
    opened = planned.opened
    place = package_folder(project, opened.site, opened.tag)
    make_folder(place.parent)
    sync_tree(copied)
    with translated():
        shutil.rmtree(place, ignore_errors=True)  # of a join that was killed before its record
        shutil.rmtree(words_folder(place), ignore_errors=True)
        if opened.attestations:
            make_folder(words_folder(place))
            for data in opened.attestations:
                put_if_absent(words_folder(place) / f"{hashlib.sha256(data).hexdigest()}{ENDING}", data)
        os.rename(copied, place)
        sync_folder(place.parent)
    return replace(opened, folder=place)


def sweep(project: Project, state: State) -> int:
    """Remove packages that no record names any more, of killed joins too, and return how many there were."""
    gone = 0
    if not project.sites.is_dir():
        return 0
    known = {one.site: one.tag for one in state.facts.joined.values()}
    with translated():
        for site in sorted(project.sites.iterdir()):
            if site.name.startswith(TEMP_PREFIX):
                shutil.rmtree(site, ignore_errors=True)
                continue
            for place in sorted(site.iterdir()):
                tag = place.name.partition(".")[0]
                if tag != known.get(site.name):
                    shutil.rmtree(place)
                    gone += tag == place.name
            if not any(site.iterdir()):
                site.rmdir()
    return gone


def read_package_word(path: Path) -> bytes:
    """Read the file of a signed word (AUD-015 when there is none)."""
    from curator.release.attested import MOST

    data = content_of(path, MOST)
    if data is None:
        raise UsageError("AUD-015")
    return data
