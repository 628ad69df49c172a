"""``curator sign``: sign labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
from curator.cli.signers import key_store_option, open_key, operator_signer

if TYPE_CHECKING:
    from curator.core.errors import CuratorError
    from curator.labels.signing import Plan

MEANINGS = ("authorship", "review", "approval", "responsibility")
#: Lines of bad labels that are printed; all are in the JSON document, up to a thousand.
PRINTED = 20


@click.command("sign")
@click.argument("labels", type=click.Path(path_type=Path))
@click.option("--as", "person", required=True, metavar="PERSON", help="Id of the person who signs.")
@click.option("--attest", is_flag=True, help="Sign other people's labels too, as import attestations, counted apart.")
@click.option(
    "--meaning",
    type=click.Choice(MEANINGS),
    default="authorship",
    show_default=True,
    help="Meaning of the signature under the person's own labels.",
)
@click.option("--guideline", metavar="ID@VERSION", help="For labels that name no guideline.")
@click.option("--tool", metavar="NAME@VERSION", help="For labels that name no tool.")
@click.option("--dry-run", is_flag=True, help="Check everything and sign nothing; needs no key.")
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def sign(
    labels: Path,
    person: str,
    attest: bool,
    meaning: str,
    guideline: str | None,
    tool: str | None,
    dry_run: bool,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign the labels in LABELS (JSON Lines or CSV) as PERSON, one record each.

    Every label is checked first; if one is bad, none is signed and all bad lines are listed. Labels that are signed
    already are skipped, so a run that was stopped is just run again. With --passphrase-file the operator signs the
    checkpoint as well.

    \b
    Examples:
      curator sign reads.jsonl --as reader-a --guideline chest-ct@1.0 --tool viewer@2.1
      curator sign vendor.csv --as reviewer-1 --attest --guideline chest-ct@1.0
    """
    from curator.core.clock import SystemClock
    from curator.labels.checks import named
    from curator.labels.reading import check_file
    from curator.labels.signing import LabelFile, Wishes
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    check_file(labels)
    clock = SystemClock()
    wishes = Wishes(
        person=person,
        attest=attest,
        meaning=meaning,
        guideline=None if guideline is None else named(guideline),
        tool=None if tool is None else named(tool),
    )
    key = None if dry_run else open_key(person, key_store, key_passphrase_file)
    operator = None if dry_run else operator_signer(place, passphrase_file, "sign")
    ledger = Ledger(place.ledger)
    with progress(ledger.size(), "records") as bar:
        appender = Appender(ledger, clock, bar.advance)
    source = LabelFile(labels, wishes, appender, clock)
    with progress(source.lines, "labels") as bar:
        plan = source.plan(place.root, samples(place), bar.advance)
    try:
        plan.require()
    except Exception as error:
        _refused(plan, error, as_json)
        raise
    note(f"{plan.total:,} labels checked · {plan.new:,} to sign · {plan.already:,} already signed")
    done = 0
    if key is not None:
        with progress(plan.new, "labels") as bar:
            done = source.sign(key, operator, bar.advance)
    report = {
        "total": plan.total,
        "signed": done,
        "own": plan.new - plan.attested,
        "attested": plan.attested,
        "already": plan.already,
        "records": appender.state.size,
        "root": appender.state.tree.root().hex(),
        "dryRun": dry_run,
    }
    if as_json:
        emit_json(report)
        return
    say(f"{'would sign' if dry_run else 'signed'} {plan.new:,} labels as {person}")
    say(f"own {plan.new - plan.attested:,} · import attestations {plan.attested:,} · already signed {plan.already:,}")
    say(f"ledger: {appender.state.size:,} records")
    say("next: curator ledger verify")


def _refused(plan: Plan, error: CuratorError | Exception, as_json: bool) -> None:
    from curator.core.errors import CuratorError

    if as_json and isinstance(error, CuratorError):
        issues = [{"line": one.line, "code": one.error.code, "sentence": one.error.sentence} for one in plan.issues]
        failed = {"code": error.code, "sentence": error.sentence, "hint": error.hint}
        emit_json({"error": failed, "total": plan.total, "bad": plan.bad, "issues": issues})
        return
    for one in plan.issues[:PRINTED]:
        note(f"line {one.line}: {one.error.code} {one.error.sentence}")
    if plan.bad > PRINTED:
        note(f"… and {plan.bad - PRINTED:,} more; --json lists them")
