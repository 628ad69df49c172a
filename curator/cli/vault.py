"""``curator vault``: look after the vault itself."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import (
    emit_json,
    json_option,
    note,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.vault_recovery import given_shares, recovery, replace, share_options


@click.group("vault")
def vault() -> None:
    """Back up, restore and rekey the vault, recover it by several people, see who opened it when."""


vault.add_command(recovery)
vault.add_command(replace)

new_passphrase_option = click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the new passphrase from this file instead of asking for it.",
)


@vault.command("passphrase")
@project_option
@passphrase_option
@new_passphrase_option
@json_option
def passphrase(project: Path, passphrase_file: Path | None, new_passphrase_file: Path | None, as_json: bool) -> None:
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
    Vault.open(place.vault, old, purpose="passphrase-asked", clock=clock).change_passphrase(new, clock=clock)
    if as_json:
        emit_json({"changed": True})
        return
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
        shown = ("number", "at", "purpose", "by")
        emit_json({"openings": [{name: entry[name] for name in shown if name in entry} for entry in entries]})
        return
    for entry in entries:
        who = f"  {', '.join(entry['by'])}" if "by" in entry else ""
        say(f"{entry['number']:>6}  {entry['at']}  {entry['purpose']}{who}")


@vault.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@project_option
@passphrase_option
@json_option
def backup(file: Path, project: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write the whole vault, still sealed, to one new FILE (such as trial.cvb) outside of the project.

    The file opens with the passphrase that the vault has now, also after it was changed. A scrub may go on meanwhile.
    Back up after each delivery: what the vault learned since the last backup cannot be made again.

    \b
    Examples:
      curator vault backup /mnt/safe/trial-2026-11.cvb --project trial
    """
    from curator.core.clock import SystemClock
    from curator.project.backup import check_outside, write_backup
    from curator.project.openings import last_opening
    from curator.project.paths import open_project
    from curator.project.rekey import documents
    from curator.project.vault import Vault

    place = open_project(project)
    check_outside(file, place)
    secret = read_passphrase(passphrase_file, "Passphrase of the vault")
    clock = SystemClock()
    opened = Vault.open(place.vault, secret, purpose="backup", clock=clock)
    with progress(len(documents(opened)) + last_opening(opened.root) + 1, "files") as bar:
        made = write_backup(opened, file, clock=clock, advance=bar.advance)
    if as_json:
        emit_json({"files": made.files, "bytes": made.bytes, "deliveries": made.deliveries, "madeAt": made.made_at})
        return
    say(f"backup written · {made.files:,} files · {made.bytes:,} bytes · {made.deliveries:,} deliveries")
    say("next: curator vault restore FILE --check, on the machine where it is kept")


@vault.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="DIR", help="A folder, empty or not there.")
@click.option("--check", is_flag=True, help="Prove the backup and write nothing.")
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Compare with this project's journal and ledger. [default: the working directory, if it is a project]",
)
@passphrase_option
@share_options
@json_option
@click.pass_context
def restore(
    ctx: click.Context,
    file: Path,
    target: Path | None,
    check: bool,
    project: Path | None,
    passphrase_file: Path | None,
    shares: tuple[Path, ...],
    share_passphrase_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Prove the backup FILE and make a vault of it in DIR, whole or not at all.

    The passphrase is the one that the vault had when the backup was made; recovery shares of that time do as well. Exit
    3 says that the project knows deliveries which the backup lacks.

    \b
    Examples:
      curator vault restore trial.cvb --check
      curator vault restore trial.cvb --to trial.vault --project trial
    """
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.config import CONFIG_NAME
    from curator.project.paths import inside, open_project
    from curator.project.recovery import ByShares
    from curator.project.restore import by_passphrase
    from curator.project.restore import restore as run

    if check == (target is not None):
        raise UsageError("VLT-048")
    known = project is not None or Path(CONFIG_NAME).is_file()
    place = open_project(project or Path()) if known else None
    if place is not None and target is not None and inside(target, place.root):
        raise UsageError("VLT-005")
    shared = ByShares(given_shares(shares, share_passphrase_files)) if shares else None
    unlock = shared or by_passphrase(read_passphrase(passphrase_file, "Passphrase of the backup"))
    with progress(_size(file) * (1 if target is None else 2), "bytes") as bar:
        done = run(
            file,
            unlock,
            target,
            project=place,
            clock=SystemClock(),
            advance=bar.advance,
            by=lambda: shared.holders if shared is not None else (),
        )
    operator = None if place is None or done.operator is None else _operator_in_force(place.ledger, done.operator)
    made = done.backup
    if as_json:
        emit_json(
            {
                "restored": target is not None,
                "files": made.files,
                "bytes": made.bytes,
                "deliveries": made.deliveries,
                "madeAt": made.made_at,
                "compared": place is not None,
                "lacking": list(done.lacking),
                "operatorInForce": operator,
            }
        )
    else:
        say(f"backup of {made.made_at} proven · {made.files:,} files · {made.deliveries:,} deliveries")
        if target is not None:
            say("vault restored")
    if place is None:
        note("no project was given: its deliveries were not compared with those of the backup")
    elif target is not None and target.resolve() != place.vault:
        note("the project's curator.toml names another place for its vault: correct 'vault' there, or move the folder")
    if done.lacking:
        shown = ", ".join(map(str, done.lacking[:20])) + (" …" if len(done.lacking) > 20 else "")
        note(f"WARNING: the backup is older than the project: it lacks {len(done.lacking):,} deliveries ({shown})")
        note("the people first seen there have no keys in it; scrub refuses to go on with this vault")
    if operator is False:
        note("WARNING: another operator's key is in force; 'curator vault replace' writes a request for this one")
    ctx.exit(3 if done.lacking else 0)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # what is wrong with the file is said when it is opened


def _operator_in_force(ledger: Path, seed: bytes) -> bool | None:
    """Say whether the vault's operator key is the ledger's; None when the ledger cannot tell."""
    from curator.core.errors import CuratorError
    from curator.provenance.keys import SeedSigner
    from curator.provenance.verify import verify_ledger

    try:
        state = verify_ledger(ledger).require().state
    except CuratorError as error:
        note(f"the operator's key could not be compared: {error}")
        return None
    return state.operator == SeedSigner(seed).public


@vault.command("rekey")
@project_option
@passphrase_option
@new_passphrase_option
@json_option
def rekey(project: Path, passphrase_file: Path | None, new_passphrase_file: Path | None, as_json: bool) -> None:
    """Give the vault a new master key: everything is sealed anew, and the old key opens nothing any more.

    Pseudonyms, UIDs, date shifts and the operator's key stay. The passphrase stays too, unless --new-passphrase-file
    names another. Recovery shares made before stop working. Backups made before still open as they did.

    \b
    Examples:
      curator vault rekey --project trial
      curator vault rekey --project trial --passphrase-file old --new-passphrase-file new
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.recovery import status
    from curator.project.rekey import documents
    from curator.project.rekey import rekey as run
    from curator.project.vault import Vault

    place = open_project(project)
    old = read_passphrase(passphrase_file, "Passphrase of the vault")
    new = old if new_passphrase_file is None else read_passphrase(new_passphrase_file, "New passphrase of the vault")
    clock = SystemClock()
    opened = Vault.open(place.vault, old, purpose="rekey", clock=clock)
    had = status(place.vault) is not None
    names = documents(opened)
    with progress(len(names), "documents") as bar:
        run(opened, new, clock=clock, advance=bar.advance)
    if as_json:
        emit_json({"documents": len(names), "sharesEnded": had})
        return
    say(f"rekeyed · {len(names):,} documents sealed anew")
    if had:
        say("the recovery shares no longer open the vault: curator vault recovery split")
    say("next: curator vault backup FILE; backups made before open with the old key, so remove them")
