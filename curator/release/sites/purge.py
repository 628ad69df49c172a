"""Removing a site that left, for good, from every released version of a sponsor's project.

The order is a record: the digests of the site's samples in the versions that hold it. From a package goes all that the
site gave (its own package, words about it), what was made from the data of all sites (documents, submission tree), and
what its labels say; lists of samples and splits stay, as they do of a patient. As with any purge the signed list of
what goes is written first, and an order is carried out again until all of it is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import IntegrityError, UsageError
from curator.core.files import sync_folder, translated
from curator.project.paths import Project
from curator.provenance.keys import Signer
from curator.provenance.kinds_release import MAX_FILES, purge
from curator.provenance.records import Draft
from curator.provenance.state import State
from curator.provenance.typed import Guard
from curator.release import layout
from curator.release.bag import TAG_MANIFEST
from curator.release.purge import Purged, forget, listed, read_purged, remove, rewrite, write_list
from curator.release.purge_project import Orders, packages
from curator.release.sites.contents import manifest_of
from curator.release.sites.lacking import goes_with, own_marks, samples_of
from curator.release.sites.names import checked_site
from curator.release.store import NAME, Store
from curator.release.tree import content_of, digest_of

MOST = 64 << 20


@dataclass(frozen=True)
class DoneSites:
    """What purges of sites removed, over all orders: how many packages lack how many files, with a signed list each."""

    packages: int
    files: int


def order_site(project: Project, state: State, site: str, reason: str, guard: Guard) -> list[Draft]:
    """Draft the order to remove a site that left from all that was released; writes nothing.

    Parameters
    ----------
    project, state
        The sponsor's project, and the sum of its ledger.
    site
        The site's id.
    reason
        Why, in a sentence.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        SIT-002, SIT-011; SIT-026 for a site that never was joined, SIT-030 for one that is; REL-064 where no version
        holds anything of it that was not ordered away; LED-024, LED-070 for the reason.
    """
    if not project.config.no_vault:
        raise UsageError("SIT-011")
    checked_site(site)
    if site in state.facts.joined:
        raise UsageError("SIT-030")
    if site not in state.facts.departed:
        raise UsageError("SIT-026")
    digests: set[str] = set()
    for folder in packages(project):
        manifest = _manifest(folder)
        if site in _ids(manifest):
            digests |= _open_digests(folder, manifest, site, state)
    if not digests:
        raise UsageError("REL-064")
    ordered = sorted(digests)
    return [purge(ordered[at : at + MAX_FILES], [], reason, guard) for at in range(0, len(ordered), MAX_FILES)]


def carry_out_sites(project: Project, state: State, seen: Orders, operator: Signer) -> DoneSites:
    """Carry out every order about a site; the caller holds the locks of releases and sites.

    Parameters
    ----------
    project, state
        The sponsor's project, and the sum of its ledger with the orders.
    seen
        The orders.
    operator
        The sponsor's operator, who signed the packages.

    Raises
    ------
    CuratorError
        REL-020, REL-061 for a package that is not whole otherwise; SYS codes.
    """
    done, lost = 0, 0
    wanted: set[str] = set()
    kept: set[str] = set()
    for folder in packages(project):
        manifest = _manifest(folder)
        gone = {site for site in _ids(manifest) if not _open_digests(folder, manifest, site, state)}
        made = _purge(folder, gone, seen, operator) if gone else Purged()
        for path, digest in listed(folder):
            (wanted if path in made.files else kept).add(digest)
        wanted |= {one[0] for one in made.rewritten.values()}
        done, lost = done + bool(gone), lost + len(made.files)
    if wanted and (project.releases / NAME).is_dir():
        forget(Store(project.releases), wanted - kept)
    return DoneSites(done, lost)


def _manifest(folder: Path) -> dict[str, Any]:
    data = content_of(folder / layout.MANIFEST, MOST)
    made = None if data is None else manifest_of(data)
    if made is None:
        raise IntegrityError("REL-020", name=layout.MANIFEST)
    return made


def _ids(manifest: dict[str, Any]) -> list[str]:
    return [one["site"] for one in manifest["sites"]]


def _open_digests(folder: Path, manifest: dict[str, Any], site: str, state: State) -> set[str]:
    """Return a site's samples in a package that no order after the package takes away."""
    size, ordered = manifest["ledger"]["size"], state.facts.purged_files
    return {one.sha256 for one in samples_of(folder, site) if ordered.get(one.sha256, -1) < size}


def _purge(folder: Path, gone: Collection[str], seen: Orders, operator: Signer) -> Purged:
    """Remove sites from a package: the signed list first."""
    tags = digest_of(folder / TAG_MANIFEST)
    if tags is None:
        raise IntegrityError("REL-020", name=TAG_MANIFEST)
    with translated():
        before = read_purged(folder, operator.public, tags[0]) or Purged()
        files, rewritten = dict(before.files), dict(before.rewritten)
        for path, digest in listed(folder):
            place = folder / path
            if path not in files and goes_with(path, gone):
                files[path] = (digest, place.stat().st_size if place.is_file() else 0)
            elif path == layout.LABELS:
                now = hashlib.sha256()
                for raw in own_marks(folder, gone):
                    now.update(raw)
                if now.hexdigest() != digest:
                    size = before.rewritten[path][1] if path in before.rewritten else place.stat().st_size
                    rewritten[path] = (digest, size, now.hexdigest())
        digests = {one.sha256 for site in gone for one in samples_of(folder, site)}
        about = {one.leaf.hex() for one in seen.orders if not digests.isdisjoint(one.predicate["samples"])}
        made = Purged(files, rewritten, frozenset(), tuple(about | set(before.orders)))
        write_list(folder, tags[0], made, operator)
        for path in rewritten:
            rewrite(folder / path, list(own_marks(folder, gone)))
        remove(folder, files)
        for place in _folders(folder, gone):
            _prune(place)
    return made


def _folders(folder: Path, gone: Collection[str]) -> Iterator[Path]:
    for base in (layout.SITES, layout.WORDS):
        for site in sorted(gone):
            if (folder / f"{base}{site}").is_dir():
                yield folder / f"{base}{site}"


def _prune(place: Path) -> None:
    """Remove folders that hold nothing any more, whose names tell of patients."""
    for one in sorted(place.iterdir()):
        if one.is_dir() and not one.is_symlink():
            _prune(one)
    if not any(place.iterdir()):
        place.rmdir()
        sync_folder(place.parent)
