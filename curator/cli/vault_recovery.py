"""``curator vault recovery`` and ``curator vault replace``: what is left when the passphrase or the vault is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import emit_json, json_option, note, passphrase_option, project_option, read_passphrase, say

if TYPE_CHECKING:
    from curator.project.shares import Given

_Function = TypeVar("_Function", bound=Callable[..., Any])


def share_options(function: _Function) -> _Function:
    """Add ``--share`` and ``--share-passphrase-file``; passes ``shares`` and ``share_passphrase_files``."""
    function = click.option(
        "--share-passphrase-file",
        "share_passphrase_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The passphrase of a sealed share, in the order of the shares; asked for where none is given.",
    )(function)
    return click.option(
        "--share",
        "shares",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A recovery share: the sealed file, or the words of a paper typed into one. Give it once for each.",
    )(function)


def given_shares(shares: tuple[Path, ...], files: tuple[Path, ...]) -> list[Given]:
    """Read shares, each sealed one with the next passphrase file, or with a passphrase that is asked for."""
    from curator.project.shares import Given, is_sealed, read_share_file

    left = list(files)
    given = []
    for number, path in enumerate(shares, 1):
        data = read_share_file(path)
        if is_sealed(data):
            given.append(Given(data, read_passphrase(left.pop(0) if left else None, f"Passphrase of share {number}")))
        else:
            given.append(Given(data))
    return given


@click.group("recovery")
def recovery() -> None:
    """Let any n of m people open the vault together when its passphrase is lost."""


@recovery.command("split")
@click.option(
    "--holder", "holders", multiple=True, required=True, metavar="ID", help="Who gets a share; once for each."
)
@click.option("--threshold", type=click.IntRange(2, 16), required=True, metavar="N", help="How many open the vault.")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A new or empty folder.")
@click.option(
    "--paper", is_flag=True, help="Write words to print instead of files sealed with the holders' passphrases."
)
@click.option(
    "--holder-passphrase-file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The passphrase of a holder, in the order of the holders; asked for where none is given.",
)
@project_option
@passphrase_option
@json_option
def split(
    holders: tuple[str, ...],
    threshold: int,
    out: Path,
    paper: bool,
    files: tuple[Path, ...],
    project: Path,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write a recovery share for each holder to DIR. Any N of them open the vault; fewer say nothing about it.

    A share is a file sealed with its holder's own passphrase, or words to print (--paper). Shares made before stop
    working. Hand each file to its holder and keep no copy.

    \b
    Examples:
      curator vault recovery split --holder ada --holder ben --holder cleo --threshold 2 --out shares
    """
    from curator.core.clock import SystemClock
    from curator.project.backup import check_outside
    from curator.project.paths import open_project
    from curator.project.recovery import Holder, check_split
    from curator.project.recovery import split as run
    from curator.project.vault import Vault

    check_split(threshold, holders)
    place = open_project(project)
    check_outside(out / "share", place)
    secret = read_passphrase(passphrase_file, "Passphrase of the vault")
    left = list(files)
    named = [
        Holder(
            one,
            None
            if paper
            else read_passphrase(left.pop(0) if left else None, f"Passphrase of {one}'s share", confirm=True),
        )
        for one in holders
    ]
    clock = SystemClock()
    made = run(Vault.open(place.vault, secret, purpose="recovery", clock=clock), threshold, named, out, clock=clock)
    if as_json:
        emit_json({"split": made.id, "threshold": threshold, "holders": list(made.holders), "madeAt": made.made_at})
        return
    say(f"split {made.id} in force · any {threshold} of {len(made.holders)} shares open the vault")
    say("shares made before no longer do. Hand each file to its holder, and keep none here.")
    if paper:
        say("print the words and remove the files: whoever reads enough of them opens the vault")


@recovery.command("status")
@project_option
@passphrase_option
@json_option
def status(project: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Say which split is in force and who holds its shares. With --passphrase-file it is proven, not only read.

    \b
    Examples:
      curator vault recovery status --project trial
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.recovery import status as run
    from curator.project.vault import Vault

    place = open_project(project)
    opened = None
    if passphrase_file is not None:
        secret = read_passphrase(passphrase_file, "Passphrase of the vault")
        opened = Vault.open(place.vault, secret, purpose="recovery-status", clock=SystemClock())
    found = run(place.vault, opened)
    if as_json:
        said = None
        if found is not None:
            said = {
                "id": found.id,
                "threshold": found.threshold,
                "holders": list(found.holders),
                "madeAt": found.made_at,
            }
        emit_json({"split": said, "proven": opened is not None})
        return
    if found is None:
        say("no recovery shares are in force")
        note("next: curator vault recovery split")
        return
    proven = "proven" if opened is not None else "as the vault's folder says, not proven"
    say(f"split {found.id} of {found.made_at} · any {found.threshold} of {len(found.holders)} shares · {proven}")
    say(f"holders: {', '.join(found.holders)}")


@recovery.command("restore")
@project_option
@share_options
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the new passphrase from this file instead of asking for it.",
)
@json_option
def restore(
    project: Path,
    shares: tuple[Path, ...],
    share_passphrase_files: tuple[Path, ...],
    new_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Open the vault by recovery shares and give it a new passphrase. Each try is recorded.

    \b
    Examples:
      curator vault recovery restore --project trial --share ada.share.json --share cleo.share.json
    """
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.paths import open_project
    from curator.project.recovery import recover

    place = open_project(project)
    if not shares:
        raise UsageError("VLT-038")
    given = given_shares(shares, share_passphrase_files)
    new = read_passphrase(new_passphrase_file, "New passphrase of the vault", confirm=True)
    holders = recover(place.vault, given, new, clock=SystemClock())
    if as_json:
        emit_json({"recovered": True, "holders": list(holders)})
        return
    say(f"vault recovered by {', '.join(holders)} · the new passphrase is in force")
    say("next: curator vault rekey, then curator vault recovery split: these shares have been together")


@click.command("replace")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Where to write the request."
)
@project_option
@passphrase_option
@json_option
def replace(out: Path, project: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Make a new vault in the place of a lost one, and write a request for its operator's key.

    No label is lost with a vault: the ledger needs none. What is lost are the pseudonyms of known patients, so that
    nothing more can be scrubbed into this project, and the operator's key, for which two people of the roster sign
    (curator ledger operator FILE). Where the vault is back, but the ledger has another operator since, nothing is made
    but the request.

    \b
    Examples:
      curator vault replace --project trial --out operator.request.json
    """
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.header import NAME
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.keys import SeedSigner, key_id
    from curator.provenance.kinds_operator import make_request, write_request
    from curator.provenance.verify import verify_ledger

    place = open_project(project)
    if out.exists():
        raise UsageError("VLT-032")
    state = verify_ledger(place.ledger).require().state
    clock = SystemClock()
    there = (place.vault / NAME).exists()
    if not there and place.vault.exists() and any(place.vault.iterdir()):
        raise UsageError("VLT-049")
    secret = read_passphrase(passphrase_file, "Passphrase of the vault", confirm=not there)
    if there:
        vault = Vault.open(place.vault, secret, purpose="replace", clock=clock)
    else:
        vault = Vault.create(place.vault, secret, clock=clock)
    signer = SeedSigner(vault.operator_key())
    if signer.public == state.operator:
        raise UsageError("VLT-044")
    write_request(out, make_request(state.dataset, state.first, signer))
    if as_json:
        emit_json({"keyId": key_id(signer.public), "newVault": not there})
        return
    say(f"{'new vault made' if not there else 'vault found'} · operator's key {key_id(signer.public)[:16]}")
    say("next: two people run curator ledger operator REQUEST --by THEIR_ID --reason vault-lost")
