"""``curator release``: build a versioned package, and verify one."""

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
from curator.cli.release_requirements import requirements

if TYPE_CHECKING:
    from curator.release.build import Built
    from curator.scrub.policy import Policy

MAX_KEY_FILE = 4096


@click.group("release")
def release() -> None:
    """Build a versioned, signed package of the clean data and its labels, and verify one."""


release.add_command(requirements)


@release.command("build")
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
@click.option("--draft", is_flag=True, help="Build a draft: texts may be lacking; every page says DRAFT.")
@click.option("--dry-run", is_flag=True, help="Check everything and count, write nothing.")
@json_option
def build(
    version: str,
    project: Path,
    passphrase_file: Path | None,
    output: Path | None,
    recipe: Path | None,
    draft: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build release VERSION (three numbers, such as 1.0.0) as a BagIt bag with documents and a submission's tree.

    The first build of a version freezes what goes in: the samples, the journal, the ledger's size and the date. Every
    later build of it gives the same bytes, or is refused. Texts that a person has to give must be there (see 'curator
    release requirements'), unless it is a draft; a version once built as a draft stays one. The operator's key in the
    vault signs the package. A project that was scrubbed with --recipe is released with the same one.

    \b
    Examples:
      curator release build 0.1.0 --draft
      curator release build 1.0.0 --project trial --passphrase-file ~/trial.pass
      curator release build 1.0.0 --output /mnt/outbox/trial-1.0.0
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.project.vault import Vault
    from curator.release import extras
    from curator.release.build import Inputs, build, place_of
    from curator.release.build import dry_run as check_only
    from curator.release.version import checked_version
    from curator.scrub.policy import load_policy

    checked = checked_version(version)
    place = open_project(project)
    place_of(place, checked, output)
    clock = SystemClock()
    policy = load_policy(place.config.policy, base=place.root, recipe=recipe)
    renderer = extras.renderer()
    if not renderer and not draft:
        raise UsageError("RPT-001")
    if not renderer:
        note("reportlab is not installed: the draft's documents are web pages only")
    passphrase = b"" if dry_run else read_passphrase(passphrase_file, "Passphrase of the vault")
    total = sum(1 for _ in samples(place))
    with progress(total, "samples") as bar:
        inputs = Inputs(
            place,
            checked,
            policy,
            clock,
            bar.advance,
            extras=extras.EXTRAS,
            tags=extras.TAGS,
            draft=draft,
            renderer=renderer,
            guard=text_guard(),
        )
        if dry_run:
            built = check_only(inputs)
        else:
            vault = Vault.open(place.vault, passphrase, purpose="release", clock=clock)
            built = build(inputs, vault, output)
    if as_json:
        emit_json(_document(built, checked, place.config.dataset, policy, draft=draft))
        return
    _show(built, checked, policy)


def _document(built: Built, version: str, dataset: str, policy: Policy, *, draft: bool) -> dict[str, Any]:
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
        "draft": draft,
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


@release.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), metavar="FILE", help="The operator's public key, held by you."
)
@click.option(
    "--extends",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="An earlier package: the ledger must only add to what it was there.",
)
@json_option
@click.pass_context
def verify(ctx: click.Context, folder: Path, key_file: Path | None, extends: Path | None, as_json: bool) -> None:
    """Verify the package in DIR: every byte, every signature, every label's place.

    Needs no project and no passphrase. The key may be PEM, a verifier key (name+hash+base64) or 64 hex digits. Without
    --key the package is held against the key inside it, which proves only that it agrees with itself: exit code 3.

    \b
    Examples:
      curator release verify trial-1.0.0 --key operator.pem
      curator release verify trial-1.1.0 --extends trial-1.0.0 --key operator.pem
    """
    from curator.core.errors import CheckError, IntegrityError
    from curator.release.extends import extending
    from curator.release.verify import failing, report_lines, verify_package

    key = None if key_file is None else _key(key_file)
    try:
        with progress(0, "files") as bar:
            report = verify_package(folder, key=key, advance=bar.advance)
        extended = None if extends is None else extending(folder, extends, key)
    except IntegrityError as error:
        if not as_json:
            say(failing(error))
        raise
    untied = CheckError("REL-032")
    if as_json:
        emit_json(
            {
                "verified": report.tied,
                "tied_to_key": report.tied,
                "operator": report.operator,
                "dataset": report.dataset,
                "version": report.version,
                "files": report.files,
                "bytes": report.size,
                "samples": report.samples,
                "labels": report.labels,
                "records": report.records,
                "policy": report.contents.manifest["policy"],
                "audit": report.said.predicate["audit"],
                "extends": None
                if extended is None
                else {"version": extended.version, "records": extended.records, "added": extended.added},
            }
        )
    else:
        for text in report_lines(report):
            say(text)
        if extended is not None:
            say(extended.line)
    if not report.tied:
        note(str(untied))
        note(f"hint: {untied.hint}")
        ctx.exit(untied.exit_code)


def _key(path: Path) -> bytes:
    from curator.core.errors import UsageError
    from curator.provenance.keys import parse_public

    try:
        with path.open("rb") as stream:
            return parse_public(stream.read(MAX_KEY_FILE))
    except OSError:
        raise UsageError("REL-034") from None
