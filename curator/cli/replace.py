"""``curator replace``: a person's signed word that corrected objects take the place of scrubbed ones."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    passphrase_option,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.signers import key_store_option, open_key


@click.command("replace")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "person", required=True, metavar="PERSON", help="Who signs for the replacement.")
@click.option("--reason", required=True, help="Why, in a sentence without any patient's data.")
@project_option
@passphrase_option
@key_store_option
@key_passphrase_option
@click.option("--dry-run", is_flag=True, help="Count the objects and sign nothing.")
@json_option
def replace(
    paths: tuple[Path, ...],
    person: str,
    reason: str,
    project: Path,
    passphrase_file: Path | None,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Sign that the original DICOM objects at PATHS correct objects that were scrubbed before.

    An object with the SOP Instance UID of a scrubbed one and other bytes is held back (SRC-011) until somebody signs.
    The record names the digest of the clean file and a keyed digest of the new object, so it holds for these two
    alone. The next 'curator scrub' of the objects' source writes over the clean file, or takes it away when the
    corrected object is another patient's. Labels signed for the old file stay in the ledger and are not released.
    Objects that are the same as before are passed over. Reviewers, adjudicators and operators may sign.

    \b
    Examples:
      curator replace export/corrected --by reviewer-1 --reason "laterality was wrong in the first delivery"
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.replacements import sign_replacements
    from curator.provenance.verify import present_state
    from curator.scrub.delivery.keys import SourceKeys
    from curator.scrub.delivery.replacing import replacements
    from curator.scrub.policy import load_policy

    place = open_project(project)
    place.need_patients()
    known = present_state(place.ledger).replaced
    policy = load_policy(place.config.policy, base=place.root)
    clock = SystemClock()
    vault_passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    key = None if dry_run else open_key(person, key_store, key_passphrase_file)
    vault = Vault.open(place.vault, vault_passphrase, purpose="replace", clock=clock)
    found = replacements(place, paths, SourceKeys.of(vault, retain_uids=policy.applies("retain_uids")))
    new = [one for one in found if one[3] not in known or known[one[3]].sha256 != one[1]]
    if new and key is not None:
        sign_replacements(place.ledger, new, key, reason=reason, clock=clock, operator_seed=vault.operator_key())
    if as_json:
        emit_json({"objects": len(found), "signed": 0 if dry_run else len(new), "dry_run": dry_run})
        return
    say(f"{'would sign for' if dry_run else 'signed for'} {len(new):,} objects by {person}")
    say("next: curator scrub SOURCE")
