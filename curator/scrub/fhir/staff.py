"""Whom a resource names besides its patient: clinicians, contacts, places of work, and the ids that it points at.

A narrative repeats what the members say: ``Bunion, Paul``, ``Patient/f001``. What stands in a member whose meaning is
known is searched in the texts beside it. Nothing here may print, log or raise a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.scrub.fhir.whose import Index, listed, target, texts

Known = tuple[str, str]
#: Types of resources that are a person, and elements that refer to one.
_PERSONS = frozenset({"Practitioner", "PractitionerRole", "RelatedPerson", "Person"})
_WHO = frozenset(
    (
        "performer",
        "author",
        "recorder",
        "asserter",
        "requester",
        "individual",
        "practitioner",
        "informant",
        "attester",
        "actor",
    )
    + (
        "party",
        "interpreter",
        "resultsInterpreter",
        "collector",
        "generalPractitioner",
        "who",
        "enterer",
        "authenticator",
    )
    + ("provider", "careTeam", "sender", "receiver", "recipient", "source", "verifier", "dispenser", "witness")
)
_LEAST_ID, _LEAST_NUMBER, _LEAST = 4, 5, 4
#: Most persons of one Bundle whose names are searched in all of its texts.
_MOST = 200


def named_by(resource: dict[str, Any], index: Index) -> tuple[Known, ...]:
    """Return (category, value) of whom and what a resource names, contained resources included.

    Parameters
    ----------
    resource
        A resource; those inside of a Bundle's entries are left out.
    index
        The resources of its Bundle: the names of its clinicians and relatives count too.
    """
    found: dict[Known, None] = dict.fromkeys(_of(resource, index))
    if len(index.persons) <= _MOST:
        found |= dict.fromkeys(("name", name) for one in index.persons for name in _names(one))
    return tuple(found)


def _of(resource: dict[str, Any], index: Index) -> Iterator[Known]:
    for key, value in _objects(resource):
        if "resourceType" in value:
            yield from _id(value.get("id"))
        if key == "name" or "family" in value:
            yield from (("name", name) for name in _names({"name": value}))
        elif key == "telecom":
            yield from _text("email" if "@" in str(value.get("value")) else "phone", value.get("value"), _LEAST_NUMBER)
        elif key == "address":
            for part in ("line", "text", "city"):
                for one in texts(value.get(part)):
                    yield from _text("address", one, _LEAST)
        elif key == "identifier":
            yield from _number(value.get("value"))
        if isinstance(value.get("reference"), str) or (key in _WHO and "display" in value):
            yield from _referred(key, value, index)
        yield from _shown(value.get("authorString"))


def _objects(resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object below a resource with the name of the member that holds it."""
    waiting: list[tuple[str, Any]] = [("", resource)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend((key, one) for one in value)
        elif isinstance(value, dict):
            yield key, value
            waiting.extend((name, inner) for name, inner in value.items() if name != "resource")


def _names(resource: dict[str, Any]) -> Iterator[str]:
    for name in listed(resource.get("name")):
        if isinstance(name, dict):
            given = [*texts(name.get("given"))]
            family = " ".join(texts(name.get("family")))
            yield from (one for one in ("^".join([family, *given]).strip("^"), *texts(name.get("text"))) if one)


def _referred(key: str, reference: dict[str, Any], index: Index) -> Iterator[Known]:
    seen = target(reference.get("reference"))
    inner = index.by_url.get(str(reference.get("reference")))
    kind = str(inner.get("resourceType")) if inner is not None else seen.type if seen is not None else ""
    if seen is not None and seen.form == "literal":
        yield from _id(seen.value)
    if kind in _PERSONS or (key in _WHO and kind in {"", "contained"}):
        yield from _shown(reference.get("display"))


def _shown(display: object) -> Iterator[Known]:
    from curator.scrub.text.gather import bare_name

    name = bare_name(display, named=True) if isinstance(display, str) else None
    if name is not None:
        yield "name", name


def _text(category: str, value: object, least: int) -> Iterator[Known]:
    if isinstance(value, str) and least <= len(value.strip()) <= 256:
        yield category, value.strip()


def _number(value: object) -> Iterator[Known]:
    if isinstance(value, str) and any(mark.isdecimal() for mark in value):
        yield from _text("id", value, _LEAST_NUMBER)


def _id(value: object) -> Iterator[Known]:
    """Yield the logical id of a resource that is no word: one with a digit."""
    if isinstance(value, str) and any(mark.isdecimal() for mark in value):
        yield from _text("id", value, _LEAST_ID)
