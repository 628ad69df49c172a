"""The report on agreement: all readers together, pair by pair, level by level of each group, and each reader himself.

What it holds of the table are reader ids, classes and levels of groups; never a unit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.block import Document, Plan, block, fits_classes, pair_blocks
from curator.labels.agreement.model import Ratings
from curator.labels.agreement.repeat import own_readings, repeatability
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.scales import DEFAULT_WEIGHTS, weights
from curator.labels.agreement.sums import Scheme


def parts(ratings: Ratings) -> int:
    """Return how many parts a report will have, for a progress bar."""
    levels = sum(len(one.names) for one in ratings.groups.values())
    return 2 + levels + (len(ratings.reader.names) if ratings.session is not None else 0)


def report(
    ratings: Ratings,
    scale: str,
    *,
    weighting: str | None = None,
    sampling: Sampling | None = None,
    done: Callable[[], object] = lambda: None,
) -> Document:
    """Measure agreement.

    Parameters
    ----------
    ratings
        Between readers each reader's first reading of a unit counts; all of them for his repeatability.
    scale
        nominal, ordinal, interval or ratio.
    weighting
        Weights of weighted coefficients (identity, linear, quadratic, ordinal, ratio); the scale's usual ones when
        None.
    sampling
        How intervals are made.
    done
        Called after each of :func:`parts`.

    Returns
    -------
    dict
        By schemas/agreement-report.schema.json.

    Raises
    ------
    CheckError
        AGR-012 one reader, AGR-013 no unit rated twice (not raised when there are repeated readings to report),
        AGR-017 too many values on a ratio scale.
    """
    sampling = sampling or Sampling()
    kind = weighting or DEFAULT_WEIGHTS[scale]
    scheme = Scheme(scale, ratings.numbers, weights(kind, ratings.numbers)) if fits_classes(ratings) else None
    plan = Plan(scheme, scale, sampling)
    first = ratings.first_session()
    own = _repeated(ratings, plan, done)
    try:
        overall: Document = block(first, plan, "all")
    except CheckError as error:
        if not own:
            raise
        overall = {"code": error.code}
    done()
    pairs = pair_blocks(first, plan)
    done()
    given = np.bincount(first.reader.codes, minlength=len(ratings.reader.names))
    return {
        "format": 1,
        "scale": scale,
        "weights": kind,
        "classes": list(ratings.value.names) if scheme is not None else None,
        "readers": [{"reader": name, "ratings": int(given[at])} for at, name in enumerate(ratings.reader.names)],
        "intervals": {
            "method": f"percentile bootstrap over {'units' if ratings.cluster is None else 'clusters'}",
            "samples": sampling.samples,
            "seed": sampling.seed,
            "level": sampling.level,
        },
        "overall": overall,
        "pairs": pairs,
        "groups": [_group(first, name, plan, done) for name in ratings.groups],
        "repeatability": own,
    }


def not_computed(document: Document) -> int:
    """Count the levels of groups that could not be computed, those within questions too."""
    levels = [level for group in document["groups"] for level in group["levels"]]
    return sum(("code" in level) + (not_computed(level) if "groups" in level else 0) for level in levels)


def _group(first: Ratings, name: str, plan: Plan, done: Callable[[], object]) -> Document:
    levels = []
    column = first.groups[name]
    for at, level in enumerate(column.names):
        chosen = first.where(column.codes == at)
        try:
            found: Document = block(chosen, plan, "group", name, level)
        except CheckError as error:
            if error.code not in {"AGR-012", "AGR-013"}:
                raise
            found = {"ratings": len(chosen), "units": chosen.units, "code": error.code}
        levels.append({"level": level} | found)
        done()
    return {"by": name, "levels": levels}


def _repeated(ratings: Ratings, plan: Plan, done: Callable[[], object]) -> list[Document]:
    if ratings.session is None:
        return []
    out: list[Any] = []
    for at, name in enumerate(ratings.reader.names):
        readings = own_readings(ratings, at)
        if readings is not None:
            entry: Document = {"reader": name} | block(readings, plan, "reader", name)
            if plan.scale in {"interval", "ratio"}:
                own = repeatability(readings)
                entry["within_unit_deviation"] = own.deviation
                entry["repeatability_coefficient"] = own.coefficient
            out.append(entry)
        done()
    return out
