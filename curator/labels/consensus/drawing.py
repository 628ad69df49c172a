"""Decisions on shapes, polygons, tracks, relations, measurements and sets of codes.

The laws are those of :mod:`curator.labels.consensus.deciding`: a find that more than half of the readers drew is one,
what just half of them drew is left for people, and what fewer drew is settled with the first find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from curator.core.errors import CheckError
from curator.labels.consensus import areas, fused
from curator.labels.consensus.deciding import (
    ABSENT,
    DECIDED,
    EQUIVOCAL,
    REFUSED,
    Decision,
    Found,
    Options,
    with_spare,
)
from curator.labels.consensus.finds import comparable, extents_of, groups, least_of, likeness, matrix, plain
from curator.labels.consensus.opinions import Opinion, Unit
from curator.labels.values import written

_SLACK = 1e-9


@dataclass(frozen=True)
class _Sorted:
    """Groups of finds by what the readers' votes say of each, and the label of each find."""

    opinions: tuple[Opinion, ...]
    values: list[Any]
    clear: list[list[int]]
    unclear: int
    spare: list[list[int]]

    def told(self) -> dict[str, Any]:
        return {"finds": len(self.clear), "undecided": self.unclear, "outvoted": len(self.spare)}


def _sorted(unit: Unit, options: Options, grouped: Callable[[list[str], list[Any]], list[list[int]]]) -> _Sorted:
    """Put the finds of a question together and count who drew each."""
    listed = sorted(unit.opinions, key=lambda one: (written(one.value), one.reader, one.signed.leaf))
    values = [plain(one.value) for one in listed]
    total = sum(map(options.weight, unit.readers))
    clear, spare, unclear = [], [], 0
    for group in grouped([one.reader for one in listed], values):
        readers = {listed[at].reader for at in group}
        share = sum(map(options.weight, readers)) / total
        if share > 0.5 + _SLACK and share >= options.least_share - _SLACK and len(readers) > 1:
            clear.append(group)
        elif share >= 0.5 - _SLACK:
            unclear += 1
        else:
            spare.append(group)
    return _Sorted(tuple(listed), values, clear, unclear, spare)


def _ended(unit: Unit, method: str, held: _Sorted, made: Sequence[Any], told: Mapping[str, Any]) -> Decision:
    """Return the decision on finds of which every one has a value; None stands for one that came to nothing clear."""
    told = {**held.told(), **told}
    if held.unclear or any(value is None for value in made):
        return Decision(unit, EQUIVOCAL, method, told=told)
    if not made:
        return Decision(unit, ABSENT, method, told=told)
    members = with_spare(
        [[held.opinions[at] for at in group] for group in held.clear],
        (held.opinions[at] for group in held.spare for at in group),
    )
    if members is None:
        return Decision(unit, REFUSED, method, why="too-many-labels", told=told)
    found = tuple(Found(value, settled) for value, settled in zip(made, members, strict=True))
    return Decision(unit, DECIDED, method, found, told=told)


def _mass(one: Opinion, options: Options) -> float:
    return (1.0 if one.confidence is None else one.confidence) * options.weight(one.reader)


def shapes(unit: Unit, options: Options) -> Decision:
    """Decide where there are turned boxes, ellipses, points, lines, key points, boxes or points in space of a class."""
    kind = unit.question.kind
    least = least_of(kind, options.iou)
    if not comparable(kind, [one.value for one in unit.opinions]):
        return Decision(unit, REFUSED, "shape-fusion", why="form")

    def alike(one: Any, two: Any) -> float:
        return likeness(kind, one, two, options.within)

    def grouped(who: list[str], values: list[Any]) -> list[list[int]]:
        return groups(who, matrix(values, alike, extents_of(kind, values, options.within)), least)

    held = _sorted(unit, options, grouped)
    made: list[Any] = []
    for group in held.clear:
        values = [held.values[at] for at in group]
        value = fused.fuse(kind, values, [_mass(held.opinions[at], options) for at in group])
        there = plain(_floats(value))
        # A mean that is not what its members drew, as of a loop from two beginnings, is nobody's opinion.
        made.append(value if all(alike(there, one) >= least - _SLACK for one in values) else None)
    return _ended(unit, "shape-fusion", held, made, {})


def _floats(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: _floats(inner) for name, inner in value.items()}
    return [_floats(inner) for inner in value] if isinstance(value, list) else value


def polygons(unit: Unit, options: Options) -> Decision:
    """Decide where there are polygons of one class: finds by their overlap, then each cell of a find by its readers."""
    try:
        return _polygons(unit, options)
    except CheckError as error:
        if error.code not in {"CON-011", "CON-015", "CON-019"}:
            raise
        return Decision(unit, REFUSED, options.mask_method, why="sizes" if error.code == "CON-019" else "model")


def _polygons(unit: Unit, options: Options) -> Decision:
    scale = areas.scale_of([plain(one.value) for one in unit.opinions])
    drawn: dict[int, areas.Area] = {}

    def area(value: Any) -> areas.Area:
        if id(value) not in drawn:
            drawn[id(value)] = areas.area_of(value, scale)
        return drawn[id(value)]

    def grouped(who: list[str], values: list[Any]) -> list[list[int]]:
        return groups(who, matrix(values, lambda one, two: areas.iou(area(one), area(two))), options.iou)

    held = _sorted(unit, options, grouped)
    made: list[Any] = []
    dice: list[dict[str, float]] = []
    undecided = 0
    for group in held.clear:
        own = [held.opinions[at] for at in group]
        won = areas.vote(
            [area(held.values[at]) for at in group], [options.weight(one.reader) for one in own], options.mask_method
        )
        undecided += won.undecided
        dice.append({one.reader: round(value, 6) for one, value in zip(own, won.dice, strict=True)})
        fits = won.area.size > 0 and sum(won.dice) / len(won.dice) >= options.least_dice - _SLACK
        rings = areas.rings_of(won.area, scale) if fits else []
        made.append({"class": unit.question.about, "rings": rings} if fits else None)
    told = {"cellsAPixelSide": scale, "undecidedCells": undecided, "dice": dice}
    return _ended(unit, options.mask_method, held, made, told)


def tracks(unit: Unit, options: Options) -> Decision:
    """Decide which tracks of boxes there are, and where each is in its key frames."""
    method = "track-fusion"
    if not all(fused.straight(one.value) for one in unit.opinions):
        return Decision(unit, REFUSED, method, why="form")
    held = _sorted(
        unit,
        options,
        lambda who, values: groups(
            who, matrix(values, lambda one, two: likeness("track", one, two, options.within)), options.iou
        ),
    )
    made = [
        fused.track(
            [held.values[at] for at in group],
            [_mass(held.opinions[at], options) for at in group],
            [options.weight(held.opinions[at].reader) for at in group],
            f"consensus-{number}",
        )
        for number, group in enumerate(held.clear, 1)
    ]
    return _ended(unit, method, held, made, {})


def measured(unit: Unit, options: Options) -> Decision:
    """Decide a measurement: the median of the amounts, when they lie close enough to each other."""
    rows = sorted((Decimal(one.value["amount"]), one.reader) for one in unit.opinions)
    amounts = [amount for amount, _ in rows]
    weights = [options.weight(reader) for _, reader in rows]
    mean = sum(map(abs, amounts), Decimal(0)) / len(amounts)
    spread = float((amounts[-1] - amounts[0]) / mean) if mean else 0.0
    told = {"readings": len(rows), "spread": round(spread, 9)}
    if spread > options.spread + _SLACK:
        return Decision(unit, EQUIVOCAL, "median", told=told)
    first = unit.opinions[0].value
    made = {"what": first["what"], "unit": first["unit"], "amount": _median(amounts, weights)}
    return Decision(unit, DECIDED, "median", (Found(made, unit.opinions),), told=told)


def _median(amounts: Sequence[Decimal], weights: Sequence[float]) -> int | Decimal:
    """Return the weighted median of ascending amounts; where two share the middle, what lies between them."""
    half, so_far = sum(weights) / 2, 0.0
    made = amounts[-1]
    for at, (amount, weight) in enumerate(zip(amounts, weights, strict=True)):
        so_far += weight
        if abs(so_far - half) <= half * _SLACK:
            made = (amount + amounts[at + 1]) / 2
            break
        if so_far > half:
            made = amount
            break
    return int(made) if made == made.to_integral_value() else made.normalize()


def codes(unit: Unit, options: Options) -> Decision:
    """Decide which codes of a system a sample has, each by itself, where a reader gave several."""
    method = "weighted" if options.weights else "majority"
    total = sum(map(options.weight, unit.readers))
    given: dict[str, list[Opinion]] = {}
    for one in unit.opinions:
        given.setdefault(one.value["code"], []).append(one)
    clear: list[str] = []
    unclear = 0
    for code, own in sorted(given.items()):
        readers = {one.reader for one in own}
        share = sum(map(options.weight, readers)) / total
        if share > 0.5 + _SLACK and share >= options.least_share - _SLACK and len(readers) > 1:
            clear.append(code)
        elif share >= 0.5 - _SLACK:
            unclear += 1
    told = {"votes": {code: len({one.reader for one in own}) for code, own in sorted(given.items())}}
    if unclear or not clear:
        return Decision(unit, EQUIVOCAL, method, told=told)
    rest = (one for code, own in sorted(given.items()) if code not in clear for one in own)
    members = with_spare([given[code] for code in clear], rest)
    if members is None:
        return Decision(unit, REFUSED, method, why="too-many-labels", told=told)
    system = unit.question.about
    found = tuple(
        Found({"system": system, "code": code}, settled) for code, settled in zip(clear, members, strict=True)
    )
    return Decision(unit, DECIDED, method, found, told=told)
