"""What the report is made of: the readings of every kind, the agreement on each, and where readers differ most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from curator.core.errors import CuratorError
from curator.labels.agreement.finds import AREAS, KINDS, SUMS, Rules, Spacing, class_of
from curator.labels.agreement.groups import GUIDELINE, PERIOD, Groups
from curator.labels.agreement.model import Ratings
from curator.labels.agreement.pairs import pairs
from curator.labels.agreement.rated import rated
from curator.labels.agreement.resample import Sampling
from curator.labels.agreement.shapes import Comparisons, compared, shape_report
from curator.labels.agreement.signed import SCALES, as_sets, questions_of
from curator.labels.opinions import Opinion, Opinions

#: More classes than these make no readable confusion.
CONFUSED = 40
#: Errors that one kind may end with while the others are reported; anything else stops the report.
_OF_ONE_KIND = frozenset({"AGR-005", "AGR-008", "AGR-012", "AGR-013", "AGR-015", "AGR-016", "AGR-017", "AGR-018"})


@dataclass(frozen=True)
class Confusion:
    """How often the first reader said one class where the second said another, over units that both rated."""

    readers: tuple[str, str]
    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    #: What was asked, where it is one of several scales.
    asked: str = ""


@dataclass(frozen=True)
class Difference:
    """Two readers on one class of one unit.

    Parameters
    ----------
    sample, part
        What was read.
    label
        Class of a find; empty for a rating.
    readers
        Two reader ids.
    score
        1 for agreement in everything, 0 for none.
    said
        What each said of it.
    """

    kind: str
    sample: str
    part: str
    label: str
    readers: tuple[str, str]
    score: float
    said: tuple[tuple[Opinion, ...], tuple[Opinion, ...]] = field(repr=False)


@dataclass
class Kind:
    """One kind of labels: its report on agreement, or the code of why there is none."""

    kind: str
    used: list[Opinion]
    agreement: dict[str, Any] | None = None
    code: str = ""
    confusions: list[Confusion] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    #: Reader, time of the reading, and score of each comparison with another reader.
    scores: list[tuple[str, str, float]] = field(default_factory=list)

    def note(self, one: Difference) -> None:
        """Take a comparison of two readers; what they agree on in everything is no difference."""
        if one.score < 1:
            self.differences.append(one)
        # Who drew nothing has no time of a reading here; the other's stands for it.
        times = [min((o.at for o in said), default="") for said in one.said]
        for reader, at in zip(one.readers, times, strict=True):
            self.scores.append((reader, at or max(times), one.score))


def material(found: Opinions, *, sampling: Sampling, rules: Rules, spacing: Callable[[Opinion], Spacing]) -> list[Kind]:
    """Measure agreement on every kind of labels that can be compared, in the order of their names.

    Raises
    ------
    CuratorError
        What does not concern one kind alone, such as AGR-021 without scipy or LBL-018 for a changed image.
    """
    made = []
    for name in sorted({one.kind for one in found.used} & {*KINDS, *SCALES}):
        kind = Kind(name, found.of(name))
        try:
            (_finds if name in KINDS else _rated)(kind, found, sampling, rules, spacing)
        except CuratorError as error:
            if error.code not in _OF_ONE_KIND:
                raise
            kind.agreement, kind.code = None, error.code
        made.append(kind)
    return made


_GROUPS = Groups((GUIDELINE, PERIOD))


def _rated(kind: Kind, found: Opinions, sampling: Sampling, rules: Rules, spacing: Any) -> None:  # noqa: ARG001
    document, questions = rated(kind.used, kind.kind, _GROUPS, sampling=sampling)
    kind.agreement = {**document, "kind": kind.kind}
    for name, ratings in questions.items():
        first = ratings.first_session()
        if kind.kind in {"class", "grade", "sentiment"} and len(first.value.names) <= CONFUSED:
            kind.confusions += _confusions(first, name if len(questions) > 1 else "")
    for one in _rated_apart(kind):
        kind.note(one)


def _confusions(ratings: Ratings, asked: str) -> list[Confusion]:
    names, readers = ratings.value.names, ratings.reader.names
    made = []
    for pair in pairs(ratings) or ():
        table = np.zeros((len(names), len(names)), dtype=np.int64)
        table[pair.rows, pair.columns] = pair.frequency
        counts = tuple(tuple(row) for row in table.tolist())
        made.append(Confusion((readers[pair.first], readers[pair.second]), names, counts, asked))
    return made


def _rated_apart(kind: Kind) -> Iterator[Difference]:
    """Compare each reader's first rating of a unit; grades and amounts by their distance."""
    units: dict[tuple[str, ...], dict[str, Opinion]] = {}
    of = questions_of(kind.used)
    used = as_sets(kind.used) if kind.kind in {"classes", "code"} else kind.used
    for one in sorted(used, key=lambda o: (o.at, o.leaf)):
        units.setdefault((one.sample, one.part, *_asked(one), of(one) if one.kind == "class" else ""), {}).setdefault(
            one.author, one
        )
    numbers: dict[tuple[str, ...], list[float]] = {}
    for one in kind.used:
        if (value := _amount(one)) is not None:
            numbers.setdefault(_asked(one), []).append(value)
    spread = {asked: max(held) - min(held) or 1.0 for asked, held in numbers.items()}
    for (sample, part, *_), held in sorted(units.items()):
        for a, b in combinations(sorted(held), 2):
            one, two = held[a], held[b]
            first, second = _amount(one), _amount(two)
            if first is not None and second is not None:
                score = 1 - abs(first - second) / spread[_asked(one)]
            else:
                score = float(one.value == two.value)
            yield Difference(kind.kind, sample, part, "", (a, b), score, ((one,), (two,)))


def _asked(one: Opinion) -> tuple[str, ...]:
    names = {"grade": ("scale",), "measurement": ("what", "unit"), "code": ("about",)}.get(one.kind, ())
    return tuple(str(one.value[name]) for name in names)


def _amount(one: Opinion) -> float | None:
    name = {"grade": "grade", "measurement": "amount"}.get(one.kind)
    return None if name is None else float(one.value[name])


def _finds(
    kind: Kind, found: Opinions, sampling: Sampling, rules: Rules, spacing: Callable[[Opinion], Spacing]
) -> None:
    compares = compared(kind.kind, kind.used, found.read, rules=rules, groups=_GROUPS, spacing=spacing)
    kind.agreement = shape_report(compares, sampling)
    for one in _drawn_apart(kind, compares):
        kind.note(one)


def _drawn_apart(kind: Kind, compares: Comparisons) -> Iterator[Difference]:
    by_unit: dict[tuple[str, str, str, str], list[Opinion]] = {}
    for one in kind.used:
        by_unit.setdefault((one.sample, one.part, one.author, class_of(kind.kind, one.value)), []).append(one)
    for row, (unit, _, first, second, label), _ in compares.between:
        score = score_of(kind.kind, row.sums)
        if score is None:
            continue
        sample, part = compares.units[unit]
        who, name = (compares.readers[first], compares.readers[second]), compares.classes[label]
        said = [_first_stage(by_unit.get((sample, part, reader, name), [])) for reader in who]
        yield Difference(kind.kind, sample, part, name, who, score, (said[0], said[1]))


def _first_stage(held: Sequence[Opinion]) -> tuple[Opinion, ...]:
    if not held:
        return ()
    stage = min(held, key=lambda one: (one.at, one.leaf)).stage
    return tuple(one for one in held if one.stage == stage)


def score_of(kind: str, sums: Sequence[float]) -> float | None:
    """Return one number from 0 to 1 for a comparison, by which the worst are found; None when it says nothing.

    Of areas Dice; of boxes, ellipses and key points the sum of IoU or OKS of matched finds in place of their number in
    F1; of lines the share within the buffer; of spans F1 by characters; of tracks F1 by identity.
    """
    value = dict(zip(SUMS[kind], sums, strict=True))
    if kind in AREAS:
        return value["dice"] if value["cases"] else None
    if kind == "polyline":
        return value["near"] / value["length"] if value["length"] else None
    before = {"span": "characters_", "relation": "exact_", "track": "id_"}.get(kind)
    if before is not None:
        both, alone = value[f"{before}both"], value[f"{before}first"] + value[f"{before}second"]
    else:
        both, alone = value["both"], value["first"] + value["second"]
    total = 2 * both + alone
    close = {"box": "iou", "ellipse": "iou", "box3d": "iou", "keypoints": "oks"}.get(kind)
    return 2 * (both if close is None else value[close]) / total if total else None


def worst(kinds: Sequence[Kind], count: int) -> list[Difference]:
    """Return the greatest differences, kinds in turn, each unit of a kind once."""
    queues = []
    for kind in kinds:
        seen: set[tuple[str, str]] = set()
        queue = []
        for one in sorted(kind.differences, key=lambda d: (d.score, d.sample, d.part, d.label, d.readers)):
            if (one.sample, one.part) not in seen:
                seen.add((one.sample, one.part))
                queue.append(one)
        queues.append(queue)
    made: list[Difference] = []
    for at in range(max(map(len, queues), default=0)):
        made += [queue[at] for queue in queues if at < len(queue)]
    return made[:count]
