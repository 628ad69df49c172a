"""The schemas of records as plain functions, for speed: a verifier checks the form of each of hundreds of thousands.

Takes the few keywords that these schemas use, and refuses to be made of any other, so that none is passed over. What a
shape refuses goes to the full validator, which has the last word and names the place; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from curator.core.schema import load_schema

Shape = Callable[[Any], bool]

_REMARKS = {"$schema", "$id", "title", "description"}
_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
}


@cache
def shape_of(name: str) -> Shape:
    """Return the function that says whether a document follows the schema of this name."""
    return _compiled(load_schema(name))


def _compiled(schema: Any) -> Shape:
    if schema is True:
        return lambda _: True
    rules = [_rule(key, wanted, schema) for key, wanted in schema.items() if key not in _REMARKS]
    return lambda value: all(rule(value) for rule in rules)


def _same(one: Any, two: Any) -> bool:
    return type(one) is type(two) and bool(one == two)


def _rule(key: str, wanted: Any, schema: dict[str, Any]) -> Shape:
    if key == "type":
        return _TYPES[wanted]
    if key == "const":
        return lambda value: _same(value, wanted)
    if key == "enum":
        return lambda value: any(_same(value, one) for one in wanted)
    if key == "pattern":
        found = re.compile(wanted).search
        return lambda value: not isinstance(value, str) or found(value) is not None
    if key in {"minLength", "maxLength"}:
        return lambda value: not isinstance(value, str) or _within(len(value), key, wanted)
    if key in {"minItems", "maxItems"}:
        return lambda value: not isinstance(value, list) or _within(len(value), key, wanted)
    if key in {"minimum", "maximum"}:
        return lambda value: not _TYPES["integer"](value) or _within(value, key, wanted)
    if key == "required":
        names = tuple(wanted)
        return lambda value: not isinstance(value, dict) or all(name in value for name in names)
    if key == "properties":
        parts = {name: _compiled(inner) for name, inner in wanted.items()}
        return lambda value: (
            not isinstance(value, dict) or all(part(value[name]) for name, part in parts.items() if name in value)
        )
    if key == "additionalProperties" and isinstance(wanted, dict):
        other, named = _compiled(wanted), frozenset(schema.get("properties", ()))
        return lambda value: (
            not isinstance(value, dict) or all(other(one) for name, one in value.items() if name not in named)
        )
    if key == "items":
        each = _compiled(wanted)
        return lambda value: not isinstance(value, list) or all(each(one) for one in value)
    of = schema.get("items", {})
    if key == "uniqueItems" and (of.keys() == {"enum"} or of.get("type") == "string"):
        return lambda value: not isinstance(value, list) or len(set(map(repr, value))) == len(value)
    raise ValueError(f"a record's schema uses {key}")


def _within(number: int, key: str, wanted: int) -> bool:
    return number >= wanted if key.startswith("min") else number <= wanted
