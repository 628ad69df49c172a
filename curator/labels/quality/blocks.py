"""Signals of reads summed into blocks of time, and the search for a change between blocks; p-values by permutation.

Reads of one week hang together (one sitting, one queue), so whole weeks are permuted, never single reads. The largest
standardized difference over all splits, signals and groups is one statistic, so its p-value needs no correction for
having looked at many (Westfall and Young, Resampling-Based Multiple Testing, 1993, maxT).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curator.labels.agreement.model import Bools, Floats, Ints

#: A split leaves at least this share of the reads on each side.
EDGE = 0.15


@dataclass(frozen=True)
class Blocks:
    """Sums of signals.

    Parameters
    ----------
    sums
        Shape (groups, blocks, signals).
    counts
        Shape (groups, blocks).
    variance
        Shape (groups, signals): of single reads.
    """

    sums: Floats = field(repr=False)
    counts: Floats = field(repr=False)
    variance: Floats = field(repr=False)


def in_blocks(group: Ints, groups: int, block: Ints, blocks: int, signals: Floats) -> Blocks:
    """Sum signals, shape (reads, signals), by group and block."""
    place = group * blocks + block
    size = groups * blocks
    counts: Floats = np.bincount(place, minlength=size).reshape(groups, blocks).astype(np.float64)
    sums = np.stack([np.bincount(place, one, size).reshape(groups, blocks) for one in signals.T], axis=2)
    squares = np.stack([np.bincount(group, one * one, groups) for one in signals.T], axis=1)
    whole = np.maximum(counts.sum(1), 1)[:, None]
    variance: Floats = squares / whole - (sums.sum(1) / whole) ** 2
    return Blocks(np.asarray(sums, np.float64), counts, np.maximum(variance, 0))


def differences(sums: Floats, counts: Floats, variance: Floats) -> Floats:
    """Return the standardized difference between before and after each split.

    Parameters
    ----------
    sums, counts
        Shape (..., blocks, signals) and (..., blocks).
    variance
        Shape (..., signals).

    Returns
    -------
    ndarray
        Shape (..., blocks - 1, signals); 0 where a side is too small or a signal does not vary.
    """
    before, after, fits = sides(sums, counts)
    n = np.cumsum(counts, -1)
    first = n[..., :-1]
    second = n[..., -1:] - first
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(variance[..., None, :] * (1 / first + 1 / second)[..., None])
        made = (after - before) / spread
    return np.where(fits[..., None] & (variance[..., None, :] > 1e-12), np.nan_to_num(made), 0.0)


def sides(sums: Floats, counts: Floats) -> tuple[Floats, Floats, Bools]:
    """Return means before and after each split, and where both sides have reads enough."""
    n, s = np.cumsum(counts, -1), np.cumsum(sums, -2)
    first, second = n[..., :-1], n[..., -1:] - n[..., :-1]
    least = np.maximum(EDGE * n[..., -1:], 1)
    fits = (first >= least) & (second >= least)
    with np.errstate(divide="ignore", invalid="ignore"):
        before = s[..., :-1, :] / first[..., None]
        after = (s[..., -1:, :] - s[..., :-1, :]) / second[..., None]
    return np.nan_to_num(before), np.nan_to_num(after), fits


def orders(blocks: int, times: int, rng: np.random.Generator) -> Ints:
    """Return permutations of blocks, shape (times, blocks)."""
    return rng.permuted(np.tile(np.arange(blocks), (times, 1)), axis=1)


def tail(observed: float, drawn: Floats) -> float:
    """Return the p-value of a statistic among those of random orders, itself one of them."""
    return float((1 + (drawn >= observed - 1e-12).sum()) / (1 + len(drawn)))
