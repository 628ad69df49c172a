"""``curator init``: make a project, its vault and its ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, passphrase_option, project_option, read_passphrase, say

if TYPE_CHECKING:
    from curator.core.clock import Clock


@click.command("init")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@project_option
@passphrase_option
@click.option(
    "--dataset", metavar="ID", help="Id of the dataset; every record is bound to it. [default: drawn at random]"
)
@click.option("--site", metavar="ID", default="site-1", show_default=True, help="Id of the site the data come from.")
@click.option("--organization", metavar="TEXT", default="", help="Printed in reports.")
@click.option(
    "--policy",
    metavar="NAME",
    default="safe-harbor",
    show_default=True,
    help="Policy name, or path of a policy file; a relative path starts from the project.",
)
@click.option(
    "--vault",
    type=click.Path(path_type=Path),
    help="Where the vault stands. [default: FOLDER.vault beside the project]",
)
@click.option(
    "--no-vault",
    is_flag=True,
    help="For a sponsor who joins packages of sites: a key of the operator, and nothing of any patient.",
)
@json_option
def init(
    folder: Path | None,
    project: Path,
    passphrase_file: Path | None,
    dataset: str | None,
    site: str,
    organization: str,
    policy: str,
    vault: Path | None,
    no_vault: bool,
    as_json: bool,
) -> None:
    """Make a project in FOLDER (or --project), with an encrypted vault beside it and a signed ledger in it.

    The passphrase opens the vault: without it no file can be scrubbed and no pseudonym can be traced back. It is
    stored nowhere. With --no-vault it opens the operator's key alone: such a project scrubs nothing, and takes in the
    packages of sites by 'curator release join'.

    \b
    Examples:
      curator init trial
      curator init trial --site north-hospital --passphrase-file ~/trial.pass
      curator init pivotal --no-vault --dataset pivotal
    """
    from curator.core.clock import SystemClock
    from curator.project.create import Wishes, create_project
    from curator.provenance.ledger import create as create_ledger
    from curator.scrub.policy import load_policy

    wishes = Wishes(
        root=folder or project, dataset=dataset, site=site, organization=organization, policy=policy, vault=vault,
        no_vault=no_vault,
    )  # fmt: skip
    wishes.check()
    rules = load_policy(policy, base=wishes.root.resolve())
    asked = "Passphrase of the operator's new key" if no_vault else "Passphrase of the new vault"
    passphrase = read_passphrase(passphrase_file, asked, confirm=True)

    def begin(ledger: Path, dataset: str, operator_seed: bytes, clock: Clock) -> None:
        shown = None if no_vault else {"name": rules.name, "sha256": rules.digest}
        create_ledger(ledger, dataset=dataset, operator_seed=operator_seed, clock=clock, policy=shown)

    made = create_project(wishes, passphrase, SystemClock(), begin=begin)
    if as_json:
        about = {"dataset": made.config.dataset, "policy": made.config.policy, "site": made.config.site}
        emit_json({**about, "claim": rules.claim.value, "noVault": no_vault})
        return
    if no_vault:
        say(f"project made · dataset {made.config.dataset} · no vault: joins packages of sites")
        say("The operator's key stands beside the project. Keep its passphrase: nobody can tell it again.")
        say("next: curator people add · curator people enroll · curator release join SITE PACKAGE --site-key FILE")
        return
    say(f"project made · dataset {made.config.dataset} · policy {made.config.policy} · site {made.config.site}")
    say(f"claim of the policy at most: {rules.verdict}")
    say("The vault stands beside the project and is not part of it. Keep its passphrase: nobody can tell it again.")
    say("So that n of m people can open it without: curator vault recovery split")
    say("next: curator scan SOURCE · curator scrub SOURCE")
