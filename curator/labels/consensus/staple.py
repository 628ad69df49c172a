"""STAPLE: the hidden true segmentation behind several readers' masks, and how well each reader draws it.

Source: Warfield, Zou and Wells, IEEE Transactions on Medical Imaging 23 (2004) 903: equations 14 and 15 (expectation),
18 and 19 (maximization), section II-D for more than two classes. No Markov field (section III): voxels stand alone.
Voxels that all readers drew alike are one pattern, so that the work grows with the patterns, not with the image.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement.model import Floats, Ints

#: What every reader is taken to be at the beginning, as in the paper (section II-E).
START = 0.99999


@dataclass(frozen=True)
class Staple:
    """What the model estimates.

    Parameters
    ----------
    posterior
        Shape (patterns, classes); the probability of each true class behind each pattern.
    rates
        Shape (readers, classes, classes); how likely a reader (first axis) draws a class (last) where another is true
        (middle). For two classes ``rates[:, 1, 1]`` are the sensitivities, ``rates[:, 0, 0]`` the specificities.
    prior
        Shape (classes,); the share of each class over all readers and voxels.
    steps, converged
        How many steps were done, and whether no rate moves any more.
    """

    posterior: Floats = field(repr=False)
    rates: Floats
    prior: Floats
    steps: int
    converged: bool


def staple(patterns: Ints, count: Ints, classes: int = 2, *, most_steps: int = 1000, tolerance: float = 1e-7) -> Staple:
    """Estimate the true class of each pattern of voxels by expectation maximization.

    Parameters
    ----------
    patterns
        Shape (patterns, readers); the class that each reader drew, 0 for the background.
    count
        Shape (patterns,); how many voxels have the pattern, over the whole image.
    classes
        How many classes there are, the background among them.
    most_steps, tolerance
        It ends when no rate moves by more than the tolerance, or after so many steps; `converged` is then False.

    Raises
    ------
    CheckError
        CON-011 when there is nothing to estimate from: no voxel, no reader, or a class outside of the range.
    """
    if not patterns.size or not count.sum() or patterns.min() < 0 or patterns.max() >= classes or (count < 0).any():
        raise CheckError("CON-011")
    drawn = patterns[:, :, None] == np.arange(classes)[None, None, :]
    weight = count.astype(np.float64)
    prior = np.einsum("p,prc->c", weight, drawn) / (weight.sum() * patterns.shape[1])
    off = (1 - START) / max(classes - 1, 1)
    rates = np.full((patterns.shape[1], classes, classes), off)
    rates[:, np.arange(classes), np.arange(classes)] = START
    posterior = _expected(patterns, rates, prior)
    steps, converged = 0, False
    while steps < most_steps and not converged:
        steps += 1
        share = posterior * weight[:, None]
        found = np.einsum("ps,prc->rsc", share, drawn)
        total = share.sum(axis=0)[None, :, None]
        # A class that nothing is left of keeps its rates: there is no voxel to learn others from.
        fresh = np.divide(found, total, out=rates.copy(), where=total > 0)
        converged = float(np.abs(fresh - rates).max()) <= tolerance
        rates = fresh
        posterior = _expected(patterns, rates, prior)
    return Staple(posterior, rates, prior, steps, converged)


def _expected(patterns: Ints, rates: Floats, prior: Floats) -> Floats:
    """Return the probability of each true class behind each pattern, shape (patterns, classes)."""
    with np.errstate(divide="ignore"):
        logs = np.log(rates)
        score = np.tile(np.log(prior), (len(patterns), 1))
    for reader in range(patterns.shape[1]):
        score += logs[reader].T[patterns[:, reader]]
    top = score.max(axis=1, keepdims=True)
    # Where every class is impossible the readers' rates contradict each other: nothing is known, all are alike.
    lost = ~np.isfinite(top[:, 0])
    score[lost], top[lost] = 0, 0
    made = np.exp(score - top)
    return np.asarray(made / made.sum(axis=1, keepdims=True))
