"""``curator labels interpolate``: labels filled in between slices and key frames, as a label file to be signed.

Prints counts and codes, and the name of the label file. No name of a sample, a person or a class is printed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, progress, project_option, say

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\.jsonl")
NAME = "interpolated.jsonl"


@click.command("interpolate")
@click.option("--reader", "readers", multiple=True, metavar="PERSON", help="Only between labels of this reader.")
@click.option("--guideline", metavar="ID[@VERSION]", help="Only between labels made by this guideline.")
@click.option("--stage", "stages", multiple=True, metavar="WORD", help="Only between labels of this stage.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only between labels of this kind, such as mask.")
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="ID",
    help="Only between these signed labels, which belong to each other.",
)
@click.option(
    "--most",
    default=20,
    show_default=True,
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Fill in at most so many slices or frames between two labels.",
)
@click.option("--out", default=NAME, show_default=True, metavar="NAME.jsonl", help="Name of the label file.")
@click.option("--dry-run", is_flag=True, help="Go through everything, count, and keep nothing.")
@project_option
@json_option
@click.pass_context
def interpolate(
    ctx: click.Context,
    readers: tuple[str, ...],
    guideline: str | None,
    stages: tuple[str, ...],
    kinds: tuple[str, ...],
    labels: tuple[str, ...],
    most: int,
    out: str,
    dry_run: bool,
    project: Path,
    as_json: bool,
) -> None:
    """Fill in labels between signed ones: masks by signed distance, boxes, points and polygons linearly, tracks.

    Writes a label file for curator sign. Each label in it says that it is interpolated, names the records on both
    sides, and counts as nobody's reading. Exit 5 says that some labels are no end of anything.

    \b
    Examples:
      curator labels interpolate --kind mask --reader reader-a --dry-run
      curator labels interpolate --label nodule-17 --label nodule-21 --out nodule.jsonl
    """
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.interpolation.filling import Filling
    from curator.labels.interpolation.run import document, putter, run
    from curator.labels.interpolation.stacks import Stacks
    from curator.labels.signed import Choice, gather
    from curator.labels.writers.protocol import Clean
    from curator.project.journal import samples
    from curator.project.lock import held
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    if not _NAME.fullmatch(out):
        raise UsageError("IMP-011", option="--out", reason="it is no name of small letters and digits with .jsonl")
    place = open_project(project)
    choice = Choice(
        readers=frozenset(readers),
        stages=frozenset(stages),
        kinds=frozenset(kinds),
        labels=frozenset(labels),
        guideline=guideline,
    )
    choice.check()
    with held(place, "labels"):
        every = list(samples(place))
        with progress(Ledger(place.ledger).size(), "records") as bar:
            gathered = gather(place.ledger, every, choice, bar.advance)
        ends = [one for one in gathered.labels if one.origin != "interpolated"]
        if not ends:
            raise UsageError("INT-002")
        with progress(len(ends), "labels") as bar:
            clean = Clean(place.root)
            filling = Filling(
                clean,
                Stacks(clean, every),
                together=bool(labels),
                most=most,
                put=putter(place.root, dry_run=dry_run),
                advance=bar.advance,
            )
            made = run(filling, ends, place.root, out, dry_run=dry_run)
    told = document(filling, gathered, ends, made, out, dry_run=dry_run)
    validate("labels-interpolate-report", told)
    if as_json:
        emit_json(told)
    else:
        _print(told)
    ctx.exit(5 if told["refused"] else 0)


def _print(told: dict[str, Any]) -> None:
    say(
        f"{told['made']:,} labels filled in between {told['ends']:,} signed ones · "
        f"{told['refused']:,} signed ones are no end of anything"
    )
    for reason in told["reasons"]:
        say(f"{reason['count']:>9,}  {reason['code']}  {reason['sentence']}")
        say(f"           {reason['hint']}")
    if told["labels"] is None:
        say("dry run: nothing was kept" if told["dryRun"] else "no label file was written")
    else:
        say(f"{told['labels']}  sha256 {told['sha256']}")
        say(f"next: curator sign {told['labels']} --as PERSON --dry-run")
