"""The tables of ``data/``: elements, closed lists, rules, subjects, extensions. Facts only, no decisions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

from curator.scrub.postal import may_be_state

#: Elements that every resource has, with their types; ``id``, ``contained`` and extensions are seen to by name.
OF_RESOURCES = {"meta": ("Meta",), "implicitRules": ("uri",), "language": ("code",), "text": ("Narrative",)}
PRIMITIVES = frozenset(
    ("base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer")
    + ("integer64", "markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "xhtml")
)


def rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a data file of this package, split at tabs."""
    text = resources.files("curator.scrub.fhir").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def elements() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return path or type to its elements and their types; a type behind ``@`` is a path."""
    found = {}
    for path, *listed in rows("elements.tsv"):
        pairs = (one.split(":", 1) for one in listed)
        found[path] = {name: tuple(kinds.split("|")) for name, kinds in pairs}
    return found


@cache
def resource_types() -> frozenset[str]:
    """Return the types of resources that are known."""
    return frozenset(path for path in elements() if "." not in path and path not in data_types())


@cache
def data_types() -> frozenset[str]:
    """Return the names of the complex data types: what any element names as its type."""
    return frozenset(
        kind
        for listed in elements().values()
        for kinds in listed.values()
        for kind in kinds
        if kind not in PRIMITIVES and not kind.startswith("@")
    ) | {"Meta", "Narrative", "Extension", "Age", "Count", "Distance", "Duration"}


@cache
def closed_lists() -> dict[str, frozenset[str]]:
    """Return path of an element of type code to the codes that it may hold."""
    return {path: frozenset(codes) for path, *codes in rows("values.tsv")}


@cache
def rules() -> dict[str, str]:
    """Return path to the rule of elements whose type does not say what is done with them."""
    return dict(rows("rules.tsv"))


@cache
def subjects() -> dict[str, tuple[str, ...]]:
    """Return type of resource to the elements that name whose it is; ``*`` for all others."""
    return {kind: tuple(path for path in paths if path != "-") for kind, *paths in rows("subjects.tsv")}


@cache
def extensions() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return url of a known extension to the types of its value (``value``) and of its inner extensions."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for url, *listed in rows("extensions.tsv"):
        row = found.setdefault(url, {})
        for one in listed:
            name, kind = one.split(":", 1)
            row[name] = (*row.get(name, ()), kind)
    return found


@cache
def regions() -> tuple[frozenset[str], frozenset[str]]:
    """Return names (lower case) and codes of states, provinces and countries that may stay in an address."""
    text = resources.files("curator.scrub.fhir").joinpath("data", "regions.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    names = frozenset(line for line in lines if line and not line.startswith("#"))
    codes = frozenset(
        word for line in lines if line.startswith(("#codes:", "#countries:")) for word in line.split()[1:]
    )
    return names, codes


@cache
def _state_codes() -> frozenset[str]:
    text = resources.files("curator.scrub.fhir").joinpath("data", "regions.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if line.startswith("#codes:") for word in line.split()[1:])


def is_state(value: str, country: str) -> bool:
    """Say whether the state of an address may stay beside its country: BE is Belgium, and Berlin as a state."""
    text = " ".join(value.split())
    return may_be_state(country) and (text.lower() in regions()[0] or text.upper() in _state_codes())


def is_region(value: str) -> bool:
    """Say whether a value is a state, a province or a country."""
    names, codes = regions()
    text = " ".join(value.split())
    return text.lower() in names or text.upper() in codes
