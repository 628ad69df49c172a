"""``curator labels audit``: acceptance sampling of signed labels, from the plan to the verdict in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, note, project_option, say
from curator.cli.labels_audit_draw import draw_command, record, verdict
from curator.cli.labels_audit_parts import (
    aim_of,
    collect,
    files_of,
    guard_of,
    labels_option,
    plan_lines,
    plan_of,
    plan_options,
    sign,
    sign_options,
    strata_option,
)


@click.group("audit")
def audit() -> None:
    """Audit labels by samples: plan, close a lot, draw, record what was found, and sign the verdict."""


@audit.command("plan")
@click.option("--lot", type=click.IntRange(1), metavar="N", help="Labels in the lot. [default: without end]")
@plan_options
@json_option
def plan(lot: int | None, as_json: bool, **asked: str) -> None:
    """Say how many labels to look at, how many may be wrong, and what that risks. Needs no project.

    Risks are exact for the lot's size. 'single' keeps both risks, 'zero-failure' the consumer's alone, 'z1.4' takes the
    tables of ANSI/ASQ Z1.4 (ISO 2859-1) and computes what they risk, 'sprt' looks at one label after the other.

    \b
    Examples:
      curator labels audit plan --lot 2000
      curator labels audit plan --lot 2000 --scheme zero-failure --ltpd 0.02
      curator labels audit plan --lot 2000 --scheme z1.4 --aql 0.01 --inspection tightened
    """
    from curator.core.schema import validate

    made = plan_of(lot, asked)
    document = {"format": 1, **made.document()}
    validate("audit-plan", document)
    if as_json:
        emit_json(document)
        return
    for line in plan_lines(made):
        say(line)
    say(f"{'wrong':>8}{'passes':>10}{'looked at':>11}")
    for point in made.curve():
        say(f"{point['share']:>8.4f}{point['passes']:>10.4f}{point['looked']:>11.1f}")


@audit.command("close")
@click.argument("name")
@plan_options
@click.option(
    "--by-stratum",
    "strata_by",
    type=click.Choice(("none", "reader", "guideline", "stage", "kind", "class", "table")),
    default="none",
    show_default=True,
    help="Judge each level of this by a plan of its own.",
)
@strata_option
@labels_option
@click.option("--reader", "author", metavar="PERSON", help="Only labels of this author.")
@click.option("--kind", metavar="KIND", help="Only labels of this kind.")
@click.option("--stage", metavar="STAGE", help="Only labels of this stage.")
@click.option("--guideline", metavar="ID@VERSION", help="Only labels by this version of a guideline.")
@click.option("--since", metavar="DAY", help="Only labels signed on this day or later.")
@click.option("--until", metavar="DAY", help="Only labels signed on this day or before.")
@click.option(
    "--seed-from",
    type=click.Choice(("timestamp", "witness", "asserted")),
    default="timestamp",
    show_default=True,
    help="What will give the seed of the draw.",
)
@click.option("--witness", metavar="NAME", help="The witness, for --seed-from witness.")
@click.option("--reason", metavar="TEXT", help="Why; no identifier.")
@click.option("--dry-run", is_flag=True, help="Show the lot and its plans, and sign nothing.")
@sign_options
def close(
    name: str,
    strata_by: str,
    strata_table: Path | None,
    listed: Path | None,
    seed_from: str,
    witness: str | None,
    reason: str | None,
    dry_run: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Close a lot called NAME: sign which labels it holds and by what plan it will be judged, before anything is drawn.

    Takes the standing labels that fit every filter. The seed of the draw will come from a time-stamp or a cosignature
    made afterwards, so that nobody can know it now.

    \b
    Examples:
      curator labels audit close week-14 --by rita --since 2026-03-30 --until 2026-04-05
      curator labels audit close chest-1 --by rita --guideline chest@1.0 --by-stratum reader --ltpd 0.08 --dry-run
    """
    from curator.core.errors import UsageError
    from curator.labels.quality import lots
    from curator.provenance import kinds_audit

    if (seed_from == "witness") != (witness is not None):
        raise UsageError("QUA-020", what="--witness NAME together with --seed-from witness")
    ids, table = files_of(listed, strata_table)
    wanted = _filter(given)
    ask = lots.Ask(given["scheme"], aim_of(given), given["level"], given["inspection"])
    _, appender, found = collect(given["project"])
    chosen = lots.chosen(found, wanted, ids, None)
    strata = lots.in_strata(chosen, strata_by, table)
    source = {"kind": seed_from} | ({"name": witness} if witness else {})
    digest, body = lots.body_of(strata, ask, wanted, strata_by, source, listed=ids is not None)
    draft = kinds_audit.lot(name, digest, body, reason, guard_of())
    place = None if dry_run else sign(appender, [draft], given)[0].index
    if as_json:
        emit_json({"lot": name, "sha256": digest, "record": place, "dryRun": dry_run, **body})
        return
    for row in body["strata"]:
        say(f"{row['name']:<24}{row['count']:>9,} labels · look at {row['sample']:,}, accept up to {row['accept']}")
    say(f"lot {name}: {len(chosen):,} labels, digest {digest[:16]}{'' if dry_run else f', record {place}'}")
    how = {"timestamp": "curator ledger timestamp", "witness": "curator ledger witness request"}.get(seed_from)
    if not dry_run:
        say(
            f"next: {how}, then: curator labels audit draw {name}" if how else f"next: curator labels audit draw {name}"
        )


def _filter(given: dict[str, Any]) -> Any:
    from curator.core.errors import UsageError
    from curator.labels.quality.lots import Filter
    from curator.provenance.log import moment

    pair = None
    if given["guideline"] is not None:
        identifier, mark, version = given["guideline"].partition("@")
        if not (identifier and mark and version):
            raise UsageError("QUA-010")
        pair = (identifier, version)
    since = None if given["since"] is None else moment(given["since"])
    until = None if given["until"] is None else moment(given["until"], end=True)
    return Filter(given["author"], given["kind"], given["stage"], pair, since, until)


for command in (draw_command, record, verdict):
    audit.add_command(command)


@audit.command("show")
@project_option
@json_option
def show(project: Path, as_json: bool) -> None:
    """List the lots of the ledger and what was decided of each.

    \b
    Examples:
      curator labels audit show
    """
    _, appender, found = collect(project)
    rows = []
    for name, lot in found.lots.items():
        known = appender.state.facts.lots[name]
        row = {
            "lot": name,
            "labels": known.labels,
            "record": known.place,
            "closedAt": lot.predicate["signedAt"],
            "scheme": lot.predicate["plan"]["scheme"],
            "outcome": known.outcome,
        }
        rows.append(row)
    if as_json:
        emit_json({"lots": rows})
        return
    for row in rows:
        what = f"{row['labels']:>9,} labels  {row['closedAt']}  {row['scheme']:<13}"
        say(f"{row['lot']:<24}{what}{row['outcome'] or 'open'}")
    if not rows:
        note("no lot is closed")
