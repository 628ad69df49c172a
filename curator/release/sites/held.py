"""Where packages of joined sites stand in a sponsor's project: ``sites/<site>/<tag manifest>/``, words beside them.

The ledger says which package of a site counts; what stands there without a record is no part of the dataset.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from curator.core.canonical import canonical_bytes
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.files import translated
from curator.project.paths import Project
from curator.provenance.facts import Joined
from curator.provenance.state import State
from curator.release.attested import MOST
from curator.release.audited import PASS
from curator.release.sites.opened import OpenedSite, open_package
from curator.release.sites.words import CLOSED, Word
from curator.release.tree import content_of

#: Signed words about a package stand beside it, in a folder whose name ends so.
WORDS = ".attestations"
ENDING = ".dsse.json"


def package_folder(project: Project, site: str, tag: str) -> Path:
    """Return where a site's package stands."""
    return project.sites / site / tag


def words_folder(folder: Path) -> Path:
    """Return where the signed words about a package stand."""
    return folder.with_name(folder.name + WORDS)


def read_words(folder: Path) -> list[bytes]:
    """Return the signed words in a folder, by name; each named by its SHA-256.

    Raises
    ------
    IntegrityError
        REL-029 when one is not what its name says.
    """
    made = []
    with translated():
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        if name.startswith("."):
            continue
        data = content_of(folder / name, MOST)
        if data is None or name != f"{hashlib.sha256(data).hexdigest()}{ENDING}":
            raise IntegrityError("REL-029", name="a signed word", why="it is not what its name says")
        made.append(data)
    return made


def joined_sites(state: State) -> list[Joined]:
    """Return the joined sites, by id.

    Raises
    ------
    UsageError
        SIT-020 when there is none.
    """
    if not state.facts.joined:
        raise UsageError("SIT-020")
    return [state.facts.joined[site] for site in sorted(state.facts.joined)]


def open_held(joined: Joined, folder: Path, words: Path, advance: Callable[[int], None]) -> OpenedSite:
    """Verify a package again and hold it against the sponsor's record of it.

    Parameters
    ----------
    joined
        What the ledger says.
    folder, words
        Where the package and the signed words about it stand.
    advance
        Told of each payload file.

    Raises
    ------
    IntegrityError
        SIT-010 when it is not the one that the record names; REL, LED and AUD codes when it is broken.
    """
    if not folder.is_dir():
        raise IntegrityError("SIT-010", site=joined.site, why="it is lacking")
    try:
        opened = open_package(joined.site, folder, joined.key, read_words(words), joined.split, advance)
    except CuratorError as error:
        raise IntegrityError("SIT-010", site=joined.site, why=f"{error.code} {error.sentence}") from None
    said = joined.said
    if opened.document() != said["package"] or opened.manifest["audit"] != said["audit"]:
        raise IntegrityError("SIT-010", site=joined.site, why="it is another package")
    recorded = recorded_words(joined, opened)
    if recorded is None:
        raise IntegrityError("SIT-010", site=joined.site, why="other people attest it than the record says")
    return replace(opened, words=recorded)


def recorded_words(joined: Joined, opened: OpenedSite) -> tuple[Word, ...] | None:
    """Return the words that a record names, None where the evidence does not give one, or none is of the closed loop.

    The evidence may say more than the program that signed the record took from it.
    """
    found = {canonical_bytes(one.document()): one for one in opened.words}
    made = [found.get(canonical_bytes(one)) for one in joined.said["attested"]]
    words = tuple(one for one in made if one is not None)
    whole = len(words) == len(made) and any(one.check == CLOSED and one.outcome == PASS for one in words)
    return words if whole else None


def open_sites(project: Project, state: State, advance: Callable[[int], None] = lambda _: None) -> list[OpenedSite]:
    """Verify the packages of all joined sites (errors as the functions above)."""
    made = []
    for one in joined_sites(state):
        folder = package_folder(project, one.site, one.tag)
        made.append(open_held(one, folder, words_folder(folder), advance))
    return made
