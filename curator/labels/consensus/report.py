"""The report of a consensus, and the label file that goes to signing.

The report names samples by their new UIDs, labels by ids of the ledger and people by their ids. Its counts close:
labels read = counted + left out, and questions = decided + absent + tied + equivocal + refused.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from curator.core.canonical import canonical_bytes
from curator.labels.checks import plain
from curator.labels.consensus import independence
from curator.labels.consensus.deciding import DECIDED, OUTCOMES, Decision, Options
from curator.labels.consensus.ids import consensus_id, method_document, settings_of
from curator.labels.consensus.independence import Known
from curator.labels.consensus.opinions import Gathered, location_of
from curator.labels.importing import MAX_INLINE
from curator.labels.values import settled, written
from curator.provenance.state import State

STAGE = "consensus"


def lines(
    decisions: Sequence[Decision], author: str, options: Options, state: State, put: Callable[[bytes], None]
) -> Iterator[tuple[Decision, str, str]]:
    """Yield (decision, label id, line) of every label that was decided.

    Parameters
    ----------
    author
        Id of the person who answers for the consensus and will sign it.
    options
        How it was decided.
    state
        For the order in which guidelines were registered: with mixed guidelines the newest is named.
    put
        Takes the canonical bytes of a value that is too large for a record.
    """
    settings = settings_of(options)
    for decision in decisions:
        for number, found in enumerate(decision.found):
            name = consensus_id(decision, number, found, settings)
            fields: dict[str, Any] = {
                "labelId": name,
                "sample": decision.unit.sample.uid,
                "kind": decision.unit.question.kind,
                "value": _placed(settled(found.value), put),
                "author": author,
                # The first moment at which it held: so the same opinions give the same bytes on every day.
                "labeledAt": max(one.signed.signed_at for one in found.members),
                "guideline": "@".join(_guideline(decision, state)),
                "stage": STAGE,
                "truthBasis": "consensus",
                "consensus": {
                    "method": decision.method,
                    "settings": settings,
                    "members": [
                        {"labelId": one.signed.label_id, "leaf": one.signed.leaf}
                        for one in sorted(found.members, key=lambda one: one.signed.index)
                    ],
                },
            }
            location = location_of(decision.unit.part)
            if location is not None:
                fields["location"] = location
            if found.probability is not None:
                fields |= {"confidence": f"{found.probability:.9f}", "confidenceScale": "probability-0-1"}
            yield decision, name, written(fields)


def _guideline(decision: Decision, state: State) -> tuple[str, str]:
    return max(decision.unit.guidelines, key=lambda one: state.guidelines[one].index)


def _placed(value: Any, put: Callable[[bytes], None]) -> Any:
    data = canonical_bytes(plain(value))
    if len(data) <= MAX_INLINE:
        return value
    put(data)
    whole = {"whole": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}
    return {**whole, "class": value["class"]} if "class" in value else whole


def report(
    gathered: Gathered,
    decisions: Sequence[Decision],
    options: Options,
    known: Known,
    state: State,
    labels: Mapping[tuple[str, str, str], list[str]],
) -> dict[str, Any]:
    """Return the report as schemas/consensus-report.schema.json has it.

    Parameters
    ----------
    labels
        Key of each question to the ids of the labels that it came to.
    """
    outcomes = Counter(one.outcome for one in decisions)
    refused = Counter(one.why for one in decisions if one.why)
    proven = [(one.unit, known.of_unit(one.unit)) for one in decisions]
    return {
        "format": 1,
        "source": "ledger",
        "ledger": {"records": state.size, "root": state.tree.root().hex()},
        "method": method_document(options),
        "settings": settings_of(options),
        "labels": {
            "read": gathered.read,
            "counted": len(gathered.opinions),
            "leftOut": dict(gathered.left_out),
        },
        "questions": {"total": len(decisions), **{name: outcomes[name] for name in OUTCOMES}},
        "refused": dict(sorted(refused.items())),
        "readers": sorted({one.reader for one in gathered.opinions}),
        "allEqual": bool(decisions) and all_equal(decisions),
        "labelsMade": sum(map(len, labels.values())),
        "independence": independence.counted(proven),
        "decisions": [_decision(one, known, labels.get(one.unit.key, [])) for one in decisions],
    }


def all_equal(decisions: Sequence[Decision]) -> bool:
    """Say whether every question with votes got the same single answer from everybody."""
    votes = [one.told["votes"] for one in decisions if "votes" in one.told]
    return bool(votes) and len({name for each in votes for name in each}) == 1


def _decision(one: Decision, known: Known, names: Sequence[str]) -> dict[str, Any]:
    found = known.of_unit(one.unit)
    made: dict[str, Any] = {
        "sample": one.unit.sample.uid,
        "part": one.unit.part,
        "question": one.unit.question.text,
        "readers": list(one.unit.readers),
        "outcome": one.outcome,
        "method": one.method,
        "independence": found.word,
        "opinions": independence.document(known, one.unit),
    }
    if found.by:
        made["assertedBy"] = found.by.split(", ")
    if one.outcome == DECIDED:
        made["labels"] = list(names)
    if one.why:
        made["why"] = one.why
    if one.share is not None:
        made["share"] = one.share
    if one.told:
        made["told"] = dict(one.told)
    return made
