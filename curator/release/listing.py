"""The versions of a project: number, version before, digest, date, counts, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError
from curator.project.paths import Project
from curator.provenance.records import RELEASE_SENT
from curator.provenance.state import Record, State
from curator.release import freeze, layout
from curator.release.excluded import Excluded, excluded_of
from curator.release.statement import MAX_BYTES, read_statement
from curator.release.tree import content_of
from curator.release.versions import core, released

_MOST = 1 << 28


@dataclass(frozen=True)
class Listed:
    """One version.

    Parameters
    ----------
    version
        Its number.
    draft
        True for a draft.
    digest
        SHA-256 of its tag manifest, empty where its statement cannot be read.
    date
        The day it was frozen.
    parent
        The version before, or None.
    samples
        Samples in it.
    labels
        Labels in it, None where its package is not under ``releases/``.
    state
        Words: ``released``, ``draft``, ``not here``, ``withdrawn in part``, ``purged in part``, ``unsigned``.
    recipients
        To whom it was sent, by signed records.
    """

    version: str
    draft: bool
    digest: str
    date: str
    parent: str | None
    samples: int
    labels: int | None
    state: tuple[str, ...]
    recipients: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {**vars(self), "state": list(self.state), "recipients": list(self.recipients)}


class Sent:
    """Collects, while a ledger is verified, to whom versions were sent."""

    def __init__(self) -> None:
        self.to: dict[str, list[str]] = {}

    def visit(self, record: Record) -> None:
        """Take the next record."""
        if record.kind == RELEASE_SENT:
            self.to.setdefault(record.predicate["version"], []).append(record.predicate["recipient"])


def listed(project: Project, state: State, sent: Sent) -> list[Listed]:
    """Return every version that was frozen, drafts behind releases, by number."""
    base = project.journal / "releases"
    names = sorted(path.name[:-5] for path in base.glob("*.json")) if base.is_dir() else []
    final = released(project)
    drafts = [name[:-6] for name in names if name.endswith(".draft")]
    others = [
        name
        for name in names
        if name not in final and not name.endswith((".draft", ".dsse")) and _frozen(project, name)
    ]
    excluded = excluded_of(project, state)
    made = [_one(project, state, excluded, name, sent, draft=False) for name in (*final, *others)]
    made += [_one(project, state, excluded, name, sent, draft=True) for name in drafts]
    return made


def _frozen(project: Project, name: str) -> bool:
    try:
        return freeze.load(project, name) is not None
    except CuratorError:
        return False


def _one(project: Project, state: State, excluded: Excluded, version: str, sent: Sent, *, draft: bool) -> Listed:
    frozen = freeze.load(project, version, draft=draft)
    assert frozen is not None
    package = project.releases / f"v{version}"
    digest, words, labels = "", ["draft" if draft else "released"], None
    said = content_of(project.journal / "releases" / f"{frozen.name}.dsse.json", MAX_BYTES)
    try:
        digest = "" if said is None else read_statement(said, state.operator_at(frozen.size)).tag_manifest
    except CuratorError:
        digest = ""
    if not digest:
        words = ["unsigned"]
    here = content_of(package / layout.SIGNATURE, MAX_BYTES) == said and said is not None
    manifest = content_of(package / layout.MANIFEST, _MOST) if here else None
    if manifest is None:
        words.append("not here")
    else:
        labels = int(strict_loads(manifest)["counts"]["labels"])
        if _touched(package, excluded):
            words.append("withdrawn in part")
        if (package / layout.PURGE).is_file():
            words.append("purged in part")
    parent = None if frozen.parent is None else frozen.parent["version"]
    to = tuple(sent.to.get(version, ())) if not draft else ()
    return Listed(version, draft, digest, frozen.date, parent, frozen.samples, labels, tuple(words), to)


def _touched(package: Any, excluded: Excluded) -> bool:
    """Say whether a package holds what was withdrawn or recalled, by a search in its list."""
    if not excluded.patients and not excluded.recalled:
        return False
    data = content_of(package / layout.SAMPLES, 1 << 32) or b""
    marks = [f'"path":"clean/{name}/'.encode() for name in excluded.patients]
    marks += [f'"sha256":"{digest}"'.encode() for digest in excluded.recalled]
    return any(mark in data for mark in marks)


def newest(project: Project) -> str | None:
    """Return the newest released version."""
    return max(released(project), key=core, default=None)
