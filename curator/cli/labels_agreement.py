"""``curator labels agreement``: how far readers agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, progress, say

_NAMES = {
    "percent_agreement": "percent agreement",
    "gwet_ac1": "Gwet's AC1",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "brennan_prediger": "Brennan-Prediger",
    "weighted_agreement": "weighted agreement",
    "gwet_ac2": "Gwet's AC2",
    "weighted_cohen_kappa": "weighted Cohen",
    "weighted_fleiss_kappa": "weighted Fleiss",
}
_BY_CLASS = (
    "prevalence",
    "percent_agreement",
    "specific_agreement",
    "fleiss_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
)
_SHOWN = 40
_SHARES = 8


@click.command("agreement")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--unit", default="unit", show_default=True, metavar="NAME", help="Column of what was rated.")
@click.option("--reader", default="reader", show_default=True, metavar="NAME", help="Column of who rated.")
@click.option("--value", default="value", show_default=True, metavar="NAME", help="Column of the rating; may be empty.")
@click.option(
    "--scale",
    type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
    default="nominal",
    show_default=True,
    help="What kind of values they are.",
)
@click.option("--order", default="", metavar="NAMES", help="All classes from lowest to highest, with commas between.")
@click.option(
    "--weights",
    type=click.Choice(["identity", "linear", "quadratic", "ordinal", "ratio"]),
    help="What weighted coefficients give for a disagreement.  [default: by scale]",
)
@click.option("--by", multiple=True, metavar="NAME", help="Report each level of this column too, such as site.")
@click.option("--time", "time", metavar="NAME", help="Column of the time of the rating; reports each period too.")
@click.option(
    "--period", type=click.Choice(["year", "quarter", "month"]), default="quarter", show_default=True, help="Of --time."
)
@click.option("--session", metavar="NAME", help="Column that tells a reader's repeated readings of a unit apart.")
@click.option("--cluster", metavar="NAME", help="Column of what units hang together, such as the patient.")
@click.option("--readers-as-numbers", is_flag=True, help="Call the readers reader-1, reader-2, ...")
@click.option("--bootstrap", "samples", default=1000, show_default=True, metavar="N", help="Samples; 0: no intervals.")
@click.option("--seed", default=1, show_default=True, metavar="S", help="Same seed, same intervals.")
@click.option("--level", default=0.95, show_default=True, metavar="X", help="Coverage of the intervals.")
@json_option
def agreement(
    table: Path,
    unit: str,
    reader: str,
    value: str,
    scale: str,
    order: str,
    weights: str | None,
    by: tuple[str, ...],
    time: str | None,
    period: str,
    session: str | None,
    cluster: str | None,
    readers_as_numbers: bool,
    samples: int,
    seed: int,
    level: float,
    as_json: bool,
) -> int:
    """Measure how far the readers of TABLE agree (CSV or Parquet; one row a rating: unit, reader, value).

    Prints percent agreement, kappas with AC1 and prevalence beside them, alpha, and for measurements the ICC, each
    with an interval. Ends with 3 when something could not be computed. Needs no project.

    \b
    Examples:
      curator labels agreement reads.csv --by site --by vendor
      curator labels agreement reads.csv --scale ordinal --order benign,unclear,malignant --json
    """
    import csv

    from curator.core.errors import CheckError, UsageError
    from curator.core.schema import validate
    from curator.labels.agreement.read import Columns, read_ratings
    from curator.labels.agreement.report import not_computed, parts, report
    from curator.labels.agreement.resample import Sampling

    if not (0 <= samples <= 100_000 and 0 <= seed < 1 << 63 and 0 < level < 1):
        raise UsageError("AGR-010")
    names = [name.strip() for row in csv.reader([order]) for name in row if name.strip()]
    columns = Columns(unit, reader, value, session, by, time, period, cluster)
    ratings = read_ratings(table, columns, scale, order=names, readers_as_numbers=readers_as_numbers)
    with progress(parts(ratings), "parts") as bar:
        document = report(ratings, scale, weighting=weights, sampling=Sampling(samples, seed, level), done=bar.advance)
    validate("agreement-report", document)
    if as_json:
        emit_json(document)
    else:
        for line in _lines(document):
            say(line)
    missing = not_computed(document)
    if document["overall"].get("all_equal"):
        raise CheckError("AGR-014")
    if missing:
        raise CheckError("AGR-019", count=missing)
    return 0


def _lines(document: dict[str, Any]) -> Iterator[str]:
    overall, how = document["overall"], document["intervals"]
    if "code" not in overall:
        yield (
            f"ratings     {overall['ratings']:,} by {overall['readers']:,} readers of {overall['units']:,} units, "
            f"{overall['pairable_units']:,} of them by two or more"
        )
    drawn = how["method"].split()[-1]
    intervals = f"{100 * how['level']:g}% intervals from {how['samples']:,} bootstraps over {drawn}, seed {how['seed']}"
    weights = f"scale       {document['scale']} · weights {document['weights']}"
    yield f"{weights} · {intervals if how['samples'] else 'no intervals'}"
    yield from _block(overall)
    yield from _pairs(document["pairs"] or [])
    for group in document["groups"]:
        for level in group["levels"]:
            yield f"{group['by']} {level['level']}   {level['ratings']:,} ratings of {level['units']:,} units"
            yield from _block(level, classes=False)
    for own in document["repeatability"]:
        yield f"{own['reader']} against himself or herself   {own['pairable_units']:,} units"
        yield from _block(own, classes=False)
        if own.get("within_unit_deviation") is not None:
            yield f"  within-unit deviation {own['within_unit_deviation']:.4g}"
            yield f"  repeatability coefficient {own['repeatability_coefficient']:.4g}"


def _block(found: dict[str, Any], *, classes: bool = True) -> Iterator[str]:
    if "code" in found:
        yield f"  could not be computed: {found['code']}"
        return
    if found["classes"]:
        shares = [f"{one['class']} {_number(one['prevalence']['value'])}" for one in found["classes"]]
        yield f"  {'prevalence':<22}{' · '.join(shares[:_SHARES])}{' ...' if len(shares) > _SHARES else ''}"
    measures = found["measures"]
    for name in (*(one for one in _NAMES if one in measures), *(one for one in measures if one not in _NAMES)):
        yield f"  {_NAMES.get(name, name):<22}{_span(measures[name])}"
    if classes and found["classes"]:
        yield "class                     share  agreement   specific      kappa      alpha        AC1"
        for one in found["classes"][:_SHOWN]:
            cells = "".join(f"{_number(one[name]['value']):>11}" for name in _BY_CLASS)
            yield f"  {one['class']:<18}{cells}"


def _pairs(pairs: list[dict[str, Any]]) -> Iterator[str]:
    if not pairs:
        return
    weighted = "weighted_cohen_kappa" in pairs[0]["measures"]
    kinds = ("weighted_cohen_kappa", "gwet_ac2") if weighted else ("cohen_kappa", "gwet_ac1")
    yield f"readers                     units  agreement   {_NAMES[kinds[0]]:<26}{_NAMES[kinds[1]]}"
    for pair in pairs[:_SHOWN]:
        one, two = (pair["measures"][kind] for kind in kinds)
        agreed = _number(pair["measures"]["percent_agreement"]["value"])
        who = " · ".join(pair["readers"])
        yield f"  {who:<22}{pair['units']:>9,}{agreed:>11}   {_span(one):<26}{_span(two)}"
    if len(pairs) > _SHOWN:
        yield f"... {len(pairs) - _SHOWN:,} more pairs with --json"


def _span(one: dict[str, Any]) -> str:
    text = _number(one["value"])
    return f"{text:>6}" if one["low"] is None else f"{text:>6}  {_number(one['low'])} .. {_number(one['high'])}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
