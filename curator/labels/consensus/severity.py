"""How far apart two readers' answers are, from 0 (alike) to 1, and which disagreements to look at first.

Classes: the weight of the pair, else the distance in the order, else 1. Grades: their difference over the scale's
range. Measurements: their difference over the greater amount. Sets of classes, several codes: 1 - Jaccard. Boxes and
other shapes: 1 - sum of the likeness of matched ones over all finds. Masks and polygons: 1 - Dice. Tracks: 1 - identity
F1. Spans: 1 - F1 by characters. Relations: 1 - F1 by overlapping ends. The severity of a question is the greatest
distance of a pair of readers times both confidences; a confidence that is not stated counts as 1, so that nothing is
pushed down for what nobody said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

from curator.core.errors import CheckError, UsageError
from curator.labels.consensus import questions as asked
from curator.labels.consensus.opinions import Opinion, Unit
from curator.labels.consensus.questions import Question, answer
from curator.labels.consensus.weights import load_json

#: Boxes that overlap less than this are two finds.
_SAME_FIND = 0.1
#: Points, and lines on average, that lie so many pixels apart are half alike, and two finds at twice as many.
WITHIN = 10.0


@dataclass(frozen=True)
class Scale:
    """How grave differences of classes and grades are.

    Parameters
    ----------
    pairs
        Unordered pair of classes to its weight.
    order
        Class to its place from 0 to 1.
    ranges
        Scale to (lowest, highest) grade.
    """

    pairs: Mapping[frozenset[str], float] = field(default_factory=dict)
    order: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def load_scale(path: Path | None) -> Scale:
    """Read a file of weights (schemas/severity-weights.schema.json).

    Raises
    ------
    UsageError
        CON-005 when it cannot be read; CON-006 for a pair of one class, or one that stands twice.
    """
    if path is None:
        return Scale()
    told = load_json(path, "severity-weights")
    pairs: dict[frozenset[str], float] = {}
    for one in told.get("pairs", ()):
        pair = frozenset(one["classes"])
        if len(pair) != 2 or pair in pairs:
            raise UsageError("CON-006")
        pairs[pair] = float(one["weight"])
    order = told.get("order", [])
    places = {name: at / (len(order) - 1) for at, name in enumerate(order)}
    ranges = {name: (float(low), float(high)) for name, (low, high) in told.get("grades", {}).items()}
    if any(low >= high for low, high in ranges.values()):
        raise UsageError("CON-006")
    return Scale(pairs, places, ranges)


def with_ranges(scale: Scale, units: Iterable[Unit]) -> Scale:
    """Return a scale that knows the range of every grade that was given."""
    found: dict[str, tuple[float, float]] = {}
    for unit in units:
        if unit.question.family == asked.GRADE:
            grades = [float(Decimal(one.value["grade"])) for one in unit.opinions]
            low, high = found.get(unit.question.about, (grades[0], grades[0]))
            found[unit.question.about] = (min(low, *grades), max(high, *grades))
    return Scale(scale.pairs, scale.order, {**found, **scale.ranges})


def distance(question: Question, one: Sequence[Opinion], two: Sequence[Opinion], scale: Scale) -> float:
    """Return how far apart two readers' answers to a question are, from 0 to 1.

    Parameters
    ----------
    one, two
        Each reader's labels; none, for a question about boxes, masks or spans, says that there is nothing.
    scale
        From :func:`with_ranges`.
    """
    if not one and not two:
        return 0.0
    if question.family == asked.GRADE:
        grades = [{float(Decimal(each.value["grade"])) for each in own} for own in (one, two)]
        low, high = scale.ranges[question.about]
        apart = max(abs(a - b) for a in grades[0] for b in grades[1])
        return min(1.0, apart / (high - low)) if high > low else 0.0
    if question.family == asked.NUMBER:
        amounts = [[float(Decimal(each.value["amount"])) for each in own] for own in (one, two)]
        return max(_relative(a, b) for a in amounts[0] for b in amounts[1])
    if question.kind == "code" and max(len(one), len(two)) > 1:
        return 1 - _jaccard(*({str(each.value["code"]) for each in own} for own in (one, two)))
    if question.family == asked.CLASS:
        return max(_classes(a, b, scale) for a in _answers(one) for b in _answers(two))
    if question.family == asked.SET:
        return 1 - _jaccard(*({name for each in own for name in each.value["classes"]} for own in (one, two)))
    measured = _DRAWN.get(question.family, _masks)
    return measured(one, two)


def _relative(one: float, two: float) -> float:
    most = max(abs(one), abs(two))
    return min(1.0, abs(one - two) / most) if most else 0.0


def _answers(own: Sequence[Opinion]) -> set[str]:
    return {answer(each.question.kind, each.value) or "" for each in own}


def _classes(one: str, two: str, scale: Scale) -> float:
    if one == two:
        return 0.0
    weight = scale.pairs.get(frozenset({one, two}))
    if weight is not None:
        return weight
    if one in scale.order and two in scale.order:
        return abs(scale.order[one] - scale.order[two])
    return 1.0


def _jaccard(one: set[str], two: set[str]) -> float:
    return len(one & two) / len(one | two) if one | two else 1.0


def _boxes(one: Sequence[Opinion], two: Sequence[Opinion]) -> float:
    from curator.labels.agreement.boxes import matched_by

    found = matched_by(likenesses(one, two), _SAME_FIND, "greedy")
    finds = found.both + found.first + found.second
    return 1 - found.iou / finds if finds else 0.0


def likenesses(one: Sequence[Opinion], two: Sequence[Opinion]) -> Any:
    """Return how alike each find of a reader is to each of another, shape (n, m); by IoU, or by distance."""
    import numpy as np

    from curator.labels.consensus.finds import likeness, plain

    kind = (*one, *two)[0].question.kind
    sides = [[plain(each.value) for each in own] for own in (one, two)]
    made = [[likeness(kind, a, b, WITHIN) for b in sides[1]] for a in sides[0]]
    return np.array(made, dtype=np.float64).reshape(len(one), len(two))


def _polygons(one: Sequence[Opinion], two: Sequence[Opinion]) -> float:
    from curator.labels.agreement.drawn import polygons
    from curator.labels.agreement.masks import overlap
    from curator.labels.consensus.finds import plain

    if not one or not two:
        return 1.0
    try:
        found = overlap(*polygons(*([plain(each.value) for each in own] for own in (one, two)))).dice
    except CheckError:
        return 1.0  # too large to be drawn: nothing that could be measured
    return 0.0 if found is None else 1 - found


def _tracks(one: Sequence[Opinion], two: Sequence[Opinion]) -> float:
    from curator.labels.agreement.tracks import compare
    from curator.labels.consensus.finds import plain

    sides = [[plain(each.value) for each in own] for own in (one, two)]
    try:
        found = compare(sides[0], sides[1], _SAME_FIND)
    except UsageError as error:
        if error.code != "AGR-031":
            raise
        return 1.0  # shapes that cannot be laid over each other
    total = 2 * found["id_both"] + found["id_first"] + found["id_second"]
    return 1 - 2 * found["id_both"] / total if total else 0.0


def _relations(one: Sequence[Opinion], two: Sequence[Opinion]) -> float:
    from curator.labels.agreement.relations import agreement

    f1 = agreement(*([_joined(each) for each in own] for own in (one, two)))["overlap"].f1
    return 0.0 if f1 is None else 1 - f1


def _joined(one: Opinion) -> dict[str, Any]:
    if one.ends is None:
        raise ValueError("a relation without ends")
    return {"type": one.value["type"], "from": one.ends[0], "to": one.ends[1]}


def _spans(one: Sequence[Opinion], two: Sequence[Opinion]) -> float:
    from curator.labels.agreement.spans import Span, agreement

    listed = []
    for own in (one, two):
        pieces = [p for each in own for p in each.value.get("pieces") or [[each.value["start"], each.value["end"]]]]
        listed.append([Span(start, end) for start, end in pieces])
    f1 = agreement(listed[0], listed[1])["characters"].f1
    return 0.0 if f1 is None else 1 - f1


def _masks(one: Sequence[Opinion], two: Sequence[Opinion]) -> float:
    from curator.labels.consensus.masks import Stack, layer_of

    names = sorted({each.value["class"] for own in (one, two) for each in own})
    number = {name: at for at, name in enumerate(names, 1)}
    try:
        layers = [layer_of([(number[each.value["class"]], each.value) for each in own]) for own in (one, two) if own]
        if len(layers) < 2:
            return 1.0 if layers else 0.0
        patterns, count = Stack((layers[0], layers[1]), len(names) + 1).patterns()
    except CheckError:
        # Other sizes, or two classes for one voxel: nothing in common that could be measured.
        return 1.0
    total = sum(int(count[patterns[:, at] > 0].sum()) for at in (0, 1))
    both = int(count[(patterns[:, 0] > 0) & (patterns[:, 0] == patterns[:, 1])].sum())
    return 1 - 2 * both / total if total else 0.0


_DRAWN: dict[str, Callable[[Sequence[Opinion], Sequence[Opinion]], float]] = {
    asked.BOX: _boxes,
    asked.SHAPE: _boxes,
    asked.AREA: _polygons,
    asked.TRACK: _tracks,
    asked.SPAN: _spans,
    asked.JOIN: _relations,
}


@dataclass(frozen=True)
class Ranked:
    """One question by its disagreement.

    Parameters
    ----------
    unit
        The question.
    severity
        Greatest distance of a pair times both confidences, 0 to 1.
    greatest, mean
        Greatest and mean distance of the pairs, 0 to 1.
    worst
        The two readers who are farthest apart.
    """

    unit: Unit
    severity: float
    greatest: float
    mean: float
    worst: tuple[str, str]


def ranked(units: Sequence[Unit], scale: Scale) -> list[Ranked]:
    """Rank the questions of two readers or more by severity, greatest first; ties by distance, then by sample."""
    scale = with_ranges(scale, units)
    made = [one for unit in units if (one := rank(unit, scale)) is not None]
    return sorted(made, key=lambda one: (-one.severity, -one.greatest, -one.mean, one.unit.key))


def rank(unit: Unit, scale: Scale) -> Ranked | None:
    """Measure one question; None when fewer than two readers answered."""
    own = {reader: [one for one in unit.opinions if one.reader == reader] for reader in unit.readers}
    pairs = []
    for a, b in combinations(unit.readers, 2):
        apart = distance(unit.question, own[a], own[b], scale)
        pairs.append((apart * _sure(own[a]) * _sure(own[b]), apart, (a, b)))
    if not pairs:
        return None
    severity, _, worst = max(pairs, key=lambda one: (one[0], one[1], one[2]))
    return Ranked(unit, severity, max(one[1] for one in pairs), sum(one[1] for one in pairs) / len(pairs), worst)


def _sure(own: Sequence[Opinion]) -> float:
    stated = [1.0 if one.confidence is None else one.confidence for one in own]
    return sum(stated) / len(stated) if stated else 1.0


def queue_document(found: Sequence[Ranked], units: int, top: int | None, labels: Mapping[str, Any]) -> dict[str, Any]:
    """Return the queue as schemas/disagreement-queue.schema.json has it.

    Parameters
    ----------
    found
        From :func:`ranked`.
    units
        How many questions there are, also of one reader.
    top
        How many to list; all when None.
    labels
        How many labels were read, counted and left out.
    """
    differing = [one for one in found if one.greatest > 0]
    listed = differing if top is None else differing[:top]
    return {
        "format": 1,
        "labels": dict(labels),
        "questions": {
            "total": units,
            "oneReader": units - len(found),
            "alike": len(found) - len(differing),
            "differing": len(differing),
        },
        "listed": len(listed),
        "queue": [
            {
                "rank": number,
                "sample": one.unit.sample.uid,
                "path": one.unit.sample.path,
                "part": one.unit.part,
                "question": one.unit.question.text,
                "severity": one.severity,
                "greatest": one.greatest,
                "mean": one.mean,
                "readers": list(one.unit.readers),
                "worst": list(one.worst),
                "labels": [each.signed.label_id for each in one.unit.opinions],
            }
            for number, one in enumerate(listed, 1)
        ],
    }
