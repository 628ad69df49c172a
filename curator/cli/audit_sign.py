"""``curator audit waive`` and ``curator audit attest``: a person's signed word about checks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from curator.cli.audit_run import opened, subject_options
from curator.cli.common import emit_json, json_option, key_passphrase_option, project_option, say
from curator.cli.signers import by_option, key_store_option


@click.command("waive")
@click.argument("check")
@click.option(
    "--reason", required=True, help="Why it may leave all the same, in a sentence without any patient's data."
)
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day on which it holds."
)
@by_option
@project_option
@key_store_option
@key_passphrase_option
@click.option("--dry-run", is_flag=True, help="Say what would be signed and sign nothing.")
@json_option
def waive(
    check: str,
    reason: str,
    until: datetime,
    person: str,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Sign that the data may leave although CHECK does not pass: with a reason, and to a day within a year.

    It changes no outcome, stands in every report, and counts no more when its day is over.

    \b
    Examples:
      curator audit waive labels/drift --reason "one reader joined in May" --until 2027-03-31 --by reviewer-1
    """
    from curator.audit.catalog import catalog, chosen
    from curator.audit.signing import sign_waiver
    from curator.cli.guard import text_guard
    from curator.cli.signers import need_key, open_key
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.paths import open_project
    from curator.provenance.kinds_gate import audit_waiver

    place = open_project(project)
    if [one.check.id for one in chosen(catalog(), [check])] != [check]:
        raise UsageError("AUD-001")
    guard = text_guard()
    audit_waiver(check, reason, until.date().isoformat(), guard)
    record = None
    if not dry_run:
        need_key(person, key_store)
        key = open_key(person, key_store, key_passphrase_file)
        record = sign_waiver(place, check, reason, until.date(), key, SystemClock(), guard)
    if as_json:
        emit_json(
            {
                "check": check,
                "until": until.date().isoformat(),
                "signer": person,
                "record": None if record is None else record.index,
                "dryRun": dry_run,
            }
        )
        return
    say(f"{'would waive' if record is None else 'waived'} {check} until {until.date().isoformat()} by {person}")
    say("next: curator audit run")


@click.command("attest")
@subject_options
@by_option
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Write it here.")
@key_store_option
@key_passphrase_option
@click.option("--dry-run", is_flag=True, help="Run the checks and write nothing.")
@json_option
def attest(
    path: Path,
    with_vault: bool,
    passphrase_file: Path | None,
    vault_of: Path | None,
    only: tuple[str, ...],
    key_file: Path | None,
    settings: Path | None,
    cache: Path | None,
    no_cache: bool,
    workers: int | None,
    person: str,
    output: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Run the checks that only the vault can answer over PATH, and sign what they came to.

    Who has no vault gives the file to 'curator audit run --attestation'. It counts for these very clean files, where
    the ledger enrolls who signed. Exit 1 when a check failed: then the file says so, too.

    \b
    Examples:
      curator audit attest trial --by reviewer-1 -o attested.dsse.json
      curator audit attest trial-1.0.0 --key operator.pem --vault-of trial --by reviewer-1 -o attested.dsse.json
    """
    from curator.audit.attestation import attestation
    from curator.audit.audit import check_vault
    from curator.audit.catalog import catalog, chosen
    from curator.audit.model import VAULT, Outcome
    from curator.audit.runner import run_checks
    from curator.cli.signers import need_key, open_key
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.core.files import write_whole

    wanted = [one for one in chosen(catalog(), only) if VAULT in one.check.needs and not one.origin]
    if not wanted:
        raise UsageError("AUD-014")
    need_key(person, key_store)
    with opened(
        path,
        with_vault,
        passphrase_file,
        vault_of,
        key_file,
        settings,
        cache,
        no_cache,
        workers,
        need_vault=True,
    ) as subject:
        key = open_key(person, key_store, key_passphrase_file)
        state = subject.state()
        check_vault(subject, state)
        results = run_checks(subject, wanted, show=subject.show)
        data = attestation(results, subject.payload(), state, key, SystemClock().now())
        if not dry_run:
            write_whole(output, data)
        payload = subject.payload()
    outcomes = {one.check.id: str(one.outcome) for one in results}
    if as_json:
        emit_json({"payload": payload, "signer": person, "checks": outcomes, "dryRun": dry_run})
    else:
        for one in results:
            say(f"{one.outcome!s:<15}  {one.check.id}  {one.answer.summary}")
        say(f"{'would attest' if dry_run else 'attested'} by {person} for payload {payload[:12]}")
    if Outcome.FAIL in {one.outcome for one in results}:
        return 1
    return 3 if Outcome.COULD_NOT_CHECK in {one.outcome for one in results} else 0
