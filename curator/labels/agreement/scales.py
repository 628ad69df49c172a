"""What a disagreement costs on each scale: weights of agreement and differences of alpha.

Sources: Cohen 1968 and Gwet, Handbook of Inter-Rater Reliability, 4th edition 2014, chapter 3 (weights); Krippendorff,
Computing Krippendorff's Alpha-Reliability, 2011, section E (differences).
"""

from __future__ import annotations

import numpy as np

from curator.labels.agreement.model import Floats

SCALES = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal", "ratio")
#: The weights of a scale when none are asked for.
DEFAULT_WEIGHTS = {"nominal": "identity", "ordinal": "quadratic", "interval": "quadratic", "ratio": "ratio"}


def weights(kind: str, numbers: Floats) -> Floats:
    """Make a matrix of agreement weights, 1 on the diagonal.

    Parameters
    ----------
    kind
        One of :data:`WEIGHTS`: 1 - |a - b| / range (linear), its square (quadratic), by the number of classes that
        lie between (ordinal), by ((a - b) / (a + b)) squared (ratio).
    numbers
        Shape (classes,), ascending; the places of the classes on the scale.

    Returns
    -------
    ndarray
        Shape (classes, classes), each from 0 to 1.
    """
    size = len(numbers)
    if kind == "identity" or size < 2:
        return np.eye(size)
    apart = np.abs(numbers[:, None] - numbers[None, :]) / np.ptp(numbers)
    if kind == "linear":
        cost = apart
    elif kind == "quadratic":
        cost = apart**2
    elif kind == "ordinal":
        between = np.abs(np.arange(size)[:, None] - np.arange(size)[None, :]) + 1.0
        cost = between * (between - 1) / 2
    else:
        cost = _ratio(numbers)
    return np.asarray(1 - cost / cost.max(), dtype=np.float64)


def from_costs(costs: Floats) -> Floats:
    """Turn weights of disagreement (0 on the diagonal), as Cohen 1968 states them, into weights of agreement."""
    return np.asarray(1 - costs / costs.max(), dtype=np.float64)


def differences(scale: str, numbers: Floats) -> Floats:
    """Make the matrix of squared differences of alpha, for a scale on which they do not depend on the ratings.

    Parameters
    ----------
    scale
        nominal, interval or ratio; ordinal differences depend on how often each class was given.
    numbers
        Shape (classes,); what the classes measure.

    Returns
    -------
    ndarray
        Shape (classes, classes), 0 on the diagonal; interval differences in parts of the range, which alpha does not
        see.
    """
    if scale == "nominal":
        return 1 - np.eye(len(numbers))
    if scale == "interval":
        spread = float(np.ptp(numbers)) or 1.0
        return np.asarray(((numbers[:, None] - numbers[None, :]) / spread) ** 2, dtype=np.float64)
    return _ratio(numbers)


def _ratio(numbers: Floats) -> Floats:
    total = numbers[:, None] + numbers[None, :]
    apart = numbers[:, None] - numbers[None, :]
    return np.asarray(np.divide(apart, total, out=np.zeros_like(total), where=total != 0) ** 2, dtype=np.float64)
