"""What stands at a path: a project, a package of ours, or a delivered folder."""

from __future__ import annotations

from pathlib import Path

from curator.audit.folder_subject import FolderSubject
from curator.audit.joined.subject import JoinedSubject
from curator.audit.package_subject import PackageSubject
from curator.audit.project_subject import ProjectSubject
from curator.audit.subject import Means
from curator.core.errors import UsageError
from curator.project.config import CONFIG_NAME
from curator.project.paths import open_project
from curator.release import layout
from curator.release.verify import verify_package

AnySubject = ProjectSubject | PackageSubject | FolderSubject | JoinedSubject


def kind_at(path: Path) -> str:
    """Say what stands at a path, ``project``, ``package`` or ``folder`` (AUD-006 when there is no folder)."""
    if not path.is_dir():
        raise UsageError("AUD-006")
    if (path / CONFIG_NAME).is_file():
        return "project"
    # A package that lost its signature or its manifest is refused as broken, not taken for a plain folder.
    if (path / layout.SIGNATURE).exists() or (path / layout.MANIFEST).exists():
        return "package"
    return "folder"


def subject_at(path: Path, means: Means, key: bytes | None = None) -> AnySubject:
    """Return the subject at a path.

    Parameters
    ----------
    path
        The folder.
    means
        What the audit works with.
    key
        The operator's raw public key, for a package.

    Raises
    ------
    CuratorError
        AUD-006; PRJ codes of a project; REL and LED codes of a broken package.
    """
    kind = kind_at(path)
    if kind == "project":
        project = open_project(path)
        return JoinedSubject(means, project) if project.config.no_vault else ProjectSubject(project, means)
    if kind == "package":
        report = verify_package(path, key=key)
        if report.contents.sites is not None:
            return JoinedSubject(means, report=report, folder=path)
        return PackageSubject(path, means, key, report)
    return FolderSubject(path, means)
