"""What a disagreement costs on each scale: weights of agreement and differences of alpha.

Sources: Cohen 1968 and Gwet, Handbook of Inter-Rater Reliability, 4th edition 2014, chapter 3 (weights); Krippendorff,
Computing Krippendorff's Alpha-Reliability, 2011, section E (differences).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement.model import Floats

SCALES = ("nominal", "ordinal", "interval", "ratio")
T = TypeVar("T")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal", "ratio")
#: The weights of a scale when none are asked for.
DEFAULT_WEIGHTS = {"nominal": "identity", "ordinal": "quadratic", "interval": "quadratic", "ratio": "ratio"}


@dataclass(frozen=True)
class Asked:
    """On which scale one question is answered, all classes from lowest to highest, and weights (None: the scale's)."""

    scale: str
    order: tuple[str, ...] = ()
    weighting: str | None = None


@dataclass(frozen=True)
class Scales:
    """The scale of each question, as a user states them.

    Parameters
    ----------
    scale, order, weighting
        Of each question that has none of its own; a scale of None is ``usual``.
    own_scale, own_order, own_weighting
        By question.
    usual
        The scale when none is stated.
    """

    scale: str | None = None
    order: tuple[str, ...] = ()
    weighting: str | None = None
    own_scale: Mapping[str, str] = field(default_factory=dict)
    own_order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_weighting: Mapping[str, str] = field(default_factory=dict)
    usual: str = "nominal"

    @property
    def named(self) -> set[str]:
        """The questions that have something of their own."""
        return {*self.own_scale, *self.own_order, *self.own_weighting}

    def each(self, questions: Iterable[str]) -> dict[str, Asked]:
        """Return the scale of each of all questions.

        A measure is named with its unit, ``diameter mm``, or without where one unit alone is used.

        Raises
        ------
        UsageError
            AGR-039 when a question is named that is not asked.
        """
        asked = list(questions)
        unused = set(self.named)
        made = {}
        for name in asked:
            short = name.rpartition(" ")[0]
            ways = [name] + [short] * (sum(one.rpartition(" ")[0] == short for one in asked) == 1 and short != "")
            unused -= set(ways)
            scale = _first(self.own_scale, ways, self.scale or self.usual)
            order = _first(self.own_order, ways, self.order if scale in {"nominal", "ordinal"} else ())
            made[name] = Asked(scale, order, _first(self.own_weighting, ways, self.weighting))
        if unused:
            raise UsageError("AGR-039", count=len(unused))
        return made

    def only(self) -> Asked:
        """Return the scale where one thing is asked (AGR-039 when a question is named)."""
        if self.named:
            raise UsageError("AGR-039", count=len(self.named))
        return Asked(self.scale or self.usual, self.order, self.weighting)


def _first(table: Mapping[str, T], ways: Iterable[str], usual: T) -> T:
    return next((table[way] for way in ways if way in table), usual)


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
