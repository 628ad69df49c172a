"""``curator labels next``: which samples to label next, by a model's doubt, a committee's or coverage.

Prints counts, and clean names of the project's samples; nothing of the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, progress, project_option, say

_SHOWN = 20


@click.command("next")
@click.argument("table", type=click.Path(path_type=Path), metavar="PREDICTIONS|EMBEDDINGS")
@click.option(
    "--method",
    type=click.Choice(["entropy", "margin", "least-confidence", "vote-entropy", "kl", "k-center", "k-means-pp"]),
    default="entropy",
    show_default=True,
    help="What makes a sample worth a label.",
)
@click.option("--count", default=100, show_default=True, metavar="N", help="How many samples.")
@click.option(
    "--random", "share", default=0.1, show_default=True, metavar="X", help="Share drawn at random; one at least."
)
@click.option("--seed", default=1, show_default=True, metavar="S", help="Same seed, same worklist.")
@click.option("--guideline", metavar="ID[@VERSION]", help="Only labels made by this guideline count as labels.")
@click.option("--stage", "stages", multiple=True, metavar="WORD", help="Only labels of this stage count as labels.")
@click.option("--again", is_flag=True, help="Also samples that a person labeled already.")
@click.option("--skip-unknown", is_flag=True, help="Leave out and count samples that the project does not have.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the worklist: .csv or .json.")
@project_option
@json_option
def next_samples(
    table: Path,
    method: str,
    count: int,
    share: float,
    seed: int,
    guideline: str | None,
    stages: tuple[str, ...],
    again: bool,
    skip_unknown: bool,
    out: Path | None,
    project: Path,
    as_json: bool,
) -> None:
    """Choose the samples to label next from predictions or embeddings (CSV, Parquet, NPZ; one row a sample).

    Predictions have one column of probability a class, a committee's a column named model too; embeddings one column a
    dimension. Samples with a person's label are left out. A share is always drawn at random, and marked so.

    \b
    Examples:
      curator labels next predictions.csv --count 50 --out worklist.csv
      curator labels next embeddings.npz --method k-center --random 0.2 --seed 7 --json
    """
    from curator.core.schema import validate
    from curator.labels.next.choose import NOTHING_BARRED, Wishes, choose
    from curator.labels.next.read import read_table
    from curator.labels.next.worklist import check_place, write
    from curator.labels.origin import counts_as_human
    from curator.labels.signed import Choice, gather
    from curator.project.journal import samples
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    wishes = Wishes(method, count, share, seed, again, skip_unknown)
    wishes.check()
    if out is not None:
        check_place(out)
    place = open_project(project)
    found = read_table(table)
    every = list(samples(place))
    labeled: dict[str, str] = {}
    barred = NOTHING_BARRED
    ledger = Ledger(place.ledger)
    choice = Choice(stages=frozenset(stages), guideline=guideline)
    choice.check()
    if ledger.exists():
        with progress(ledger.size(), "records") as bar:
            gathered = gather(place.ledger, every, choice, bar.advance)
        labeled = {one.path: one.sha256 for one in gathered.labels if counts_as_human(one.said)}
        barred = gathered.barred
    with progress(min(count, len(found.samples)), "samples") as bar:
        document = choose(found, every, labeled, wishes, bar.advance, barred)
    validate("label-worklist", document)
    if out is not None:
        write(out, document)
    if as_json:
        emit_json(document)
    else:
        _print(document)


def _print(document: dict[str, Any]) -> None:
    say(
        f"{document['rows']:,} samples in the file · {document['labeled']:,} labeled already · "
        f"{document['unknown']:,} unknown · {document['barred']:,} withdrawn or recalled · "
        f"{document['candidates']:,} to choose from"
    )
    say(
        f"{document['chosen']:,} chosen, {document['chosen'] - document['random']:,} by {document['method']}, "
        f"{document['random']:,} at random, seed {document['seed']}"
    )
    for one in document["worklist"][:_SHOWN]:
        score = "" if one["score"] is None else f"{one['score']:.4f}"
        say(f"{one['rank']:>6}  {one['reason']:<16} {score:>10}  {one['sample']}")
    if document["chosen"] > _SHOWN:
        say(f"... {document['chosen'] - _SHOWN:,} more with --out or --json")
