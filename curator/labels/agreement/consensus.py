"""From several opinions to one: by majority, by weighted majority, and by the model of Dawid and Skene.

A tie is a tie: it is reported as one and goes to adjudication. It is never broken by order or by chance.
Source of the model: Dawid and Skene, Applied Statistics 28 (1979) 20.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from curator.core.errors import UsageError
from curator.labels.agreement.model import Bools, Floats, Ints, Ratings

#: Stands for no decision in :attr:`Consensus.value`.
TIE = -1


@dataclass(frozen=True)
class Consensus:
    """One value a unit.

    Parameters
    ----------
    unit
        Shape (units,); the units' numbers, ascending.
    value
        Shape (units,); the class that won, :data:`TIE` when two or more are equal.
    share
        Shape (units,); the winning class' share of the votes.
    """

    unit: Ints = field(repr=False)
    value: Ints = field(repr=False)
    share: Floats = field(repr=False)

    @property
    def ties(self) -> Bools:
        """Shape (units,); where nothing was decided."""
        return np.asarray(self.value == TIE)


@dataclass(frozen=True)
class LatentClasses:
    """What the model of Dawid and Skene estimates.

    Parameters
    ----------
    unit
        Shape (units,); the units' numbers, ascending.
    posterior
        Shape (units, classes); the probability of each true class.
    prevalence
        Shape (classes,).
    errors
        Shape (readers, classes, classes); how likely a reader (first axis) answers with a class (last) when another
        is true (middle). NaN for a true class for which a reader has no weight at all.
    log_likelihood
        Of the last step.
    steps, converged
        How many steps were done, and whether the likelihood had come to rest.
    """

    unit: Ints = field(repr=False)
    posterior: Floats = field(repr=False)
    prevalence: Floats
    errors: Floats = field(repr=False)
    log_likelihood: float
    steps: int
    converged: bool


def majority(ratings: Ratings, weight: Floats | None = None) -> Consensus:
    """Let the readers vote.

    Parameters
    ----------
    weight
        Shape (readers,); what each reader's vote counts, 0 or more; one each when None.

    Raises
    ------
    UsageError
        AGR-032 for weights that are below 0, not finite, or not one a reader.
    """
    if weight is not None and (weight.shape != (len(ratings.reader.names),) or not np.isfinite(weight).all()):
        raise UsageError("AGR-032")
    if weight is not None and (weight < 0).any():
        raise UsageError("AGR-032")
    unit, at = np.unique(ratings.unit, return_inverse=True)
    classes = len(ratings.value.names)
    each = None if weight is None else weight[ratings.reader.codes]
    votes = np.bincount(at * classes + ratings.value.codes, each, len(unit) * classes).reshape(len(unit), classes)
    best = votes.max(axis=1, initial=0)
    first = votes.argmax(axis=1) if len(unit) else np.zeros(0, np.int64)
    # Sums of weights in another order differ in the last digits; that must not break a tie.
    tied = (votes >= best[:, None] * (1 - 1e-9)).sum(axis=1) > 1
    total = votes.sum(axis=1)
    share = np.divide(best, total, out=np.zeros(len(unit)), where=total > 0)
    return Consensus(unit, np.where(tied | (total <= 0), TIE, first).astype(np.int64), share)


def dawid_skene(ratings: Ratings, *, most_steps: int = 1000, tolerance: float = 1e-9) -> LatentClasses:
    """Estimate true classes and each reader's errors by expectation maximization.

    Parameters
    ----------
    ratings
        Several readings of a unit by one reader count as several independent answers, as in the paper.
    most_steps
        When to give up; `converged` is then False.
    tolerance
        It has converged when a step adds less than this to the log likelihood, relative to its size.

    Notes
    -----
    Begins with the shares of the votes (equation 3.1). No smoothing: the estimates are those of the paper.
    """
    unit, at = np.unique(ratings.unit, return_inverse=True)
    classes, readers = len(ratings.value.names), len(ratings.reader.names)
    votes = np.bincount(at * classes + ratings.value.codes, minlength=len(unit) * classes)
    votes = votes.reshape(len(unit), classes)
    posterior = votes / votes.sum(axis=1, keepdims=True)
    answer = ratings.reader.codes * classes + ratings.value.codes
    by_unit, by_answer = _by_unit(at, answer, readers * classes), _by_answer(at, answer, len(unit))
    before, steps, converged = -np.inf, 0, False
    prevalence, errors = np.zeros(classes), np.zeros((readers * classes, classes))
    likelihood = before
    while steps < most_steps and not converged and len(unit):
        steps += 1
        prevalence = posterior.sum(axis=0) / len(unit)
        errors = _error_rates(posterior, by_answer, readers, classes)
        with np.errstate(divide="ignore"):
            logs, prior = np.log(errors), np.log(prevalence)
        posterior, likelihood = _expected(by_unit, logs, prior, len(unit))
        converged = abs(likelihood - before) <= tolerance * max(abs(likelihood), 1)
        before = likelihood
    rates = errors.reshape(readers, classes, classes).transpose(0, 2, 1)
    empty = rates.sum(axis=2, keepdims=True) == 0
    return LatentClasses(
        unit, posterior, prevalence, np.where(empty, np.nan, rates), float(likelihood), steps, converged
    )


def _by_unit(at: Ints, answer: Ints, answers: int) -> list[tuple[Ints, Ints]]:
    """Put units with as many answers together: their numbers, and their answers, shape (answers, units)."""
    key = np.sort(at * answers + answer)
    begins = np.flatnonzero(np.diff(key // max(answers, 1), prepend=-1))
    lengths = np.diff(begins, append=len(key))
    out = []
    for length in np.unique(lengths):
        units = np.flatnonzero(lengths == length)
        cells = begins[units][None, :] + np.arange(length)[:, None]
        out.append((units, np.ascontiguousarray(key[cells] % answers)))
    return out


def _by_answer(at: Ints, answer: Ints, units: int) -> tuple[Ints, Ints, Ints]:
    """Put equal answers of a reader together: the unit of each, where each kind of answer begins, and which it is."""
    key = np.sort(answer * units + at)
    begins = np.flatnonzero(np.diff(key // max(units, 1), prepend=-1))
    return key % max(units, 1), begins, key[begins] // max(units, 1)


def _error_rates(posterior: Floats, by_answer: tuple[Ints, Ints, Ints], readers: int, classes: int) -> Floats:
    """Estimate how likely each answer is; shape (readers * answers, true classes), 1 over a reader's answers."""
    rows, begins, kinds = by_answer
    found = np.zeros((readers * classes, classes))
    found[kinds] = np.add.reduceat(posterior.take(rows, axis=0), begins, axis=0)
    split = found.reshape(readers, classes, classes)
    total = split.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(split, total, out=np.zeros_like(split), where=total > 0).reshape(-1, classes))


def _expected(by_unit: list[tuple[Ints, Ints]], logs: Floats, prior: Floats, units: int) -> tuple[Floats, float]:
    """Compute the probability of each true class, shape (units, classes), and the log likelihood."""
    score = np.empty((units, len(prior)))
    for chosen, answers in by_unit:
        some = logs.take(answers[0], axis=0)
        for row in answers[1:]:
            some += logs.take(row, axis=0)
        score[chosen] = some
    score += prior
    top = score.max(axis=1, keepdims=True)
    score -= top
    np.exp(score, out=score)
    total = score.sum(axis=1, keepdims=True)
    score /= total
    return score, float((np.log(total) + top).sum())
