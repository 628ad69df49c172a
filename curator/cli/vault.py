"""``curator vault``: look after the vault itself."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import emit_json, json_option, passphrase_option, project_option, read_passphrase, say


@click.group("vault")
def vault() -> None:
    """Change the vault's passphrase, and see who opened it when."""


@vault.command("passphrase")
@project_option
@passphrase_option
@click.option("--new-passphrase-file", type=click.Path(path_type=Path), help="File that holds the new passphrase.")
def passphrase(project: Path, passphrase_file: Path | None, new_passphrase_file: Path | None) -> None:
    """Change the passphrase. Secrets and pseudonyms stay as they are.

    \b
    Examples:
      curator vault passphrase --project trial
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault

    place = open_project(project)
    old = read_passphrase(passphrase_file, "Present passphrase of the vault")
    new = read_passphrase(new_passphrase_file, "New passphrase of the vault", confirm=True)
    clock = SystemClock()
    Vault.open(place.vault, old, purpose="passphrase", clock=clock).change_passphrase(new, clock=clock)
    say("passphrase changed. Copies of the vault made before still open with the old one.")


@vault.command("openings")
@project_option
@passphrase_option
@json_option
def openings(project: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List every opening of the vault, and every failed try, after proving that the list was not altered.

    \b
    Examples:
      curator vault openings --project trial
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault

    place = open_project(project)
    secret = read_passphrase(passphrase_file, "Passphrase of the vault")
    entries = Vault.open(place.vault, secret, purpose="openings", clock=SystemClock()).openings()
    if as_json:
        emit_json({"openings": [{name: entry[name] for name in ("number", "at", "purpose")} for entry in entries]})
        return
    for entry in entries:
        say(f"{entry['number']:>6}  {entry['at']}  {entry['purpose']}")
