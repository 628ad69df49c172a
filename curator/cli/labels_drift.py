"""``curator labels drift`` and ``labels faults``: what changed in the reads, and five faults that are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import emit_json, json_option, project_option, say

if TYPE_CHECKING:
    from curator.labels.quality.reads import Reads

_Function = TypeVar("_Function", bound=Callable[..., Any])
_SHOWN = 40


def table_options(function: _Function) -> _Function:
    """Add the argument of a table and the names of its columns."""
    for option in (
        click.option(
            "--kind", metavar="KIND", help="Without TABLE: only labels of this kind, such as class; else all together."
        ),
        click.option(
            "--question",
            metavar="NAME",
            help="Without TABLE: only answers to this question, grades by this scale, codes of this system.",
        ),
        click.option(
            "--groups",
            type=click.Path(path_type=Path),
            metavar="CSV",
            help="Without TABLE: levels by sample or reader, such as site, device.",
        ),
        click.option("--time", default="time", show_default=True, metavar="NAME", help="Column of when (ISO 8601)."),
        click.option("--value", default="value", show_default=True, metavar="NAME", help="Column of the class given."),
        click.option("--reader", default="reader", show_default=True, metavar="NAME", help="Column of who read."),
        click.option("--unit", default="unit", show_default=True, metavar="NAME", help="Column of what was read."),
        click.argument("table", required=False, type=click.Path(path_type=Path)),
    ):
        function = option(function)
    return function


def _from_ledger(
    project: Path, by: tuple[str, ...], kind: str | None, question: str | None, groups: Path | None
) -> Reads:
    from curator.core.errors import UsageError
    from curator.labels.agreement.groups import read_groups
    from curator.labels.quality.collect import Collected
    from curator.labels.quality.reads import from_ledger
    from curator.project.paths import open_project
    from curator.provenance.verify import verify_ledger

    table = read_groups(groups)
    found = Collected()
    verify_ledger(open_project(project).ledger, visit=found.visit).require()
    reads = from_ledger(found.labels.values(), by, kind, table, question)
    if len(reads.groups) != len(set(by)):
        raise UsageError("QUA-036")
    return reads


@click.command("drift")
@table_options
@click.option("--by", multiple=True, metavar="NAME", help="Compare the levels of this: reader, or a column.")
@click.option("--week/--no-week", "weekly", default=True, show_default=True, help="Look along the weeks too.")
@click.option("--alpha", default=0.05, show_default=True, metavar="X", help="Of all tests together.")
@click.option(
    "--correction", type=click.Choice(("holm", "bh")), default="holm", show_default=True, help="For many tests."
)
@click.option(
    "--run-length",
    default=200,
    show_default=True,
    metavar="N",
    help="Weeks between false alarms of one chart; of all together it is this over their number, or more.",
)
@click.option("--seed", default=1, show_default=True, metavar="S", help="Same seed, same random orders.")
@project_option
@json_option
def drift(
    table: Path | None,
    kind: str | None,
    question: str | None,
    groups: Path | None,
    unit: str,
    reader: str,
    value: str,
    time: str,
    by: tuple[str, ...],
    weekly: bool,
    alpha: float,
    correction: str,
    run_length: int,
    seed: int,
    project: Path,
    as_json: bool,
) -> int:
    """Look whether what readers give drifts by reader, guideline, site, device or week.

    TABLE is CSV or Parquet, one row a read; without it the signed labels of the project are read (--by reader,
    guideline, stage, kind, or a column of --groups). Ends with 1 when something drifts. Needs the extra 'stats'.

    \b
    Examples:
      curator labels drift reads.csv --by reader --by site
      curator labels drift --kind class --by reader --by guideline --json
      curator labels drift --kind class --by site --groups sites.csv
    """
    from curator.core.errors import GateError, UsageError
    from curator.core.schema import validate
    from curator.labels.agreement.needs import require_numpy

    require_numpy()
    from curator.labels.quality.drift import report
    from curator.labels.quality.reads import Columns, read_table

    if not (0 < alpha < 1 and 10 <= run_length <= 10_000 and 0 <= seed < 1 << 63):
        raise UsageError("QUA-035")
    if table is not None and (kind, question, groups) != (None, None, None):
        raise UsageError("QUA-057")
    factors = by or ("reader",)
    columns = tuple(name for name in factors if name != "reader")
    if table is None:
        reads = _from_ledger(project, columns, kind, question, groups)
    else:
        reads = read_table(table, Columns(unit, reader, value, time if weekly else None, by=columns))
    document = report(reads, factors, weekly=weekly, alpha=alpha, method=correction, seed=seed, run=run_length)
    validate("drift-report", document)
    if as_json:
        emit_json(document)
    else:
        for line in _drift_lines(document):
            say(line)
    if document["drifts"]:
        raise GateError("QUA-030")
    return 0


def _drift_lines(document: dict[str, Any]) -> Iterator[str]:
    how = f"adjusted by {document['method']} at {document['alpha']:g}, seed {document['seed']}"
    yield f"{document['reads']:,} reads · {how}"
    for one in document["factors"]:
        yield f"{one['by']:<24}{_test(one)}"
        for level in sorted(one["levels"], key=lambda row: -abs(row["cohens_h"]))[:_SHOWN]:
            apart = f"{level['class']} {level['share']:.3f} against {level['rest']:.3f}"
            tested = "" if level["p"] is None else f" · {_test(level)}"
            yield f"  {level['level']:<22}{apart}, h {level['cohens_h']:+.2f}, PSI {level['psi']:.3f}{tested}"
    weeks = document["weeks"]
    if weeks is not None:
        yield f"{len(weeks['weeks'])} weeks{'':<16}{_test(weeks)}"
        yield (
            f"  CUSUM charts: reference {weeks['reference']:g}, limit {weeks['limit']:g}, "
            f"{weeks['run_length']:.0f} weeks between false alarms of one chart{_together(weeks)}"
        )
        for chart in weeks["charts"]:
            said = f"signals in {chart['at']}, since {chart['since']}" if chart["signal"] else "no signal"
            yield f"  {chart['signal_of']:<22}{said} (from {chart['lowest']:.2f} to {chart['highest']:.2f})"


def _together(weeks: dict[str, Any]) -> str:
    """Say how often any of several charts alarms: at most their rates of false alarms add up."""
    count = len(weeks["charts"])
    return f", {weeks['run_length'] / count:.0f} or more of all {count} together" if count > 1 else ""


def _test(one: dict[str, Any]) -> str:
    if one["p"] is None:
        return "nothing to compare"
    mark = "DRIFT  " if one["drifts"] else ""
    return (
        f"{mark}p {one['p']:.4g} ({one['how']}), adjusted {one['adjusted']:.4g}, chi-square {one['statistic']:.1f} "
        f"on {one['freedom']}, Cramer's V {one['cramers_v']:.3f}"
    )


@click.command("faults")
@table_options
@click.option("--proposal", metavar="NAME", help="Column of the class that was proposed.")
@click.option("--changed", metavar="NAME", help="Column of whether the proposal was changed (yes or no).")
@click.option("--seconds", metavar="NAME", help="Column of how long the read took.")
@click.option("--by", multiple=True, metavar="NAME", help="Column that classes may depend on, such as site.")
@click.option("--alarm", default=0.05, show_default=True, metavar="X", help="Chance of any false alarm.")
@click.option("--seed", default=1, show_default=True, metavar="S", help="Same seed, same random orders.")
@project_option
@json_option
def faults(
    table: Path | None,
    kind: str | None,
    question: str | None,
    groups: Path | None,
    unit: str,
    reader: str,
    value: str,
    time: str,
    proposal: str | None,
    changed: str | None,
    seconds: str | None,
    by: tuple[str, ...],
    alarm: float,
    seed: int,
    project: Path,
    as_json: bool,
) -> int:
    """Look for rubber-stamping, guideline drift, a drifting reader, two readers swapped, and a pair that copies.

    TABLE is CSV or Parquet, one row a read; without it the signed labels of the project are read. The chance of a false
    alarm is shared among the five tests. Ends with 1 when a fault is found, 3 when one could not be looked for.

    \b
    Examples:
      curator labels faults reads.csv --proposal model --seconds took --by site
      curator labels faults --kind class --json
    """
    from curator.core.errors import CheckError, GateError, UsageError
    from curator.core.schema import validate
    from curator.labels.agreement.needs import require_numpy

    require_numpy()
    from curator.labels.quality.faults import look_for_faults
    from curator.labels.quality.reads import Columns, read_table

    if not (0 < alarm < 1 and 0 <= seed < 1 << 63):
        raise UsageError("QUA-035")
    if table is not None and (kind, question, groups) != (None, None, None):
        raise UsageError("QUA-057")
    if table is None:
        reads = _from_ledger(project, by, kind, question, groups)
    else:
        reads = read_table(table, Columns(unit, reader, value, time, proposal, changed, seconds, by))
    found = look_for_faults(reads, alarm=alarm, seed=seed)
    document = {
        "format": 1,
        "reads": len(reads),
        "readers": len(reads.reader.names),
        "alarm": alarm,
        "seed": seed,
        "faults": [one.document() for one in found],
    }
    validate("faults-report", document)
    if as_json:
        emit_json(document)
    else:
        said = f"{len(reads):,} reads by {len(reads.reader.names)} readers"
        say(f"{said} · chance of any false alarm {alarm:g}, seed {seed}")
        for one in found:
            if one.p is None:
                say(f"  {one.fault:<18}COULD NOT CHECK  {one.what}")
                continue
            who = " and ".join(one.readers)
            where = " ".join(part for part in (who, f"since {one.since}" if one.since else "") if part)
            effect = "" if one.effect is None else f" · {one.what}: {one.effect:.3g}"
            say(f"  {one.fault:<18}{'FOUND  ' + where if one.found else 'not found'} · p {one.p:.4g}{effect}")
    bad = [one for one in found if one.found]
    if bad:
        raise GateError("QUA-031", count=len(bad))
    lacking = sum(one.p is None for one in found)
    if lacking:
        raise CheckError("QUA-034", count=lacking)
    return 0
