"""The sums over units that every coefficient of classes is a function of.

Each unit adds to a handful of sums, so a bootstrap sample is a row of weights over patterns, and all samples together
are one product of matrices. Everything has a first axis for the samples; the estimate itself is a sample of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import numpy as np

from curator.labels.agreement.model import Floats, Ints
from curator.labels.agreement.patterns import Patterns
from curator.labels.agreement.scales import differences

_CELLS = 4_000_000


@dataclass(frozen=True)
class Scheme:
    """How classes are compared.

    Parameters
    ----------
    scale
        nominal, ordinal, interval or ratio; decides what alpha counts as a difference.
    numbers
        Shape (classes,); the places of the classes on the scale.
    weights
        Shape (classes, classes); what weighted coefficients give for a disagreement.
    """

    scale: str
    numbers: Floats = field(repr=False)
    weights: Floats = field(repr=False)


@dataclass(frozen=True)
class Sums:
    """Sums over the units of each sample; the first axis of each array is the sample.

    Parameters
    ----------
    units, pairable
        Units with at least one rating, with at least two.
    agreed, weighted
        Sum of the share of pairs of readers that agree, in a pairable unit; the same with weights.
    shares
        Per class, sum of the share of a unit's ratings.
    given, apart
        Ratings per class in pairable units; sum of their observed differences (Krippendorff's numerator).
    same, present, met
        Per class, over pairable units: share of pairs in which both gave it; share of ratings; coincidences.
    """

    units: Floats
    pairable: Floats
    agreed: Floats
    weighted: Floats
    shares: Floats
    given: Floats
    apart: Floats
    same: Floats
    present: Floats
    met: Floats

    @staticmethod
    def joined(parts: list[Sums]) -> Sums:
        """Put the samples of several sums one behind another."""
        return Sums(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Sums)))


def sums(counted: Patterns, drawn: Floats, scheme: Scheme) -> Sums:
    """Sum over units.

    Parameters
    ----------
    counted
        The patterns.
    drawn
        Shape (samples, patterns); how often each pattern occurs in each sample.
    scheme
        How classes are compared.
    """
    classes = counted.counts.shape[1]
    total: Floats = np.zeros((len(drawn), 5 + 5 * classes))
    for rows in _blocks(len(counted.counts), 5 + 5 * classes):
        total += drawn[:, rows] @ _parts(counted.counts[rows], scheme)
    scalars, per_class = total[:, :5], total[:, 5:].reshape(len(drawn), 5, classes)
    given = per_class[:, 1]
    apart = scalars[:, 4] if scheme.scale != "ordinal" else _ordinal_apart(counted, drawn, given)
    return Sums(
        units=scalars[:, 0],
        pairable=scalars[:, 1],
        agreed=scalars[:, 2],
        weighted=scalars[:, 3],
        shares=per_class[:, 0],
        given=given,
        apart=apart,
        same=per_class[:, 2],
        present=per_class[:, 3],
        met=per_class[:, 4],
    )


def midranks(given: Floats) -> Floats:
    """Return the middle rank of each class, so that ordinal differences are squared differences of ranks.

    Parameters
    ----------
    given
        Shape (samples, classes); ratings of each class.
    """
    return np.asarray(np.cumsum(given, axis=1) - given / 2, dtype=np.float64)


def _parts(counts: Ints, scheme: Scheme) -> Floats:
    """Return what one unit of each pattern adds: shape (patterns, 5 + 5 * classes)."""
    c = counts.astype(np.float64)
    ratings = c.sum(axis=1)
    several = ratings >= 2
    pairs = np.where(several, ratings * (ratings - 1), 1)
    less = np.where(several, ratings - 1, 1)
    twice = c * (c - 1) * several[:, None]
    weighted = (c * (c @ scheme.weights.T - 1)).sum(axis=1) * several
    apart = np.zeros(len(c))
    if scheme.scale != "ordinal":
        apart = (c * (c @ differences(scheme.scale, scheme.numbers))).sum(axis=1) * several / less
    head = [np.ones(len(c)), several, twice.sum(axis=1) / pairs, weighted / pairs, apart]
    share = c / ratings[:, None]
    tail = [share, c * several[:, None], twice / pairs[:, None], share * several[:, None], twice / less[:, None]]
    return np.concatenate([np.stack(head, axis=1), *tail], axis=1)


def _ordinal_apart(counted: Patterns, drawn: Floats, given: Floats) -> Floats:
    """Sum the observed ordinal differences, whose ranks differ from sample to sample."""
    ranks = midranks(given)
    c = counted.counts.astype(np.float64)
    ratings = c.sum(axis=1)
    several = ratings >= 2
    less = np.where(several, ratings - 1, 1)
    out = np.empty(len(drawn))
    for rows in _blocks(len(drawn), max(len(c), 1)):
        r = ranks[rows].T
        unequal = 2 * (ratings[:, None] * (c @ r**2) - (c @ r) ** 2) * (several / less)[:, None]
        out[rows] = np.einsum("bp,pb->b", drawn[rows], unequal)
    return out


def _blocks(length: int, width: int) -> Iterator[slice]:
    """Cut a length into pieces that need little memory at the given width."""
    step = max(1, _CELLS // width)
    for begin in range(0, length, step):
        yield slice(begin, min(begin + step, length))
