"""Shapes of JSON values: order of members, fit of types, references below a value. It decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from curator.scrub.fhir.parse import Number
from curator.scrub.fhir.tables import elements
from curator.scrub.questions import asks, best

#: Types and paths that hold a question beside its answer.
QUESTIONS = frozenset(
    ("Observation", "Observation.component", "QuestionnaireResponse.item", "QuestionnaireResponse.item.answer")
    + ("Task.input", "Task.output", "Parameters.parameter")
)
#: How the members begin that hold an answer, or further questions, within one of them.
ANSWERS = ("value", "answer", "item", "part")
_NUMBERS = frozenset({"decimal", "integer", "positiveInt", "unsignedInt"})


def in_order(old: dict[str, Any], made: dict[str, Any], first: Sequence[str] = ()) -> dict[str, Any]:
    """Return members in the order of the source; what is new stands in the given order, or last."""
    order = {key: number for number, key in enumerate(old)}
    rank = {key: (order.get(key, -1 if key in first else len(order)), number) for number, key in enumerate(made)}
    if "meta" in made and "meta" not in old and "meta" in first:
        rank["meta"] = (max(order.get(key, -1) for key in first), len(made))
    return {key: made[key] for key in sorted(made, key=rank.__getitem__)}


def member_of(kind: str) -> str:
    """Return the member of an extension that holds a value of a type."""
    return "valueDateTime" if kind == "birth" else f"value{kind[0].upper()}{kind[1:]}"


def fit(value: dict[str, Any], kind: str) -> int:
    """Say how many members of a value a type knows."""
    row = elements().get(kind.lstrip("@"), {})
    return sum(1 for key in value if key.lstrip("_") in row)


def is_of(value: object, kind: str) -> bool:
    """Say whether a value has the JSON type of a primitive type (FHIR R5, 2.1.24 and the JSON representation)."""
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in _NUMBERS:
        return isinstance(value, Number)
    return isinstance(value, str)


def references_of(value: object) -> list[dict[str, Any]]:
    """Return every Reference below a value, inner resources of Bundles left out."""
    found: list[dict[str, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            if isinstance(one.get("reference"), str):
                found.append(one)
            waiting.extend(inner for key, inner in one.items() if key != "resource")
    return found


def question(value: dict[str, Any]) -> str:
    """Return what a value of :data:`QUESTIONS` asks, in words; empty for none.

    Its text, what its codes show, its name, and the code of a site or the id of an item where the words ask nothing.
    """
    told = [value.get("text"), value.get("name")]
    for concept in (value.get("code"), value.get("type")):
        if isinstance(concept, dict):
            codings = concept.get("coding")
            listed = [one for one in codings if isinstance(one, dict)] if isinstance(codings, list) else []
            told.append(concept.get("text"))
            told.extend([one.get("display") for one in listed])
            told.extend([one.get("code") for one in listed])
    words, link = _best(tuple([one for one in told if isinstance(one, str)])), value.get("linkId")
    if isinstance(link, str) and not asks(words).tells and asks(link).tells:
        return link
    return words


_best = lru_cache(maxsize=4096)(best)
