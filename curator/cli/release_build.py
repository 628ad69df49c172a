"""``curator release build``: a versioned package of the clean data and its labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    recipe_option,
    say,
)

if TYPE_CHECKING:
    from curator.release.build import Built
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
@click.option("--dry-run", is_flag=True, help="Check everything and count, write nothing.")
@json_option
def build(
    version: str,
    project: Path,
    passphrase_file: Path | None,
    output: Path | None,
    recipe: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build release VERSION (three numbers, such as 1.0.0) as a BagIt bag.

    The first build of a version freezes what goes in: the samples, the journal, the ledger's size and the date. Every
    later build of it gives the same bytes, or is refused. The operator's key in the vault signs the package. A project
    that was scrubbed with --recipe is released with the same one.

    \b
    Examples:
      curator release build 1.0.0
      curator release build 1.0.0 --project trial --passphrase-file ~/trial.pass
      curator release build 1.0.0 --output /mnt/outbox/trial-1.0.0
    """
    from curator.core.clock import SystemClock
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.release.build import Inputs, build, place_of
    from curator.release.build import dry_run as check_only
    from curator.release.version import checked_version
    from curator.scrub.policy import load_policy

    checked = checked_version(version)
    place = open_project(project)
    place_of(place, checked, output)
    clock = SystemClock()
    policy = load_policy(place.config.policy, base=place.root, recipe=recipe)
    passphrase = b"" if dry_run else read_passphrase(passphrase_file, "Passphrase of the vault")
    total = sum(1 for _ in samples(place))
    with progress(total, "samples") as bar:
        inputs = Inputs(place, checked, policy, clock, bar.advance)
        if dry_run:
            built = check_only(inputs)
        else:
            vault = Vault.open(place.vault, passphrase, purpose="release", clock=clock)
            built = build(inputs, vault, output)
    if as_json:
        emit_json(_document(built, checked, place.config.dataset, policy))
        return
    _show(built, checked, policy)


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
        "policy": claim_of(policy),
        "rebuilt": built.rebuilt,
        "already": built.already,
        "audit": NO_AUDIT,
        "draft": True,
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
    say(f"policy {policy.name} {policy.short_digest}: {policy.verdict}")
    for reason in policy.reasons:
        say(f"not Safe Harbor: {reason}")
    say("audit not run: this package is a DRAFT")
    if built.folder is not None:
        say(f"next: curator release verify {_shown(built.folder)} --key OPERATOR_KEY")


def _shown(folder: Path) -> str:
    """Name a package by its last two folders at most: where the project stands is nobody's business in a log."""
    return f"releases/{folder.name}" if folder.parent.name == "releases" else "DIR"
