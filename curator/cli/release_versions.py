"""``curator release plan``, ``list``, ``diff`` and ``rollback``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, note, progress, project_option, say

if TYPE_CHECKING:
    from curator.project.paths import Project
    from curator.release.diff import Diff

#: Cases that are printed; all are in the JSON document.
PRINTED = 20


@click.command("list")
@project_option
@json_option
def list_versions(project: Path, as_json: bool) -> None:
    """List the versions: parent, digest, date, counts, state, recipients; and how often each sealed split was used.

    The ledger is verified first. Uses that took place outside of this program are shown as their signers' word.

    \b
    Examples:
      curator release list
    """
    from curator.project.paths import open_project
    from curator.provenance.verify import verify_ledger
    from curator.release.listing import Sent, listed
    from curator.release.splits_patients import Told
    from curator.release.splits_seal import uses

    place = open_project(project)
    told, sent = Told(), Sent()

    def visit(record: Any) -> None:
        told.visit(record)
        sent.visit(record)

    state = verify_ledger(place.ledger, visit=visit).require().state
    found = listed(place, state, sent)
    used = uses(told.accesses, state)
    if as_json:
        splits = {
            name: {
                "samples": state.facts.splits[name].samples,
                "sha256": state.facts.splits[name].sha256,
                "recorded": use.recorded,
                "asserted": use.asserted,
                "samplesUsed": use.samples,
                "firstUse": use.first or None,
            }
            for name, use in used.items()
        }
        emit_json({"versions": [one.document() for one in found], "splits": splits})
        return
    for one in found:
        labels = "" if one.labels is None else f" · {one.labels:,} labels"
        after = f" · after {one.parent}" if one.parent else ""
        say(f"{one.version:<12} {one.date}  {one.digest[:12] or '-':<12}  {one.samples:,} samples{labels}{after}")
        say(f"{'':<12} {', '.join(one.state)}" + (f" · sent to {'; '.join(one.recipients)}" if one.recipients else ""))
    for name, use in used.items():
        outside = f" · {use.asserted:,} asserted, not seen by this program" if use.asserted else ""
        say(f"split {name}: sealed · used {use.recorded:,} times{outside}")
    if not found:
        say("no version was built yet")


def _folder(place: Project | None, text: str) -> Path:
    """Return the package that a version or a path names."""
    path = Path(text)
    if path.is_dir() or place is None:
        return path
    from curator.release.version import checked_version

    return place.releases / f"v{checked_version(text)}"


def _project_or_none(project: Path) -> Project | None:
    from curator.core.errors import UsageError
    from curator.project.paths import open_project

    try:
        return open_project(project)
    except UsageError:
        return None


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@project_option
@json_option
def diff(old: str, new: str, project: Path, as_json: bool) -> None:
    """Compare two versions, or two packages' folders: cases, labels, splits, agreement, distributions.

    Reads their lists and no sample, and trusts what they say: 'curator release verify' proves a package.

    \b
    Examples:
      curator release diff 1.0.0 1.1.0
      curator release diff /mnt/in/trial-1.0.0 /mnt/in/trial-1.1.0
    """
    from curator.release.diff import agreement, compare, read_lists, side_by_side, without_figures

    place = _project_or_none(project)
    one, two = (read_lists(_folder(place, text)) for text in (old, new))
    found = compare(one, two)
    figures, readers = side_by_side(one.summary, two.summary), agreement(one.summary, two.summary)
    lacking = without_figures(one, two)
    if as_json:
        emit_json({**_document(found), "figures": figures, "agreement": readers, "withoutFigures": lacking})
        return
    _show(found)
    if lacking:
        say(f"figures not compared: {' and '.join(lacking)}: none there, as where something was purged")
    for heading, rows in figures.items():
        for name, (before, after) in rows.items():
            say(f"{heading:<20} {name:<28} {before:>10,} -> {after:,}")
    for name, sides in readers.items():
        texts = ["-" if side is None else f"{side[0]:,} of {side[1]:,}" for side in sides]
        if texts[0] != texts[1]:
            say(f"{'agreement':<20} {name:<28} {texts[0]:>10} -> {texts[1]}")


def _document(found: Diff) -> dict[str, Any]:
    return {
        "old": found.old,
        "new": found.new,
        "level": found.level,
        "samples": dict(found.samples),
        "cases": [{"case": one.case, "change": one.change, "samples": dict(one.samples)} for one in found.cases],
        "labels": [vars(one) for one in found.labels],
        "policy": None if found.policy is None else {"from": found.policy[0], "to": found.policy[1]},
        "splits": {name: list(pair) for name, pair in found.splits.items()},
        "guidelines": dict(found.guidelines),
    }


def _show(found: Diff) -> None:
    samples = " · ".join(f"{count:,} {change}" for change, count in found.samples.items())
    say(f"{found.old} -> {found.new}: samples {samples} · asks for a {found.level} step")
    for one in found.cases[:PRINTED]:
        say(f"case {one.case:<24} {one.change}: " + " · ".join(f"{n:,} {what}" for what, n in one.samples.items()))
    if len(found.cases) > PRINTED:
        say(f"… and {len(found.cases) - PRINTED:,} more cases; --json lists them")
    for group in found.labels:
        say(f"labels {group.name}: {group.count:,}")
    if found.policy:
        say(f"policy {found.policy[0][:12]} -> {found.policy[1][:12]}")
    for name, (before, after) in list(found.splits.items())[:PRINTED]:
        say(f"split of {name}: {before or 'none'} -> {after or 'none'}")
    for name, change in found.guidelines.items():
        say(f"guideline {name} {change}")


@click.command("plan")
@click.argument("version")
@click.option("--parent", type=click.Path(path_type=Path), metavar="DIR", help="The package of the version before.")
@click.option("--reasons", type=click.Path(path_type=Path), metavar="FILE", help="Reasons, as for release build.")
@project_option
@json_option
def plan(version: str, parent: Path | None, reasons: Path | None, project: Path, as_json: bool) -> None:
    """Say what VERSION would change, which step that asks for, and which reasons are still lacking. Writes nothing.

    \b
    Examples:
      curator release plan 1.1.0
      curator release plan 1.1.0 --reasons reasons.toml
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import GateError, UsageError
    from curator.project.paths import open_project
    from curator.release.build import check
    from curator.release.diff_reasons import Reasons, lacking, read_reasons
    from curator.release.inputs import Inputs
    from curator.release.sources import LabelIndex
    from curator.release.version import checked_version
    from curator.release.versions import check_level, released
    from curator.release.versions_plan import plan as planned
    from curator.scrub.policy import load_policy

    place = open_project(project)
    if checked_version(version) in released(place):
        raise UsageError("REL-075")
    given = read_reasons(reasons, text_guard()) if reasons is not None else Reasons()
    policy = load_policy(place.config.policy, base=place.root)
    with progress(0, "records") as bar:
        inputs = Inputs(
            place, checked_version(version), policy, SystemClock(), bar.advance, parent=parent, reasons=given
        )
        if place.config.no_vault:
            from curator.release.sites.plan import plan_joined

            before, found, given = plan_joined(inputs)
            signed: dict[str, str] = {}
        else:
            index = LabelIndex()
            state = check(inputs, visit=index.visit)
            made = planned(inputs, state.operator, state, index)
            before, found, signed = made.parent, made.diff, made.signed
    if found is None or before is None:
        if as_json:
            emit_json({"parent": None, "diff": None, "lacking": []})
        else:
            say("the first version: there is none before it")
        return
    left = lacking(found, given, signed)
    if as_json:
        missing = [vars(one) for one in left]
        emit_json({"parent": before.version, "diff": _document(found), "lacking": missing})
    else:
        _show(found)
        for one in left:
            say(f'no reason yet for {one.count:,}: "{one.key}"')
    check_level(before.version, inputs.version, found.level)
    if left:
        raise GateError("REL-055", count=len(left), first=left[0].key, number=left[0].count)
    if not as_json:
        note(f"next: curator release build {inputs.version}")
