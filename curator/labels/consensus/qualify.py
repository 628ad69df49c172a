"""A reader held against a reference: how often right, for each class, with exact intervals.

A question that the reference answers and the reader does not is missing, not passed over. Whether the figures are
enough is asked in :mod:`curator.labels.consensus.verdicts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from curator.core.errors import UsageError
from curator.labels.consensus import questions as asked
from curator.labels.consensus.exact import Measured, median, share
from curator.labels.consensus.opinions import (
    Opinion,
    Unit,
    units_of,
)
from curator.labels.consensus.questions import Question, answer

LOWER, ESTIMATE = "lower", "estimate"
#: Families of questions that no right and wrong is defined for here.
_NOT_HERE = frozenset({asked.NUMBER, asked.JOIN})


@dataclass(frozen=True)
class Wanted:
    """A threshold: the metric, and the least value."""

    metric: str
    least: float


@dataclass(frozen=True)
class Terms:
    """What the measurement goes by.

    Parameters
    ----------
    level
        Coverage of the intervals.
    judge
        ``lower``: the lower end must reach the threshold; ``estimate``: the figure itself.
    wanted
        Thresholds; none only measures.
    least_coverage
        Share of the reference's questions that must be answered.
    iou
        Least IoU of boxes that mean one find.
    """

    level: float = 0.95
    judge: str = LOWER
    wanted: tuple[Wanted, ...] = ()
    least_coverage: float = 1.0
    iou: float = 0.5


@dataclass
class Family:
    """What was measured of one kind of question.

    Parameters
    ----------
    name
        Kind and scale or system, such as ``class`` or ``box``.
    cases
        Questions (of classes) or samples (of boxes, masks, spans) that both answered.
    overall, classes
        Metric to figure: over all classes, and class to its own.
    """

    name: str
    cases: int = 0
    overall: dict[str, Measured] = field(default_factory=dict)
    classes: dict[str, dict[str, Measured]] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What a measurement came to.

    Parameters
    ----------
    families
        By name.
    reference, answered
        Questions of the reference, and those of them that the reader answered.
    correct, cases
        Over all questions of classes.
    """

    families: tuple[Family, ...]
    reference: int
    answered: int
    correct: int
    cases: int
    level: float

    @property
    def accuracy(self) -> Measured:
        """Share of the questions of classes that were answered as the reference does."""
        return share(self.correct, self.cases, self.level)


#: (sample's UID, part) that somebody has read.
Places = frozenset[tuple[str, str]]


def measure(
    own: Sequence[Opinion],
    reference: Sequence[Opinion],
    terms: Terms,
    besides: tuple[Places, Places] = (frozenset(), frozenset()),
) -> Result:
    """Hold a reader's opinions against a reference.

    Parameters
    ----------
    own, reference
        Opinions of the reader, and of the reference.
    terms
        Level, IoU.
    besides
        What the reader, and the reference, have read without an opinion of these.

    Raises
    ------
    UsageError
        CON-041 when the reference, or the reader, answers a question of classes twice; AGR-021 without scipy.
    """
    ours, theirs = _by_key(own), _by_key(reference)
    read_by = tuple(
        {(one.signed.sample.uid, one.signed.part) for one in part} | more
        for part, more in zip((own, reference), besides, strict=True)
    )
    both = [place for place in sorted(read_by[0] | read_by[1]) if all(_read(place, by) for by in read_by)]
    theirs, ours = (
        {key: unit for key, unit in keyed.items() if key[2].family not in _NOT_HERE} for keyed in (theirs, ours)
    )
    plain = sorted(key for key in theirs if not key[2].drawn)
    families: dict[str, list[tuple[Unit, Unit]]] = {}
    for key in plain:
        if key in ours:
            families.setdefault(_family(key[2]), []).append((theirs[key], ours[key]))
    made: list[Family] = []
    correct = cases = 0
    for name, pairs in sorted(families.items()):
        one, right = _sets(name, pairs, terms) if name == asked.SET else _classes(name, pairs, terms)
        made.append(one)
        correct, cases = correct + right, cases + len(pairs)
    drawn = sorted({key[2] for key in (*theirs, *ours) if key[2].drawn})
    kinds = sorted({question.kind for question in drawn if any(key[2].kind == question.kind for key in theirs)})
    for kind in kinds:
        parts = {(key[0], key[1]) for key in (*theirs, *ours) if key[2].kind == kind}
        told = [place for place in both if _asked_at(place, parts)]
        made.append(_drawn(kind, [q for q in drawn if q.kind == kind], told, (ours, theirs), terms))
    places = {(key[0], key[1]) for key in theirs if key[2].drawn}
    answered = sum(key in ours for key in plain) + sum(_read(place, read_by[0]) for place in places)
    return Result(tuple(made), len(plain) + len(places), answered, correct, cases, terms.level)


def _read(place: tuple[str, str], by: set[tuple[str, str]]) -> bool:
    """Say whether somebody read a part of a sample: it, or the whole, has a label of theirs."""
    return place in by or (place[0], "") in by


def _asked_at(place: tuple[str, str], drawn: set[tuple[str, str]]) -> bool:
    """Say whether a place without a find of a kind is one: no part of a sample whose whole has one, nor the reverse."""
    if place in drawn:
        return True
    sample, part = place
    return not any(one == sample and "" in (part, other) for one, other in drawn)


_Key = tuple[str, str, Question]


def _by_key(opinions: Sequence[Opinion]) -> dict[_Key, Unit]:
    made: dict[_Key, Unit] = {}
    for unit in units_of(opinions):
        plain = not unit.question.drawn and unit.question.family not in _NOT_HERE
        if plain and len(unit.opinions) > 1:
            raise UsageError("CON-041")
        made[unit.sample.uid, unit.part, unit.question] = unit
    return made


def _family(question: Question) -> str:
    return question.text


def _text(unit: Unit) -> str:
    one = unit.opinions[0]
    return answer(one.question.kind, one.value) or ""


def _classes(name: str, pairs: Sequence[tuple[Unit, Unit]], terms: Terms) -> tuple[Family, int]:
    table = Counter((_text(true), _text(given)) for true, given in pairs)
    right = sum(count for (true, given), count in table.items() if true == given)
    made = Family(name, len(pairs), {"accuracy": share(right, len(pairs), terms.level), "kappa": _kappa(table)})
    for one in sorted({text for pair in table for text in pair}):
        made.classes[one] = _rates(
            sum(count for (true, given), count in table.items() if true == given == one),
            sum(count for (true, _), count in table.items() if true == one),
            sum(count for (_, given), count in table.items() if given == one),
            len(pairs),
            terms.level,
        )
    return made, right


def _rates(both: int, true: int, given: int, total: int, level: float) -> dict[str, Measured]:
    """Return sensitivity, specificity and precision of one class, against all others."""
    rejected = total - true - given + both
    return {
        "sensitivity": share(both, true, level),
        "specificity": share(rejected, total - true, level),
        "precision": share(both, given, level),
    }


def _kappa(table: Mapping[tuple[str, str], int]) -> Measured:
    """Return Cohen's kappa; None when chance alone gives full agreement."""
    total = sum(table.values())
    seen = sum(count for (true, given), count in table.items() if true == given) / total
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (true, given), count in table.items():
        rows[true] += count
        columns[given] += count
    chance = sum(rows[one] * columns[one] for one in rows) / total**2
    return Measured(None if chance >= 1 else (seen - chance) / (1 - chance), of=total)


def _sets(name: str, pairs: Sequence[tuple[Unit, Unit]], terms: Terms) -> tuple[Family, int]:
    told = [tuple(set(unit.opinions[0].value["classes"]) for unit in pair) for pair in pairs]
    right = sum(true == given for true, given in told)
    made = Family(name, len(pairs), {"accuracy": share(right, len(pairs), terms.level)})
    for one in sorted({text for pair in told for each in pair for text in each}):
        both = sum(one in true and one in given for true, given in told)
        counts = (sum(one in true for true, _ in told), sum(one in given for _, given in told))
        made.classes[one] = _rates(both, *counts, len(told), terms.level)
    return made, right


def _drawn(
    kind: str,
    listed: Sequence[Question],
    both: Sequence[tuple[str, str]],
    keyed: tuple[dict[_Key, Unit], dict[_Key, Unit]],
    terms: Terms,
) -> Family:
    """Measure boxes, masks or spans: whether there is one in a sample, and how well those that are fit."""
    ours, theirs = keyed
    made = Family(kind, len(both))
    for question in listed:
        pairs = [(theirs.get((*place, question)), ours.get((*place, question))) for place in both]
        hits = sum(true is not None and given is not None for true, given in pairs)
        counts = [sum(pair[at] is not None for pair in pairs) for at in (0, 1)]
        found = _rates(hits, counts[0], counts[1], len(pairs), terms.level)
        if question.family in {asked.MASK, asked.AREA}:
            found["dice"] = median([_dice(true, given) for true, given in pairs if true or given], terms.level)
        else:
            matched = _spans if question.family == asked.SPAN else _shapes
            found |= _finds([matched(true, given, terms) for true, given in pairs], terms.level)
        made.classes[question.about] = found
    return made


def _finds(counts: Sequence[tuple[int, int, int]], level: float) -> dict[str, Measured]:
    """Return sensitivity and precision by finds, from (both, reference alone, reader alone) of each sample."""
    both, missed, extra = (sum(one[at] for one in counts) for at in range(3))
    return {"sensitivity": share(both, both + missed, level), "precision": share(both, both + extra, level)}


def _shapes(true: Unit | None, given: Unit | None, terms: Terms) -> tuple[int, int, int]:
    from curator.labels.agreement.boxes import matched_by
    from curator.labels.consensus.finds import least_of
    from curator.labels.consensus.severity import likenesses

    sides = [() if unit is None else unit.opinions for unit in (true, given)]
    if not any(sides):
        return 0, 0, 0
    kind = (*sides[0], *sides[1])[0].question.kind
    found = matched_by(likenesses(*sides), least_of(kind, terms.iou), "greedy")
    return found.both, found.first, found.second


def _spans(true: Unit | None, given: Unit | None, _: Terms) -> tuple[int, int, int]:
    from curator.labels.agreement.spans import Span, agreement

    listed = []
    for unit in (true, given):
        spans = []
        for one in unit.opinions if unit is not None else ():
            pieces = one.value.get("pieces") or [[one.value["start"], one.value["end"]]]
            spans += [Span(start, end) for start, end in pieces]
        listed.append(spans)
    found = agreement(listed[0], listed[1])["overlap"]
    return found.both, found.first, found.second


def _dice(true: Unit | None, given: Unit | None) -> float:
    from curator.labels.consensus.severity import Scale, distance

    if true is None or given is None:
        return 0.0
    return 1 - distance(true.question, true.opinions, given.opinions, Scale())
