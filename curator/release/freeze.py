"""What a version is made of, frozen before its first build, so that every later build gives the same bytes.

``journal/releases/<version>.json`` is put once. A build whose inputs differ from it is refused; what the ledger and
the journal gained since then is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError
from curator.core.files import make_folder, put_if_absent, translated
from curator.core.schema import violation
from curator.project import journal
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.release import layout
from curator.release.lists import sample_line

SCHEMA = "release-frozen"


@dataclass(frozen=True)
class Frozen:
    """The frozen inputs of one version.

    Parameters
    ----------
    version, dataset, organization, date, program
        As the package states them; the date is the day of the freeze in UTC.
    policy
        SHA-256 of the policy.
    samples, samples_digest
        Number of samples, and the SHA-256 of their list.
    journal
        Documents and commits of the scrub journal: path below ``journal/`` and SHA-256.
    size, checkpoint
        Size of the ledger, and the checkpoint over it.
    draft
        True for a package that no audit let leave.
    audit
        What the manifest says of the audit.
    parent
        Number and tag manifest's digest of the version before; None for the first one.
    changelog
        SHA-256 of the changelog's bytes, None without a version before.
    labels, upto
        The rule by which labels leave; labels from this index of the ledger on stay out, None for none.
    splits
        SHA-256 of the splits' document as the package holds it; None where no splits were made.
    sealed
        Sealed splits: name, and SHA-256 of the list.
    anchors
        Outside anchors that go with it: path below the ledger's folder, and SHA-256.
    base
        The version whose samples and journal this one takes over again; None for the project's own.
    renderer
        What makes its PDFs, by name and version; empty for none.
    """

    version: str
    dataset: str
    organization: str
    date: str
    program: str
    policy: str
    samples: int
    samples_digest: str
    journal: tuple[tuple[str, str], ...]
    size: int
    checkpoint: str
    draft: bool = True
    audit: Any = layout.NO_AUDIT
    parent: dict[str, str] | None = None
    changelog: str | None = None
    labels: str = "all"
    upto: int | None = None
    splits: str | None = None
    sealed: tuple[tuple[str, str], ...] = ()
    anchors: tuple[tuple[str, str], ...] = ()
    base: str | None = None
    renderer: str = ""

    @property
    def name(self) -> str:
        """Under what its files stand in ``journal/releases``: a draft never takes a version's number away."""
        return name_of(self.version, draft=self.draft)

    @property
    def deliveries(self) -> frozenset[int]:
        """Numbers of the deliveries that its journal tells of."""
        return frozenset(int(name.split("/")[1]) for name, _ in self.journal)

    def document(self) -> dict[str, Any]:
        """Return it as the file states it."""
        return {
            "format": 1,
            "version": self.version,
            "dataset": self.dataset,
            "organization": self.organization,
            "date": self.date,
            "program": self.program,
            "policy": self.policy,
            "samples": {"count": self.samples, "sha256": self.samples_digest},
            "journal": [list(pair) for pair in self.journal],
            "ledger": {"size": self.size, "checkpoint": self.checkpoint},
            "draft": self.draft,
            "audit": self.audit,
            "parent": self.parent,
            "changelog": self.changelog,
            "labels": {"rule": self.labels, "upto": self.upto},
            "splits": {"sha256": self.splits, "sealed": [list(pair) for pair in self.sealed]},
            "anchors": [list(pair) for pair in self.anchors],
            "base": self.base,
            "renderer": self.renderer,
        }


def name_of(version: str, *, draft: bool) -> str:
    """Return under what the files of a version, or of a draft of it, stand."""
    return f"{version}.draft" if draft else version


def _folder(project: Project) -> Path:
    return project.journal / "releases"


def load(project: Project, version: str, *, draft: bool = False) -> Frozen | None:
    """Return what was frozen for a version or for a draft of it, or None.

    Raises
    ------
    IntegrityError
        REL-007 when the file was changed.
    """
    path = _folder(project) / f"{name_of(version, draft=draft)}.json"
    if not path.is_file():
        return None
    with translated():
        data = path.read_bytes()
    try:
        doc = strict_loads(data)
        fine = (
            canonical_bytes(doc) == data
            and violation(SCHEMA, doc) is None
            and (doc["version"], doc["draft"]) == (version, draft)
        )
    except CuratorError:
        fine = False
    if not fine:
        raise IntegrityError("REL-007", what="its own record")
    return Frozen(
        version=doc["version"],
        dataset=doc["dataset"],
        organization=doc["organization"],
        date=doc["date"],
        program=doc["program"],
        policy=doc["policy"],
        samples=doc["samples"]["count"],
        samples_digest=doc["samples"]["sha256"],
        journal=tuple((path, digest) for path, digest in doc["journal"]),
        size=doc["ledger"]["size"],
        checkpoint=doc["ledger"]["checkpoint"],
        draft=doc["draft"],
        audit=doc["audit"],
        parent=doc["parent"],
        changelog=doc["changelog"],
        labels=doc["labels"]["rule"],
        upto=doc["labels"]["upto"],
        splits=doc["splits"]["sha256"],
        sealed=tuple((name, digest) for name, digest in doc["splits"]["sealed"]),
        anchors=tuple((name, digest) for name, digest in doc["anchors"]),
        base=doc["base"],
        renderer=doc.get("renderer", ""),
    )


def put(project: Project, frozen: Frozen) -> Frozen:
    """Freeze, unless somebody else did; return what counts."""
    make_folder(_folder(project))
    put_if_absent(_folder(project) / f"{frozen.name}.json", canonical_bytes(frozen.document()))
    made = load(project, frozen.version, draft=frozen.draft)
    assert made is not None
    return made


def put_changelog(project: Project, data: bytes) -> str:
    """Keep a changelog's bytes under their SHA-256, and return that in hex."""
    digest = hashlib.sha256(data).hexdigest()
    make_folder(_folder(project) / "changelogs")
    put_if_absent(_folder(project) / "changelogs" / f"{digest}.json", data)
    return digest


def changelog(project: Project, digest: str) -> bytes:
    """Return the changelog of a digest (REL-007 when it is lacking or was changed)."""
    path = _folder(project) / "changelogs" / f"{digest}.json"
    with translated():
        data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise IntegrityError("REL-007", what="its changelog")
    return data


def statement(project: Project, name: str, envelope: bytes) -> None:
    """Keep the first build's signed statement, and hold every later build to it.

    Parameters
    ----------
    project
        The project.
    name
        Of :func:`name_of`.
    envelope
        The signed statement.

    Raises
    ------
    IntegrityError
        REL-009 when this build's statement differs.
    """
    path = _folder(project) / f"{name}.dsse.json"
    if not put_if_absent(path, envelope) and path.read_bytes() != envelope:
        raise IntegrityError("REL-009")


def digest_of_samples(samples: Iterable[Sample]) -> tuple[int, str]:
    """Return number of samples and the SHA-256, in hex, of their list."""
    digest, count = hashlib.sha256(), 0
    for sample in samples:
        digest.update(sample_line(sample))
        count += 1
    return count, digest.hexdigest()


def journal_files(project: Project) -> list[tuple[str, str]]:
    """Return documents and commits of the scrub journal: path below ``journal/``, and SHA-256 in hex. Sorted."""
    found: list[Path] = []
    base = journal.scrub_folder(project)
    for delivery in journal.deliveries(project):
        folder = base / f"{delivery:04d}"
        found += [path for path in folder.iterdir() if path.is_file() and path.suffix == ".json"]
        for number in journal.rounds(project, delivery):
            log = journal.round_log(project, delivery, number)
            found += [log.folder / "commits" / f"{count:08d}.json" for count in log.numbers()]
    with translated():
        return sorted(
            (path.relative_to(project.journal).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
            for path in found
            if not path.name.startswith(".")
        )


def journal_parts(project: Project, frozen: Frozen) -> list[str]:
    """Return the parts that frozen commits make visible: paths below ``journal/``, sorted.

    Raises
    ------
    IntegrityError
        REL-007 when a document or commit is gone or changed.
    """
    parts: set[str] = set()
    for name, digest in frozen.journal:
        path = project.journal / name
        with translated():
            data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != digest:
            raise IntegrityError("REL-007", what="the scrub journal")
        if path.parent.name == "commits":
            folder = name.rsplit("/commits/", 1)[0]
            parts |= {f"{folder}/parts/{part}.parquet" for part in strict_loads(data)["parts"]}
    return sorted(parts)
