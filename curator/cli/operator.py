"""``curator ledger operator``: two people sign for a new operator's key."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import emit_json, json_option, key_passphrase_option, note, project_option, say
from curator.cli.signers import by_option, key_store_option, open_key

REASONS = ("vault-lost", "vault-found", "key-exposed", "operator-left")


@click.command("operator")
@click.argument("request", type=click.Path(path_type=Path))
@by_option
@click.option("--reason", required=True, type=click.Choice(REASONS), help="Why the key changes.")
@project_option
@key_store_option
@key_passphrase_option
@json_option
def operator(
    request: Path,
    person: str,
    reason: str,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign for the new operator's key in REQUEST, which 'curator vault replace' wrote. No vault is needed.

    The first person's record asks for it; it is in force once a second person has signed. Reviewers, adjudicators and
    operators of the roster may. Compare the key id with whoever made the request, by another way. Checkpoints that the
    old key signed stay valid for their sizes.

    \b
    Examples:
      curator ledger operator operator.request.json --by reviewer-1 --reason vault-lost
    """
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.provenance.keys import key_id
    from curator.provenance.kinds_operator import load_request
    from curator.provenance.ledger import Ledger
    from curator.provenance.operator import change_operator
    from curator.provenance.verify import verify_ledger

    place = open_project(project)
    state = verify_ledger(place.ledger).require().state
    public, _ = load_request(request, state.dataset, state.first)
    name = key_id(public)
    note(f"signing for the operator's key {name} in place of {key_id(state.operator)}")
    key = open_key(person, key_store, key_passphrase_file)
    done = change_operator(Ledger(place.ledger), request, reason, key, SystemClock())
    if as_json:
        emit_json({"keyId": name, "inForce": done.in_force, "already": done.already, "by": list(done.by)})
        return
    if done.in_force:
        say(f"operator's key {name[:16]} in force · signed by {' and '.join(done.by)}")
        say("next: curator ledger checkpoint, and give the new public key to those who hold the old one")
        return
    say(f"signed by {person} · a second person must sign before it is in force")
    say("next: that person runs curator ledger operator REQUEST --by THEIR_ID")
