"""``curator labels score``, ``scorecard`` and ``guidelines``: how good labels are by what the ledger knows so far."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, project_option, say

FILE = click.Path(path_type=Path)
_SHOWN = 20


def collected(project: Path) -> Any:
    """Verify the ledger whole and collect what it says of labels."""
    from curator.labels.quality.collect import Collected
    from curator.project.paths import open_project
    from curator.provenance.verify import verify_ledger

    found = Collected()
    verify_ledger(open_project(project).ledger, visit=found.visit).require()
    return found


@click.command("score")
@click.argument("labels", nargs=-1, metavar="[LABEL]...")
@click.option("--below", type=click.FloatRange(0, 1), metavar="X", help="Only labels with a lower score.")
@click.option("--out", type=FILE, metavar="FILE", help="Write all scores as CSV, the lowest first.")
@project_option
@json_option
def score(labels: tuple[str, ...], below: float | None, out: Path | None, project: Path, as_json: bool) -> None:
    """Score every standing label from 0 to 1, the lowest first, with the parts of the score and its formula.

    Counts what the ledger holds: how the author's labels fared in audits, agreement with other readers, reviews, the
    age of the guideline, and whose work the label is. A score ranks what to look at next; it is no probability.

    \b
    Examples:
      curator labels score
      curator labels score nodule-17
      curator labels score --below 0.6 --out look-at-these.csv
    """
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.quality.score import FORMULA, scores, table
    from curator.labels.quality.sheets import write_rows

    made = scores(collected(project))
    wanted = set(labels)
    lacking = len(wanted - {one.label.label for one in made})
    if lacking:
        raise UsageError("LED-060", count=lacking)
    made = [one for one in made if (not wanted or one.label.label in wanted) and (below is None or one.value < below)]
    made.sort(key=lambda one: (one.value, one.label.label))
    document = {
        "format": 1,
        "edition": table()["edition"],
        "formula": FORMULA,
        "labels": [one.document() for one in made],
    }
    validate("label-scores", document)
    if out is not None:
        header = ("label", "reader", "score", "reader_part", "agreement", "review", "guideline", "origin")
        rows = [[one.label.label, one.label.author, f"{one.value:.4f}", *one.why.values()] for one in made]
        write_rows(out, header, rows)
    if as_json:
        emit_json(document)
        return
    say(FORMULA)
    for one in made[:_SHOWN]:
        parts = " · ".join(f"{name} {one.parts[name]:.2f} ({one.why[name]})" for name in one.parts)
        say(f"{one.value:.3f}  {one.label.label}  {parts}")
    if len(made) > _SHOWN:
        say(f"... {len(made) - _SHOWN:,} more with --json or --out")
    if not made:
        say("no label")


@click.command("scorecard")
@click.option(
    "--by",
    type=click.Choice(("reader", "guideline", "stage", "table")),
    default="reader",
    show_default=True,
    help="One card for each of these.",
)
@click.option("--table", "groups", type=FILE, metavar="FILE", help="CSV label,group, such as its vendor or site.")
@project_option
@json_option
def scorecard(by: str, groups: Path | None, project: Path, as_json: bool) -> None:
    """Print a card for each reader, guideline version, stage, or vendor or site by a table.

    Each card has the labels that stand, what audits found with an exact interval, reviews, agreement with others,
    proposals that stayed unchanged, labels by superseded guidelines, and the mean score. What no person made is on no
    reader's card, and agrees with nobody.

    \b
    Examples:
      curator labels scorecard
      curator labels scorecard --by table --table vendors.csv --json
    """
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.quality.score import cards
    from curator.labels.quality.sheets import read_pairs

    if (by == "table") != (groups is not None):
        raise UsageError("QUA-037")
    pairs = None if groups is None else read_pairs(groups, "group")
    guard = None if pairs is None else _odd(set(pairs.values()))
    if guard:
        raise UsageError("QUA-038", count=guard)
    found = collected(project)
    made = cards(found, by, pairs)
    left = sum(not one.human for one in found.labels.values()) if by == "reader" else 0
    document = {"format": 1, "by": by, "level": 0.95, "notHuman": left, "cards": made}
    validate("scorecards", document)
    if as_json:
        emit_json(document)
        return
    say(
        f"{by:<22}{'labels':>8}{'audited':>9}{'wrong':>22}{'rejected':>10}{'agree':>8}{'kept':>7}{'old':>6}{'score':>7}"
    )
    for one in made:
        share = "-" if not one["audited"] else f"{one['wrong']} ({one['wrongLow']:.3f} .. {one['wrongHigh']:.3f})"
        rest = "".join(f"{_number(one[name]):>{width}}" for name, width in (("agreement", 8), ("unchanged", 7)))
        judged = f"{one['rejected']}/{one['reviewed']}"
        old, mean = one["superseded"], _number(one["score"])
        say(
            f"{one['name']:<22}{one['standing']:>8,}{one['audited']:>9,}{share:>22}{judged:>10}{rest}{old:>6,}{mean:>7}"
        )
    if left:
        say(f"left out: {left:,} labels that no person made")


def _odd(names: set[str]) -> int:
    """Count names of groups that may hold an identifier, or are no short names."""
    from curator.cli.guard import text_guard
    from curator.provenance.records import plain_text

    fine = text_guard()
    return sum(not plain_text(name, 64) or not fine(name) for name in names)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


@click.command("guidelines")
@click.option("--out", type=FILE, metavar="FILE", help="Write the labels to be made anew as CSV.")
@project_option
@json_option
def guidelines(out: Path | None, project: Path, as_json: bool) -> None:
    """Count the labels that rest on each guideline version, and list those that rest on a superseded one.

    \b
    Examples:
      curator labels guidelines
      curator labels guidelines --out relabel.csv
    """
    from curator.labels.quality.score import ages
    from curator.labels.quality.sheets import write_rows

    found = collected(project)
    rows, old = ages(found)
    if out is not None:
        header = ("label", "sample", "reader", "guideline", "version", "newest")
        newest = {name: versions[-1] for name, versions in found.guidelines.items()}
        write_rows(
            out, header, [[one.label, one.path, one.author, *one.guideline, newest[one.guideline[0]]] for one in old]
        )
    if as_json:
        emit_json({"format": 1, "versions": rows, "superseded": [one.label for one in old]})
        return
    for row in rows:
        what = "current" if not row["newer"] else f"superseded by {row['newer']} newer"
        say(f"{row['guideline']}@{row['version']:<20}{row['labels']:>9,} labels  {what}")
    say(f"{len(old):,} labels rest on a superseded version{'' if out is None else ', written to the worklist'}")
