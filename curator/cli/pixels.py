"""``curator pixels``: a person's signed word that the pixels of some files were looked at."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.signers import key_store_option, open_key
from curator.core.errors import UsageError


@click.group("pixels")
def pixels() -> None:
    """Clear files that are held back for what their pixels may show. No policy turns that check off; a person does."""


@pixels.command("accept")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "person", required=True, metavar="PERSON", help="Who looked at the pixels and signs for it.")
@click.option("--reason", required=True, help="Why they may pass, in a sentence without any patient's data.")
@project_option
@passphrase_option
@key_store_option
@key_passphrase_option
@click.option("--dry-run", is_flag=True, help="Count the files and sign nothing.")
@json_option
def accept(
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
    """Sign that PERSON looked at every frame of the DICOM files at PATHS (files or folders of the source).

    The record lists keyed digests of the files' bytes, so it holds for these very bytes and tells nobody else which
    files they are. The next 'curator scrub' of the source takes the files in.

    \b
    Examples:
      curator pixels accept export/study-7 --by reviewer-1 --reason "all frames viewed, no text, no face"
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.pixels import accept_pixels, accepted_pixels
    from curator.scrub.delivery.keys import SourceKeys
    from curator.scrub.delivery.pixel_files import content_ids

    place = open_project(project)
    place.need_patients()
    known = accepted_pixels(place.ledger)
    clock = SystemClock()
    vault_passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    key = None if dry_run else open_key(person, key_store, key_passphrase_file)
    vault = Vault.open(place.vault, vault_passphrase, purpose="pixels", clock=clock)
    with progress(len(paths), "reading") as bar:
        found = content_ids(paths, SourceKeys.of(vault), advance=bar.advance)
    if not found:
        raise UsageError("SRC-002")
    new = sorted(found - known.keys())
    if new and key is not None:
        accept_pixels(place.ledger, new, key, reason=reason, clock=clock, operator_seed=vault.operator_key())
    if as_json:
        emit_json({"files": len(found), "accepted": len(new), "already": len(found) - len(new), "dry_run": dry_run})
        return
    say(
        f"{'would accept' if dry_run else 'accepted'} {len(new):,} contents by {person}"
        + (f" · {len(found) - len(new):,} were accepted before" if len(found) > len(new) else "")
    )
    say("next: curator scrub SOURCE")
