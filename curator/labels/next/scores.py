"""How unsure a model is, or how far a committee of models disagrees: one number a sample, the greater the sooner.

Sources: Settles, Active Learning Literature Survey, University of Wisconsin, Computer Sciences TR 1648 (2009), sections
3.1 (least confidence, margin, entropy) and 3.2 (vote entropy: Dagan and Engelson 1995; mean Kullback-Leibler divergence
to the consensus: McCallum and Nigam 1998). Natural logarithms; 0 log 0 is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from curator.core.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def _log(values: Floats) -> Floats:
    import numpy as np

    return np.log(values, out=np.zeros_like(values), where=values > 0)


def _entropy(shares: Floats) -> Floats:
    return -(shares * _log(shares)).sum(-1)  # type: ignore[no-any-return]


def entropy(values: Floats) -> Floats:
    """Return the entropy of the mean of the models' probabilities (models by samples by classes)."""
    return _entropy(values.mean(0))


def margin(values: Floats) -> Floats:
    """Return 1 less the distance between the two greatest mean probabilities."""
    import numpy as np

    two = np.partition(values.mean(0), -2, axis=1)[:, -2:]
    return 1 - (two[:, 1] - two[:, 0])


def least_confidence(values: Floats) -> Floats:
    """Return 1 less the greatest mean probability."""
    return 1 - values.mean(0).max(1)  # type: ignore[no-any-return]


def vote_entropy(values: Floats) -> Floats:
    """Return the entropy of the models' votes; a model whose greatest probabilities are equal splits its vote."""
    _committee(values, "vote-entropy")
    best = values == values.max(2, keepdims=True)
    votes = (best / best.sum(2, keepdims=True)).mean(0)
    return _entropy(votes)


def divergence(values: Floats) -> Floats:
    """Return the mean Kullback-Leibler divergence of the models from their mean."""
    _committee(values, "kl")
    consensus = values.mean(0)
    return (values * (_log(values) - _log(consensus)[None])).sum(2).mean(0)  # type: ignore[no-any-return]


def _committee(values: Floats, method: str) -> None:
    if values.shape[0] < 2:
        raise UsageError("NXT-007", method=method, what="predictions of two models or more")


#: Method on the command line to its score.
SCORES: dict[str, Callable[[Floats], Floats]] = {
    "entropy": entropy,
    "margin": margin,
    "least-confidence": least_confidence,
    "vote-entropy": vote_entropy,
    "kl": divergence,
}
