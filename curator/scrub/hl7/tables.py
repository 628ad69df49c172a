"""The tables of ``data/``: fields, components, rules. Facts only, no decisions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files("curator.scrub.hl7").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def segments() -> dict[str, dict[int, str]]:
    """Return name of a segment to field number and type."""
    found: dict[str, dict[int, str]] = {}
    for name, number, kind, _ in _rows("segments.tsv"):
        found.setdefault(name, {})[int(number)] = kind
    return found


@cache
def types() -> dict[str, tuple[str, ...]]:
    """Return data type to the types of its components; types without components are not in it."""
    return {kind: tuple(parts) for kind, *parts in _rows("types.tsv")}


@cache
def rules() -> dict[str, str]:
    """Return place (``PID.3``, ``XON.1``) to its rule."""
    return dict(_rows("rules.tsv"))


@cache
def closed_lists() -> dict[str, frozenset[str]]:
    """Return place of an enumerated value to the codes that it may hold, in capitals."""
    return {place: frozenset(codes.split()) for place, codes in _rows("values.tsv")}


@cache
def known() -> dict[str, tuple[tuple[int, str], ...]]:
    """Return name of a segment to the numbers of its fields that identify, with the category of what they say."""
    found: dict[str, tuple[tuple[int, str], ...]] = {}
    for place, category in _rows("known.tsv"):
        name, number = place.split(".")
        found[name] = (*found.get(name, ()), (int(number), category))
    return found
