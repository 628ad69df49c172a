"""Decisions on spans, and on relations between them: which of the spans that the readers agree on belong together.

A reader's relation counts for the two consensus spans that its own spans went into. One whose span is undecided leaves
the question to people; one whose span was outvoted goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curator.labels.consensus import questions as asked
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
from curator.labels.consensus.ids import consensus_id, settings_of
from curator.labels.consensus.opinions import Opinion, Unit

METHOD = "relation-vote"
_SLACK = 1e-9
_OUTVOTED, _OPEN = "outvoted", "open"
_Key = tuple[str, str]


def decide_spans(unit: Unit, options: Options) -> Decision:
    """Decide which stretches of a text are spans of one type, character by character."""
    from curator.labels.consensus.spanvotes import vote

    by_reader: dict[str, list[tuple[int, int]]] = {reader: [] for reader in unit.readers}
    for one in unit.opinions:
        pieces = one.value.get("pieces") or [[one.value["start"], one.value["end"]]]
        by_reader[one.reader] += [(start, end) for start, end in pieces]
    voted = vote(list(by_reader.values()), [options.weight(reader) for reader in by_reader])
    told = {
        "finds": len(voted.spans),
        "undecided": len(voted.undecided),
        "outvoted": voted.outvoted,
        "undecidedCharacters": voted.margin,
    }
    if voted.undecided:
        return Decision(unit, EQUIVOCAL, "span-vote", told=told)
    if not voted.spans:
        return Decision(unit, ABSENT, "span-vote", told=told)
    left = {one.signed.label_id: one for one in unit.opinions}
    parts: list[tuple[Opinion, ...]] = []
    for start, end in voted.spans:
        near = [one for one in left.values() if touches(one.value, start, end)]
        parts.append(tuple(near))
        for one in near:
            del left[one.signed.label_id]
    if any(len(part) < 2 for part in parts):
        # A parted span, or one heavy vote: no pair of labels stands behind each find alone.
        return Decision(unit, EQUIVOCAL, "span-vote", told=told)
    settled = with_spare(parts, left.values())
    if settled is None:
        return Decision(unit, REFUSED, "span-vote", why="too-many-labels", told=told)
    found = tuple(
        Found({"type": unit.question.about, "start": start, "end": end}, part)
        for (start, end), part in zip(voted.spans, settled, strict=True)
    )
    return Decision(unit, DECIDED, "span-vote", found, told=told)


def touches(value: Mapping[str, Any], start: int, end: int) -> bool:
    """Say whether a span has a character in common with the one from `start` up to `end`."""
    pieces = value.get("pieces") or [[value["start"], value["end"]]]
    return any(begin < end and start < stop for begin, stop in pieces)


def decide_relations(units: Sequence[Unit], spans: Sequence[Decision], options: Options) -> list[Decision]:
    """Decide questions on relations.

    Parameters
    ----------
    units
        Questions on relations.
    spans
        The decisions on spans of the same run.
    options
        How.
    """
    settings = settings_of(options)
    places: dict[_Key, dict[str, str]] = {}
    for decision in spans:
        if decision.unit.question.family == asked.SPAN:
            into = places.setdefault((decision.unit.sample.uid, decision.unit.part), {})
            into.update(_went_into(decision, settings))
    return [_decided(unit, places.get((unit.sample.uid, unit.part), {}), options) for unit in units]


def _went_into(decision: Decision, settings: str) -> dict[str, str]:
    """Return what became of each reader's span: the id of the consensus span, or why there is none."""
    lost = _OUTVOTED if decision.outcome in {DECIDED, ABSENT} else _OPEN
    made = {one.signed.label_id: lost for one in decision.unit.opinions}
    for number, found in enumerate(decision.found):
        name = consensus_id(decision, number, found, settings)
        for one in found.members:
            if touches(one.value, found.value["start"], found.value["end"]):
                made[one.signed.label_id] = name
    return made


def _decided(unit: Unit, places: Mapping[str, str], options: Options) -> Decision:
    votes: dict[_Key, list[Opinion]] = {}
    outvoted: list[Opinion] = []
    for one in unit.opinions:
        ends = [places.get(one.value[end]) for end in ("from", "to")]
        if None in ends:
            return Decision(unit, REFUSED, METHOD, why="ends")
        if _OPEN in ends:
            return Decision(unit, EQUIVOCAL, METHOD, told={"finds": 0, "openEnds": ends.count(_OPEN)})
        if _OUTVOTED in ends:
            outvoted.append(one)
        else:
            votes.setdefault((str(ends[0]), str(ends[1])), []).append(one)
    total = sum(map(options.weight, unit.readers))
    clear: list[_Key] = []
    unclear = 0
    for key, own in sorted(votes.items()):
        readers = {one.reader for one in own}
        share = sum(map(options.weight, readers)) / total
        if share > 0.5 + _SLACK and share >= options.least_share - _SLACK and len(readers) > 1:
            clear.append(key)
        elif share >= 0.5 - _SLACK:
            unclear += 1
        else:
            outvoted += own
    told: dict[str, Any] = {"finds": len(clear), "undecided": unclear, "outvoted": len(outvoted)}
    if unclear:
        return Decision(unit, EQUIVOCAL, METHOD, told=told)
    if not clear:
        return Decision(unit, ABSENT, METHOD, told=told)
    members = with_spare([votes[key] for key in clear], outvoted)
    if members is None:
        return Decision(unit, REFUSED, METHOD, why="too-many-labels", told=told)
    found = tuple(
        Found({"type": unit.question.about, "from": start, "to": end}, settled)
        for (start, end), settled in zip(clear, members, strict=True)
    )
    return Decision(unit, DECIDED, METHOD, found, told=told)
