"""Where things stand in a project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curator.core.errors import UsageError
from curator.project.config import CONFIG_NAME, ProjectConfig, read_config


@dataclass(frozen=True)
class Project:
    """A project's folder with its settings.

    Parameters
    ----------
    root
        The folder, absolute.
    config
        The settings in its curator.toml.
    """

    root: Path
    config: ProjectConfig

    @property
    def clean(self) -> Path:
        """De-identified data."""
        return self.root / "clean"

    @property
    def journal(self) -> Path:
        """What was done and what was refused."""
        return self.root / "journal"

    @property
    def ledger(self) -> Path:
        """Signed records."""
        return self.root / "ledger"

    @property
    def guidelines(self) -> Path:
        """Annotation guidelines."""
        return self.root / "guidelines"

    @property
    def releases(self) -> Path:
        """Packages."""
        return self.root / "releases"

    @property
    def runs(self) -> Path:
        """Clocks, hosts and rates: outside every promise of identity."""
        return self.root / "runs"

    @property
    def people_file(self) -> Path:
        """The roster, generated from the ledger."""
        return self.root / "people.toml"

    @property
    def vault(self) -> Path:
        """The vault's folder, absolute; in a project of joined sites the folder with the operator's key alone."""
        return (self.root / self.config.vault).resolve()

    @property
    def sites(self) -> Path:
        """Packages of joined sites."""
        return self.root / "sites"

    def need_patients(self) -> None:
        """Refuse what is about patients in a project of joined sites, which knows none (UsageError SIT-001)."""
        if self.config.no_vault:
            raise UsageError("SIT-001")


def open_project(root: Path) -> Project:
    """Open the project in a folder; parent folders are not searched.

    Raises
    ------
    UsageError
        PRJ-001 when there is none, PRJ-002 when its settings cannot be used.
    """
    try:
        root = root.resolve()
        there = (root / CONFIG_NAME).is_file()
    except OSError:  # such as a working directory that was removed
        there = False
    if not there:
        raise UsageError("PRJ-001")
    path = root / CONFIG_NAME
    return Project(root, read_config(path))


def inside(inner: Path, outer: Path) -> bool:
    """Say whether a path is another one or lies below it, after resolving links."""
    return inner.resolve().is_relative_to(outer.resolve())
