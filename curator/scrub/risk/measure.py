"""The report: all measures of a table as one document of ``risk-report.schema.json``.

It holds counts, shares and row numbers. Values of the table come into it only when they were asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curator.scrub.risk.classes import Classes, arrow, classes_of, shared_sizes
from curator.scrub.risk.read import Coded
from curator.scrub.risk.sensitive import sensitive

FORMAT = 1
#: Cells of fewer than 11 persons are not shown by the Centers for Medicare & Medicaid Services (cell size suppression).
SMALL_CELL = 11
#: Row numbers that a report lists at most; it says how many there are.
MOST_ROWS = 10_000
_EDGES = (1, 2, 3, 5, 11, 21, 51, 101, 1001)


def report(
    quasi: Sequence[Coded],
    told: Sequence[Coded] = (),
    *,
    k: int | None = None,
    c: float = 3.0,
    population: Sequence[Coded] | None = None,
    show_values: bool = False,
) -> dict[str, Any]:
    """Measure a table.

    Parameters
    ----------
    quasi
        The quasi-identifiers, one or more, each with a code for each row.
    told
        The sensitive columns.
    k
        The size that every class should have; None asks for nothing, and rows are listed that stand alone.
    c
        The constant of recursive (c, l)-diversity.
    population
        The same quasi-identifiers of everybody from whom the table was drawn.
    show_values
        List the classes below ``k`` with their values.

    Returns
    -------
    dict
        A document of ``risk-report.schema.json``.
    """
    columns = [arrow(one.codes) for one in quasi]
    classes = classes_of(columns)
    wanted = k if k is not None else 2
    document: dict[str, Any] = {
        "format": FORMAT,
        "rows": classes.rows,
        "quasi_identifiers": [one.name for one in quasi],
        "k": classes.k,
        "classes": _classes(classes),
        "risks": _risks(classes, quasi, columns, population),
        "small_cells": {"below": SMALL_CELL, "classes": _below(classes, SMALL_CELL),
                        "rows": classes.rows_below(SMALL_CELL)},
        "to_generalize": _rows(classes, wanted),
        "contributions": _contributions(quasi, columns, classes, wanted),
        "sensitive": [
            {"name": one.name, **_told(classes, one, c)} for one in told
        ],
    }  # fmt: skip
    if k is not None:
        document["gate"] = {"k": k, "passed": classes.k >= k}
    if show_values:
        document["values"] = _values(classes, quasi, wanted)
    return document


def _classes(classes: Classes) -> dict[str, Any]:
    sizes = classes.sizes.to_pylist()
    bands = [
        {"from": low, "to": high - 1 if high else None, "classes": len(found), "rows": sum(found)}
        for low, high in zip(_EDGES, (*_EDGES[1:], None), strict=True)
        if (found := [size for size in sizes if size >= low and (high is None or size < high)])
    ]
    return {
        "count": len(sizes),
        "unique_rows": sum(1 for size in sizes if size == 1),
        "mean_size": classes.rows / len(sizes),
        "largest": max(sizes),
        "sizes": bands,
    }


def _risks(
    classes: Classes, quasi: Sequence[Coded], columns: Sequence[Any], population: Sequence[Coded] | None
) -> dict[str, Any]:
    """Return the three risks of El Emam and Dankar (JAMIA 15(5), 2008) and Dankar and El Emam (PAIS 2010).

    Prosecutor: it is known that the person is in the table; journalist: only that they are in the population;
    marketer: the share of rows that are matched rightly when all are. Without a population the last two are those of a
    population that is the table itself, which is the highest they can be.
    """
    mean = len(classes.sizes) / classes.rows
    found: dict[str, Any] = {
        "prosecutor": {"highest": 1 / classes.k, "mean": mean},
        "journalist": {"highest": 1 / classes.k, "mean": mean},
        "marketer": mean,
        "population_rows": None,
        "rows_not_in_population": 0,
    }
    if population is not None:
        ours, theirs = _same_codes(quasi, columns, population)
        _, sizes = shared_sizes(ours, theirs)
        # Whoever is missing there is counted as alone: the list is then not of the whole population.
        known = [size or 1 for size in sizes.to_pylist()]
        own = sum(1 / size for size in known) / len(known)
        found["journalist"] = {"highest": 1 / min(known), "mean": own}
        found["marketer"] = own
        found["population_rows"] = len(theirs[0])
        found["rows_not_in_population"] = sum(1 for size in sizes.to_pylist() if not size)
    return found


def _same_codes(
    quasi: Sequence[Coded], columns: Sequence[Any], population: Sequence[Coded]
) -> tuple[list[Any], list[Any]]:
    """Return the columns of both tables with codes that mean the same in both."""
    import pyarrow as pa

    theirs = []
    for one, other in zip(quasi, population, strict=True):
        known = {value: code for code, value in enumerate(one.values)}
        codes = [known.setdefault(value, len(known)) for value in other.values]
        theirs.append(pa.array(codes, type=pa.int64()).take(arrow(other.codes)))
    return list(columns), theirs


def _below(classes: Classes, size: int) -> int:
    return sum(1 for one in classes.sizes.to_pylist() if one < size)


def _rows(classes: Classes, wanted: int) -> dict[str, Any]:
    """List the rows, from 1 for the first behind the header, that must change for every class to reach a size."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = pc.indices_nonzero(pc.less(classes.size_of_row(), wanted))
    return {
        "k": wanted,
        "count": len(places),
        "rows": pc.add(places.slice(0, MOST_ROWS).cast(pa.int64()), 1).to_pylist(),
    }


def _contributions(
    quasi: Sequence[Coded], columns: Sequence[Any], classes: Classes, wanted: int
) -> list[dict[str, Any]]:
    """Say for each quasi-identifier what would be left without it, the greatest help first."""
    found = []
    for at, one in enumerate(quasi):
        rest = [column for number, column in enumerate(columns) if number != at]
        without = classes_of(rest) if rest else None
        below = without.rows_below(wanted) if without is not None else (classes.rows if classes.rows < wanted else 0)
        found.append({
            "name": one.name,
            "values": len(one.values),
            "k_without": without.k if without is not None else classes.rows,
            "rows_below_without": below,
            "rows_helped": classes.rows_below(wanted) - below,
        })  # fmt: skip
    return sorted(found, key=lambda entry: -entry["rows_helped"])


def _told(classes: Classes, one: Coded, c: float) -> dict[str, Any]:
    found = sensitive(classes, arrow(one.codes), one.values, c=c)
    return {
        "values": len(one.values),
        "distinct_l": found.distinct_l,
        "entropy_l": found.entropy_l,
        "recursive_l": found.recursive_l,
        "recursive_c": c,
        "t": found.t,
        "distance": "ordered" if found.numeric else "equal",
    }


def _values(classes: Classes, quasi: Sequence[Coded], wanted: int) -> list[dict[str, Any]]:
    """List the classes below a size with their values, the smallest first."""
    sizes = classes.sizes.to_pylist()
    first: dict[int, int] = {}
    for row, number in enumerate(classes.of_row.to_pylist()):
        if sizes[number] < wanted:
            first.setdefault(number, row)
    listed = sorted(first.items(), key=lambda pair: (sizes[pair[0]], pair[1]))[:MOST_ROWS]
    return [
        {"size": sizes[number], "values": [one.values[one.codes[row]] for one in quasi]} for number, row in listed
    ]  # fmt: skip
