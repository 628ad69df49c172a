"""Making a project. curator.toml is written last: without it a folder is no project, and the making can be redone."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from curator.core.clock import Clock
from curator.core.errors import UsageError
from curator.core.files import make_folder, write_whole
from curator.project.config import CONFIG_NAME, ProjectConfig, config_text
from curator.project.paths import Project, inside
from curator.project.vault import Vault, check_passphrase

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
#: What a killed ``init`` may have left in the folder.
_OWN = {"ledger", "runs", "clean", "journal"}


@dataclass(frozen=True)
class Wishes:
    """What the user wants of a new project; None asks for the default."""

    root: Path
    dataset: str | None
    site: str
    organization: str
    policy: str
    vault: Path | None
    #: True for a project of joined sites, which knows no patient.
    no_vault: bool = False

    def vault_folder(self) -> Path:
        """Return where the vault will stand, absolute."""
        root = self.root.resolve()
        return self.vault.resolve() if self.vault else root.with_name(root.name + self.ending)

    @property
    def ending(self) -> str:
        """How the folder beside the project ends: the vault's, or where there is none the operator's."""
        return ".operator" if self.no_vault else ".vault"

    def check(self) -> None:
        """Refuse what cannot become a project, before anything is written or asked.

        Raises
        ------
        UsageError
            PRJ-002, PRJ-003, PRJ-005, VLT-005.
        """
        root = self.root.resolve()
        if (root / CONFIG_NAME).exists():
            raise UsageError("PRJ-003")
        if root.exists() and (not root.is_dir() or set(os.listdir(root)) - _OWN):
            raise UsageError("PRJ-005")
        if self.dataset is not None and not _ID.fullmatch(self.dataset):
            raise UsageError("PRJ-002", reason="a dataset id is lower-case letters, digits, '.', '_' and '-'")
        if not _SITE.fullmatch(self.site):
            raise UsageError("PRJ-002", reason="a site id is letters, digits, '.', '_' and '-'")
        vault = self.vault_folder()
        if inside(vault, root) or inside(root, vault):
            raise UsageError("VLT-005")


def create_project(
    wishes: Wishes, passphrase: bytes, clock: Clock, *, begin: Callable[[Path, str, bytes, Clock], None] | None = None
) -> Project:
    """Make the folder, the vault and the settings.

    Parameters
    ----------
    wishes
        What the user wants.
    passphrase
        Of the new vault.
    clock
        Gives the project date.
    begin
        Called before the settings are written, with the ledger's folder, the dataset's id, the operator's key seed
        and the clock: starts the ledger.

    Raises
    ------
    UsageError
        As :meth:`Wishes.check`; VLT-004 when a vault in use stands in the way; VLT-006 for a short passphrase.
    """
    wishes.check()
    check_passphrase(passphrase)
    root, folder = wishes.root.resolve(), wishes.vault_folder()
    if (folder / "vault.json").exists():
        vault = Vault.open(folder, passphrase, purpose="init", clock=clock)
        if vault.names("deliveries"):
            raise UsageError("VLT-004")
    else:
        vault = Vault.create(folder, passphrase, clock=clock)
    make_folder(root)
    config = ProjectConfig(
        dataset=_dataset(vault, wishes.dataset),
        site=wishes.site,
        policy=wishes.policy,
        project_date=clock.now().date(),
        organization=wishes.organization,
        vault=Path(os.path.relpath(folder, root)),
        no_vault=wishes.no_vault,
    )
    project = Project(root, config)
    if begin is not None:
        begin(project.ledger, config.dataset, vault.operator_key(), clock)
    for made in (project.runs, project.clean, project.journal):
        make_folder(made)
    write_whole(root / CONFIG_NAME, config_text(config).encode("utf-8"))
    return project


def _dataset(vault: Vault, wish: str | None) -> str:
    """Return the dataset's id; one drawn at random is kept in the vault, so that a second try has the same."""
    if wish is not None:
        return wish
    kept = vault.get("dataset")
    if kept is None:
        kept = f"ds-{secrets.token_hex(4)}".encode("ascii")
        vault.put("dataset", kept)
    return kept.decode("ascii")
