"""What the commands that sign share: where a person's key is, opening it, and the operator's key out of the vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import read_passphrase

if TYPE_CHECKING:
    from curator.project.paths import Project
    from curator.provenance.keys import PersonKey, Signer

_Function = TypeVar("_Function", bound=Callable[..., Any])


def key_store_option(function: _Function) -> _Function:
    """Add ``--key-store DIR``; passes ``key_store: Path | None``."""
    return click.option(
        "--key-store",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Where the person's key is kept. [default: CURATOR_KEY_STORE, else ~/.config/curator/keys]",
    )(function)


def by_option(function: _Function) -> _Function:
    """Add ``--by PERSON``; passes ``person: str``."""
    return click.option("--by", "person", required=True, metavar="PERSON", help="Id of the person who signs.")(function)


def open_key(person: str, key_store: Path | None, passphrase_file: Path | None) -> PersonKey:
    """Open a person's key with the passphrase from a file or a prompt."""
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.provenance.keystore import default_key_store, key_path, unlock

    store = key_store or default_key_store()
    if not key_path(store, person).is_file():
        raise UsageError("KEY-001")
    passphrase = read_passphrase(passphrase_file, f"Passphrase of {person}'s key")
    return unlock(store, person, passphrase, SystemClock())


def operator_signer(
    project: Project, passphrase_file: Path | None, purpose: str, *, ask: bool = False
) -> Signer | None:
    """Take the operator's key out of the vault, if its passphrase is given or may be asked for."""
    if passphrase_file is None and not ask:
        return None
    from curator.core.clock import SystemClock
    from curator.project.vault import Vault
    from curator.provenance.keys import SeedSigner

    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    vault = Vault.open(project.vault, passphrase, purpose=purpose, clock=SystemClock())
    return SeedSigner(vault.operator_key())
