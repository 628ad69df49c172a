"""Two readers at a time: tables of what one gave where the other gave what, and Cohen's kappa of such a table.

Sources: Cohen, Educational and Psychological Measurement 20 (1960) 37; Cohen, Psychological Bulletin 70 (1968) 213
(weights); Light, Psychological Bulletin 76 (1971) 365 (mean over pairs); Byrt, Bishop and Carlin, Journal of Clinical
Epidemiology 46 (1993) 423 (bias and prevalence indices).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curator.labels.agreement.coefficients import corrected, divided
from curator.labels.agreement.model import Floats, Ints, Ratings
from curator.labels.agreement.patterns import Patterns
from curator.labels.agreement.scales import DEFAULT_WEIGHTS, weights
from curator.labels.agreement.sums import Scheme

#: No table of pairs is made when readers and classes would need more cells, or there are more ratings side by side.
MAX_CELLS = 20_000_000
MAX_MET = 200_000_000


@dataclass(frozen=True)
class Pair:
    """What two readers gave the units that both rated.

    Parameters
    ----------
    first, second
        The readers' numbers.
    rows, columns
        Shape (cells,); the class that the first and the second gave.
    frequency
        Shape (cells,); how many units, never 0.
    """

    first: int
    second: int
    rows: Ints = field(repr=False)
    columns: Ints = field(repr=False)
    frequency: Ints = field(repr=False)

    @property
    def units(self) -> int:
        """How many units both rated."""
        return int(self.frequency.sum())

    def patterns(self, classes: int) -> Patterns:
        """Return the cells as patterns of two ratings."""
        counts = np.zeros((len(self.rows), classes), np.int64)
        at = np.arange(len(self.rows))
        counts[at, self.rows] += 1
        counts[at, self.columns] += 1
        return Patterns(counts, self.frequency)


def from_table(table: Ints) -> Pair:
    """Make a pair from a square table of counts, the first reader in rows."""
    rows, columns = np.nonzero(table)
    return Pair(0, 1, rows.astype(np.int64), columns.astype(np.int64), np.asarray(table[rows, columns], np.int64))


def pairs(ratings: Ratings) -> list[Pair] | None:
    """Tabulate every pair of readers that rated a unit in common.

    Parameters
    ----------
    ratings
        With at most one rating by each reader of each unit.

    Returns
    -------
    list of Pair or None
        In the order of the readers' numbers; None when there are more pairs than can be listed.
    """
    readers, classes = len(ratings.reader.names), len(ratings.value.names)
    if readers * readers * classes * classes > MAX_CELLS:
        return None
    order = np.lexsort((ratings.reader.codes, ratings.unit))
    unit, reader, value = (one[order] for one in (ratings.unit, ratings.reader.codes, ratings.value.codes))
    begins = np.flatnonzero(np.diff(unit, prepend=-1))
    lengths = np.diff(begins, append=len(unit))
    if int((lengths * (lengths - 1) // 2).sum()) > MAX_MET:
        return None
    after = np.repeat(begins + lengths, lengths) - np.arange(len(unit)) - 1
    found = np.zeros(readers * readers * classes * classes, np.int64)
    at = np.arange(len(unit))
    for ahead in range(1, int(lengths.max(initial=0))):
        at = at[after[at] >= ahead]
        other = at + ahead
        cell = ((reader[at] * readers + reader[other]) * classes + value[at]) * classes + value[other]
        found += np.bincount(cell, minlength=len(found))
    cells = np.flatnonzero(found)
    owner = cells // (classes * classes)
    out = []
    for own in np.unique(owner):
        mine = cells[owner == own]
        inside = mine % (classes * classes)
        out.append(Pair(int(own // readers), int(own % readers), inside // classes, inside % classes, found[mine]))
    return out


def cells_of(ratings: Ratings, pair: Pair) -> tuple[Ints, Ints]:
    """Return the units that both readers of a pair rated, and the cell of each; both of shape (units,)."""
    classes = len(ratings.value.names)
    one, two = (ratings.where(ratings.reader.codes == who) for who in (pair.first, pair.second))
    units, first, second = np.intersect1d(one.unit, two.unit, assume_unique=True, return_indices=True)
    code = one.value.codes[first] * classes + two.value.codes[second]
    return units, np.searchsorted(pair.rows * classes + pair.columns, code).astype(np.int64)


def cohen_kappa(pair: Pair, drawn: Floats, agreement: Floats) -> Floats:
    """Compute Cohen's kappa of a pair, weighted or not.

    Parameters
    ----------
    drawn
        Shape (samples, cells); how often each cell occurs in each sample.
    agreement
        Shape (classes, classes); the weights, the identity for plain kappa.

    Returns
    -------
    ndarray
        Shape (samples,); NaN where chance alone agrees always.
    """
    total = drawn.sum(axis=1)
    observed = divided(drawn @ agreement[pair.rows, pair.columns], total)
    one, two = (divided(part, total[:, None]) for part in margins(pair, drawn, len(agreement)))
    return corrected(observed, ((one @ agreement) * two).sum(axis=1))


def margins(pair: Pair, drawn: Floats, classes: int) -> tuple[Floats, Floats]:
    """Return how often the first and the second reader gave each class; each of shape (samples, classes)."""
    eye = np.eye(classes)
    return drawn @ eye[pair.rows], drawn @ eye[pair.columns]


def indices(pair: Pair) -> tuple[float, float]:
    """Return the bias index and the prevalence index of a pair that has two classes (Byrt et al. 1993)."""
    one, two = margins(pair, pair.frequency.astype(np.float64)[None, :], 2)
    units = float(pair.units)
    bias = abs(float(one[0, 0] - two[0, 0])) / units
    both = {(int(r), int(c)): int(n) for r, c, n in zip(pair.rows, pair.columns, pair.frequency, strict=True)}
    return bias, abs(both.get((0, 0), 0) - both.get((1, 1), 0)) / units


def plain_scheme(scale: str, numbers: Floats) -> Scheme:
    """Return the scheme of a scale with its default weights."""
    return Scheme(scale, numbers, weights(DEFAULT_WEIGHTS[scale], numbers))
