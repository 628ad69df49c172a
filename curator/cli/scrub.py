"""``curator scrub``: de-identify a source folder into the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    note,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    recipe_option,
    say,
)

if TYPE_CHECKING:
    from curator.scrub.delivery.report import Report
    from curator.scrub.delivery.run import Job
    from curator.scrub.dry import DryReport
    from curator.scrub.policy import Policy

EXIT_QUARANTINED = 5


@click.command("scrub")
@click.argument("source", type=click.Path(path_type=Path))
@project_option
@passphrase_option
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that work. [default: one a core]")
@click.option("--dry-run", is_flag=True, help="Decide every file and count; write no clean file.")
@click.option("--restart", is_flag=True, help="Give up an unfinished delivery of SOURCE and take a new inventory.")
@click.option(
    "--max-file",
    type=click.IntRange(1),
    metavar="MIB",
    default=65536,
    show_default=True,
    help="Largest file that is read.",
)
@click.option(
    "--linkage",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="A table with a row for each person: all their IDs, name, birth date; kept in the vault.",
)
@recipe_option
@click.option("--with", "added", multiple=True, metavar="NAME", help="Also ask an installed text detector; repeatable.")
@click.option(
    "--canaries",
    type=click.IntRange(16, 100_000),
    metavar="N",
    help="Afterwards plant N made-up identifiers in copies, scrub those in memory, and report recall on these data.",
)
@json_option
@click.pass_context
def scrub(
    ctx: click.Context,
    source: Path,
    project: Path,
    passphrase_file: Path | None,
    workers: int | None,
    dry_run: bool,
    restart: bool,
    max_file: int,
    linkage: Path | None,
    recipe: Path | None,
    added: tuple[str, ...],
    canaries: int | None,
    as_json: bool,
) -> None:
    """De-identify every file of SOURCE into clean/ by the project's policy.

    SOURCE is only read. A file that cannot be understood whole, or whose pixels may show a name or a face, is held
    back with a reason code. Run it again after an interruption and it goes on; run it again after 'curator pixels
    accept' or 'curator replace', and the files that a person has signed for are taken in. Exit code 5 says that some
    files were held back, or that clean files of earlier deliveries have to be made again.

    What the policy does with each attribute: 'curator policy show POLICY'. Pseudonyms, UIDs and date shifts that are
    in use already: 'curator crosswalk import', before the first scrub.

    \b
    Examples:
      curator scrub /mnt/pacs/export
      curator scrub /mnt/pacs/export --dry-run
      curator scrub /mnt/pacs/export --project trial --passphrase-file ~/trial.pass --json
      curator scrub /mnt/pacs/export --canaries 800
    """
    from curator.cli.engines import local_engine
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.detect.text import installed
    from curator.intake.walk import source_folder
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.provenance.verify import present_state
    from curator.scrub.delivery.linkage import keep_linkage, read_linkage
    from curator.scrub.delivery.run import Job, check_apart
    from curator.scrub.delivery.run import scrub as run
    from curator.scrub.dry import dry_run as plan
    from curator.scrub.policy import load_policy

    if canaries and dry_run:
        raise UsageError("AUP-006")
    place = open_project(project)
    place.need_patients()
    check_apart(source_folder(source), place)
    policy = load_policy(place.config.policy, base=place.root, recipe=recipe)
    ledger = present_state(place.ledger)
    clock = SystemClock()
    linked = read_linkage(linkage) if linkage is not None else []
    installed(added)
    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    vault = Vault.open(place.vault, passphrase, purpose="dry-run" if dry_run else "scrub", clock=clock)
    job = Job(
        project=place,
        vault=vault,
        source=source,
        policy=policy,
        engine=local_engine(workers),
        clock=clock,
        watch=progress,
        accepted=dict(ledger.accepted),
        replaced=dict(ledger.replaced),
        restart=restart,
        most=max_file << 20,
        added=added,
    )
    if linked and not dry_run:
        note(f"linkage: {keep_linkage(vault, linked):,} new rows")
    note(f"policy {policy.name} {policy.digest[:6]}" + (" · dry run, no file is written" if dry_run else ""))
    for reason in policy.reasons:
        note(f"not Safe Harbor: {reason}")
    if dry_run:
        planned = plan(job)
        _show_plan(planned, policy, as_json)
        ctx.exit(EXIT_QUARANTINED if planned.quarantined else 0)
    report = run(job)
    recall = _recall(job, canaries, report.delivery) if canaries else None
    _show(report, policy, as_json, recall)
    ctx.exit(EXIT_QUARANTINED if report.quarantined or report.stale or report.lost else 0)


def _recall(job: Job, wanted: int, delivery: int) -> dict[str, Any]:
    """Measure recall on planted copies and keep the signed numbers in the journal."""
    from curator.audit.canaries.kept import keep
    from curator.audit.canaries.measure import measure

    return keep(job.project, job.vault, delivery, measure(job, wanted))


def _show_recall(recall: dict[str, Any]) -> None:
    low, high = recall["interval"]
    say(
        f"canaries     {recall['planted']:>9,}   made-up identifiers planted in {recall['copies']:,} copies · "
        f"{recall['removed']:,} taken out · 95 % interval {100 * float(low):.1f} to {100 * float(high):.1f} %"
    )
    for row in recall["categories"]:
        if row["removed"] < row["planted"]:
            say(f"             ({row['category']}) {row['removed']:,} of {row['planted']:,} taken out")
    if recall["held_back"]:
        say(f"             {recall['held_back']:,} copies were held back and count nowhere")


def _codes(by_code: dict[str, int]) -> str:
    from curator.core.errors import sentence_of

    ordered = sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))
    return "\n".join(f"  {count:>9,}   {code} {sentence_of(code)}" for code, count in ordered)


def _show(report: Report, policy: Policy, as_json: bool, recall: dict[str, Any] | None) -> None:
    from curator.scrub.policy.describe import policy_line

    if as_json:
        emit_json(
            {
                "delivery": report.delivery,
                "policy": policy_line(policy),
                "patients": report.patients,
                "studies": report.studies,
                "listed": report.listed,
                "alike": report.alike,
                "by_kind": report.by_kind,
                "known": report.known,
                "searched_again": report.searched_again,
                "stale": report.stale,
                "emptied": report.emptied,
                "unknown": report.unknown,
                "resumed": report.resumed,
                "remade": report.remade,
                "lost": report.lost,
                "found": report.found,
                "scrubbed": report.scrubbed,
                "duplicate": report.duplicate,
                "quarantined": report.quarantined,
                "by_code": report.by_code,
                **({"canaries": recall} if recall is not None else {}),
            }
        )
        return
    say(f"claim        {policy.verdict}")
    if report.resumed:
        say(f"resumed after {report.resumed:,}")
    say(f"found        {report.found:>9,}")
    listed = f" · {report.listed:,} patients in files about many" if report.listed else ""
    say(f"scrubbed     {report.scrubbed:>9,}   {report.patients:,} patients · {report.studies:,} studies{listed}")
    if set(report.by_kind) - {"dicom"}:
        say("             " + " · ".join(f"{count:,} {kind}" for kind, count in report.by_kind.items()))
    say(f"duplicate    {report.duplicate:>9,}")
    say(f"quarantined  {report.quarantined:>9,}")
    if report.by_code:
        say(_codes(report.by_code))
    if report.emptied:
        say(f"emptied      {report.emptied:>9,}   values of tables and records that could not be read or may not stay")
    if report.unknown:
        say(f"unknown      {report.unknown:>9,}   columns, members and sheets that nobody knows went")
    if report.emptied or report.unknown:
        say("             which ones: curator journal show actions")
    if report.alike:
        say(f"alike        {report.alike:>9,}   patients' numbers differ by leading zeros alone, and count as several")
        say("             join them by --linkage in a new project where they are one")
    if report.known.get("unsearched"):
        say(f"too short    {report.known['unsearched']:>9,}   known identifiers of one letter or digit: not searched")
    if recall is not None:
        _show_recall(recall)
    if report.remade:
        say(
            f"made again   {report.remade:>9,}   clean files that were missing or of another size than the journal says"
        )
    if report.lost:
        say(f"lost         {report.lost:>9,}   clean files of other deliveries are missing or of another size")
    if report.searched_again:
        say(f"searched     {report.searched_again:>9,}   files of earlier deliveries for what this one told")
    if report.stale:
        say(f"stale        {report.stale:>9,}   clean files hold what a later delivery told of their persons")
    if report.stale or report.lost:
        say("next: curator scrub on the sources of the earlier deliveries again")
        return
    say("next: curator journal show quarantine" if report.quarantined else "next: curator sign LABELS --as PERSON")


def _show_plan(report: DryReport, policy: Policy, as_json: bool) -> None:
    from curator.scrub.policy.describe import policy_line

    if as_json:
        emit_json(
            {
                "policy": policy_line(policy),
                "found": report.found,
                "scrubbed": report.scrubbed,
                "duplicate": report.duplicate,
                "quarantined": report.quarantined,
                "by_code": report.by_code,
                "actions": [
                    {"attribute": path, "action": action, "elements": count}
                    for (path, action), count in report.actions.items()
                ],
                "dry_run": True,
            }
        )
        return
    say(f"claim        {policy.verdict}")
    say(f"would scrub  {report.scrubbed:>9,} of {report.found:,}")
    say(f"duplicate    {report.duplicate:>9,}")
    say(f"quarantine   {report.quarantined:>9,}")
    if report.by_code:
        say(_codes(report.by_code))
    for (path, action), count in sorted(report.actions.items(), key=lambda pair: -pair[1])[:20]:
        say(f"  {count:>9,}   {action:<8} {path}")
    say("every attribute: --json")
