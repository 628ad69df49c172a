"""``curator risk``: how easily persons of a table are told apart, as numbers and, when asked, as a gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curator.cli.common import emit_json, json_option, note, say

_SHOWN = 20


@click.command("risk")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--quasi", required=True, metavar="NAMES", help="Columns that an outsider may know, with commas between.")
@click.option("--sensitive", "told", default="", metavar="NAMES", help="Columns whose values must not be learned.")
@click.option("--k", "wanted", type=int, metavar="N", help="A gate: exit 1 when a class has fewer than N rows.")
@click.option("--c", default=3.0, show_default=True, metavar="X", help="The constant of recursive (c, l)-diversity.")
@click.option(
    "--population",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Everybody from whom the table was drawn, with the same quasi-identifiers.",
)
@click.option("--show-values", is_flag=True, help="List the small classes with their values; they may identify.")
@json_option
def risk(
    table: Path,
    quasi: str,
    told: str,
    wanted: int | None,
    c: float,
    population: Path | None,
    show_values: bool,
    as_json: bool,
) -> int:
    """Measure k-anonymity, l-diversity, t-closeness and the risk of re-identification of TABLE (CSV, .xlsx, Parquet).

    Prints counts and row numbers (1 is the first row behind the header), no values. With --k it is a gate: exit 1
    when missed, 3 when the table cannot be read. Needs no project.

    \b
    Examples:
      curator risk clean/labs.csv --quasi sex,birth_year,zip3
      curator risk clean/labs.csv --quasi sex,birth_year,zip3 --sensitive dx --k 11 --json
    """
    import csv

    from curator.core.errors import UsageError
    from curator.core.schema import validate
    from curator.scrub.risk.measure import report
    from curator.scrub.risk.read import read_columns

    if (wanted is not None and wanted < 1) or not 0 < c < float("inf"):
        raise UsageError("RSK-005")
    names, more = ([name.strip() for row in csv.reader([one]) for name in row if name.strip()] for one in (quasi, told))
    if not names:
        raise UsageError("RSK-001", number=1)
    with _opened(table) as stream:
        columns = read_columns(stream, [*names, *more])
    everybody = None
    if population is not None:
        with _opened(population) as stream:
            everybody = read_columns(stream, names)
    document = report(
        columns[: len(names)],
        columns[len(names) :],
        k=wanted,
        c=c,
        population=everybody,
        show_values=show_values,
    )
    validate("risk-report", document)
    if as_json:
        emit_json(document)
    else:
        _say(document)
    missed = wanted is not None and not document["gate"]["passed"]
    if missed:
        note(f"gate missed: k is {document['k']}, {wanted} was asked for")
    return 1 if missed else 0


def _say(found: dict[str, Any]) -> None:
    classes, risks, cells, rows = (found[key] for key in ("classes", "risks", "small_cells", "to_generalize"))
    say(f"rows          {found['rows']:,} in {classes['count']:,} classes of {', '.join(found['quasi_identifiers'])}")
    say(f"k             {found['k']:,}")
    say(f"unique        {classes['unique_rows']:,} rows ({classes['unique_rows'] / found['rows']:.1%})")
    for size in classes["sizes"]:
        name = str(size["from"]) if size["to"] == size["from"] else f"{size['from']}-{size['to'] or ''}"
        say(f"  size {name:<9}{size['classes']:>10,} classes {size['rows']:>12,} rows")
    for name in ("prosecutor", "journalist"):
        say(f"{name:<14}highest {risks[name]['highest']:.4f} · mean {risks[name]['mean']:.4f}")
    say(f"{'marketer':<14}{risks['marketer']:.4f}")
    if risks["population_rows"] is None:
        say("              without --population, journalist and marketer are at most this high")
    elif risks["rows_not_in_population"]:
        say(f"              {risks['rows_not_in_population']:,} rows are not in the population and count as alone")
    for one in found["sensitive"]:
        say(
            f"{one['name']}: l distinct {one['distinct_l']} · entropy {one['entropy_l']:.3f} · recursive "
            f"({one['recursive_c']:g}, {one['recursive_l']}) · t {one['t']:.4f} ({one['distance']})"
        )
    if cells["classes"]:
        say(f"small cells   {cells['classes']:,} classes, {cells['rows']:,} rows below {cells['below']}")
    if rows["count"]:
        shown = ", ".join(map(str, rows["rows"][:_SHOWN])) + (" ..." if rows["count"] > _SHOWN else "")
        say(f"to generalize for k = {rows['k']}: {rows['count']:,} rows: {shown}")
        for one in found["contributions"]:
            say(f"  without {one['name']}: {one['rows_below_without']:,} rows are left, k = {one['k_without']:,}")
    for one in found.get("values", [])[:_SHOWN]:
        say(f"  {one['size']:>4} rows: {', '.join(one['values'])}")


def _opened(file: Path) -> Any:
    from curator.core.errors import UsageError

    try:
        return file.open("rb")
    except OSError:
        raise UsageError("RSK-006") from None
