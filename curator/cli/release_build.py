"""``curator release build``: a versioned package of the clean data and its labels."""

from __future__ import annotations

import sys
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
from curator.core.errors import GateError

if TYPE_CHECKING:
    from curator.release.diff_reasons import Reasons
    from curator.release.inputs import Built
    from curator.scrub.policy import Policy


@click.command("build")
@click.argument("version")
@project_option
@passphrase_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    show_default="releases/vVERSION",
    help="Build the package here.",
)
@recipe_option
@click.option("--draft", is_flag=True, help="Build without audit and texts; each page says DRAFT.")
@click.option("--parent", type=click.Path(path_type=Path), metavar="DIR", help="The package of the version before.")
@click.option(
    "--reasons",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML: why things differ from the version before.",
)
@click.option("--dry-run", is_flag=True, help="Check everything and count, write nothing.")
@json_option
def build(
    version: str,
    project: Path,
    passphrase_file: Path | None,
    output: Path | None,
    recipe: Path | None,
    draft: bool,
    parent: Path | None,
    reasons: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build release VERSION (three numbers, such as 1.0.0) as a BagIt bag.

    Without --draft the newest signed audit report must have passed over just these files and labels. The number says
    what changed: major when anything was taken out or changed, minor when cases or labels came to it, patch for
    documents only. Every change needs a reason, from --reasons or a prompt ('curator release plan' lists them). The
    texts that FDA guidance asks of a person must be there too: 'curator release requirements' lists them.

    The first build of a version freezes what goes in: the samples, the journal, the ledger's size and the date. Every
    later build of it gives the same bytes, or is refused. The operator's key in the vault signs the package. A project
    that was scrubbed with --recipe is released with the same one.

    \b
    Examples:
      curator release build 1.0.0 --draft
      curator release build 1.0.0 --project trial --passphrase-file ~/trial.pass
      curator release build 1.1.0 --reasons reasons.toml
      curator release build 1.0.0 --output /mnt/outbox/trial-1.0.0
    """
    from curator.release.version import checked_version

    _build(
        checked_version(version), project, passphrase_file, output, recipe,
        draft=draft, parent=parent, reasons=reasons, base=None, dry_run=dry_run, as_json=as_json,
    )  # fmt: skip


@click.command("rollback")
@click.argument("old", metavar="OLD")
@click.argument("version")
@project_option
@passphrase_option
@recipe_option
@click.option("--draft", is_flag=True, help="Build without a signed audit report; the package says that it is a draft.")
@click.option(
    "--reasons",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML: why things differ from the version before.",
)
@click.option("--dry-run", is_flag=True, help="Check everything and count, write nothing.")
@json_option
def rollback(
    old: str,
    version: str,
    project: Path,
    passphrase_file: Path | None,
    recipe: Path | None,
    draft: bool,
    reasons: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build VERSION with the samples and labels of the earlier version OLD, whose package stands under releases/.

    A version is never taken back: this is a new one, after the newest. Labels show what became of them since. What was
    withdrawn or recalled meanwhile makes it refuse.

    \b
    Examples:
      curator release rollback 1.0.0 3.0.0 --reasons reasons.toml
    """
    from curator.release.version import checked_version

    _build(
        checked_version(version), project, passphrase_file, None, recipe,
        draft=draft, parent=None, reasons=reasons, base=checked_version(old), dry_run=dry_run, as_json=as_json,
    )  # fmt: skip


def _build(
    checked: str,
    project: Path,
    passphrase_file: Path | None,
    output: Path | None,
    recipe: Path | None,
    *,
    draft: bool,
    parent: Path | None,
    reasons: Path | None,
    base: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.release import extras
    from curator.release.build import build, place_of
    from curator.release.build import dry_run as check_only
    from curator.release.diff_reasons import Reasons, read_reasons
    from curator.release.inputs import Inputs
    from curator.release.made import Further
    from curator.scrub.policy import load_policy

    place = open_project(project)
    place_of(place, checked, output)
    clock = SystemClock()
    policy = load_policy(place.config.policy, base=place.root, recipe=recipe)
    passphrase = b"" if dry_run else read_passphrase(passphrase_file, "Passphrase of the vault")
    further = Further(extras.EXTRAS, extras.TAGS, extras.renderer(), text_guard())
    if not further.renderer and not draft:
        raise UsageError("RPT-001")
    if not further.renderer:
        note("reportlab is not installed: the draft's documents are web pages only")
    given = read_reasons(reasons, text_guard()) if reasons is not None else Reasons()
    total = sum(1 for _ in samples(place))
    while True:
        try:
            with progress(total, "samples") as bar:
                inputs = Inputs(
                    place, checked, policy, clock, bar.advance,
                    draft=draft, parent=parent, reasons=given, base=base, further=further,
                )  # fmt: skip
                if dry_run:
                    built = check_only(inputs)
                else:
                    vault = Vault.open(place.vault, passphrase, purpose="release", clock=clock)
                    built = build(inputs, vault, output)
            break
        except GateError as error:
            if error.code != "REL-055" or not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
            given = _asked(given, error)
    if as_json:
        emit_json(_document(built, checked, place.config.dataset, policy))
        return
    _show(built, checked, policy)


def _asked(given: Reasons, error: GateError) -> Reasons:
    """Ask for the first reason that is lacking."""
    from curator.cli.guard import text_guard
    from curator.release.diff_reasons import Reasons, check_reason

    key = str(error.facts["first"])
    text = click.prompt(f"Reason for {key} ({error.facts['number']})", err=True)
    return Reasons(given.cases, {**given.groups, key: check_reason(text, text_guard())})


def _document(built: Built, version: str, dataset: str, policy: Policy) -> dict[str, Any]:
    from curator.release.layout import NO_AUDIT
    from curator.release.rules import claim_of

    return {
        "dataset": dataset,
        "version": version,
        "package": None if built.folder is None else built.folder.name,
        "samples": built.samples,
        "sample_bytes": built.sample_bytes,
        "labels": built.labels,
        "records": built.records,
        "policy": built.policy or claim_of(policy),
        "rebuilt": built.rebuilt,
        "already": built.already,
        "audit": NO_AUDIT if built.draft else "passed",
        "draft": built.draft,
        "linked": built.linked,
        "copied": built.copied,
        "dry_run": built.folder is None,
    }


def _show(built: Built, version: str, policy: Policy) -> None:
    holds = f"{built.samples:,} samples, {built.sample_bytes:,} bytes · {built.labels:,} labels"
    if built.folder is None:
        say(f"would release {version}: {holds}")
    else:
        how = "built again from what was frozen" if built.rebuilt else "built"
        say(f"release {version} {'stood there already, whole' if built.already else how}: {holds}")
        say(f"{built.records:,} records in the ledger; signed by the operator")
    if built.policy is None:
        say(f"policy {policy.name} {policy.short_digest}: {policy.verdict}")
    else:
        say(f"policy {built.policy['name']}: {built.policy['claim']}, the weakest of all sites'")
    for reason in policy.reasons if built.policy is None else built.policy["reasons"]:
        say(f"not Safe Harbor: {reason}")
    say("this package is a DRAFT: no audit lets it leave" if built.draft else "a signed audit report let it leave")
    if built.copied:
        note(
            f"{built.copied:,} files were copied: this file system has no links, so each version takes its whole space"
        )
    if built.folder is not None:
        say(f"next: curator release verify {_shown(built.folder)} --key OPERATOR_KEY")


def _shown(folder: Path) -> str:
    """Name a package by its last two folders at most: where the project stands is nobody's business in a log."""
    return f"releases/{folder.name}" if folder.parent.name == "releases" else "DIR"
