"""Intervals by resampling units: how often each pattern is drawn, and the percentiles of what comes out.

Units are resampled, or clusters of units, never single ratings, since the ratings of one unit hang together (Efron and
Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: percentile interval). Same seed and same ratings, same
interval.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from curator.labels.agreement.model import Floats, Ints, Ratings

#: An interval is not given when more than this share of the samples has no value.
MOST_UNDEFINED = 0.05
_CELLS = 4_000_000
_MULTINOMIAL_UP_TO = 20_000


@dataclass(frozen=True)
class Sampling:
    """How intervals are made.

    Parameters
    ----------
    samples
        Bootstrap samples; 0 for none.
    seed
        Where the random numbers begin.
    level
        Coverage of the interval, such as 0.95.
    """

    samples: int = 1000
    seed: int = 1
    level: float = 0.95


@dataclass(frozen=True)
class Estimate:
    """A coefficient with its interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: int = 0

    def document(self) -> dict[str, float | int | None]:
        """Return it as the report has it."""
        return {"value": self.value, "low": self.low, "high": self.high, "undefined_samples": self.undefined}


@dataclass(frozen=True)
class Grouped:
    """Units that are drawn together.

    Parameters
    ----------
    kind
        Shape (units,); which pattern each unit has.
    cluster
        Shape (units,); which cluster it belongs to.
    """

    kind: Ints = field(repr=False)
    cluster: Ints = field(repr=False)


def grouped(ratings: Ratings, units: Ints, kind: Ints) -> Grouped | None:
    """Say which clusters the given units belong to; None when the ratings have none.

    Parameters
    ----------
    units
        Shape (units,); numbers of units that occur in the ratings.
    kind
        Shape (units,); which pattern each of them has.
    """
    if ratings.cluster is None:
        return None
    known, first = np.unique(ratings.unit, return_index=True)
    return Grouped(kind, ratings.cluster[first[np.searchsorted(known, units)]])


def generator(sampling: Sampling, *names: str) -> np.random.Generator:
    """Return the random numbers of one part of a report; another part that comes or goes does not move them."""
    digest = hashlib.sha256("\x00".join(names).encode("utf-8", "surrogatepass")).digest()
    return np.random.default_rng([sampling.seed, *digest[:16]])


def draws(
    frequency: Ints, sampling: Sampling, rng: np.random.Generator, together: Grouped | None = None
) -> Iterator[Floats]:
    """Draw bootstrap samples of units, or of clusters of units; none of one unit or one cluster alone.

    Parameters
    ----------
    frequency
        Shape (patterns,); how many units have each pattern.
    together
        Units that are drawn together; each alone when None.

    Yields
    ------
    ndarray
        Shape (some samples, patterns); how often each pattern is in each sample.
    """
    units, kinds = int(frequency.sum()), len(frequency)
    # One unit, or one patient, says nothing of how others differ; samples of it would all be alike.
    if units < 2 or (together is not None and len(np.unique(together.cluster)) < 2):
        return
    step = max(1, _CELLS // max(kinds, 1))
    if together is not None:
        yield from _clusters(together, kinds, step, sampling, rng)
        return
    members = None if kinds <= _MULTINOMIAL_UP_TO else np.repeat(np.arange(kinds), frequency)
    for begin in range(0, sampling.samples, step):
        some = min(step, sampling.samples - begin)
        if members is None:
            yield rng.multinomial(units, frequency / units, size=some).astype(np.float64)
        else:
            picked = [members[rng.integers(0, units, units)] for _ in range(some)]
            yield np.stack([np.bincount(one, minlength=kinds) for one in picked]).astype(np.float64)


def _clusters(
    together: Grouped, kinds: int, step: int, sampling: Sampling, rng: np.random.Generator
) -> Iterator[Floats]:
    """Draw as many clusters as there are, with replacement, each with all of its units."""
    _, cluster = np.unique(together.cluster, return_inverse=True)
    many = int(cluster.max(initial=-1)) + 1
    for begin in range(0, sampling.samples, step):
        some = []
        for _ in range(min(step, sampling.samples - begin)):
            times = np.bincount(rng.integers(0, many, many), minlength=many)
            some.append(np.bincount(together.kind, times[cluster], kinds))
        yield np.stack(some).astype(np.float64)


def estimate(value: Floats, samples: Floats | None, level: float) -> Estimate:
    """Make an estimate of one value, shape (1,) or (), and its samples, shape (samples,).

    Returns
    -------
    Estimate
        Without an interval when there are no samples, or more than :data:`MOST_UNDEFINED` of them have no value.
    """
    point = float(np.asarray(value).reshape(-1)[0])
    if not np.isfinite(point):
        return Estimate(None, undefined=0 if samples is None else int((~np.isfinite(samples)).sum()))
    if samples is None or not len(samples):
        return Estimate(point)
    defined = samples[np.isfinite(samples)]
    undefined = len(samples) - len(defined)
    if undefined > MOST_UNDEFINED * len(samples):
        return Estimate(point, undefined=undefined)
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(point, float(low), float(high), undefined)
