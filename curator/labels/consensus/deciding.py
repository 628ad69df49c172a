"""One decision a question: votes, Dawid and Skene's model, fusion of shapes, votes on voxels or STAPLE, on characters.

A tie is never broken. What is not clear is 'tied' or 'equivocal' and goes to people; what cannot be judged is refused
for a reason. Questions = decided + absent + tied + equivocal + refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from curator.core.errors import CheckError
from curator.labels.consensus import questions as asked
from curator.labels.consensus.fusion import THRESHOLD, Drawn, Fused, fuse
from curator.labels.consensus.opinions import Opinion, Unit
from curator.labels.consensus.questions import Question

METHODS = ("majority", "weighted", "dawid-skene")
MASK_METHODS = ("pixel-vote", "staple")
DECIDED, ABSENT, TIED, EQUIVOCAL, REFUSED = "decided", "absent", "tied", "equivocal", "refused"
OUTCOMES = (DECIDED, ABSENT, TIED, EQUIVOCAL, REFUSED)
#: Why a question is refused.
WHY = (
    "one-opinion",
    "too-few-readers",
    "reader-twice",
    "too-many-labels",
    "sizes",
    "overlap",
    "readers",
    "model",
    "form",
    "ends",
)
#: Members that one label can name.
MAX_MEMBERS = 64
#: Labels of one question about finds; each find names its own.
MAX_FINDS = 2000
_PLACES = Decimal("0.000001")
_SLACK = 1e-9
_BY_CODE = {"CON-011": "model", "CON-012": "sizes", "CON-013": "readers", "CON-014": "overlap", "CON-015": "model"}


@dataclass(frozen=True)
class Options:
    """How to decide.

    Parameters
    ----------
    method, mask_method
        Of :data:`METHODS`, of :data:`MASK_METHODS`.
    weights
        Reader to the weight of the vote, above 0; empty for one each.
    least_readers
        Readers that a decision needs, 2 or more.
    least_share
        Share of the votes that a class needs; it has to be more than half in any case.
    least_probability
        Probability that Dawid and Skene's model must give a class.
    iou
        Least IoU of boxes that mean one find.
    least_dice
        Least mean Dice of the members with the mask or polygon that they come to.
    within
        How far two points, or on average two lines, may lie apart and be one find, in pixels; in space in the unit of
        the space.
    spread
        Greatest difference of two measurements, as a share of their mean, up to which the median stands for them.
    """

    method: str = "majority"
    mask_method: str = "pixel-vote"
    weights: Mapping[str, float] = field(default_factory=dict)
    least_readers: int = 2
    least_share: float = 0.5
    least_probability: float = 0.8
    iou: float = THRESHOLD
    least_dice: float = 0.5
    within: float = 10.0
    spread: float = 0.1

    def weight(self, reader: str) -> float:
        """Return what a reader's vote counts."""
        return self.weights.get(reader, 1.0) if self.weights else 1.0


@dataclass(frozen=True)
class Found:
    """One label that a decision comes to: its value, the labels it settles, and a probability if there is one."""

    value: Any = field(repr=False)
    members: tuple[Opinion, ...] = field(repr=False)
    probability: float | None = None


@dataclass(frozen=True)
class Decision:
    """What a question comes to.

    Parameters
    ----------
    unit
        The question with its opinions.
    outcome
        Of :data:`OUTCOMES`; `absent` when most readers say that there is nothing.
    method
        How it was decided.
    found
        The labels; only when decided.
    why
        Of :data:`WHY`, when refused.
    share
        Share of the votes, or probability, of the winner; for masks the mean Dice with the result.
    told
        Counts and figures for the report.
    """

    unit: Unit
    outcome: str
    method: str
    found: tuple[Found, ...] = ()
    why: str = ""
    share: float | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


def decide(units: Sequence[Unit], options: Options, done: Callable[[int], None] | None = None) -> list[Decision]:
    """Decide every question, in the order given.

    Parameters
    ----------
    units
        From :func:`~curator.labels.consensus.opinions.units_of`.
    options
        How.
    done
        Called with the number of questions decided since the last call.
    """
    made: dict[tuple[str, str, Question], Decision] = {}
    pooled: dict[Question, list[Unit]] = {}
    joins: list[Unit] = []
    for unit in units:
        why = _refused(unit, options)
        question = unit.question
        key = (unit.sample.uid, unit.part, question)
        alone = question.drawn or question.family == asked.NUMBER or _several_codes(unit)
        if why:
            made[key] = Decision(unit, REFUSED, _method(question, options), why=why)
        elif question.family == asked.JOIN:
            # These wait for the spans that they join.
            joins.append(unit)
            continue
        elif alone:
            made[key] = _by_itself(unit, options)
        # A single opinion says something of its reader to the model, though it decides nothing.
        pools = not why or (options.method == "dawid-skene" and why not in {"reader-twice", "too-many-labels"})
        if pools and not alone:
            pooled.setdefault(question, []).append(unit)
        else:
            _tell(done, True)
    for question, some in sorted(pooled.items()):
        from curator.labels.consensus.voting import classes, sets

        voted = sets(some, options) if question.family == asked.SET else classes(some, options)
        for decision in voted:
            made.setdefault((decision.unit.sample.uid, decision.unit.part, question), decision)
            _tell(done, True)
    if joins:
        from curator.labels.consensus.joins import decide_relations

        for decision in decide_relations(joins, list(made.values()), options):
            made[decision.unit.sample.uid, decision.unit.part, decision.unit.question] = decision
            _tell(done, True)
    return [made[unit.sample.uid, unit.part, unit.question] for unit in units]


def _by_itself(unit: Unit, options: Options) -> Decision:
    """Decide a question that needs no other question's answers."""
    if unit.question.drawn:
        return _drawn(unit, options)
    from curator.labels.consensus import drawing

    return (drawing.measured if unit.question.family == asked.NUMBER else drawing.codes)(unit, options)


def with_spare(members: Sequence[Sequence[Opinion]], spare: Iterable[Opinion]) -> list[tuple[Opinion, ...]] | None:
    """Settle outvoted labels with the finds, the first that have room, so that none of the question stays open.

    Returns
    -------
    list or None
        None when a find would have more than :data:`MAX_MEMBERS` members.
    """
    made = [list(own) for own in members]
    at = 0
    for one in spare:
        while at < len(made) and len(made[at]) >= MAX_MEMBERS:
            at += 1
        if at == len(made):
            return None
        made[at].append(one)
    return [tuple(own) for own in made] if all(len(own) <= MAX_MEMBERS for own in made) else None


def _several_codes(unit: Unit) -> bool:
    """Say whether a reader gave several codes of one system, so that the question is which of them."""
    return unit.question.kind == "code" and len({one.reader for one in unit.opinions}) < len(unit.opinions)


def _tell(done: Callable[[int], None] | None, real: bool) -> None:
    if done is not None and real:
        done(1)


def _method(question: Question, options: Options) -> str:
    by_family = {
        asked.BOX: "box-fusion",
        asked.SPAN: "span-vote",
        asked.MASK: options.mask_method,
        asked.SHAPE: "shape-fusion",
        asked.AREA: options.mask_method,
        asked.TRACK: "track-fusion",
        asked.JOIN: "relation-vote",
        asked.NUMBER: "median",
    }
    return by_family.get(question.family, options.method)


def _refused(unit: Unit, options: Options) -> str:
    if len(unit.readers) == 1 and len(unit.opinions) == 1 and not unit.question.drawn:
        return "one-opinion"
    if len(unit.readers) < options.least_readers:
        return "too-few-readers"
    if len(unit.opinions) > (MAX_FINDS if unit.question.drawn and unit.question.family != asked.MASK else MAX_MEMBERS):
        return "too-many-labels"
    twice = len({one.reader for one in unit.opinions}) < len(unit.opinions)
    plain = not unit.question.drawn and not _several_codes(unit)
    if twice and plain and (options.method != "dawid-skene" or unit.question.family == asked.NUMBER):
        return "reader-twice"
    return ""


def _drawn(unit: Unit, options: Options) -> Decision:
    if unit.question.family in {asked.SHAPE, asked.AREA, asked.TRACK} or _any_turned(unit):
        from curator.labels.consensus import drawing

        how = {asked.AREA: drawing.polygons, asked.TRACK: drawing.tracks}
        return how.get(unit.question.family, drawing.shapes)(unit, options)
    if unit.question.family == asked.BOX:
        return _boxes(unit, options)
    if unit.question.family == asked.SPAN:
        from curator.labels.consensus.joins import decide_spans

        return decide_spans(unit, options)
    try:
        return _masks(unit, options)
    except CheckError as error:
        why = _BY_CODE.get(error.code)
        if why is None:
            raise
        return Decision(unit, REFUSED, options.mask_method, why=why)


def _any_turned(unit: Unit) -> bool:
    turns = (one.value.get("rotation") for one in unit.opinions if unit.question.family == asked.BOX)
    return any(turn and Decimal(turn) for turn in turns)


def _number(value: float) -> int | Decimal:
    made = Decimal(repr(value)).quantize(_PLACES)
    return int(made) if made == made.to_integral_value() else made.normalize()


def _boxes(unit: Unit, options: Options) -> Decision:
    of: dict[Drawn, list[Opinion]] = {}
    boxes = []
    for one in unit.opinions:
        x, y, width, height = (float(Decimal(part)) for part in one.value["box"])
        confidence = 1.0 if one.confidence is None else one.confidence
        box = Drawn((x, y, x + width, y + height), one.reader, confidence, options.weight(one.reader))
        of.setdefault(box, []).append(one)
        boxes.append(box)
    total = sum(map(options.weight, unit.readers))
    clear: list[Fused] = []
    spare: list[Fused] = []
    unclear = 0
    for cluster in fuse(boxes, len(unit.readers), options.iou):
        share = sum(map(options.weight, cluster.readers)) / total
        if share > 0.5 + _SLACK and share >= options.least_share - _SLACK and len(cluster.readers) > 1:
            clear.append(cluster)
        elif share >= 0.5 - _SLACK:
            unclear += 1
        else:
            spare.append(cluster)
    told = {"finds": len(clear), "undecided": unclear, "outvoted": len(spare)}
    if unclear:
        return Decision(unit, EQUIVOCAL, "box-fusion", told=told)
    if not clear:
        return Decision(unit, ABSENT, "box-fusion", told=told)
    members = with_spare(
        [_members(cluster, of) for cluster in clear], (one for cluster in spare for one in _members(cluster, of))
    )
    if members is None:
        return Decision(unit, REFUSED, "box-fusion", why="too-many-labels", told=told)
    found = []
    for cluster, settled in zip(clear, members, strict=True):
        x, y, right, bottom = cluster.corners
        place = [_number(part) for part in (x, y, right - x, bottom - y)]
        found.append(Found({"class": unit.question.about, "box": place}, settled))
    return Decision(unit, DECIDED, "box-fusion", tuple(found), told=told)


def _members(cluster: Fused, of: dict[Drawn, list[Opinion]]) -> tuple[Opinion, ...]:
    # Two equal boxes of one reader are one key with two labels; each is taken once.
    taken = {one.signed.label_id: one for box in cluster.members for one in of[box]}
    return tuple(taken[name] for name in sorted(taken))


def _masks(unit: Unit, options: Options) -> Decision:
    from curator.labels.consensus.masks import Layer, Stack, blend, layer_of, values_of

    names = ["", *sorted({one.value["class"] for one in unit.opinions})]
    number = {name: at for at, name in enumerate(names)}
    layers = {}
    for reader in unit.readers:
        own = [(number[one.value["class"]], one.value) for one in unit.opinions if one.reader == reader]
        layers[reader] = layer_of(own) if own else None
    size = next(layer.size for layer in layers.values() if layer is not None)
    stack = Stack(tuple(layer or Layer(size, ()) for layer in layers.values()), len(names))
    blended = blend(stack, options.mask_method, [options.weight(reader) for reader in layers])
    known = [one for one in blended.dice if one is not None]
    mean = sum(known) / len(known) if known else 0.0
    told: dict[str, Any] = {"undecidedVoxels": blended.undecided, "dice": dict(zip(layers, blended.dice, strict=True))}
    if blended.model is not None:
        rates = blended.model.rates
        told["steps"] = blended.model.steps
        told["rates"] = {
            reader: {names[at] or "background": float(rates[place, at, at]) for at in range(len(names))}
            for place, reader in enumerate(layers)
        }
    if not blended.masks:
        drew = sum(options.weight(reader) for reader, layer in layers.items() if layer is not None)
        outvoted = 2 * drew < sum(map(options.weight, unit.readers)) * (1 - _SLACK)
        return Decision(unit, ABSENT if outvoted else EQUIVOCAL, options.mask_method, told=told)
    values = values_of(blended, size, names)
    if mean < options.least_dice or len(unit.opinions) < 2:
        return Decision(unit, EQUIVOCAL, options.mask_method, share=mean, told=told)
    parts = _by_class(values, unit.opinions)
    if any(len(part) < 2 for part in parts):
        return Decision(unit, EQUIVOCAL, options.mask_method, share=mean, told=told)
    found = tuple(Found(value, part) for value, part in zip(values, parts, strict=True))
    return Decision(unit, DECIDED, options.mask_method, found, share=mean, told=told)


def _by_class(values: Iterable[Mapping[str, Any]], opinions: Iterable[Opinion]) -> list[tuple[Opinion, ...]]:
    """Give each mask the labels of its class, and the first one those of classes that nothing is left of."""
    listed = list(opinions)
    classes = [value["class"] for value in values]
    parts = [tuple(one for one in listed if one.value["class"] == name) for name in classes]
    parts[0] = (*parts[0], *(one for one in listed if one.value["class"] not in classes))
    return parts
