"""Consensus over a long table of ratings that are not signed labels: what each unit comes to, as a CSV file.

Nothing of a unit goes into the report. The CSV names units as the table does, so its writer asks a guard first.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.core.errors import CheckError, UsageError
from curator.labels.agreement.consensus import TIE, dawid_skene, majority
from curator.labels.agreement.model import Bools, Floats, Ints, Ratings, distinct
from curator.labels.consensus.deciding import ABSENT, DECIDED, EQUIVOCAL, OUTCOMES, REFUSED, TIED, Options
from curator.labels.consensus.ids import method_document, settings_of

_SLACK = 1e-9


@dataclass(frozen=True)
class Decided:
    """What every unit comes to; all of shape (units,), the units' numbers ascending."""

    unit: Ints = field(repr=False)
    value: Ints = field(repr=False)
    share: Floats = field(repr=False)
    outcome: tuple[str, ...] = field(repr=False)


def decide_table(ratings: Ratings, options: Options) -> Decided:
    """Decide every unit of a table.

    Parameters
    ----------
    ratings
        The table. Repeated readings count in Dawid and Skene's model alone; else each reader's first one counts.
    options
        How.

    Raises
    ------
    CheckError
        CON-015 when the model does not converge.
    """
    model = options.method == "dawid-skene"
    counted = ratings if model else ratings.first_session()
    if model:
        found = dawid_skene(counted)
        if not found.converged or not np.isfinite(found.posterior).all():
            raise CheckError("CON-015")
        order = np.sort(found.posterior, axis=1)
        share = order[:, -1]
        tied = order[:, -2] >= share - _SLACK if order.shape[1] > 1 else np.zeros(len(share), dtype=bool)
        unit, value = found.unit, np.where(tied, TIE, found.posterior.argmax(axis=1))
        clear = share >= options.least_probability - _SLACK
    else:
        names = counted.reader.names
        weight = np.array([options.weight(reader) for reader in names]) if options.weights else None
        votes = majority(counted, weight)
        unit, value, share, tied = votes.unit, votes.value, votes.share, votes.ties
        clear = (share > 0.5 + _SLACK) & (share >= options.least_share - _SLACK)
    few = _readers(counted) < options.least_readers
    outcome = np.select([few, tied, ~clear], [REFUSED, TIED, EQUIVOCAL], DECIDED)
    return Decided(unit, np.asarray(value, dtype=np.int64), share, tuple(outcome.tolist()))


def _readers(ratings: Ratings) -> Ints:
    """Return how many readers each unit has, shape (units,)."""
    pairs = distinct(ratings.unit * len(ratings.reader.names) + ratings.reader.codes)
    return np.unique(pairs // len(ratings.reader.names), return_counts=True)[1]


def table_report(ratings: Ratings, decided: Decided, options: Options) -> dict[str, Any]:
    """Return the report as schemas/consensus-report.schema.json has it; no unit is named."""
    outcomes = Counter(decided.outcome)
    first = len(ratings) if options.method == "dawid-skene" else len(ratings.first_session())
    won: Bools = np.array([one == DECIDED for one in decided.outcome], dtype=bool)
    counts: list[int] = np.bincount(decided.value[won], minlength=len(ratings.value.names)).tolist()
    again = len(ratings) - first
    return {
        "format": 1,
        "source": "table",
        "method": method_document(options),
        "settings": settings_of(options),
        "labels": {"read": len(ratings), "counted": first, "leftOut": {"repeated": again} if again else {}},
        "questions": {"total": len(decided.unit), **{name: outcomes[name] for name in OUTCOMES}},
        "refused": {"too-few-readers": outcomes[REFUSED]} if outcomes[REFUSED] else {},
        "readers": sorted(ratings.reader.names),
        "allEqual": len(set(ratings.value.codes.tolist())) == 1,
        "classes": {name: count for name, count in zip(ratings.value.names, counts, strict=True) if count},
        "labelsMade": outcomes[DECIDED] + outcomes[ABSENT],
    }


def table_csv(ratings: Ratings, decided: Decided, guard: Callable[[str], bool]) -> bytes:
    """Return what every unit comes to as CSV: unit, outcome, value (empty when undecided), share.

    Raises
    ------
    UsageError
        CON-004 when units are named by what may be an identifier.
    """
    names = [ratings.unit_names[at] for at in decided.unit.tolist()]
    bad = sum(not guard(name) for name in names)
    if bad:
        raise UsageError("CON-004", count=bad)
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(["unit", "outcome", "value", "share"])
    for name, outcome, value, share in zip(
        names, decided.outcome, decided.value.tolist(), decided.share.tolist(), strict=True
    ):
        rows.writerow([name, outcome, ratings.value.names[value] if outcome == DECIDED else "", f"{share:.9f}"])
    return stream.getvalue().encode()
