"""Votes on classes and on sets of classes, and Dawid and Skene's model of them, over all samples of one question.

The arithmetic is that of :mod:`curator.labels.agreement.consensus`; here it is asked which votes are clear enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from curator.labels.agreement.consensus import TIE, dawid_skene, majority
from curator.labels.agreement.model import Ratings, from_lists
from curator.labels.consensus.deciding import DECIDED, EQUIVOCAL, REFUSED, TIED, Decision, Found, Options
from curator.labels.consensus.opinions import Opinion, Unit
from curator.labels.consensus.questions import answer, value_of

_SLACK = 1e-9
_HALF = 0.5
#: Probabilities are written with so many digits.
_DIGITS = 9


def classes(units: Sequence[Unit], options: Options) -> list[Decision]:
    """Decide questions whose answer is one of several classes, all of one kind of question."""
    rows = [(at, one) for at, unit in enumerate(units) for one in unit.opinions]
    answers = [_answer(one) for _, one in rows]
    ratings = from_lists([at for at, _ in rows], [one.reader for _, one in rows], list(answers))
    won, share, settled = _decided(ratings, options)
    made = []
    for at, unit in enumerate(units):
        winner = None if won[at] < 0 else ratings.value.names[won[at]]
        outcome = _outcome(winner is not None, share[at], options)
        told = {"votes": dict(sorted(Counter(map(_answer, unit.opinions)).items()))}
        if not settled:
            made.append(Decision(unit, REFUSED, options.method, why="model"))
            continue
        found: tuple[Found, ...] = ()
        if outcome == DECIDED and winner is not None:
            example = next((one.value for one in unit.opinions if _answer(one) == winner), None)
            if example is None:
                # The model may hold a class to be true that no reader gave: nobody's opinion is no consensus.
                outcome = EQUIVOCAL
            else:
                value = value_of(unit.question, winner, example)
                found = (Found(value, unit.opinions, _probability(share[at], options)),)
        made.append(Decision(unit, outcome, options.method, found, share=share[at], told=told))
    return made


def sets(units: Sequence[Unit], options: Options) -> list[Decision]:
    """Decide questions whose answer is a set of classes: each class by itself, yes or no."""
    names = sorted({name for unit in units for one in unit.opinions for name in one.value["classes"]})
    chosen: list[list[str]] = [[] for _ in units]
    least = [1.0] * len(units)
    outcomes = [DECIDED] * len(units)
    settled = True
    for name in names:
        rows = [(at, one) for at, unit in enumerate(units) for one in unit.opinions]
        given = ["yes" if name in one.value["classes"] else "no" for _, one in rows]
        who = [one.reader for _, one in rows]
        ratings = from_lists([at for at, _ in rows], who, list(given), classes=["no", "yes"])
        won, share, fine = _decided(ratings, options)
        settled &= fine
        for at in range(len(units)):
            outcome = _outcome(won[at] >= 0, share[at], options)
            least[at] = min(least[at], share[at])
            if outcome == DECIDED and won[at] == 1:
                chosen[at].append(name)
            elif outcome != DECIDED and outcomes[at] != TIED:
                outcomes[at] = outcome
    made = []
    for at, unit in enumerate(units):
        if not settled:
            made.append(Decision(unit, REFUSED, options.method, why="model"))
            continue
        counted = Counter(name for one in unit.opinions for name in one.value["classes"])
        found = (Found({"classes": chosen[at]}, unit.opinions, _probability(least[at], options)),)
        told = {"votes": dict(sorted(counted.items()))}
        kept = found if outcomes[at] == DECIDED else ()
        made.append(Decision(unit, outcomes[at], options.method, kept, share=least[at], told=told))
    return made


def _answer(one: Opinion) -> str:
    text = answer(one.question.kind, one.value)
    if text is None:
        raise ValueError("an opinion without an answer")
    return text


def _decided(ratings: Ratings, options: Options) -> tuple[list[int], list[float], bool]:
    """Return for each unit the class that won (below 0: none), its share or probability, and whether all went well."""
    if options.method == "dawid-skene":
        model = dawid_skene(ratings)
        order = np.sort(model.posterior, axis=1)
        top = order[:, -1]
        tied = (order[:, -2] >= top - _SLACK) if order.shape[1] > 1 else np.zeros(len(top), dtype=bool)
        won = np.where(tied, TIE, model.posterior.argmax(axis=1))
        return won.tolist(), top.tolist(), model.converged and bool(np.isfinite(model.posterior).all())
    weight = None
    if options.weights:
        weight = np.array([options.weight(reader) for reader in ratings.reader.names])
    votes = majority(ratings, weight)
    return votes.value.tolist(), votes.share.tolist(), True


def _outcome(winner: bool, share: float, options: Options) -> str:
    if not winner:
        return TIED
    if options.method == "dawid-skene":
        return DECIDED if share >= options.least_probability - _SLACK else EQUIVOCAL
    return DECIDED if share > _HALF + _SLACK and share >= options.least_share - _SLACK else EQUIVOCAL


def _probability(share: float, options: Options) -> float | None:
    return round(share, _DIGITS) if options.method == "dawid-skene" else None
