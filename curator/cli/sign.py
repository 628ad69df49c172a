"""``curator sign``: sign labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    progress,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.signers import confirm_option, confirmed, key_store_option, need_key, open_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from curator.core.errors import CuratorError
    from curator.labels.batch import Batch
    from curator.labels.signing import Plan
    from curator.project.paths import Project
    from curator.project.vault import Vault
    from curator.provenance.state import State

TRUTH_BASES = (
    "reader-opinion",
    "consensus",
    "pathology",
    "clinical-follow-up",
    "imaging-follow-up",
    "laboratory",
    "other-modality",
    "synthetic",
    "unknown",
)
#: Kinds and guidelines that are listed before signing; the rest is counted.
LISTED = 10
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
@click.option("--confidence-scale", metavar="SCALE", help="Such as probability-0-1 or likert-1-5.")
@click.option("--truth-basis", type=click.Choice(TRUTH_BASES), help="What the truth of the labels rests on.")
@click.option(
    "--information",
    multiple=True,
    metavar="NAME",
    help="What readers saw besides, such as report or history; may be given again; none for nothing.",
)
@click.option("--blinded/--not-blinded", default=None, help="Whether readers were kept from what could sway them.")
@click.option("--independent/--not-independent", default=None, help="Whether readers did not know other readings.")
@click.option("--prelabel/--no-prelabel", default=None, help="Whether a proposed label was shown to readers.")
@click.option("--prelabel-origin", metavar="NAME", help="With --prelabel: what proposed it.")
@click.option("--dry-run", is_flag=True, help="Check everything, show what would be signed; needs no key.")
@confirm_option
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
    confidence_scale: str | None,
    truth_basis: str | None,
    information: tuple[str, ...],
    blinded: bool | None,
    independent: bool | None,
    prelabel: bool | None,
    prelabel_origin: str | None,
    dry_run: bool,
    confirm: int | None,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign the labels in LABELS (JSON Lines or CSV) as PERSON, one record each.

    Every label is checked first, also against its sample: outside of the image or text, or crossing itself, it is bad.
    If one is bad, none is signed and all bad lines are listed. Labels that are signed
    already are skipped, so a run that was stopped is just run again. Before a passphrase is asked for, it is shown what
    will be signed; more than one label must be confirmed, by typing the number or with --confirm (the number to sign,
    or that of all labels in the file). Options stand for labels that do not say it themselves; what neither says is
    not stated. With --passphrase-file the operator signs the checkpoint as well, and what the vault knows of the
    project's own patients is refused in labels' texts.

    \b
    Examples:
      curator sign reads.jsonl --as reader-a --guideline chest-ct@1.0 --tool viewer@2.1
      curator sign reads.jsonl --as reader-a --confirm 240 --blinded --truth-basis pathology
      curator sign vendor.csv --as reviewer-1 --attest --guideline chest-ct@1.0 --dry-run
    """
    from curator.core.clock import SystemClock
    from curator.labels.checks import named
    from curator.labels.reading import check_file
    from curator.labels.signing import LabelFile, Wishes
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.keys import SeedSigner
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    place.need_patients()
    check_file(labels)
    clock = SystemClock()
    wishes = Wishes(
        person=person,
        attest=attest,
        meaning=meaning,
        guideline=None if guideline is None else named(guideline),
        tool=None if tool is None else named(tool),
        stated=_stated(
            confidenceScale=confidence_scale,
            truthBasis=truth_basis,
            informationShown=_shown(information),
            blinded=blinded,
            independent=independent,
            preLabel=_proposed(prelabel, prelabel_origin),
        ),
    )
    if not dry_run:
        need_key(person, key_store)
    ledger = Ledger(place.ledger)
    with progress(ledger.size(), "records") as bar:
        appender = Appender(ledger, clock, bar.advance)
    appender.state.facts.require_training = place.config.require_training
    vault = _opened(place, passphrase_file)
    source = LabelFile(labels, wishes, appender, clock, _guard(vault))
    with progress(source.lines, "labels") as bar:
        plan = source.plan(place.root, samples(place), bar.advance)
    try:
        plan.require()
    except Exception as error:
        _refused(plan, error, as_json)
        raise
    note(f"{plan.total:,} labels checked · {plan.new:,} to sign · {plan.already:,} already signed")
    said = _summary(plan.batch, appender.state, person)
    if plan.new:
        for heading, text in said:
            note(f"{heading:<10} {text}")
    if plan.own:
        note(f"NOTE  {plan.own:,} have a kind of their own: nothing compares, draws or converts them")
    if plan.open:
        note(f"NOTE  {plan.open:,} were not compared with their samples, which say no size")
    done = 0
    if not dry_run:
        confirmed(plan.new, confirm, plan.total)
        key = open_key(person, key_store, key_passphrase_file)
        operator = None if vault is None else SeedSigner(vault.operator_key())
        with progress(plan.new, "labels") as bar:
            done = source.sign(key, operator, bar.advance)
    report = {
        "total": plan.total,
        "signed": done,
        "own": plan.new - plan.attested,
        "attested": plan.attested,
        "already": plan.already,
        "ownForm": plan.own,
        "notCompared": plan.open,
        "records": appender.state.size,
        "root": appender.state.tree.root().hex(),
        "dryRun": dry_run,
        "batch": _document(plan.batch),
        "signer": {"id": person, "printedName": appender.state.person(person).printed_name},
    }
    if as_json:
        emit_json(report)
        return
    say(f"{'would sign' if dry_run else 'signed'} {plan.new:,} labels as {person}")
    say(f"own {plan.new - plan.attested:,} · import attestations {plan.attested:,} · already signed {plan.already:,}")
    say(f"ledger: {appender.state.size:,} records")
    say("next: curator ledger verify")


def _stated(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _shown(information: tuple[str, ...]) -> list[str] | None:
    from curator.labels.reading import NOTHING

    if not information:
        return None
    return [] if information == (NOTHING,) else list(information)


def _proposed(shown: bool | None, origin: str | None) -> dict[str, Any] | None:
    from curator.core.errors import UsageError

    if shown is None and origin is not None:
        raise UsageError("LBL-041")
    return None if shown is None else _stated(shown=shown, origin=origin)


def _opened(place: Project, passphrase_file: Path | None) -> Vault | None:
    """Open the vault, once, when its passphrase is given."""
    if passphrase_file is None:
        return None
    from curator.core.clock import SystemClock
    from curator.project.vault import Vault

    passphrase = read_passphrase(passphrase_file, "Passphrase of the vault")
    return Vault.open(place.vault, passphrase, purpose="sign", clock=SystemClock())


def _guard(vault: Vault | None) -> Callable[[str], bool]:
    """Return what says whether a text may stand in a label; with the vault open its patients' names are known too."""
    from curator.cli.guard import text_guard

    if vault is None:
        return text_guard()
    from curator.cli.labels_project import patients_guard

    return patients_guard(vault, text_guard())


def _summary(batch: Batch, state: State, person: str) -> list[tuple[str, str]]:
    """Say in a few lines what will be signed: 21 CFR 11.50(a) before the signature, as well as after it."""
    from curator.provenance.view import printed_name, shown

    def listed(counts: dict[str, int]) -> str:
        ordered = sorted(counts.items())
        rest = len(ordered) - LISTED
        return " · ".join(f"{name} {count:,}" for name, count in ordered[:LISTED]) + (f" · {rest} more" * (rest > 0))

    guidelines = {f"{name}@{version} ({sha256})": count for (name, version, sha256), count in batch.guidelines.items()}
    return [
        ("signer", shown(printed_name(state, person))),
        ("meaning", listed(batch.meanings)),
        ("kinds", listed(batch.kinds)),
        ("guideline", listed(guidelines)),
        ("labeled", f"{batch.first} to {batch.last}"),
        ("digest", f"sha256 {batch.sha256} over {batch.count:,} labels"),
    ]


def _document(batch: Batch) -> dict[str, Any]:
    return {
        "count": batch.count,
        "sha256": batch.sha256,
        "kinds": dict(batch.kinds),
        "meanings": dict(batch.meanings),
        "guidelines": [
            {"id": name, "version": version, "sha256": sha256, "labels": count}
            for (name, version, sha256), count in sorted(batch.guidelines.items())
        ],
        "labeledFrom": batch.first or None,
        "labeledTo": batch.last or None,
    }


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
