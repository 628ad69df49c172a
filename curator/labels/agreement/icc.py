"""Intraclass correlations of measurements: six forms, and the mean squares that they are made of.

Source: Shrout and Fleiss, Psychological Bulletin 86 (1979) 420, equations of the six forms. Only units that every
reader measured count, since the forms are defined for a full table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curator.labels.agreement.coefficients import divided
from curator.labels.agreement.model import Floats, Ints, Ratings
from curator.labels.agreement.resample import Grouped, Sampling, draws, generator

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a two-way analysis of variance; each of shape (samples,).

    Parameters
    ----------
    between
        Between units (BMS).
    within
        Within units (WMS).
    readers
        Between readers (JMS).
    error
        What is left (EMS).
    units, judges
        How many units and readers.
    """

    between: Floats
    within: Floats
    readers: Floats
    error: Floats
    units: Floats = field(repr=False)
    judges: int


def full_table(ratings: Ratings) -> tuple[Floats, Ints]:
    """Return the measurements of units that every reader measured, shape (units, readers), and which units they are.

    Each reader has at most one rating of a unit; only readers with a rating count. Rows are sorted, so that the order
    of units does not matter.
    """
    _, reader = np.unique(ratings.reader.codes, return_inverse=True)
    numbers, unit, sizes = np.unique(ratings.unit, return_inverse=True, return_counts=True)
    readers = int(reader.max(initial=-1)) + 1
    full = sizes == readers
    place = np.cumsum(full) - 1
    kept = full[unit]
    table = np.empty((int(full.sum()), readers))
    table[place[unit[kept]], reader[kept]] = ratings.numbers[ratings.value.codes[kept]]
    order = np.lexsort(table.T[::-1]) if readers else np.zeros(0, np.int64)
    return table[order], numbers[full][order]


def mean_squares(table: Floats, drawn: Floats | None = None) -> MeanSquares:
    """Compute mean squares.

    Parameters
    ----------
    table
        Shape (units, readers), complete.
    drawn
        Shape (samples, units); how often each unit is in each sample; each once when None.
    """
    units, judges = table.shape
    rows = np.ones((1, units)) if drawn is None else drawn
    x = (table - table.mean()) / (float(np.ptp(table)) or 1.0) if table.size else table
    parts = np.concatenate([x, (x**2).sum(axis=1, keepdims=True), x.sum(axis=1, keepdims=True) ** 2], axis=1)
    total = rows @ parts
    count = rows.sum(axis=1)
    by_reader, squares, by_unit = total[:, :judges], total[:, judges], total[:, judges + 1]
    middle = by_reader.sum(axis=1) ** 2 / (count * judges)
    between = _real(by_unit / judges - middle, squares)
    readers = _real((by_reader**2).sum(axis=1) / count - middle, squares)
    within = _real(squares - by_unit / judges, squares)
    error = _real(within - readers, squares)
    scale = float(np.ptp(table)) ** 2 or 1.0 if table.size else 1.0
    return MeanSquares(
        between=scale * divided(between, count - 1),
        within=scale * divided(within, count * (judges - 1)),
        readers=scale * divided(readers, np.full(len(count), float(judges - 1))),
        error=scale * divided(error, (count - 1) * (judges - 1)),
        units=count,
        judges=judges,
    )


def _real(squares: Floats, total: Floats) -> Floats:
    """Set a sum of squares to 0 that is no more than the rounding of the total it was taken from."""
    return np.asarray(np.where(squares <= 1e-12 * total, 0, squares), dtype=np.float64)


def six_forms(m: MeanSquares) -> dict[str, Floats]:
    """Return the six forms of :data:`FORMS` by name, each of shape (samples,); NaN where nothing varies."""
    k = m.judges
    spread = k * (m.readers - m.error) / m.units
    return {
        "ICC(1,1)": divided(m.between - m.within, m.between + (k - 1) * m.within),
        "ICC(2,1)": divided(m.between - m.error, m.between + (k - 1) * m.error + spread),
        "ICC(3,1)": divided(m.between - m.error, m.between + (k - 1) * m.error),
        "ICC(1,k)": divided(m.between - m.within, m.between),
        "ICC(2,k)": divided(m.between - m.error, m.between + spread / k),
        "ICC(3,k)": divided(m.between - m.error, m.between),
    }


def sampled_forms(
    table: Floats, sampling: Sampling, *names: str, together: Grouped | None = None
) -> dict[str, Floats] | None:
    """Return the six forms of bootstrap samples of units, or of clusters of them; None without samples."""
    if not sampling.samples or not len(table):
        return None
    rng = generator(sampling, *names)
    drawn = draws(np.ones(len(table), np.int64), sampling, rng, together)
    some = [six_forms(mean_squares(table, rows)) for rows in drawn]
    return {form: np.concatenate([one[form] for one in some]) for form in FORMS} if some else None
