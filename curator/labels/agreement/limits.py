"""Limits of agreement of two readers' measurements: how far apart one reader's amount may lie from the other's.

Source: Bland and Altman, The Lancet 327 (1986) 307, and Statistical Methods in Medical Research 8 (1999) 135: mean
difference plus and minus 1.96 of the differences' standard deviations. Differences that grow with the amount make
limits that are too wide for small amounts; the slope of the differences over the means says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from curator.labels.agreement.model import Floats, Ints
from curator.labels.agreement.resample import Sampling, draws, estimate, generator

#: Normal quantile of the limits, as in the paper.
WIDTH = 1.96


@dataclass(frozen=True)
class Measured:
    """One reader's amount of one unit: its place, what hangs together with it, what was measured in which unit."""

    unit: str
    cluster: str
    reader: str
    what: str
    measure: str
    amount: float


@dataclass(frozen=True)
class _Pair:
    first: Floats = field(repr=False)
    second: Floats = field(repr=False)
    cluster: Ints = field(repr=False)


def limits(measured: Sequence[Measured], sampling: Sampling) -> list[dict[str, Any]]:
    """Compute limits of agreement of every two readers who measured the same, and of what.

    Parameters
    ----------
    measured
        Each reader's first amount of each unit.

    Returns
    -------
    list of dict
        By schemas/agreement-report.schema.json; sorted. Differences are the first reader's amount less the second's.
        Pairs with fewer than two units in common are left out.
    """
    made = []
    for (what, measure), one, two, pair in _pairs(measured):
        name = ("limits", what, measure, one, two)
        clusters = len(np.unique(pair.cluster))
        once = np.ones(clusters, dtype=np.int64)
        weights = [np.ones((1, clusters))]
        if sampling.samples and clusters > 1:
            weights.append(np.concatenate(list(draws(once, sampling, generator(sampling, *name)))))
        values = [_computed(pair, some) for some in weights]
        document: dict[str, Any] = {"readers": [one, two], "what": what, "unit": measure, "units": len(pair.first)}
        for key in values[0]:
            samples = values[1][key] if len(values) > 1 else None
            document[key] = estimate(values[0][key], samples, sampling.level).document()
        made.append(document)
    return made


def _pairs(measured: Sequence[Measured]) -> Iterator[tuple[tuple[str, str], str, str, _Pair]]:
    held: dict[tuple[str, str], dict[str, dict[str, Measured]]] = {}
    for one in measured:
        held.setdefault((one.what, one.measure), {}).setdefault(one.reader, {}).setdefault(one.unit, one)
    for key, readers in sorted(held.items()):
        for a, b in combinations(sorted(readers), 2):
            both = sorted(set(readers[a]) & set(readers[b]))
            if len(both) < 2:
                continue
            _, cluster = np.unique([readers[a][unit].cluster for unit in both], return_inverse=True)
            amounts = [np.array([readers[who][unit].amount for unit in both]) for who in (a, b)]
            yield key, a, b, _Pair(amounts[0], amounts[1], np.asarray(cluster, dtype=np.int64))


def _computed(pair: _Pair, weights: Floats) -> dict[str, Floats]:
    """Return bias, deviation, limits and slope of samples, each of shape (samples,)."""
    drawn = weights[:, pair.cluster]
    apart, middle = pair.first - pair.second, (pair.first + pair.second) / 2
    count = drawn.sum(axis=1)
    bias = drawn @ apart / count
    # Taken around the sample's own mean: sums of squares of raw amounts would lose the digits that matter.
    off = apart[None, :] - bias[:, None]
    squares = (drawn * off**2).sum(axis=1)
    deviation = np.sqrt(np.divide(squares, count - 1, out=np.full(len(count), np.nan), where=count > 1))
    centered = middle[None, :] - (drawn @ middle / count)[:, None]
    spread = (drawn * centered**2).sum(axis=1)
    joint = (drawn * centered * off).sum(axis=1)
    slope = np.divide(joint, spread, out=np.full(len(count), np.nan), where=spread > 0)
    return {
        "bias": bias,
        "deviation": deviation,
        "lower": bias - WIDTH * deviation,
        "upper": bias + WIDTH * deviation,
        "slope": slope,
    }
