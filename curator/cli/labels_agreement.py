"""``curator labels agreement``: how far readers agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curator.cli.common import emit_json, json_option, progress, project_option, say
from curator.labels.measures import NAMES

if TYPE_CHECKING:
    from curator.labels.agreement.scales import Scales

_KINDS = (
    "class",
    "classes",
    "grade",
    "sentiment",
    "code",
    "measurement",
    "mask",
    "volume-mask",
    "polygon",
    "box",
    "ellipse",
    "box3d",
    "keypoints",
    "point",
    "points3d",
    "polyline",
    "track",
    "span",
    "relation",
)
_TABLE_ONLY = ("unit", "reader", "value", "missing", "question", "time", "session", "cluster")
_SIGNED_ONLY = ("project", "kind", "groups", "iou", "tolerance", "slack", "deviation", "oks", "within")
_BY_CLASS = (
    "prevalence",
    "percent_agreement",
    "specific_agreement",
    "fleiss_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
)
_LIMITS = {
    "bias": "mean difference",
    "deviation": "its deviation",
    "lower": "lower limit",
    "upper": "upper limit",
    "slope": "slope over the mean",
}
_SHOWN = 40
_SHARES = 8


@click.command("agreement")
@click.argument("table", required=False, type=click.Path(path_type=Path))
@project_option
@click.option(
    "--kind",
    type=click.Choice(_KINDS),
    default="class",
    show_default=True,
    help="Without TABLE: which signed labels to compare.",
)
@click.option(
    "--groups",
    "groups",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Without TABLE: levels by sample or reader, such as site, vendor.",
)
@click.option("--iou", default=0.5, show_default=True, metavar="X", help="Least IoU of two shapes that are one find.")
@click.option("--tolerance", default=1.0, show_default=True, metavar="MM", help="Of surface Dice.")
@click.option("--slack", default=2, show_default=True, metavar="N", help="Of spans matched loosely, in characters.")
@click.option("--deviation", default=0.05, show_default=True, metavar="X", help="Of key points, to the object's size.")
@click.option("--oks", default=0.5, show_default=True, metavar="X", help="Least OKS of key points that are one find.")
@click.option(
    "--within",
    default=10.0,
    show_default=True,
    metavar="PX",
    help="How far apart two points, or lines on average, are one find; in space by its unit.",
)
@click.option("--unit", default="unit", show_default=True, metavar="NAME", help="Column of what was rated.")
@click.option("--reader", default="reader", show_default=True, metavar="NAME", help="Column of who rated.")
@click.option("--value", default="value", show_default=True, metavar="NAME", help="Column of the rating; may be empty.")
@click.option(
    "--missing", multiple=True, metavar="WORD", help="What stands for no rating besides an empty cell, such as NA."
)
@click.option(
    "--question",
    metavar="NAME",
    help="Column of what was asked, for a table of several questions: each is reported by itself, on its own scale.",
)
@click.option(
    "--scale",
    "scale",
    multiple=True,
    metavar="[QUESTION=]SCALE",
    help="What kind of values they are: nominal, ordinal, interval, ratio; repeated for questions, measures and scales "
    "of grades with one of their own.  [default: nominal, or by --kind]",
)
@click.option(
    "--order",
    multiple=True,
    metavar="[QUESTION=]NAMES",
    help="All classes from lowest to highest, with commas between.",
)
@click.option(
    "--weights",
    multiple=True,
    metavar="[QUESTION=]WEIGHTS",
    help="What weighted coefficients give for a disagreement: identity, linear, quadratic, ordinal, ratio.  "
    "[default: by scale]",
)
@click.option(
    "--by",
    multiple=True,
    metavar="NAME",
    help="Report each level of this column too, such as site; without TABLE guideline or period.",
)
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
@click.pass_context
def agreement(
    context: click.Context,
    table: Path | None,
    project: Path,
    kind: str,
    groups: Path | None,
    iou: float,
    tolerance: float,
    slack: int,
    deviation: float,
    oks: float,
    within: float,
    unit: str,
    reader: str,
    value: str,
    missing: tuple[str, ...],
    question: str | None,
    scale: tuple[str, ...],
    order: tuple[str, ...],
    weights: tuple[str, ...],
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

    Without TABLE the labels that are signed in the project are compared: classes, grades, codes and measurements as
    ratings; masks, boxes, lines, points, tracks, spans and relations as finds. Labels of models and interpolated ones
    are left out and counted.

    Prints percent agreement, kappas with AC1 and prevalence beside them, alpha; for sets MASI; for measurements ICC
    and limits of agreement, each with an interval; of finds Dice, distances, F1, HOTA and the like, with their
    definitions. Ends with 3 when something could not be computed. A table needs no project.

    \b
    Examples:
      curator labels agreement reads.csv --by site --by vendor
      curator labels agreement reads.csv --scale ordinal --order benign,unclear,malignant --json
      curator labels agreement reads.csv --question asked --scale birads=ordinal --scale diameter=ratio
      curator labels agreement --kind box --iou 0.5 --by guideline
      curator labels agreement --kind polyline --within 5
    """
    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.labels.agreement.resample import Sampling

    if not (0 <= samples <= 100_000 and 0 <= seed < 1 << 63 and 0 < level < 1):
        raise UsageError("AGR-010")
    _fitting(context, of_table=table is not None)
    scales = _scales(scale, order, weights)
    sampling = Sampling(samples, seed, level)
    if table is None:
        from curator.cli.labels_signed import signed_document
        from curator.labels.agreement.finds import Rules

        shares = 0 < iou <= 1 and 0 < oks <= 1
        if not (shares and 0 <= tolerance < 1e6 and slack >= 0 and 0 < deviation < 1e6 and 0 < within < 1e6):
            raise UsageError("AGR-036")
        document = signed_document(
            project,
            kind,
            scales=scales,
            by=by,
            period=period,
            table=groups,
            rules=Rules(iou, tolerance, slack, deviation, oks, within),
            sampling=sampling,
            readers_as_numbers=readers_as_numbers,
        )
    else:
        from curator.labels.agreement.asked import parts_of, report_each
        from curator.labels.agreement.columns import Columns
        from curator.labels.agreement.read import read_questions, read_ratings
        from curator.labels.agreement.report import parts, report

        columns = Columns(unit, reader, value, session, by, time, period, cluster, question, missing)
        if question is not None:
            asked = read_questions(table, columns, scales, readers_as_numbers=readers_as_numbers)
            with progress(parts_of(asked), "parts") as bar:
                document = report_each(asked, question, sampling=sampling, done=bar.advance)
        else:
            one = scales.only()
            ratings = read_ratings(table, columns, one.scale, order=one.order, readers_as_numbers=readers_as_numbers)
            with progress(parts(ratings), "parts") as bar:
                document = report(ratings, one.scale, weighting=one.weighting, sampling=sampling, done=bar.advance)
    validate("agreement-report", document)
    if as_json:
        emit_json(document)
    else:
        for line in _lines(document):
            say(line)
    _ending(document)
    return 0


def _scales(scale: tuple[str, ...], order: tuple[str, ...], weights: tuple[str, ...]) -> Scales:
    """Return what --scale, --order and --weights say of all questions and of single ones (AGR-040)."""
    import csv

    from curator.labels.agreement.scales import SCALES, WEIGHTS, Scales

    usual, own = _own(scale, SCALES)
    weighting, own_weighting = _own(weights, WEIGHTS)
    names, own_order = _own(order, None)
    listed = {
        name: tuple(one.strip() for row in csv.reader([text]) for one in row if one.strip())
        for name, text in {**own_order, "": names or ""}.items()
    }
    return Scales(usual, listed.pop(""), weighting, own, listed, own_weighting)


def _own(given: tuple[str, ...], words: tuple[str, ...] | None) -> tuple[str | None, dict[str, str]]:
    """Part values of an option into the one for all questions and those of single questions."""
    from curator.core.errors import UsageError

    made: dict[str, str] = {}
    for one in given:
        # The name of a class may hold the sign: "=<3,>=3" is an order of all questions.
        name, mark, text = one.rpartition("=") if words is not None else one.partition("=")
        name, text = (name.strip(), text.strip()) if mark else ("", one.strip())
        if name in made or (words is not None and text not in words):
            raise UsageError("AGR-040")
        made[name] = text
    usual = made.pop("", None)
    return usual, made


def _fitting(context: click.Context, *, of_table: bool) -> None:
    """Refuse options that would be passed over in silence (AGR-034)."""
    from click.core import ParameterSource

    from curator.core.errors import UsageError

    other = _SIGNED_ONLY if of_table else _TABLE_ONLY
    if any(context.get_parameter_source(name) == ParameterSource.COMMANDLINE for name in other):
        raise UsageError("AGR-034")


def _ending(document: dict[str, Any]) -> None:
    from curator.core.errors import CheckError
    from curator.labels.agreement.report import not_computed

    refused = sum(document.get("not_compared", {}).values())
    if refused:
        raise CheckError("AGR-038", count=refused)
    missing = not_computed(document)
    if document["overall"].get("all_equal") and "definitions" not in document:
        raise CheckError("AGR-014")
    if missing:
        raise CheckError("AGR-019", count=missing)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    overall, how = document["overall"], document["intervals"]
    if "source" in document:
        source = document["source"]
        reasons = [f"{count:,} {reason}" for reason, count in source["left_out"].items() if count]
        yield f"labels      {source['labels']:,} of kind {document['kind']} · {source['used']:,} readings" + (
            f" · left out: {', '.join(reasons)}" if reasons else ""
        )
    if "code" not in overall:
        yield (
            f"ratings     {overall['ratings']:,} by {overall['readers']:,} readers of {overall['units']:,} units, "
            f"{overall['pairable_units']:,} of them by two or more"
        )
    drawn = how["method"].split()[-1]
    intervals = f"{100 * how['level']:g}% intervals from {how['samples']:,} bootstraps over {drawn}, seed {how['seed']}"
    yield f"{_scaled(document)}{intervals if how['samples'] else 'no intervals'}"
    if "definitions" in document:
        yield from _finds(document)
        return
    yield from _block(overall)
    yield from _pairs(document["pairs"] or [])
    yield from _groups(document["groups"])
    for one in document.get("limits_of_agreement", ()):
        yield f"{one['what']} ({one['unit']}): {' less '.join(one['readers'])}   {one['units']:,} units"
        for name, text in _LIMITS.items():
            yield f"  {text:<22}{_span(one[name])}"
    yield from _repeated(document["repeatability"])


def _scaled(found: dict[str, Any]) -> str:
    return f"scale       {found['scale']} · weights {found['weights']} · " if found["scale"] else ""


def _groups(groups: list[dict[str, Any]]) -> Iterator[str]:
    """Say each level of each group; one that is a question with a scale of its own says all that a report says."""
    for group in groups:
        for level in group["levels"]:
            counts = f"{level['ratings']:,} ratings of {level['units']:,} units"
            own = f"scale {level['scale']} · weights {level['weights']} · " if "scale" in level else ""
            yield f"{group['by']} {level['level']}   {own}{counts}"
            yield from _block(level, classes="scale" in level)
            yield from _pairs(level.get("pairs") or [])
            yield from _groups(level.get("groups", []))
            yield from _repeated(level.get("repeatability", []))


def _repeated(readers: list[dict[str, Any]]) -> Iterator[str]:
    for own in readers:
        yield f"{own['reader']} against himself or herself   {own['pairable_units']:,} units"
        yield from _block(own, classes=False)
        if own.get("within_unit_deviation") is not None:
            yield f"  within-unit deviation {own['within_unit_deviation']:.4g}"
            yield f"  repeatability coefficient {own['repeatability_coefficient']:.4g}"


def _finds(document: dict[str, Any]) -> Iterator[str]:
    """Say what is found of finds: all, by class, pair, group and reader, and what each figure means."""
    for code, count in document["not_compared"].items():
        yield f"not compared {count:,} {code}"
    if document["without_spacing"]:
        yield f"no distances {document['without_spacing']:,} comparisons: the image states no spacing"
    blocks = [("all", document["overall"])]
    blocks += [(f"class {one['class']}", one) for one in document["overall"].get("classes", ())[:_SHOWN]]
    blocks += [(" and ".join(pair["readers"]), pair) for pair in (document["pairs"] or [])[:_SHOWN]]
    blocks += [(f"{one['by']} {level['level']}", level) for one in document["groups"] for level in one["levels"]]
    blocks += [(f"{own['reader']} against himself or herself", own) for own in document["repeatability"]]
    for title, found in blocks:
        counted = [f"{found[name]:,} {name}" for name in ("ratings", "units") if name in found]
        yield f"{title}   {' · '.join(counted)}"
        if "code" in found:
            yield f"  could not be computed: {found['code']}"
            continue
        for name, one in found["measures"].items():
            yield f"  {NAMES[name]:<22}{_span(one)}"
    yield "what they mean"
    for name, text in document["definitions"].items():
        yield f"  {NAMES.get(name, name):<22}{text}"


def _block(found: dict[str, Any], *, classes: bool = True) -> Iterator[str]:
    if "code" in found:
        yield f"  could not be computed: {found['code']}"
        return
    if found["classes"]:
        shares = [f"{one['class']} {_number(one['prevalence']['value'])}" for one in found["classes"]]
        yield f"  {'prevalence':<22}{' · '.join(shares[:_SHARES])}{' ...' if len(shares) > _SHARES else ''}"
    measures = found["measures"]
    for name in (*(one for one in NAMES if one in measures), *(one for one in measures if one not in NAMES)):
        yield f"  {NAMES.get(name, name):<22}{_span(measures[name])}"
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
    yield f"readers                     units  agreement   {NAMES[kinds[0]]:<26}{NAMES[kinds[1]]}"
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
