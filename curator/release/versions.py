"""What a version number means, and of which version a new one is the next (docs/adr/0073-versions-and-withdrawal.md).

Major: a case or sample was taken out or changed, a label stands no more, the policy or a split changed. Minor: cases,
samples or labels came to it. Patch: documents only. A pre-release and a draft are nobody's parent.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.project.paths import Project
from curator.release import freeze, layout
from curator.release.bag import MANIFEST, TAG_MANIFEST
from curator.release.purge import Purged, read_purged
from curator.release.statement import MAX_BYTES, read_statement
from curator.release.tree import content_of, digest_of

MAJOR, MINOR, PATCH = "major", "minor", "patch"
LEVELS = (MAJOR, MINOR, PATCH)
_FINAL = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([^+]+))?(?:\+.*)?")
_MAX_LISTING = 1 << 31


@dataclass(frozen=True)
class Parent:
    """The version before: its number, the SHA-256 of its tag manifest, and where its package stands."""

    version: str
    tag_manifest: str
    folder: Path

    def document(self) -> dict[str, str]:
        """Return it as manifest and statement say it."""
        return {"version": self.version, "tagManifest": self.tag_manifest}


def core(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a checked version."""
    found = _FINAL.fullmatch(version)
    assert found is not None
    return int(found[1]), int(found[2]), int(found[3])


def is_final(version: str) -> bool:
    """Say whether a checked version is no pre-release."""
    found = _FINAL.fullmatch(version)
    return found is not None and found[4] is None


def level(old: str, new: str) -> str:
    """Return which of the three numbers is the first that differs."""
    one, two = core(old), core(new)
    return next((name for name, a, b in zip(LEVELS, one, two, strict=True) if a != b), PATCH)


def check_level(old: str, new: str, needed: str) -> None:
    """Refuse a version whose step is smaller than its changes ask for.

    Raises
    ------
    UsageError
        REL-051 when it does not come after the one before, REL-052 for too small a step.
    """
    if core(new) <= core(old):
        raise UsageError("REL-051", newest=old)
    if LEVELS.index(level(old, new)) > LEVELS.index(needed):
        raise UsageError("REL-052", needed=needed, step=level(old, new), least=next_version(old, needed))


def next_version(old: str, step: str) -> str:
    """Return the version that a step leads to."""
    one, two, three = core(old)
    return {MAJOR: f"{one + 1}.0.0", MINOR: f"{one}.{two + 1}.0", PATCH: f"{one}.{two}.{three + 1}"}[step]


def released(project: Project) -> list[str]:
    """Return the final versions that were built and signed, no drafts, by number."""
    base = project.journal / "releases"
    names = [path.name.removesuffix(".dsse.json") for path in base.glob("*.dsse.json")] if base.is_dir() else []
    return sorted((name for name in names if _FINAL.fullmatch(name) and is_final(name)), key=core)


def parent_of(project: Project, version: str, operator: bytes, folder: Path | None = None) -> Parent | None:
    """Return the newest final version, found to be as it was signed; None before the first one.

    Parameters
    ----------
    project
        The project.
    version
        The one that is being made, which is not its own parent.
    operator
        The operator's raw public key.
    folder
        Where the parent's package stands, if it is not under ``releases/``.

    Raises
    ------
    IntegrityError
        REL-053 when it is lacking, REL-054 when it was altered.
    """
    others = [one for one in released(project) if one != version]
    if not others:
        return None
    newest = others[-1]
    said = content_of(project.journal / "releases" / f"{newest}.dsse.json", MAX_BYTES)
    place = folder if folder is not None else project.releases / f"v{newest}"
    if said is None or freeze.load(project, newest) is None or not place.is_dir():
        raise IntegrityError("REL-053", version=newest)
    try:
        stated = read_statement(said, operator)
    except CuratorError:
        raise IntegrityError("REL-054", version=newest, name="its signed statement") from None
    check_lists(place, newest, stated.tag_manifest, operator)
    return Parent(newest, stated.tag_manifest, place)


def check_lists(folder: Path, version: str, tag_manifest: str, operator: bytes) -> None:
    """Check a package's lists, by the digests that its signature stands for; reads no sample (REL-053, REL-054)."""
    tags = content_of(folder / TAG_MANIFEST, MAX_BYTES)
    listing = digest_of(folder / MANIFEST)
    if tags is None or listing is None:
        raise IntegrityError("REL-053", version=version)
    if hashlib.sha256(tags).hexdigest() != tag_manifest:
        raise IntegrityError("REL-054", version=version, name=TAG_MANIFEST)
    if f"{listing[0]}  {MANIFEST}\n" not in tags.decode("ascii", "replace"):
        raise IntegrityError("REL-054", version=version, name=MANIFEST)
    wanted = {layout.SAMPLES, layout.LABELS, layout.MANIFEST}
    optional = {layout.SUMMARY, layout.SPLITS}
    known = _listed(folder, wanted | optional)
    purged = read_purged(folder, operator, tag_manifest) or Purged()
    known.update({name: one[2] for name, one in purged.rewritten.items() if name in wanted})
    for name in sorted((wanted | optional) - purged.files.keys()):
        found = digest_of(folder / name)
        if found is None and (name in wanted or name in known):
            raise IntegrityError("REL-053", version=version)
        if (found[0] if found else None) != known.get(name):
            raise IntegrityError("REL-054", version=version, name=name)


def _listed(folder: Path, names: set[str]) -> dict[str, str]:
    """Return the digests that the payload manifest gives to a few files."""
    data = content_of(folder / MANIFEST, _MAX_LISTING) or b""
    found: dict[str, str] = {}
    for name in names:
        at = data.find(f"  {name}\n".encode())
        if at >= 64:
            found[name] = data[at - 64 : at].decode("ascii", "replace")
    return found


def statement_of(project: Project, version: str, operator: bytes) -> dict[str, Any] | None:
    """Return what the first build's statement says, with its ``tagManifest``; None where there is none or it is bad."""
    data = content_of(project.journal / "releases" / f"{version}.dsse.json", MAX_BYTES)
    if data is None:
        return None
    try:
        said = read_statement(data, operator)
    except CuratorError:
        return None
    return {**said.predicate, "tagManifest": said.tag_manifest}
