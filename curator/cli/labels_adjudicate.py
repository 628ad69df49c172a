"""``curator labels adjudicate``: labels that count in place of those that differ, many in one act."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    progress,
    project_option,
    say,
)
from curator.cli.signers import by_option, confirm_option, key_store_option


@click.command("adjudicate")
@click.argument("labels", type=click.Path(path_type=Path))
@click.option("--reason", required=True, metavar="TEXT", help="Why; no identifier.")
@click.option("--dry-run", is_flag=True, help="Check everything and sign nothing; needs no key.")
@by_option
@confirm_option
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def adjudicate(
    labels: Path,
    reason: str,
    dry_run: bool,
    person: str,
    confirm: int | None,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign that the labels of the file LABELS count in place of those that they were made of, or that differ.

    LABELS is the file that labels consensus or labels worklist import wrote and curator sign signed. Each label becomes
    the result of an adjudication: of its members, or of all labels of other people that answer the same question. These
    need a review before, and stay readable. Needs the role adjudicator.

    \b
    Examples:
      curator labels adjudicate consensus.jsonl --by adjudicator-1 --reason "majority of three readers" --dry-run
      curator labels adjudicate consensus.jsonl --by adjudicator-1 --reason "majority of three readers" --confirm 240
    """
    from curator.cli.guard import text_guard
    from curator.cli.signers import confirmed, need_key, open_key, operator_signer
    from curator.core.clock import SystemClock
    from curator.labels.consensus.adjudicating import drafts_of, ids_of, tried
    from curator.labels.consensus.opinions import story_of
    from curator.project.paths import open_project
    from curator.provenance.append import BATCH, Appender
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    if not dry_run:
        need_key(person, key_store)
    ids = ids_of(labels)
    clock = SystemClock()
    with progress(Ledger(place.ledger).size(), "records") as bar:
        story, state = story_of(place.ledger, bar.advance)
    drafts, already = drafts_of(story, state, place.root, ids, reason, text_guard())
    appender = Appender(Ledger(place.ledger), clock)
    appender.state.facts.require_training = place.config.require_training
    tried(appender, drafts, person)
    note(f"{len(ids):,} labels · {len(drafts):,} to adjudicate · {already:,} adjudicated already")
    made = 0
    if drafts and not dry_run:
        confirmed(len(drafts), confirm, len(ids))
        key = open_key(person, key_store, key_passphrase_file)
        operator = operator_signer(place, passphrase_file, "sign")
        for first in range(0, len(drafts), BATCH):
            made += len(appender.append(drafts[first : first + BATCH], key))
            appender.seal(key, operator)
    if as_json:
        emit_json(
            {
                "labels": len(ids),
                "adjudicated": made,
                "already": already,
                "dryRun": dry_run,
                "records": appender.state.size,
                "root": appender.state.tree.root().hex(),
            }
        )
        return
    say(f"{'would adjudicate' if dry_run else 'adjudicated'} {len(drafts):,} · already {already:,}")
    say("next: curator label review (the results), curator label approve")
