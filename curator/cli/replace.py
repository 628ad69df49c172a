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


@click.command("replace")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "person", required=True, metavar="PERSON", help="Who signs for the replacement.")
@click.option("--reason", required=True, help="Why, in a sentence without any patient's data.")
@project_option
@passphrase_option
@key_passphrase_option
@click.option("--key-store", type=click.Path(path_type=Path), help="Where the person's key is kept.")
@click.option("--dry-run", is_flag=True, help="Count the objects and sign nothing.")
@json_option
def replace(
    paths: tuple[Path, ...],
    person: str,
    reason: str,
    project: Path,
    passphrase_file: Path | None,
    key_passphrase_file: Path | None,
    key_store: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Sign that the DICOM objects at PATHS correct clean files with the same SOP Instance UID.

    The record names the clean file's digest and a keyed digest of the new bytes, so it holds for these alone. The next
    'curator scrub' of their source puts them in the place of the old ones. Labels of the old bytes stay on record, but
    are labels of another file from then on.

    \b
    Examples:
      curator replace export/corrected --by reviewer-1 --reason "laterality was wrong in the first delivery"
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.keystore import default_key_store, unlock
    from curator.provenance.replacements import sign_replacements
    from curator.provenance.verify import verify_ledger
    from curator.scrub.delivery.keys import SourceKeys
    from curator.scrub.delivery.replacing import replacements
    from curator.scrub.policy import load_policy

    place = open_project(project)
    known = verify_ledger(place.ledger).require().state.replaced
    policy = load_policy(place.config.policy, base=place.root)
    clock = SystemClock()
    vault_passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    session = None
    if not dry_run:
        session = unlock(
            key_store or default_key_store(),
            person,
            read_passphrase(key_passphrase_file, f"Passphrase of {person}'s key"),
        )
    vault = Vault.open(place.vault, vault_passphrase, purpose="replace", clock=clock)
    found = replacements(place, paths, SourceKeys.of(vault, retain_uids=policy.applies("retain_uids")))
    new = [one for one in found if one[3] not in known or known[one[3]].sha256 != one[1]]
    if new and session is not None:
        sign_replacements(place.ledger, new, session, reason=reason, clock=clock, operator_seed=vault.operator_key())
    if as_json:
        emit_json({"objects": len(found), "signed": 0 if dry_run else len(new), "dry_run": dry_run})
        return
    say(f"{'would sign for' if dry_run else 'signed for'} {len(new):,} objects by {person}")
    say("next: curator scrub SOURCE")
